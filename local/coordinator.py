"""What a coordinator does: sign in, ask for reports, watch them being made, read the mail, follow its link."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from lea_reports.delivery.links import LinkKey
from local.accounts import Account, sign_in
from local.api_client import Answer, Api, Browser
from local.cloud import LocalStackError
from local.demo_year import demo_year
from local.mailbox import Link, Mail, mails

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from local.stack import Stack

REQUESTS = "/v1/report-requests"
REPORT = "student-score-report-pdfs"
LINK_TEXT = "Student Score Reports"
OPEN_STATES = frozenset({"requested", "planning", "building", "finishing"})
LOOK_EVERY = 0.5
MAIL_SECONDS = 60.0


def whole_lea(name: str, **parts: object) -> dict[str, object]:
    """Return the body of a request: every school, grade and day of the year, Smarter Balanced, in English, a file each.

    `parts` replace some of it.
    """
    year = demo_year()
    usual = {
        "report": REPORT,
        "name": name,
        "schools": "all",
        "grades": "all",
        "administration_year": year.label,
        "start_date": year.first_day.isoformat(),
        "end_date": date(year, 12, 31).isoformat(),
        "assessments": ["smarter-balanced"],
        "languages": ["english-all"],
        "merge": False,
    }
    return usual | parts


class CoordinatorError(LocalStackError):
    """Something that a coordinator relies on did not happen."""


@dataclass(frozen=True, slots=True)
class Coordinator:
    """A signed-in person at their browser."""

    account: Account
    stack: Stack
    browser: Browser
    api: Api

    @classmethod
    def signed_in(cls, stack: Stack, account: Account) -> Coordinator:
        """Sign in and return the person."""
        browser = Browser(stack.emulator.address)
        token = sign_in(stack.cloud, stack.deployment, account)
        return cls(account, stack, browser, Api(browser, stack.deployment.api_url, token))

    def ask(self, request: Mapping[str, object]) -> str:
        """Ask for reports; return the path of the resource that says how they come along."""
        answer = self.api.post(REQUESTS, request)
        location = urljoin(REQUESTS, answer.headers.get("location", ""))
        if answer.status != HTTPStatus.ACCEPTED or not location.startswith(f"{REQUESTS}/"):
            raise CoordinatorError(f"The request was not accepted: {_told(answer)}")
        return location

    def watch(
        self,
        location: str,
        *,
        seconds: float,
        look: Callable[[dict[str, Any]], None] = lambda _: None,
    ) -> dict[str, Any]:
        """Look at a request until it is at its end; `look` gets every state seen."""
        deadline = time.monotonic() + seconds
        while True:
            answer = self.api.get(location)
            if answer.status != HTTPStatus.OK:
                raise CoordinatorError(f"{location} cannot be seen: {_told(answer)}")
            status = answer.document()
            look(status)
            if status["state"] not in OPEN_STATES:
                return status
            if time.monotonic() > deadline:
                raise CoordinatorError(f"{location} is still {status['state']} after {seconds:.0f} s.")
            time.sleep(LOOK_EVERY)

    def notices(self, name: str) -> list[Mail]:
        """Return the mails this person got about the report called `name`."""
        received = [mail for mail in mails(self.stack.emulator.address) if self.account.email in mail.to]
        return [mail for mail in received if name in mail.text]

    def wait_for_notice(self, name: str) -> Mail:
        """Return the mail about the report called `name`, once it is there."""
        deadline = time.monotonic() + MAIL_SECONDS
        while not (found := self.notices(name)):
            if time.monotonic() > deadline:
                raise CoordinatorError(f"No mail about {name} after {MAIL_SECONDS:.0f} s.")
            time.sleep(LOOK_EVERY / 5)
        return found[-1]


def download_link(mail: Mail, text: str = LINK_TEXT) -> Link:
    """Return the link of a notice by which the report is downloaded; `text` is what the report calls it."""
    for link in mail.links():
        if link.text == text:
            return link
    raise CoordinatorError(f"The mail {mail.subject!r} has no link {text!r}.")


def link_key(stack: Stack) -> LinkKey:
    """Return the key that links are made with, which no coordinator has: with it links of any age can be made."""
    secret = stack.cloud.secrets.get_secret_value(SecretId=stack.deployment.link_key_secret_arn)
    return LinkKey.parse(secret["SecretString"])


def _told(answer: Answer) -> str:
    return f"{answer.status} {answer.body.decode(errors='replace')}"
