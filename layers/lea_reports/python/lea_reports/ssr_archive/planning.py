"""The plan of a job: which SSRs go into which chunk. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from lea_reports.archive.assembly import SMALLEST_PART
from lea_reports.assessments import Assessment, languages
from lea_reports.jobs.job import Chunk
from lea_reports.ssr_archive.listing import NOT_SELECTED
from lea_reports.ssr_archive.naming import merged_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.ssr_archive.listing import NotIncluded
    from lea_reports.ssr_archive.roster import RosterEntry

MOST_SSRS_IN_A_MERGED_FILE = 10_000
"""Source: docs/domain.md#merged-files."""

MOST_CHUNKS = 9_500
"""S3 puts 10,000 parts together; the lists and the directory of an archive are some of them."""

MOST_ARCHIVE_BYTES = 4 * 1024**3 - 1
"""The largest file on a FAT32 stick, and the last place that an archive without ZIP64 can name.

From 65,535 files on an archive needs ZIP64 whatever its size, for their number: no other record holds it.
"""

_FEWEST = 3

_MORE_BYTES_OF_SMARTER_BALANCED = 1.35


def least_bytes(entry: RosterEntry) -> float:
    """Return how large the single file of an SSR is at least, in bytes: its fonts are most of it.

    Measured on invented students of every kind and language; the mean is about a quarter more.
    """
    least = languages()[entry.language].least_bytes
    return (
        least * _MORE_BYTES_OF_SMARTER_BALANCED if entry.assessment is Assessment.SMARTER_BALANCED else least
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """How large the pieces of a job are.

    `chunk_ssrs`: SSRs that one invocation makes as single files. `merged_file_ssrs`: SSRs in one merged file.
    `smallest_fragment`: bytes from which on
    S3 copies a fragment into the archive without our reading it. `most_chunks`: chunks of one job. `archive_bytes`: the
    largest archive, unless one chunk alone is larger.
    """

    chunk_ssrs: int
    merged_file_ssrs: int = MOST_SSRS_IN_A_MERGED_FILE
    smallest_fragment: int = SMALLEST_PART
    most_chunks: int = MOST_CHUNKS
    archive_bytes: int = MOST_ARCHIVE_BYTES

    def __post_init__(self) -> None:
        smallest = min(
            self.chunk_ssrs,
            self.smallest_fragment,
            self.merged_file_ssrs,
            self.archive_bytes,
        )
        if smallest < 1 or self.merged_file_ssrs > MOST_SSRS_IN_A_MERGED_FILE or self.most_chunks < _FEWEST:
            raise ValueError(f"limits out of range: {self}")


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """A chunk and the SSRs that it makes, in the order in which they stand in the archive."""

    chunk: Chunk
    entries: tuple[RosterEntry, ...]


def only_listed(
    roster: Iterable[RosterEntry], listed: Iterable[NotIncluded]
) -> tuple[list[RosterEntry], tuple[NotIncluded, ...]]:
    """Choose the SSRs of a roster that stand on a list of what is not included.

    Returns these, and in the order of the list the rows whose SSR the roster does not have, with that as the reason.
    """
    wanted = {row.key: row for row in listed}
    found = [entry for entry in roster if wanted.pop(entry.key, None)]
    return found, tuple(row._replace(reason=NOT_SELECTED) for row in wanted.values())


def plan_chunks(
    roster: Iterable[RosterEntry], limits: Limits, *, merge: bool, name: str
) -> list[PlannedChunk]:
    """Split a roster into chunks: every SSR in exactly one; numbered from 0 in archive order.

    Single files are ordered by school, grade, last and first name; small schools share a chunk, and a school is split
    if it is larger than a chunk, or if the chunk before it would be too small for S3 to copy. Merged files are batched
    by grade and language, each ordered by school, last and first name, and split at the limit; `name` is the report's.
    """
    batches = _merged(roster, limits, name) if merge else _single(roster, limits)
    return [
        PlannedChunk(Chunk(number, len(entries), file_name), tuple(entries))
        for number, (file_name, entries) in enumerate(batches)
    ]


def _single(roster: Iterable[RosterEntry], limits: Limits) -> Iterator[tuple[str, Sequence[RosterEntry]]]:
    ordered = sorted(roster, key=lambda entry: entry.school)
    # Any two chunks that follow each other hold more than one could.
    most = max(limits.chunk_ssrs, -(-2 * len(ordered) // (limits.most_chunks - 1)))
    batch: list[RosterEntry] = []
    for _, of_school in groupby(ordered, key=lambda entry: entry.school):
        entries = sorted(of_school, key=lambda entry: (entry.grade, entry.order, entry.assessment))
        if len(batch) + len(entries) > most and sum(map(least_bytes, batch)) >= limits.smallest_fragment:
            yield "", batch
            batch = []
        batch += entries
        while len(batch) > most:
            yield "", batch[:most]
            batch = batch[most:]
    if batch:
        yield "", batch


def _merged(
    roster: Iterable[RosterEntry], limits: Limits, name: str
) -> Iterator[tuple[str, Sequence[RosterEntry]]]:
    ordered = sorted(roster, key=lambda entry: (entry.grade, entry.language))
    for (grade, language), of_batch in groupby(ordered, key=lambda entry: (entry.grade, entry.language)):
        entries = sorted(of_batch, key=lambda entry: (entry.order, entry.assessment))
        for number, first in enumerate(range(0, len(entries), limits.merged_file_ssrs), start=1):
            file_name = merged_name(name=name, grade=grade, language=language, number=number)
            yield file_name, entries[first : first + limits.merged_file_ssrs]
