"""Ways to make one PDF of many SSRs: written as one document, or merged from single files."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Made, Way
from bench.engines import MERGERS, OURS, SINGLES
from bench.singles import FPDF2_ONE_DOCUMENT, EnginePrinter, OneDocument, fpdf2_one_document
from bench.students import read_students
from lea_reports.ssr.engine import merged_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.contest import Setting
    from bench.students import Entry
    from lea_reports.ssr.engine import SsrEngine
    from lea_reports.ssr.student_result import StudentResult

_LAID_OUT_ANEW = 120
"""Students that show how fast a way is that lays out every page: its time grows with their number."""
_FOLDER = "singles"


class EngineMerger:
    """The merged file of an engine of ours."""

    def __init__(self, engine: SsrEngine) -> None:
        self._engine = engine

    def merged(self, results: Sequence[StudentResult]) -> bytes:
        """Return the document."""
        return merged_file(self._engine, results, "Merged").content


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


def write_singles(setting: Setting) -> None:
    """Write the single files that the peers merge, made by our engine."""
    folder = setting.students / _FOLDER
    folder.mkdir(exist_ok=True)
    entries = read_students(setting.students, setting.count)
    results = [entry.result(setting.language) for entry in entries]
    contents = EnginePrinter(SINGLES[OURS](setting.fonts)).files(results)
    for entry, content in zip(entries, contents, strict=True):
        (folder / f"{entry.student['ssid']}.pdf").write_bytes(content)


def _own(name: str) -> Way:
    def make(setting: Setting) -> OneDocument:
        return OneDocument(EngineMerger(MERGERS[name](setting.fonts)), setting.language)

    return Way(name, make, most=_LAID_OUT_ANEW if name == "FpdfEngine" else None)


def _from_files(name: str, peer: str) -> Way:
    return Way(name, lambda setting: MergedFromFiles(peer, setting))


PYPDF = "pypdf append"
WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        *map(_own, MERGERS),
        Way(FPDF2_ONE_DOCUMENT, fpdf2_one_document, most=_LAID_OUT_ANEW),
        _from_files(PYPDF, "merge_pypdf"),
        _from_files("pikepdf", "merge_pikepdf"),
        _from_files("qpdf", "merge_qpdf"),
        _from_files("pdfunite", "merge_pdfunite"),
    )
}
