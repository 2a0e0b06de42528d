"""What travels through the queues: which step of which job. Never anything about a student."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field


class Step(StrEnum):
    """A step of a job that a build worker does."""

    PLAN = "plan"
    CHUNK = "chunk"
    ASSEMBLE = "assemble"


class BuildMessage(BaseModel):
    """The body of a build message; `chunk` is the chunk's number for the step of that name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Step
    lea: str = Field(pattern=r"^[0-9]{14}$")
    job: str = Field(min_length=26, max_length=26)
    chunk: int | None = Field(default=None, ge=0)


class NoticeMessage(BaseModel):
    """The body of a notice message: tell the requester how this job ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lea: str = Field(pattern=r"^[0-9]{14}$")
    job: str = Field(min_length=26, max_length=26)


class MessageQueue(Protocol):
    """A queue that delivers each message at least once, in any order, fairly between LEAs."""

    def send(self, messages: list[BuildMessage] | list[NoticeMessage]) -> None:
        """Send messages.

        Raises:
            Transient: some may not have been sent; sending all of them again is safe.
        """


class MemoryQueue:
    """A queue in memory, for tests: `sent` holds what nobody has taken yet."""

    def __init__(self) -> None:
        self.sent: list[BuildMessage | NoticeMessage] = []

    def send(self, messages: list[BuildMessage] | list[NoticeMessage]) -> None:
        """Append messages."""
        self.sent.extend(messages)
