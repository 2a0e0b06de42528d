"""The HTTP API as a whole: its routes, and what is answered when none of them answers."""

from __future__ import annotations

import json
import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from lea_reports.errors import LeaReportsError
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import REQUESTS
from request_report.body import json_object
from request_report.description import describe, openapi
from request_report.problems import from_error, from_field_errors, problem
from request_report.query import check_query, query_problems
from request_report.request_context import NO_SUCH_REQUEST, context_of
from request_report.routes import not_included, organization, report_requests, reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_lambda_powertools.event_handler import Response
    from aws_lambda_powertools.event_handler.exceptions import NotFoundError

NO_SUCH_ADDRESS = (
    "There is nothing at this address. Begin at /v1/organization, /v1/reports or /v1/report-requests."
)


def _body(text: str) -> dict[str, Any]:
    return json_object(text, context_of(app).event.headers.get("Content-Type"))


app = APIGatewayRestResolver(enable_validation=True, json_body_deserializer=_body)
app.use(middlewares=[check_query])
describe(app)
for resource in (report_requests, not_included, organization, reports):
    app.include_router(resource.router)


def refuse(error: LeaReportsError) -> Response[str]:
    """Answer one of our own errors."""
    answer = from_error(error)
    _count_refusal(answer.status_code, type(error).__name__)
    return answer


def refuse_fields(error: RequestValidationError) -> Response[str]:
    """Answer a body, a query or headers that do not fit their model."""
    answer = from_field_errors(error.errors(), query_problems(app))
    _count_refusal(answer.status_code, "Invalid")
    return answer


def fail(error: Exception) -> Response[str]:
    """Answer what we did not expect, and say nothing of it."""
    context_of(app).dependencies.telemetry.event(Event.REQUEST_FAILED, **Fault.of(error).fields)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; try again.")


@app.not_found
def refuse_route(_error: NotFoundError) -> Response[str]:
    """Answer a path that leads nowhere, or not with this method.

    The framework takes a path with a slash at its end too, and an id of certain characters only.
    """
    path, method = app.current_event.path, app.current_event.http_method.upper()
    methods = next((methods for each, methods in _methods().items() if re.fullmatch(f"{each}/?", path)), ())
    if not methods or method in methods:
        return problem(HTTPStatus.NOT_FOUND, NO_SUCH_REQUEST if methods else NO_SUCH_ADDRESS)
    allowed = {"Allow": ", ".join(methods)}
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED, f"This address answers {_enumerated(methods)}.", headers=allowed
    )


def _enumerated(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


@cache
def _methods() -> dict[str, list[str]]:
    """Return which methods each path has, as a pattern; the OpenAPI document is what knows them."""
    paths = json.loads(openapi(app))["paths"]
    return {
        re.sub(r"\{\w+\}", "[^/]+", path): [
            allowed
            for method in operations
            for allowed in (("GET", "HEAD") if method == "get" else (method.upper(),))
        ]
        for path, operations in paths.items()
    }


app.exception_handler(LeaReportsError)(refuse)
app.exception_handler(RequestValidationError)(refuse_fields)
app.exception_handler(Exception)(fail)


def _count_refusal(status: int, error: str) -> None:
    telemetry = context_of(app).dependencies.telemetry
    telemetry.event(Event.REQUEST_REFUSED, status=status, error=error)
    telemetry.measure(REQUESTS, 1, "refused")
