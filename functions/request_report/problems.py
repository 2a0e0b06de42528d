"""Errors as problem+json (RFC 9457): one table from what went wrong to what the client reads."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler import Response

from lea_reports.errors import (
    TITLES,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    LeaReportsError,
    NotFound,
    Problem,
    Transient,
    problem_type,
)
from lea_reports.reports.request import BROKEN, field_problem
from request_report.body import NO_OBJECT, NotCalledJson, NotJson, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CONTENT_TYPE = "application/problem+json"

STATUS: dict[type[LeaReportsError], HTTPStatus] = {
    NotJson: HTTPStatus.BAD_REQUEST,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotCalledJson: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Gone: HTTPStatus.GONE,
    Transient: HTTPStatus.SERVICE_UNAVAILABLE,
}

LONGEST_ECHO = 60
MOST_PROBLEMS = 100
"""How much of what was sent comes back: so many letters of a name, and so many problems of one request."""


def problem(
    status: HTTPStatus,
    detail: str,
    problems: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """Return an answer that says what is wrong, and where."""
    body: dict[str, Any] = {
        "type": problem_type(TITLES[status]),
        "title": TITLES[status],
        "status": status.value,
        "detail": detail,
    }
    listed = [
        {"pointer": _shown(each.pointer), "rule": each.rule, "detail": each.detail} for each in problems
    ]
    if listed:
        body["problems"] = listed[:MOST_PROBLEMS]
    if len(listed) > MOST_PROBLEMS:
        body["detail"] += f" The first {MOST_PROBLEMS} of {len(listed)} problems are listed."
    return Response(
        status.value, CONTENT_TYPE, json.dumps(body, ensure_ascii=False), headers=dict(headers or {})
    )


def _shown(pointer: str) -> str:
    """Return a pointer with its parts cut to what a person reads, without what a terminal would obey."""
    parts = ("".join(c if c.isprintable() else "\ufffd" for c in part) for part in pointer.split("/"))
    return "/".join(part if len(part) <= LONGEST_ECHO else f"{part[: LONGEST_ECHO - 1]}…" for part in parts)


def from_error(error: LeaReportsError) -> Response[str]:
    """Return the answer for one of our own errors."""
    status = STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    headers = {"Retry-After": "5"} if isinstance(error, Transient) else {}
    return problem(status, error.detail, error.problems, headers)


def from_field_errors(errors: Iterable[Mapping[str, Any]], before: Sequence[Problem] = ()) -> Response[str]:
    """Return the answer for fields that do not fit their model; `errors` are pydantic's.

    What was found before comes first, and is all that is said of its places.
    """
    before_at = {each.pointer for each in before}
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        BROKEN,
        [*before, *(each for each in map(_problem, errors) if each.pointer not in before_at)],
    )


def _problem(error: Mapping[str, Any]) -> Problem:
    place, *path = error["loc"]
    if place == "header":  # the framework knows their names in lower case only
        path = [str(name).title() for name in path]
    if error["type"] == "missing" and not path:
        return NO_OBJECT
    return field_problem(error, tuple(path))
