"""What makes a report: all that the steps of a job know of it.

A producer finds what a job is to make and splits it into chunks, builds each chunk, and finishes the files from what
was built. Whatever it needs in between it keeps itself. Each of its methods may be called again after a worker died, by
another worker, and at the same time by one whose lease went to another: it then writes the same bytes under the same
keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lea_reports.jobs.job import Chunk, Job, ReportFile
    from lea_reports.jobs.presence import Presence
    from lea_reports.telemetry.metrics import Metric


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job makes: its chunks, numbered from 0, and how many items it was to make that are not to be found.

    A job without chunks has no results. `at_once`: it is one chunk that takes a moment, so whoever plans it also builds
    and finishes it, and no message and no row is spent on its chunk.
    """

    chunks: Sequence[Chunk]
    not_found: int = 0
    at_once: bool = False

    def __post_init__(self) -> None:
        if self.at_once and len(self.chunks) != 1:
            raise ValueError("only a plan of one chunk is made at once")

    @property
    def total(self) -> int:
        """How many items the job is to make."""
        return sum(chunk.count for chunk in self.chunks) + self.not_found


@dataclass(frozen=True, slots=True)
class Built:
    """What became of the items of a chunk, and the bytes that were made of it."""

    made: int
    not_included: int
    size: int


class Finishing(Protocol):
    """The files of one job, as they follow from its chunks, made in order."""

    @property
    def count(self) -> int:
        """How many files there are."""

    def continues(self, files: Sequence[ReportFile], /) -> bool:
        """Whether these are its first files; they are not if the limits were changed since these were made."""

    def pass_over(self, number: int, /) -> None:
        """Take notice of a file, counted from 1, that is made already."""

    def make(self, number: int, /) -> ReportFile:
        """Make a file, counted from 1."""

    def conclude(self) -> None:
        """Store what is known once every file is made; called before the job is ready."""


class Producer(Protocol):
    """Makes the reports of one kind."""

    @property
    def items(self) -> Metric:
        """What counts the items that it makes, by outcome (`made`, `not_included`)."""

    def plan(self, job: Job, presence: Presence) -> Plan:
        """Find what a job makes and store what its chunks need."""

    def build(self, job: Job, chunk: Chunk, presence: Presence) -> Built:
        """Build a chunk and store what became of it.

        An item that cannot be made is not included; what is wrong with the whole chunk is raised.
        """

    def finishing(self, job: Job, chunks: Sequence[Chunk], presence: Presence, /) -> Finishing:
        """Begin to finish a job whose chunks are all at their end: built, or given up."""
