"""Lambda entry point of the public address that links of e-mails lead to."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from lea_reports.delivery.link_page import CONTENT_SECURITY_POLICY, expired_page, trouble_page, unknown_page
from lea_reports.delivery.open_link import LinkState, OpenedLink, open_link
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.events import Event
from open_link.bootstrap import link_dependencies

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from open_link.bootstrap import LinkDependencies

METHODS = ("GET", "HEAD")
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
"""With every answer: nothing of a link is kept on the way, passed on to the next address or found by a search."""


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer `GET /links/{token}`: on to the file, or a page that people can read; HEAD the same without the page.

    Mail scanners ask with HEAD where a link leads: nobody has opened it then.
    """
    link_dependencies().telemetry.begin(
        request_id=context.aws_request_id, api_request_id=event["requestContext"]["requestId"]
    )
    token = (event.get("pathParameters") or {}).get("token") or ""
    method = event["httpMethod"]
    if method not in METHODS:
        headers = {**HEADERS, "Allow": ", ".join(METHODS)}
        return {"statusCode": HTTPStatus.METHOD_NOT_ALLOWED.value, "headers": headers, "body": ""}
    answer = _lead(token, is_opened=method == "GET")
    return answer if method == "GET" else answer | {"body": ""}


def _lead(token: str, *, is_opened: bool) -> dict[str, Any]:
    dependencies = link_dependencies()
    with Attempt() as attempt:
        return _answer(_open(dependencies, token, is_opened=is_opened))
    # Whoever clicked a link in an e-mail is not to read JSON, least of all because of us.
    dependencies.telemetry.event(Event.REQUEST_FAILED, **attempt.fields)
    return _page(HTTPStatus.SERVICE_UNAVAILABLE, trouble_page(), {"Retry-After": "60"})


def _open(dependencies: LinkDependencies, token: str, *, is_opened: bool) -> OpenedLink:
    keys = dependencies.keys()
    return open_link(
        token,
        secrets=[key.secret_access_key for key in keys],
        jobs=dependencies.jobs,
        downloads=dependencies.downloads(keys[0]),
        telemetry=dependencies.telemetry if is_opened else None,
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
