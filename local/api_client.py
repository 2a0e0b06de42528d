"""Call the deployed API and open links, as a coordinator's browser would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.cloud import Address

SECONDS = 60.0
PIECE = 1 << 20
FOLLOWED = urllib3.Retry(total=None, connect=0, read=0, other=0, status=0, redirect=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers in lower case, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """Return the body as JSON object."""
        document: dict[str, Any] = json.loads(self.body)
        return document


class Browser:
    """Opens URLs of one emulator; errors of HTTP are answers, not exceptions. Knows no proxy."""

    def __init__(self, address: Address) -> None:
        self._pool = urllib3.PoolManager(
            ca_certs=address.certificate,
            timeout=SECONDS,
            retries=False,  # a retry would hide what a person would see
        )

    def open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send a request and return its answer, body included; it is not sent on to where the answer may lead."""
        response = self._pool.request(method, url, headers=headers, body=body, redirect=False)
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            response.data,
        )

    def download(self, url: str, path: Path) -> int:
        """Write what `url`, or where it leads, answers to `path`, piece by piece, and return the last status."""
        response = self._pool.request("GET", url, preload_content=False, retries=FOLLOWED)
        try:
            with path.open("wb") as file:
                file.writelines(response.stream(PIECE))
        finally:
            response.release_conn()
        return response.status


class Api:
    """The API as one signed-in person sees it."""

    def __init__(self, browser: Browser, url: str, id_token: str | None) -> None:
        self._browser = browser
        self._url = url
        self._headers = {"Authorization": f"Bearer {id_token}"} if id_token else {}

    def get(self, path: str, **headers: str) -> Answer:
        """GET a resource, `/v1/...`."""
        return self._browser.open("GET", self._url + path, headers=self._headers | headers)

    def post(self, path: str, document: object, **headers: str) -> Answer:
        """POST a JSON document to a resource."""
        headers = {"Content-Type": "application/json"} | self._headers | headers
        return self._browser.open(
            "POST", self._url + path, headers=headers, body=json.dumps(document).encode()
        )
