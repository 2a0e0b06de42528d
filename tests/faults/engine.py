"""An engine whose SSRs are a few bytes that say whose they are, and their scores."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lea_reports.ssr.engine.ssr_engine import MergedEntry, MergeOptions, SsrFailure, SsrFile, attempted
from tests.faults.districts import POISONED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lea_reports.ssr.engine.ssr_engine import Sink
    from lea_reports.ssr.results.student_result import StudentResult

_PAGES = 2


class SmallEngine:
    """English only; breaks on poisoned students. `rendering` is called before each SSR."""

    def __init__(self, rendering: Callable[[StudentResult], None]) -> None:
        self._rendering = rendering

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: object = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one file per result."""
        assert encryption is None
        for result in results:
            yield attempted(result, partial(self._file, result))

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        """Make one file of all results."""
        assert not options.tagged
        page = 1
        for made in self.single_files(results, encryption=options.encryption):
            if isinstance(made, SsrFailure):
                yield made
            else:
                sink(made.content if page > 1 else b"%PDF " + options.title.encode() + made.content)
                yield MergedEntry(made.result, page, made.pages)
                page += made.pages

    def _file(self, result: StudentResult) -> SsrFile | SsrFailure:
        self._rendering(result)
        if result.last_name == POISONED:
            raise ZeroDivisionError(result.ssid)
        if result.language != "en":
            return SsrFailure(result, "language_not_available")
        scores = [str(subject.score.value) for subject in result.subjects if subject.score]
        return SsrFile(result, " ".join(("%PDF", result.ssid, *scores, "")).encode(), _PAGES)
