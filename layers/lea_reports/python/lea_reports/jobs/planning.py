"""The plan of a job: which SSRs go into which chunk. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lea_reports.archive.naming import merged_name
from lea_reports.jobs.job import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.reports.student_score_reports import RosterEntry

MOST_SSRS_IN_A_MERGED_FILE = 10_000
"""Source: seed document 000, step 9 of the bulk download."""

_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the pieces of a job are.

    `chunk_ssrs`: SSRs that one invocation makes as single files. `merged_file_ssrs`: SSRs in one merged file.
    `open_chunks`: chunks of one job that wait in the queue or are worked at.
    """

    chunk_ssrs: int
    merged_file_ssrs: int = MOST_SSRS_IN_A_MERGED_FILE
    open_chunks: int = 40

    def __post_init__(self) -> None:
        if (
            self.chunk_ssrs < 1
            or self.open_chunks < 1
            or not 1 <= self.merged_file_ssrs <= MOST_SSRS_IN_A_MERGED_FILE
        ):
            raise ValueError(f"limits out of range: {self}")

    def window(self, chunks: int) -> int:
        """Return how many of a job's chunks are sent at first; each then sends the one that many places behind it.

        No such chain is longer than eight messages: Lambda takes sixteen that follow from each other for a loop.
        """
        return max(self.open_chunks, -(-chunks // _LONGEST_CHAIN))


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk and the SSRs that it makes, in the order in which they stand in the archive."""

    chunk: Chunk
    entries: tuple[RosterEntry, ...]


def plan_chunks(
    roster: Iterable[RosterEntry], limits: Limits, *, merge: bool, name: str
) -> list[PlannedChunk]:
    """Split a roster into chunks: every SSR in exactly one; numbered from 0 in archive order.

    Single files are ordered by school, grade, last and first name; small schools share a chunk, a school that is larger
    than a chunk gets several. Merged files are batched by grade and language, each ordered by school, last and first
    name, and split at the limit; `name` is the report's.
    """
    batches = _merged(roster, limits, name) if merge else _single(roster, limits)
    return [
        PlannedChunk(Chunk(number, len(entries), file_name), tuple(entries))
        for number, (file_name, entries) in enumerate(batches)
    ]


def _single(roster: Iterable[RosterEntry], limits: Limits) -> Iterator[tuple[str, Sequence[RosterEntry]]]:
    ordered = sorted(roster, key=lambda entry: (entry.school, entry.grade, entry.order, entry.assessment))
    batch: list[RosterEntry] = []
    for _, of_school in groupby(ordered, key=lambda entry: entry.school):
        entries = list(of_school)
        if batch and len(batch) + len(entries) > limits.chunk_ssrs:
            yield "", batch
            batch = []
        batch += entries
        while len(batch) > limits.chunk_ssrs:
            yield "", batch[: limits.chunk_ssrs]
            batch = batch[limits.chunk_ssrs :]
    if batch:
        yield "", batch


def _merged(
    roster: Iterable[RosterEntry], limits: Limits, name: str
) -> Iterator[tuple[str, Sequence[RosterEntry]]]:
    ordered = sorted(roster, key=lambda entry: (entry.grade, entry.language, entry.order, entry.assessment))
    for (grade, language), of_batch in groupby(ordered, key=lambda entry: (entry.grade, entry.language)):
        entries = list(of_batch)
        for number, first in enumerate(range(0, len(entries), limits.merged_file_ssrs), start=1):
            file_name = merged_name(name=name, grade=grade, language=language, number=number)
            yield file_name, entries[first : first + limits.merged_file_ssrs]
