"""Ways to make single SSRs: ours and the peers'."""

from __future__ import annotations

from importlib import import_module
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Protocol

import pyarrow as pa

from bench.contest import Made, Way
from bench.engines import ENGINES, OURS
from bench.peers.content import content_of
from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.zip_format import CentralDirectory
from lea_reports.assessments import Assessment
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.student_columns import BadRecord
from lea_reports.ssr_archive.build import path_in_archive
from lea_reports.ssr_archive.roster import RosterEntry
from lea_reports.ssr_archive.roster_file import results_of, roster_file
from lea_reports.typesetting.fonts import Fonts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bench.contest import Setting
    from bench.peers.content import Content
    from bench.peers.fill_pikepdf import Filling, Template
    from bench.students import Entry
    from lea_reports.ssr.engine.ssr_engine import SsrEngine, SsrFailure
    from lea_reports.ssr.results.student_result import SchoolNames, StudentResult


_PART = 16 * 1024 * 1024
"""Bytes of a part that S3 would get."""
_MOST_OF_OTHERS = 2000
"""Students for those who make some dozens a second."""


class Printer(Protocol):
    """What a peer offers: `printer(fonts, language)` of its module returns one."""

    def files(self, results: Iterable[StudentResult]) -> Iterator[bytes]:
        """Yield the PDFs of some students."""
        ...


class Merger(Protocol):
    """What a way of merging offers: one PDF of some students."""

    def merged(self, results: Sequence[StudentResult]) -> bytes:
        """Return the document."""
        ...


class NotMade(Exception):
    """An SSR that every contender must be able to make failed."""


class Singles:
    """Students in memory to PDFs in memory."""

    def __init__(self, printer: Printer, language: str) -> None:
        self._printer, self._language = printer, language

    def prepare(self, entries: Sequence[Entry]) -> list[StudentResult]:
        """Join the rows of every student."""
        return [entry.result(self._language) for entry in entries]

    def run(self, prepared: list[StudentResult]) -> Made:
        """Make every PDF and forget it."""
        sizes = [len(content) for content in self._printer.files(prepared)]
        return Made(len(sizes), sum(sizes))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the PDFs and keep them."""
        return list(self._printer.files([entry.result(self._language) for entry in entries]))


class OneDocument:
    """Students in memory to one PDF in memory."""

    def __init__(self, merger: Merger, language: str) -> None:
        self._merger, self._language = merger, language

    def prepare(self, entries: Sequence[Entry]) -> list[StudentResult]:
        """Join the rows of every student."""
        return [entry.result(self._language) for entry in entries]

    def run(self, prepared: list[StudentResult]) -> Made:
        """Make the PDF and forget it."""
        return Made(len(prepared), len(self._merger.merged(prepared)))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the PDF and keep it."""
        return [self._merger.merged(self.prepare(entries))]


class Flowing:
    """A peer that lays out itself; taking down what the SSR says is not timed."""

    def __init__(self, peer: str, setting: Setting) -> None:
        self._printer = import_module(f"bench.peers.{peer}").printer(setting.fonts)
        self._fonts = Fonts(setting.fonts)
        self._language = setting.language

    def prepare(self, entries: Sequence[Entry]) -> list[Content]:
        """Take down what the SSRs say."""
        return [content_of(entry.result(self._language), self._fonts) for entry in entries]

    def run(self, prepared: list[Content]) -> Made:
        """Make every PDF and forget it."""
        sizes = [len(content) for content in self._printer.files(prepared)]
        return Made(len(sizes), sum(sizes))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the PDFs and keep them."""
        return list(self._printer.files(self.prepare(entries)))


class TemplateFilling:
    """pikepdf with the templates and the filled pages of our engine; making those is not timed.

    So it is charged for less than any other way: to put what is ready into templates that are open, and to save them.
    """

    def __init__(self, setting: Setting) -> None:
        self._open = import_module("bench.peers.fill_pikepdf").Template
        self._engine = ENGINES[OURS](setting.fonts)
        self._language = setting.language
        self._templates: dict[tuple[bytes, ...], Template] = {}

    def prepare(self, entries: Sequence[Entry]) -> list[tuple[Template, Filling]]:
        """Find what is each student's own, and the template it belongs to: the file of the first who had it."""
        prepared = []
        for made in self._engine.single_files(entry.result(self._language) for entry in entries):
            file = _file(made)
            opened: Template = self._open(file.content)
            key = file.prefix.content, *opened.fonts
            prepared.append((self._templates.setdefault(key, opened), opened.filling))
        return prepared

    def run(self, prepared: list[tuple[Template, Filling]]) -> Made:
        """Make every PDF and forget it."""
        sizes = [len(template.filled(filling)) for template, filling in prepared]
        return Made(len(sizes), sum(sizes))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the PDFs and keep them."""
        return [template.filled(filling) for template, filling in self.prepare(entries)]


class EnginePrinter:
    """An engine of ours, given whole batches as a chunk is."""

    def __init__(self, engine: SsrEngine) -> None:
        self._engine = engine

    def files(self, results: Iterable[StudentResult]) -> Iterator[bytes]:
        """Yield every PDF. Raises `NotMade` if one cannot be made: invented names are all in the fonts."""
        for made in self._engine.single_files(results):
            yield _file(made).content


class ParquetToZip:
    """The whole way of a chunk: a roster as Parquet bytes to the bytes of a zip archive."""

    def __init__(self, engine: SsrEngine, language: str) -> None:
        self._engine, self._language = engine, language
        self._schools: dict[str, SchoolNames] = {}

    def prepare(self, entries: Sequence[Entry]) -> bytes:
        """Write the roster of these students, as the planning of a job does."""
        self._schools.update({entry.school.code: entry.school for entry in entries})
        return roster_of(entries, self._language)

    def run(self, prepared: bytes) -> Made:
        """Read, make and pack; full parts are let go as if they were sent. The size is the archive's."""
        pieces: list[bytes] = []
        files, sent = FragmentWriter(pieces.append), 0
        for made in self._engine.single_files(sound_results(prepared, self._schools)):
            file = _file(made)
            files.add(path_in_archive(file.result), file.prefix.content, file.tail, crc=file.crc)
            if files.size - sent >= _PART:
                sent += len(b"".join(pieces))
                pieces.clear()
        sent += len(b"".join(pieces))
        return Made(len(files.entries), sent + len(CentralDirectory(files.entries).content(sent)))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Make the PDFs that the archive would hold."""
        results = [entry.result(self._language) for entry in entries]
        return [_file(made).content for made in self._engine.single_files(results)]


def roster_of(entries: Sequence[Entry], language: str) -> bytes:
    """Write students as the Parquet file of a chunk."""
    scores = [row for entry in entries for row in entry.scores]
    ends = accumulate((len(entry.scores) for entry in entries), initial=0)
    orders = [
        RosterEntry(
            ssid=str(entry.student["ssid"]),
            school=entry.school.code,
            grade=str(entry.scores[0]["grade_assessed"]),
            assessment=Assessment.SMARTER_BALANCED,
            language=language,
            last_name=str(entry.student["last_name"]),
            first_name=str(entry.student["first_name"]),
            student_at=at,
            scores_at=tuple(range(first, end)),
        )
        for at, (entry, (first, end)) in enumerate(zip(entries, pairwise(ends), strict=True))
    ]
    students = pa.Table.from_pylist([entry.student for entry in entries], STUDENTS.schema)
    return roster_file(orders, students, pa.Table.from_pylist(scores, SCORES.schema))


def sound_results(roster: bytes, schools: Mapping[str, SchoolNames]) -> Iterator[StudentResult]:
    """Read the results of a roster. Raises `NotMade` if the records of a student are refused."""
    for result in results_of(roster, schools.__getitem__):
        if isinstance(result, BadRecord):
            raise NotMade(f"the records of an invented student are refused: {result.problem}")
        yield result


def _file(made: SsrFile | SsrFailure) -> SsrFile:
    if isinstance(made, SsrFile):
        return made
    raise NotMade(f"an SSR of an invented student failed: {made.reason}")


def _own(name: str) -> Way:
    def make(setting: Setting) -> Singles:
        return Singles(EnginePrinter(ENGINES[name](setting.fonts)), setting.language)

    return Way(name, make, most=None if name == OURS else _MOST_OF_OTHERS)


def _whole_way(setting: Setting) -> ParquetToZip:
    return ParquetToZip(ENGINES[OURS](setting.fonts), setting.language)


def _peer(name: str, module: str) -> Way:
    def make(setting: Setting) -> Singles:
        peer = import_module(f"bench.peers.{module}")
        return Singles(peer.printer(setting.fonts, setting.language), setting.language)

    return Way(name, make, most=_MOST_OF_OTHERS)


def fpdf2_one_document(setting: Setting) -> OneDocument:
    """Make the peer that lays out everyone into one document."""
    peer = import_module("bench.peers.fpdf2_one_document")
    return OneDocument(peer.merger(setting.fonts, setting.language), setting.language)


def _flowing(name: str, peer: str) -> Way:
    return Way(name, lambda setting: Flowing(peer, setting), most=_MOST_OF_OTHERS)


PIKEPDF = "pikepdf, same templates"
FPDF2_PER_STUDENT = "fpdf2 per student"
FPDF2_ONE_DOCUMENT = "fpdf2 one document"
PARQUET_TO_ZIP = f"{OURS}, Parquet to zip"
WAYS: Mapping[str, Way] = {
    way.name: way
    for way in (
        *map(_own, ENGINES),
        Way(PARQUET_TO_ZIP, _whole_way),
        _peer(FPDF2_PER_STUDENT, "fpdf2_per_student"),
        Way(FPDF2_ONE_DOCUMENT, fpdf2_one_document, most=_MOST_OF_OTHERS),
        Way(PIKEPDF, TemplateFilling),
        _peer("reportlab", "reportlab_canvas"),
        _flowing("typst ua-1", "typst_document"),
        _flowing("weasyprint ua-1", "weasyprint_document"),
    )
}
PEERS = ("reportlab", "typst ua-1", "weasyprint ua-1")
