"""How fragments become archives, and the parts of one multipart upload each.

S3 takes at most 10,000 parts, and every part but the last has at least 5 MiB. A fragment that is large enough is
copied inside S3; small ones are read and sent on together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALLEST_PART = 5 * 1024 * 1024

MOST_ARCHIVES = 100
"""One e-mail has a link to each."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end` (exclusive) of the fragment at position `fragment`."""

    fragment: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """The number of bytes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the upload.

    Bytes to send (`copied` false: of several spans, read and put together), or one span that S3 copies itself.
    """

    spans: tuple[Span, ...]
    copied: bool

    @property
    def size(self) -> int:
        """The number of bytes."""
        return sum(span.size for span in self.spans)


def plan_archives(sizes: Sequence[int], most: int) -> list[range]:
    """Split fragments of these sizes in bytes into archives of at most `most` bytes: whole fragments, in order.

    A fragment that is larger has an archive of its own. Before there are more than `MOST_ARCHIVES`, they become larger
    than they should.
    """
    archives = _runs(sizes, most)
    if len(archives) > MOST_ARCHIVES:
        # Any two runs that follow each other hold more than one could.
        archives = _runs(sizes, -(-2 * sum(sizes) // (MOST_ARCHIVES - 1)))
    return archives


def _runs(sizes: Sequence[int], most: int) -> list[range]:
    runs: list[range] = []
    first = held = 0
    for at, size in enumerate(sizes):
        if at > first and held + size > most:
            runs.append(range(first, at))
            first, held = at, 0
        held += size
    return [*runs, range(first, len(sizes))] if sizes else []


def plan_parts(sizes: Sequence[int], smallest: int = SMALLEST_PART) -> tuple[list[Part], tuple[Span, ...]]:
    """Plan how fragments of these sizes in bytes are joined, in order.

    Returns the parts, each of at least `smallest` bytes, and the spans left over at the end, which go in front of the
    last part. All parts and the rest together are every byte of every fragment once, in order.
    """
    parts: list[Part] = []
    waiting: list[Span] = []
    waiting_size = 0
    for fragment, size in enumerate(sizes):
        start = 0
        if waiting and size:
            start = min(size, smallest - waiting_size)
            if size - start < smallest:
                start = size  # what would be left is too small to be copied: take it along
            waiting.append(Span(fragment, 0, start))
            waiting_size += start
            if waiting_size >= smallest:
                parts.append(Part(tuple(waiting), copied=False))
                waiting, waiting_size = [], 0
        if size - start >= smallest:
            parts.append(Part((Span(fragment, start, size),), copied=True))
        elif size > start:
            waiting.append(Span(fragment, start, size))
            waiting_size += size - start
    return parts, tuple(waiting)
