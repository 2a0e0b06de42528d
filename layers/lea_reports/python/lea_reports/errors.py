"""What can go wrong, as one small tree; the HTTP edge turns it into problem+json with one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with what somebody sent.

    `pointer` is a JSON pointer into the body (`/schools/1`), `rule` a code that programs may rely on,
    `detail` a sentence that a person can act on.
    """

    pointer: str
    rule: str
    detail: str


def pointer_part(name: object) -> str:
    """Return one part of a JSON pointer (RFC 6901)."""
    return str(name).replace("~", "~0").replace("/", "~1")


TITLES: Mapping[int, str] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
"""What statuses are called (RFC 9110, 15). Python's own names changed with its versions, and types are made of them."""


def problem_type(title: str) -> str:
    """Return the `type` of a problem document (RFC 9457), whoever writes it: `urn:lea-reports:problem:not-found`."""
    return f"urn:lea-reports:problem:{title.lower().replace(' ', '-')}"


class LeaReportsError(Exception):
    """The root: an error whose text may be shown to whoever caused it; `problems` says where and which rule."""

    def __init__(self, detail: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)


class Invalid(LeaReportsError):
    """What was sent breaks a rule."""


class Forbidden(LeaReportsError):
    """Who asks is known and may not do this."""


class NotFound(LeaReportsError):
    """There is no such thing for whoever asks; what belongs to another LEA does not exist for them."""


class Gone(LeaReportsError):
    """There was such a thing, and it is deleted for good."""


class Conflict(LeaReportsError):
    """How things stand does not allow it, or somebody else changed them first; nothing was written."""


class Transient(LeaReportsError):
    """A passing fault: the same call may succeed later."""
