"""An engine whose SSRs are a few bytes that say whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.engine import MergedEntry, MergedFile, SsrFailure, SsrFile
from tests.faults.districts import POISONED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lea_reports.ssr.student_result import StudentResult

_PAGES = 2


class SmallEngine:
    """English only; breaks on poisoned students. `rendering` is called before each SSR."""

    def __init__(self, rendering: Callable[[StudentResult], None]) -> None:
        self._rendering = rendering

    def single_files(
        self, results: Iterable[StudentResult], *, protection: object = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one file per result."""
        assert protection is None
        for result in results:
            self._rendering(result)
            if result.last_name == POISONED:
                raise ZeroDivisionError(result.ssid)
            if result.language == "en":
                yield SsrFile(result, f"%PDF {result.ssid}".encode(), _PAGES)
            else:
                yield SsrFailure(result, "language_not_available")

    def merged_file(
        self, results: Iterable[StudentResult], title: str, *, tagged: bool = False, protection: object = None
    ) -> MergedFile:
        """Make one file of all results."""
        assert not tagged
        made = list(self.single_files(results, protection=protection))
        files = [each for each in made if isinstance(each, SsrFile)]
        return MergedFile(
            b"%PDF " + title.encode() + b"".join(each.content for each in files),
            tuple(MergedEntry(each.result, 1 + _PAGES * at, _PAGES) for at, each in enumerate(files)),
            tuple(each for each in made if isinstance(each, SsrFailure)),
        )
