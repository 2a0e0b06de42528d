"""A merged document as a whole, for those who look at it: the pipeline sends it on piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.ssr.engine.ssr_engine import MergedEntry, MergeOptions, SsrFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr.results.student_result import StudentResult


@dataclass(frozen=True, slots=True)
class MergedFile:
    """Many SSRs as one document, in the order in which they came."""

    content: bytes
    """A whole PDF; empty if no SSR could be made."""
    entries: tuple[MergedEntry, ...]
    failures: tuple[SsrFailure, ...]

    @property
    def pages(self) -> int:
        """The number of pages of the document."""
        return sum(entry.pages for entry in self.entries)


def merged_file(
    engine: SsrEngine,
    results: Iterable[StudentResult],
    title: str,
    *,
    tagged: bool = False,
    encryption: PdfEncryption | None = None,
) -> MergedFile:
    """Return a merged document that is small enough to be held as a whole."""
    pieces: list[bytes] = []
    outcomes = list(engine.merge(results, MergeOptions(title, tagged, encryption), pieces.append))
    return MergedFile(
        b"".join(pieces),
        tuple(outcome for outcome in outcomes if isinstance(outcome, MergedEntry)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, SsrFailure)),
    )
