"""The pages that people see whose link leads to no file (any more): what happened, and how to get a new link."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from lea_reports.access.identity import DEFAULT_TIME_ZONE
from lea_reports.local_time import spelled_out

if TYPE_CHECKING:
    from datetime import datetime

    from lea_reports.delivery.open_link import OpenedLink


def _read(name: str) -> str:
    return (files("lea_reports.delivery") / "templates" / "link_page" / name).read_text(encoding="utf-8")


_STYLE = _read("page.css")
_FRAME = Template(_read("page.html"))

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded and nothing runs; the one style sheet stands in the page and is named by its hash."""


def expired_page(found: OpenedLink) -> str:
    """Return the page of a link that worked once."""
    zone = found.time_zone or DEFAULT_TIME_ZONE
    since = _moment(found.expired_at, zone)
    if found.kept_until is None:
        return _filled("This link has expired", "deleted.html", since=since)
    return _filled(
        "This link has expired", "expired.html", since=since, kept_until=_moment(found.kept_until, zone)
    )


def unknown_page() -> str:
    """Return the page of a link that nobody was sent."""
    return _filled("This link leads to no report", "unknown.html")


def trouble_page() -> str:
    """Return the page for a fault of ours."""
    return _filled("The report cannot be opened at the moment", "trouble.html")


def _moment(time: datetime | None, zone: str) -> str:
    return "" if time is None else spelled_out(time, zone)


def _filled(title: str, content: str, **words: str) -> str:
    inner = Template(_read(content)).substitute({name: escape(word) for name, word in words.items()})
    return _FRAME.substitute(title=escape(title), style=_STYLE, content=inner)
