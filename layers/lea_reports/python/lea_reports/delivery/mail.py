"""E-mail: what is sent, and who sends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from botocore.config import Config
from botocore.exceptions import ClientError

from lea_reports.errors import Transient

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

ONCE = Config(retries={"total_max_attempts": 1})
"""How SES is called: whose answer is lost may have sent the mail, and a repeat would send a second one."""

_SERVER_FAULT = 500


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one person, as plain text and as HTML."""

    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> None:
        """Send one e-mail.

        Raises:
            Transient: it was surely not sent. After any other exception it may have been.
        """


class MemoryMailer:
    """Keeps what was sent, for tests."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> None:
        """Keep an e-mail."""
        self.sent.append(mail)


class SesMailer:
    """Sends through Amazon SES; the client must not repeat calls by itself (`ONCE`)."""

    def __init__(self, client: SESV2Client, sender: str) -> None:
        self._client = client
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Send one e-mail."""
        try:
            self._client.send_email(
                FromEmailAddress=self._sender,
                Destination={"ToAddresses": [mail.to]},
                Content={
                    "Simple": {
                        "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                        "Body": {
                            "Text": {"Data": mail.text, "Charset": "UTF-8"},
                            "Html": {"Data": mail.html, "Charset": "UTF-8"},
                        },
                    }
                },
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_FAULT:
                raise  # it broke at some point, perhaps after the mail was on its way
            raise Transient("SES did not accept the e-mail.") from error
