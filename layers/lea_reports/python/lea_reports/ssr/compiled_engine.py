"""SSRs from compiled blocks: every block is laid out once, and each student's file is put together."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.ssr.batch import (
    Batch,
    creation_date,
    document_language,
    document_title,
    outline_name,
    texts_for,
)
from lea_reports.ssr.blocks import Blocks
from lea_reports.ssr.embedded_fonts import EmbeddedFonts
from lea_reports.ssr.engine import MergedEntry, MergedFile, SsrFailure, SsrFile
from lea_reports.ssr.fonts import FontFolder
from lea_reports.ssr.layout import Arguments, Drawn, Pen, Sheet
from lea_reports.ssr.merged_document import MergedDocument
from lea_reports.ssr.names import clean
from lea_reports.ssr.pages import draw_student, edition_of, pages_of
from lea_reports.ssr.single_files import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from lea_reports.ssr.content_canvas import Fragment, Step
    from lea_reports.ssr.pages import Edition
    from lea_reports.ssr.protection import Protection
    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts

_NEXT_PAGE = -1
_MOST_TEMPLATES = 500


class CompiledEngine:
    """The `SsrEngine` that lays out once. `fonts` is the folder of the fonts layer with the .ttf files."""

    def __init__(self, fonts: Path, *, tags: bool = True, tags_when_merged: bool = False) -> None:
        self._folder = FontFolder(fonts)
        self._tags = tags
        self._tags_when_merged = tags_when_merged

    def single_files(
        self, results: Iterable[StudentResult], *, protection: Protection | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone.

        The whole batch is read before the first file is made: its fonts are cut once, to its characters.
        """
        batch = Batch(self._folder, results)
        with batch.fonts() as cut:
            fonts = EmbeddedFonts(cut)
            presses: dict[Edition, _SinglePress] = {}
            composed: deque[_Composed] = deque()
            for result in batch.made:
                edition = edition_of(result)
                press = presses.get(edition)
                if press is None:
                    texts = texts_for(result)
                    press = presses[edition] = _SinglePress(fonts, texts, result, tags=self._tags)
                composed.append(press.compose(result))
            for result, failure in batch.outcomes:
                if failure:
                    yield failure
                else:
                    press = presses[edition_of(result)]
                    yield press.print(result, composed.popleft()).under(protection)

    def merged_file(
        self,
        results: Iterable[StudentResult],
        title: str,
        *,
        tagged: bool = False,
        protection: Protection | None = None,
    ) -> MergedFile:
        """Make one PDF of all results, in the same order, with an outline by school and student.

        It is meant for printing: unless the request or the engine was told otherwise it has no tags, of which
        10,000 SSRs would need more than a million.
        """
        tags = tagged or self._tags_when_merged
        batch = Batch(self._folder, results)
        if not batch.made:
            return MergedFile(b"", (), batch.failures)
        document = MergedDocument(
            title=clean(title),
            language=document_language(batch.made),
            year=creation_date(batch.made).year,
            tags=tags,
        )
        entries = []
        school = None
        bits = 0
        with batch.fonts() as cut:
            fonts = EmbeddedFonts(cut)
            presses: dict[Edition, _MergingPress] = {}
            for result in batch.made:
                edition = edition_of(result)
                press = presses.get(edition)
                if press is None:
                    blocks = Blocks(fonts, texts_for(result), tags=tags)
                    press = presses[edition] = _MergingPress(blocks, texts_for(result), result, document)
                if result.school.code != school:
                    school = result.school.code
                    document.begin_school(clean(result.school.name) or school)
                entries.append(MergedEntry(result, document.pages + 1, pages_of(result)))
                press.print(result)
                bits |= press.bits
            merged = MergedFile(document.finish(fonts, bits), tuple(entries), batch.failures)
        return merged.under(protection)


class _Composed(NamedTuple):
    """The blocks of one student."""

    key: tuple[int, ...]
    """The fonts, the year and the form of every block: what the template of the student depends on."""
    variants: list[tuple[bytes, bytes]]
    values: list[bytes]
    figures: list[bytes]


class _SinglePress(Sheet):
    """A sheet that is used again for every student of one edition."""

    def __init__(self, fonts: EmbeddedFonts, texts: Texts, result: StudentResult, *, tags: bool) -> None:
        super().__init__(texts, result)
        self._fonts = fonts
        self._tags = tags
        self._blocks = Blocks(fonts, texts, tags=tags)
        self._templates: dict[tuple[int, ...], Template] = {}
        self._clear()

    def _clear(self) -> None:
        self._plan: list[int] = []
        self._bits = 0
        self._figures: list[bytes] = []
        self._variants: list[tuple[bytes, bytes]] = []
        self._values: list[bytes] = []
        self._page_variants: list[tuple[bytes, bytes]] = []
        self._page_values: list[bytes] = []
        self._mark = 0

    def compose(self, result: StudentResult) -> _Composed:
        """Collect the blocks of one student."""
        self._clear()
        self.result = result
        draw_student(self)
        self.begin_page()
        key = self._bits, result.administration_year, *self._plan
        return _Composed(key, self._variants, self._values, self._figures)

    def print(self, result: StudentResult, composed: _Composed) -> SsrFile:
        """Make the file of one student, when all were composed: only now are the fonts known."""
        template = self._templates.get(composed.key)
        if template is None:
            if len(self._templates) >= _MOST_TEMPLATES:
                self._templates.clear()
            template = self._templates[composed.key] = self._compile(composed.key)
        title = document_title(self.texts, result)
        tail = template.tail(title, composed.variants, composed.values, composed.figures)
        return SsrFile(result, tail, pages_of(result), template.prefix)

    def _compile(self, key: tuple[int, ...]) -> Template:
        bits, year, *plan = key
        pages: list[list[int]] = [[]]
        for form in plan:
            if form == _NEXT_PAGE:
                pages.append([])
            else:
                pages[-1].append(form)
        forms = self._blocks.forms
        return Template(
            self._fonts,
            bits,
            [b"".join(forms[form].content for form in page if forms[form].fixed) for page in pages[:-1]],
            [[step for form in page for step in forms[form].structure] for page in pages[:-1]],
            language=self.texts.language,
            year=year,
            tags=self._tags,
        )

    def begin_page(self) -> None:
        """End the page and begin a new one."""
        self._plan.append(_NEXT_PAGE)
        self._mark = 0
        variants = self._page_variants
        self._variants.append(
            (b"".join([each[0] for each in variants]), b"".join([each[1] for each in variants]))
        )
        self._values.append(b"".join(self._page_values))
        self._page_variants, self._page_values = [], []

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the template."""
        blocks, mark = self._blocks, self._mark
        fragment = blocks.fixed.get((draw, mark, arguments)) or blocks.add_fixed(draw, mark, arguments)
        self._mark = mark + fragment.marks
        self._bits |= fragment.fonts
        self._plan.append(fragment.form)
        if fragment.figures:
            self._figures += fragment.figures
        return cast("Drawn", fragment.drawn)

    def variant(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that is kept compressed."""
        blocks, mark = self._blocks, self._mark
        fragment = blocks.variants.get((draw, mark, arguments)) or blocks.add_variant(draw, mark, arguments)
        self._mark = mark + fragment.marks
        self._bits |= fragment.fonts
        self._plan.append(fragment.form)
        self._page_variants.append((fragment.packed, fragment.content))
        if fragment.figures:
            self._figures += fragment.figures
        return cast("Drawn", fragment.drawn)

    def value(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the student's own."""
        blocks, mark = self._blocks, self._mark
        fragment = blocks.values.get((draw, mark, arguments)) or blocks.add_value(draw, mark, arguments)
        self._mark = mark + fragment.marks
        self._bits |= fragment.fonts
        self._plan.append(fragment.form)
        self._page_values.append(fragment.content)
        if fragment.figures:
            self._figures += fragment.figures
        return cast("Drawn", fragment.drawn)


class _MergingPress(Sheet):
    """A sheet that writes its pages into a merged document."""

    def __init__(self, blocks: Blocks, texts: Texts, result: StudentResult, document: MergedDocument) -> None:
        super().__init__(texts, result)
        self._blocks = blocks
        self._document = document
        self.bits = 0
        self._clear()

    def _clear(self) -> None:
        self._contents: list[tuple[int, int]] = []
        self._steps: list[list[Step]] = []
        self._figures: list[bytes] = []
        self._clear_page()

    def _clear_page(self) -> None:
        self._mark = 0
        self._shared: list[Fragment] = []
        self._own: list[bytes] = []
        self._page_steps: list[Step] = []

    def print(self, result: StudentResult) -> None:
        """Add the pages of one student."""
        self._clear()
        self.result = result
        draw_student(self)
        self.begin_page()
        name = outline_name(self.texts, result)
        self._document.add_student(name, self._contents, self._steps, self._figures, self.texts.language)

    def begin_page(self) -> None:
        """End the page and begin a new one."""
        document, shared = self._document, self._shared
        key = tuple(map(id, shared))  # the fragments are kept, so no other gets their identity
        number = document.shared_stream(key, [fragment.content for fragment in shared])
        self._contents.append((number, document.own_stream(b"".join(self._own))))
        self._steps.append(self._page_steps)
        self._clear_page()

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that other pages may share."""
        blocks, mark = self._blocks, self._mark
        fragment = blocks.fixed.get((draw, mark, arguments)) or blocks.add_fixed(draw, mark, arguments)
        self._shared.append(fragment)
        self._add(fragment)
        return cast("Drawn", fragment.drawn)

    variant = fixed

    def value(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the student's own."""
        blocks, mark = self._blocks, self._mark
        fragment = blocks.values.get((draw, mark, arguments)) or blocks.add_value(draw, mark, arguments)
        self._own.append(fragment.content)
        self._add(fragment)
        return cast("Drawn", fragment.drawn)

    def _add(self, fragment: Fragment) -> None:
        self._mark += fragment.marks
        self.bits |= fragment.fonts
        self._page_steps += fragment.structure
        self._figures += fragment.figures
