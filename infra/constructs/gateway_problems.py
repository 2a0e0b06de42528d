"""The errors that the gateway itself answers, in our words."""

from __future__ import annotations

import json
from dataclasses import dataclass

from aws_cdk import aws_apigateway as apigateway
from constructs import Construct

from lea_reports.errors import problem_type

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error of the gateway as RFC 9457 states it, and the headers that go with it."""

    response_type: str
    status: int | None
    title: str
    detail: str
    headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> str:
        """Write the problem document."""
        status = {} if self.status is None else {"status": self.status}
        return json.dumps(
            {"type": problem_type(self.title), "title": self.title, **status, "detail": self.detail}
        )


SIGN_IN = (("WWW-Authenticate", 'Bearer realm="lea-reports"'),)
LATER = (("Retry-After", "5"),)

PROBLEMS = (
    Problem(
        "UNAUTHORIZED",
        401,
        "Unauthorized",
        "Sign in, and send the ID token in the Authorization header as `Bearer <token>`.",
        SIGN_IN,
    ),
    Problem(
        "ACCESS_DENIED",
        403,
        "Forbidden",
        "Your token is valid but does not allow this. Sign in again or ask for a role.",
    ),
    Problem(
        "EXPIRED_TOKEN",
        401,
        "Unauthorized",
        "Your token has expired. Get a new one with the refresh token or by signing in again.",
        SIGN_IN,
    ),
    # API Gateway answers a path that it does not know with this type, not with RESOURCE_NOT_FOUND.
    Problem(
        "MISSING_AUTHENTICATION_TOKEN",
        404,
        "Not Found",
        "There is nothing at this address. Begin at /v1/organization, /v1/reports or /v1/report-requests.",
    ),
    Problem("RESOURCE_NOT_FOUND", 404, "Not Found", "There is nothing at this address."),
    Problem(
        "BAD_REQUEST_BODY",
        400,
        "Bad Request",
        "The body must be one JSON object in UTF-8, with the Content-Type application/json.",
    ),
    Problem(
        "BAD_REQUEST_PARAMETERS",
        400,
        "Bad Request",
        "A query parameter or header that this request needs is missing or malformed.",
    ),
    Problem("REQUEST_TOO_LARGE", 413, "Content Too Large", "The body is too large. The limit is 10 MB."),
    Problem(
        "UNSUPPORTED_MEDIA_TYPE",
        415,
        "Unsupported Media Type",
        "Send the body as JSON, with the Content-Type application/json.",
    ),
    Problem(
        "THROTTLED",
        429,
        "Too Many Requests",
        "Too many requests at once. Wait some seconds and try again.",
        LATER,
    ),
    Problem(
        "QUOTA_EXCEEDED",
        429,
        "Too Many Requests",
        "You have used up the requests of this period. Try again when the next one begins.",
    ),
    Problem("WAF_FILTERED", 403, "Forbidden", "The request looks like an attack and was not passed on."),
    Problem(
        "INTEGRATION_TIMEOUT",
        504,
        "Gateway Timeout",
        "The answer took too long. Try again; a repeated report request gives the same job.",
        LATER,
    ),
    Problem(
        "INTEGRATION_FAILURE",
        502,
        "Bad Gateway",
        "The service could not answer. Try again; a repeated report request gives the same job.",
        LATER,
    ),
    # The two defaults keep the status of whatever they stand in for, so their text names none.
    Problem("DEFAULT_4XX", None, "Client Error", "The request was refused."),
    Problem("DEFAULT_5XX", None, "Server Error", "Something failed on our side. Try again later.", LATER),
)


class GatewayProblems(Construct):
    """Every error that the gateway makes, as `application/problem+json`."""

    def __init__(self, scope: Construct, construct_id: str, *, api: apigateway.RestApi) -> None:
        super().__init__(scope, construct_id)
        for problem in PROBLEMS:
            api.add_gateway_response(
                "".join(word.title() for word in problem.response_type.split("_")),
                type=apigateway.ResponseType.of(problem.response_type),
                status_code=None if problem.status is None else str(problem.status),
                templates={"application/json": problem.body()},
                response_headers={
                    "Content-Type": f"'{PROBLEM_JSON}'",
                    "Cache-Control": "'no-store'",
                    **{name: f"'{value}'" for name, value in problem.headers},
                },
            )
