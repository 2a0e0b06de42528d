"""Lambda entry point of the public address that links of e-mails lead to."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from lea_reports.delivery.open_link import LinkState, OpenedLink, open_link
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.events import Event
from open_link.bootstrap import door
from open_link.page import CONTENT_SECURITY_POLICY, expired_page, trouble_page, unknown_page

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from open_link.bootstrap import Door

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""With every answer: nothing of a link is kept on the way, passed on to the next address or found by a search."""


def handle(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer `GET /links/{token}`: on to the archive, or a page that people can read."""
    token = (event.get("pathParameters") or {}).get("token") or ""
    desk = door()
    with Attempt() as attempt:
        return _answer(_open(desk, token))
    # Whoever clicked a link in an e-mail is not to read JSON, least of all because of us.
    desk.telemetry.event(Event.REQUEST_FAILED, **attempt.fields)
    return _page(HTTPStatus.SERVICE_UNAVAILABLE, trouble_page(), {"Retry-After": "60"})


def _open(desk: Door, token: str) -> OpenedLink:
    keys = desk.keys()
    return open_link(
        token,
        secrets=[key.secret_access_key for key in keys],
        jobs=desk.jobs,
        downloads=desk.downloads(keys[0]),
        telemetry=desk.telemetry,
        now=datetime.now(UTC),
    )


def _answer(found: OpenedLink) -> dict[str, Any]:
    if found.state is LinkState.UNKNOWN:
        return _page(HTTPStatus.NOT_FOUND, unknown_page())
    if found.url is None:
        return _page(HTTPStatus.GONE, expired_page(found))
    return {"statusCode": HTTPStatus.FOUND.value, "headers": {**HEADERS, "Location": found.url}, "body": ""}


def _page(status: HTTPStatus, page: str, more: dict[str, str] | None = None) -> dict[str, Any]:
    return {
        "statusCode": status.value,
        "headers": {
            **HEADERS,
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
            **(more or {}),
        },
        "body": page,
    }
