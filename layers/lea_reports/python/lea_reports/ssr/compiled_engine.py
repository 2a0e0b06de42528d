"""SSRs from compiled blocks: every block is laid out once, and each student's file is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lea_reports.ssr.batch import Batch, document_title, texts_for
from lea_reports.ssr.blocks import Blocks
from lea_reports.ssr.embedded_fonts import EmbeddedFonts
from lea_reports.ssr.engine import SsrFailure, SsrFile
from lea_reports.ssr.fonts import FontFolder
from lea_reports.ssr.layout import Arguments, Drawn, Pen, Sheet
from lea_reports.ssr.pages import draw_student, pages_of
from lea_reports.ssr.single_files import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts

_NEXT_PAGE = -1
_MOST_TEMPLATES = 500


class CompiledEngine:
    """The `SsrEngine` that lays out once. `fonts` is the folder of the fonts layer with the .ttf files."""

    def __init__(self, fonts: Path, *, tags: bool = True) -> None:
        self._folder = FontFolder(fonts)
        self._tags = tags

    def single_files(self, results: Iterable[StudentResult]) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone.

        The whole batch is read before the first file is made: its fonts are cut once, to its characters.
        """
        batch = Batch(self._folder, results)
        with batch.fonts() as cut:
            fonts = EmbeddedFonts(cut)
            presses: dict[tuple[str, str], _SinglePress] = {}
            for result, failure in batch.outcomes:
                if failure:
                    yield failure
                    continue
                kind = result.assessment, result.language
                press = presses.get(kind)
                if press is None:
                    texts = texts_for(result)
                    press = presses[kind] = _SinglePress(fonts, texts, result, tags=self._tags)
                yield press.print(result)


class _SinglePress(Sheet):
    """A sheet that is used again for every student of one language."""

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

    def print(self, result: StudentResult) -> SsrFile:
        """Make the file of one student."""
        self._clear()
        self.result = result
        draw_student(self)
        self.begin_page()
        key = (self._bits, result.administration_year, *self._plan)
        template = self._templates.get(key)
        if template is None:
            if len(self._templates) >= _MOST_TEMPLATES:
                self._templates.clear()
            template = self._templates[key] = self._compile(result)
        title = document_title(self.texts, result)
        tail = template.tail(title, self._variants, self._values, self._figures)
        return SsrFile(result, tail, pages_of(result), template.prefix)

    def _compile(self, result: StudentResult) -> Template:
        pages: list[list[int]] = [[]]
        for form in self._plan:
            if form == _NEXT_PAGE:
                pages.append([])
            else:
                pages[-1].append(form)
        forms = self._blocks.forms
        return Template(
            self._fonts,
            self._bits,
            [b"".join(forms[form].content for form in page if forms[form].fixed) for page in pages[:-1]],
            [[step for form in page for step in forms[form].structure] for page in pages[:-1]],
            language=self.texts.language,
            year=result.administration_year,
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
