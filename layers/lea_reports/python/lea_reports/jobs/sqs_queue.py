"""The queues on SQS."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from lea_reports.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from mypy_boto3_sqs import SQSClient

    from lea_reports.jobs.messages import BuildMessage, NoticeMessage

_MOST_IN_A_BATCH = 10  # an SQS limit


class SqsQueue:
    """A standard queue; the message group is the LEA, so that SQS serves a small LEA beside a huge one."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, messages: Sequence[BuildMessage | NoticeMessage]) -> None:
        """Send messages, ten at a time."""
        for first in range(0, len(messages), _MOST_IN_A_BATCH):
            batch = messages[first : first + _MOST_IN_A_BATCH]
            try:
                answer = self._client.send_message_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {
                            "Id": str(position),
                            "MessageBody": message.model_dump_json(exclude_none=True),
                            "MessageGroupId": message.lea,
                        }
                        for position, message in enumerate(batch)
                    ],
                )
            except (BotoCoreError, ClientError) as error:
                raise Transient("The queue did not take the messages; try again.") from error
            if answer.get("Failed"):
                raise Transient("The queue did not take every message; try again.")

    def deliver_again(self, receipt: str, after: timedelta) -> None:
        """Show a message again earlier than the queue would."""
        with suppress(BotoCoreError, ClientError):
            self._client.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=int(after.total_seconds())
            )
