"""What the OpenAPI document says beyond the routes and models; `docs/api/openapi.json` is made from it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

from request_report.models import ProblemAnswer
from request_report.problems import CONTENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver
    from pydantic import BaseModel

_OF_ALL = {
    HTTPStatus.UNAUTHORIZED: "There is no token, or it is expired or forged.",
    HTTPStatus.FORBIDDEN: "Your role may not do this, or the token is not the ID token of this application.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This path does not know the method; Allow names those that it does.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Fields break rules; each problem names the field and the rule.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; Retry-After says when to try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A fault of ours.",
    HTTPStatus.SERVICE_UNAVAILABLE: "A passing fault; Retry-After says when to try again.",
}
OF_BODY = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON in UTF-8.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body's Content-Type is not application/json.",
}
"""What those answer that read a body; the others do not look at it."""
IN_LEA = {HTTPStatus.NOT_FOUND: "There is no such thing in your LEA."}
OF_DATA = {HTTPStatus.NOT_FOUND: "There are no data yet."}


def answers(
    status: HTTPStatus,
    model: type[BaseModel],
    description: str,
    others: Mapping[HTTPStatus, str] | None = None,
) -> dict[int, Any]:
    """Return every answer of a route: the one that is hoped for, its own others, and those that any may have."""
    described: dict[int, Any] = {
        status.value: {"description": description, "content": {"application/json": {"model": model}}}
    }
    for other, sentence in sorted({**_OF_ALL, **(others or {})}.items()):
        is_problem = other >= HTTPStatus.BAD_REQUEST
        described[other.value] = {
            "description": sentence,
            "content": {CONTENT_TYPE: {"model": ProblemAnswer}} if is_problem else {},
        }
    return described


def describe(app: APIGatewayRestResolver) -> None:
    """Give the document its title and say how callers prove who they are."""
    app.configure_openapi(
        title="LEA Reports",
        version="1",
        description=(
            "Ask for LEA reports and follow how they are made. The LEA comes from the verified identity; whoever "
            "holds several roles names the one in use in the header LEA-Reports-Role. HEAD is answered as GET, without "
            "the body."
        ),
        security_schemes={
            "id_token": HTTPBearer(description="ID token of the user pool", bearerFormat="JWT")
        },
        security=[{"id_token": []}],
    )


def openapi(app: APIGatewayRestResolver) -> str:
    """Return the OpenAPI document as it is committed."""
    return str(app.get_openapi_json_schema()) + "\n"
