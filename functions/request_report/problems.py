"""Errors as problem+json (RFC 9457): one table from what went wrong to what the client reads."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from lea_reports.errors import (
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    LeaReportsError,
    NotFound,
    Problem,
    Transient,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTENT_TYPE = "application/problem+json"

STATUS: dict[type[LeaReportsError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Gone: HTTPStatus.GONE,
    Transient: HTTPStatus.SERVICE_UNAVAILABLE,
}

_SENTENCES = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown_field", "There is no such field."),
}


def problem(
    status: HTTPStatus,
    detail: str,
    problems: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """Return an answer that says what is wrong, and where."""
    body: dict[str, Any] = {
        "type": f"urn:lea-reports:problem:{status.phrase.lower().replace(' ', '-')}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
    }
    listed = [{"pointer": each.pointer, "rule": each.rule, "detail": each.detail} for each in problems]
    if listed:
        body["problems"] = listed
    return Response(
        status.value, CONTENT_TYPE, json.dumps(body, ensure_ascii=False), headers=dict(headers or {})
    )


def from_error(error: LeaReportsError) -> Response[str]:
    """Return the answer for one of our own errors."""
    status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    headers = {"Retry-After": "5"} if isinstance(error, Transient) else {}
    return problem(status, error.detail, error.problems, headers)


def from_body_errors(errors: Iterable[Mapping[str, Any]]) -> Response[str]:
    """Return the answer for a body that does not fit its model; `errors` are pydantic's."""
    found = list(errors)
    if any(error["type"] == "json_invalid" for error in found):
        return problem(
            HTTPStatus.BAD_REQUEST, "The body is not JSON.", [Problem("", "json", "Send a JSON object.")]
        )
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The request breaks rules; each problem names the field and the rule.",
        [_problem(error) for error in found],
    )


def _problem(error: Mapping[str, Any]) -> Problem:
    place, *path = error["loc"]
    inside = path if place in {"body", "query"} else [place, *path]
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in inside)
    rule, sentence = _SENTENCES.get(error["type"], (error["type"], error["msg"]))
    return Problem(pointer, rule, sentence)
