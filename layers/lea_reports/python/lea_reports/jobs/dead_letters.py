"""Messages that were given up, and how an operator has them delivered again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from lea_reports.jobs.messages import BuildMessage, NoticeMessage
from lea_reports.jobs.sqs_queue import SqsQueue

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_MOST_IN_A_BATCH = 10  # an SQS limit
_HIDDEN = 120  # seconds in which nobody else finds what is being sent

_MESSAGE: TypeAdapter[BuildMessage | NoticeMessage] = TypeAdapter(BuildMessage | NoticeMessage)


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many dead letters were sent again, and how many were left where they are because nobody can read them."""

    sent: int
    unreadable: int


def redrive(client: SQSClient, *, dead_letters: str, queue: str) -> Redriven:
    """Send every message of a dead-letter queue again; both queues are given by URL.

    A message leaves the dead letters after the queue has taken it, so a fault in between delivers it twice and loses
    nothing. Whatever a job no longer needs is skipped by its step.

    Raises:
        Transient: the queue did not take a message; it and those behind it are still dead letters.
    """
    working = SqsQueue(client, queue)
    sent = unreadable = 0
    while taken := _taken(client, dead_letters):
        for letter in taken:
            try:
                message = _MESSAGE.validate_json(letter["Body"])
            except ValidationError:
                unreadable += 1
                continue
            working.send([message])
            client.delete_message(QueueUrl=dead_letters, ReceiptHandle=letter["ReceiptHandle"])
            sent += 1
    return Redriven(sent, unreadable)


def _taken(client: SQSClient, url: str) -> list[MessageTypeDef]:
    answer = client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=_MOST_IN_A_BATCH, VisibilityTimeout=_HIDDEN, WaitTimeSeconds=1
    )
    return answer.get("Messages", [])
