"""What travels through the queues: which step of which job. Never anything about a student."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta


class Step(StrEnum):
    """A step of a job that a build worker does."""

    PLAN = "plan"
    CHUNK = "chunk"
    FINISH = "finish"


class BuildMessage(BaseModel):
    """The body of a build message; `chunk` is the chunk's number for the step of that name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Step
    lea: str = Field(pattern=r"^[0-9]{14}$")
    job: str = Field(min_length=26, max_length=26)
    chunk: int | None = Field(default=None, ge=0)


class NoticeMessage(BaseModel):
    """The body of a notice message: send the requester the e-mail of how this job ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lea: str = Field(pattern=r"^[0-9]{14}$")
    job: str = Field(min_length=26, max_length=26)


class MessageQueue(Protocol):
    """A queue that delivers each message at least once, in any order, fairly between LEAs."""

    def send(self, messages: Sequence[BuildMessage | NoticeMessage]) -> None:
        """Send messages.

        Raises:
            Transient: some may not have been sent; sending all of them again is safe.
        """

    def deliver_again(self, receipt: str, after: timedelta) -> None:
        """Have a message that was taken, and could not be dealt with, delivered again after a while.

        If that fails it is delivered again all the same, but only when the queue's own time has passed.
        """


class MemoryQueue:
    """A queue in memory, for tests: `sent` holds what nobody has taken yet."""

    def __init__(self) -> None:
        self.sent: list[BuildMessage | NoticeMessage] = []
        self.delivered_again: list[tuple[str, timedelta]] = []

    def send(self, messages: Sequence[BuildMessage | NoticeMessage]) -> None:
        """Append messages."""
        self.sent.extend(messages)

    def deliver_again(self, receipt: str, after: timedelta) -> None:
        """Note the wish."""
        self.delivered_again.append((receipt, after))
