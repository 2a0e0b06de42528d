"""Ways to make one PDF of many SSRs: written as one document, or merged from single files."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Made, Way
from bench.engines import ENGINES, OURS, OURS_TAGGED, PLAIN
from bench.singles import (
    FPDF2_ONE_DOCUMENT,
    EnginePrinter,
    NotMade,
    OneDocument,
    fpdf2_one_document,
    roster_of,
    sound_results,
)
from bench.students import read_schools, read_students
from lea_reports.ssr.engine.ssr_engine import MergeOptions, SsrFailure
from tests.reference.merged_file import merged_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.contest import Setting
    from bench.students import Entry
    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr.results.student_result import StudentResult

_LAID_OUT_ANEW = 120
"""Students that show how fast a way is that lays out every page: its time grows with their number."""
_FOLDER, _ROSTER = "singles", "roster"


class EngineMerger:
    """The merged file of an engine of ours."""

    def __init__(self, engine: SsrEngine) -> None:
        self._engine = engine

    def merged(self, results: Sequence[StudentResult]) -> bytes:
        """Return the document."""
        return merged_file(self._engine, results, "Merged").content


class ParquetToMerged:
    """The whole way of a chunk: a roster as Parquet bytes to a merged file, whose bytes are let go as if sent."""

    def __init__(self, setting: Setting, *, tagged: bool) -> None:
        self._engine, self._setting, self._tagged = ENGINES[OURS](setting.fonts), setting, tagged
        self._schools = read_schools(setting.students)

    def prepare(self, entries: Sequence[Entry]) -> bytes:
        """Read the roster of all students, who are not looked at themselves: that would be held as well."""
        if len(entries) != self._setting.count:
            raise ValueError("the roster is of all students")
        return (self._setting.students / _ROSTER).read_bytes()

    def run(self, prepared: bytes) -> Made:
        """Read the results and make the document."""
        sizes: list[int] = []
        outcomes = self._engine.merge(
            sound_results(prepared, self._schools),
            MergeOptions("Merged", tagged=self._tagged),
            lambda piece: sizes.append(len(piece)),
        )
        made = 0
        for outcome in outcomes:
            if isinstance(outcome, SsrFailure):
                raise NotMade(f"an SSR of an invented student failed: {outcome.reason}")
            made += 1
        return Made(made, sum(sizes))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the document of these students and keep it."""
        results = [entry.result(self._setting.language) for entry in entries]
        return [merged_file(self._engine, results, "Merged", tagged=self._tagged).content]


class MergedFromFiles:
    """A peer that reads single files and writes one; making them is not timed."""

    def __init__(self, peer: str, setting: Setting) -> None:
        self._merge = import_module(f"bench.peers.{peer}").merge
        self._folder = setting.students / _FOLDER

    def prepare(self, entries: Sequence[Entry]) -> list[Path]:
        """Name the files of these students."""
        return [self._folder / f"{entry.student['ssid']}.pdf" for entry in entries]

    def run(self, prepared: list[Path]) -> Made:
        """Merge them into a file."""
        with tempfile.TemporaryDirectory(prefix="bench-merged-") as folder:
            target = Path(folder) / "merged.pdf"
            self._merge(prepared, target)
            return Made(len(prepared), target.stat().st_size)

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Return the merged file."""
        with tempfile.TemporaryDirectory(prefix="bench-merged-") as folder:
            target = Path(folder) / "merged.pdf"
            self._merge(self.prepare(entries), target)
            return [target.read_bytes()]


def write_sources(setting: Setting) -> None:
    """Write the single files that the peers merge, made by our engine, and the roster that ours begins with."""
    folder = setting.students / _FOLDER
    folder.mkdir(exist_ok=True)
    entries = read_students(setting.students, setting.count)
    results = [entry.result(setting.language) for entry in entries]
    contents = EnginePrinter(ENGINES[OURS](setting.fonts)).files(results)
    for entry, content in zip(entries, contents, strict=True):
        (folder / f"{entry.student['ssid']}.pdf").write_bytes(content)
    (setting.students / _ROSTER).write_bytes(roster_of(entries, setting.language))


def _plain(setting: Setting) -> OneDocument:
    return OneDocument(EngineMerger(ENGINES[PLAIN](setting.fonts)), setting.language)


def _own(name: str, *, tagged: bool = False) -> Way:
    return Way(name, lambda setting: ParquetToMerged(setting, tagged=tagged))


def _from_files(name: str, peer: str) -> Way:
    return Way(name, lambda setting: MergedFromFiles(peer, setting))


PYPDF = "pypdf append"
WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        Way(PLAIN, _plain, most=_LAID_OUT_ANEW),
        _own(OURS),
        _own(OURS_TAGGED, tagged=True),
        Way(FPDF2_ONE_DOCUMENT, fpdf2_one_document, most=_LAID_OUT_ANEW),
        _from_files(PYPDF, "merge_pypdf"),
        _from_files("pikepdf", "merge_pikepdf"),
        _from_files("qpdf", "merge_qpdf"),
        _from_files("pdfunite", "merge_pdfunite"),
    )
}
