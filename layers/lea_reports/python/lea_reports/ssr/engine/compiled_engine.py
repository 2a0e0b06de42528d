"""SSRs from compiled parts: each is laid out once, and every student's file is put together from bytes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.pdf.encrypted_file import GrowingEncryption
from lea_reports.ssr.engine.documents import (
    document_language,
    document_title,
    failure_of,
    merged_title,
    outline_name,
    texts_for,
)
from lea_reports.ssr.engine.merged_document import MergedDocument
from lea_reports.ssr.engine.shared_glyph_table import shared_glyphs_of
from lea_reports.ssr.engine.single_files import Template
from lea_reports.ssr.engine.ssr_engine import MergedEntry, MergeOptions, SsrFailure, SsrFile, attempted
from lea_reports.ssr.pages.grid import StudentSheet
from lea_reports.ssr.pages.student_pages import draw_student, edition_of
from lea_reports.ssr.results.names import clean
from lea_reports.typesetting.blocks import Blocks, filled
from lea_reports.typesetting.embedded_fonts import EmbeddedFonts
from lea_reports.typesetting.fonts import Fonts
from lea_reports.typesetting.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator
    from pathlib import Path

    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.engine.ssr_engine import Sink
    from lea_reports.ssr.pages.student_pages import Edition
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.blocks import Filled, Placed
    from lea_reports.typesetting.sheet import Arguments, Drawn, Pen, Sheet
    from lea_reports.typesetting.texts import Texts

_MOST_TEMPLATES = 1000


class CompiledEngine:
    """The `SsrEngine` that lays out once. `fonts` is the folder of the fonts layer with the .ttf files.

    What it laid out it keeps for later calls. A file depends on its student's result only, whoever else is made.
    """

    def __init__(self, fonts: Path, *, tags: bool = True) -> None:
        self._fonts = Fonts(fonts)
        self._tags = tags
        self._renderers: dict[tuple[Edition, bool], _EditionRenderer] = {}

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: PdfEncryption | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order, one at a time. A result that cannot be set fails alone."""
        for result in results:
            yield attempted(result, partial(self._file, result, encryption))

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        """Make one PDF of all results, in the same order, with an outline by school and student.

        It is meant for printing: unless the request says otherwise it has no tags, of which 10,000 SSRs would need
        more than a million.
        """
        document: MergedDocument | None = None
        languages: set[str] = set()
        tongues: set[str] = set()
        year = 0
        for result in results:
            pages = attempted(result, partial(self._pages, result, tags=options.tagged))
            if isinstance(pages, SsrFailure):
                yield pages
                continue
            if document is None:
                encryption = options.encryption
                growing = None if encryption is None else GrowingEncryption(encryption, options.title)
                document = MergedDocument(sink, tags=options.tagged, encryption=growing)
            entry = MergedEntry(result, document.pages + 1, len(pages.pages))
            pages.add_to(document)
            languages.add(result.language)
            tongues.add(pages.language)
            year = max(year, result.administration_year)
            yield entry
        if document is not None:
            document.finish(merged_title(options.title, languages), document_language(tongues), year)

    def _file(self, result: StudentResult, encryption: PdfEncryption | None) -> SsrFile | SsrFailure:
        failure = failure_of(self._fonts, result)
        return failure or self._renderer(result, tags=self._tags).render(result).encrypted_by(encryption)

    def _pages(self, result: StudentResult, *, tags: bool) -> _Pages | SsrFailure:
        return failure_of(self._fonts, result) or self._renderer(result, tags=tags).pages(result)

    def _renderer(self, result: StudentResult, *, tags: bool) -> _EditionRenderer:
        """Return what makes the files of an edition."""
        edition = edition_of(result)
        key = edition, tags
        renderer = self._renderers.get(key)
        if renderer is None:
            embedded = EmbeddedFonts(self._fonts, shared_glyphs_of(edition.name, edition.language))
            renderer = self._renderers[key] = _EditionRenderer(embedded, texts_for(result), tags=tags)
        return renderer


class Composition(StudentSheet):
    """The pages of one student: parts, each with the values of its placeholders."""

    def __init__(self, blocks: Blocks, result: StudentResult) -> None:
        super().__init__(blocks.texts, result)
        self.pages: list[list[Placed]] = []
        self._blocks = blocks
        self._parts = blocks.parts
        self._size_of = blocks.sizes.__getitem__
        self.begin_page()
        draw_student(self)

    def begin_page(self) -> None:
        """End the page and begin a new one."""
        self._page: list[Placed] = []
        self._mcid = 0
        self.pages.append(self._page)

    def part(
        self, compose: Callable[..., Drawn], arguments: tuple[Hashable, ...], *values: int | str
    ) -> Drawn:
        """Compose a part, or find it composed."""
        sizes = tuple(map(self._size_of, values))
        mcid = self._mcid
        part = self._parts.get((compose, mcid, arguments, sizes))
        if part is None:
            part = self._blocks.compose(compose, mcid, arguments, sizes)
        self._mcid = mcid + part.mcids
        self._page.append((part, values))
        return cast("Drawn", part.drawn)

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the template, as a part of its own."""
        return cast("Drawn", self.part(_fixed, (draw, *arguments)))

    def variant(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that is kept compressed, as a part of its own."""
        return cast("Drawn", self.part(_variant, (draw, *arguments)))

    def value(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the student's own, as a part of its own."""
        return cast("Drawn", self.part(_value, (draw, *arguments)))


def _fixed(sheet: Sheet, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
    return sheet.fixed(draw, *arguments)


def _variant(sheet: Sheet, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
    return sheet.variant(draw, *arguments)


def _value(sheet: Sheet, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
    return sheet.value(draw, *arguments)


class _EditionRenderer:
    """Renders the SSRs of one edition."""

    def __init__(self, embedded: EmbeddedFonts, texts: Texts, *, tags: bool) -> None:
        self._embedded = embedded
        self._blocks = Blocks(embedded, texts, tags=tags)
        self._tags = tags
        self._templates: Memory[Hashable, Template] = Memory(_MOST_TEMPLATES)

    def render(self, result: StudentResult) -> SsrFile:
        """Make the file of one student."""
        composition = Composition(self._blocks, result)
        pages = composition.pages
        own = [filled(page) for page in pages]
        fonts = 0
        for page in own:
            fonts |= page.fonts
        key = (
            result.administration_year,
            fonts,
            *[tuple([part.template_key for part, _ in page]) for page in pages],
        )
        template = self._templates.get(key)
        if template is None:
            template = self._templates.keep(
                key,
                Template(
                    self._embedded,
                    [[part for part, _ in page] for page in pages],
                    fonts,
                    language=self._blocks.texts.language,
                    year=result.administration_year,
                    tags=self._tags,
                ),
            )
        tail = template.tail(
            document_title(self._blocks.texts, result.administration_year, composition.name), pages, own
        )
        return SsrFile(result, tail, len(pages), template.prefix)

    def pages(self, result: StudentResult) -> _Pages:
        """Compose the pages of one student for a merged document."""
        texts = self._blocks.texts
        pages = [(page, filled(page)) for page in Composition(self._blocks, result).pages]
        school = result.school.code, clean(result.school.name)
        return _Pages(pages, self._embedded, texts.language, outline_name(texts, result), school)


class _Pages(NamedTuple):
    """What a merged document takes of one student, with nothing left that could fail because of the student."""

    pages: list[tuple[list[Placed], Filled]]
    embedded: EmbeddedFonts
    language: str
    name: str
    school: tuple[str, str]

    def add_to(self, document: MergedDocument) -> None:
        """Add the pages to the document."""
        document.begin_school(*self.school)
        document.add_student(self.name, self.pages, self.embedded, self.language)
