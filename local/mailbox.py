"""Read the mails that the emulator's SES kept instead of sending them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from local.emulator import open_url

if TYPE_CHECKING:
    from local.cloud import Address

PAGE = "/_ministack/ses/messages"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a mail: what the reader sees, and where it leads."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its reader gets it."""

    identifier: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    html: str

    def links(self) -> list[Link]:
        """Return the links of the HTML form, in order."""
        reader = _LinkReader()
        reader.feed(self.html)
        reader.close()
        return reader.links


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._url: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._url, self._words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            self.links.append(Link(" ".join("".join(self._words).split()), self._url))
            self._url = None


def mails(address: Address) -> list[Mail]:
    """Return all mails sent so far, in order of sending."""
    with open_url(address, PAGE) as page:
        accounts = json.load(page)["messages"]
    return [
        Mail(
            identifier=each["MessageId"],
            sender=each["Source"],
            to=tuple(each["To"]),
            subject=each["Subject"],
            text=each["BodyText"] or "",
            html=each["BodyHtml"] or "",
        )
        for messages in accounts.values()
        for each in messages
    ]
