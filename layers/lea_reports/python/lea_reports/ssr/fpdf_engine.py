"""SSRs with fpdf2 as it comes: every page is laid out for every student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.batch import (
    Batch,
    creation_date,
    document_language,
    document_title,
    outline_name,
    texts_for,
)
from lea_reports.ssr.engine import MergedEntry, MergedFile, SsrFailure, SsrFile
from lea_reports.ssr.fonts import FontFolder
from lea_reports.ssr.fpdf_canvas import FpdfCanvas
from lea_reports.ssr.layout import Arguments, Drawn, Pen, Sheet
from lea_reports.ssr.names import clean
from lea_reports.ssr.pages import draw_student, pages_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from lea_reports.ssr.protection import Protection
    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts


class FpdfEngine:
    """The `SsrEngine` of plain fpdf2. `fonts` is the folder of the fonts layer that holds the .ttf files."""

    def __init__(self, fonts: Path) -> None:
        self._folder = FontFolder(fonts)

    def single_files(
        self, results: Iterable[StudentResult], *, protection: Protection | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone.

        The whole batch is read before the first file is made: its fonts are cut once, to its characters.
        """
        batch = Batch(self._folder, results)
        with batch.fonts() as fonts:
            for result, failure in batch.outcomes:
                if failure:
                    yield failure
                    continue
                texts = texts_for(result)
                canvas = FpdfCanvas(
                    fonts,
                    title=document_title(texts, result),
                    language=texts.language,
                    created=creation_date([result]),
                )
                sheet = PlainSheet(canvas, texts, result)
                sheet.begin_page()
                draw_student(sheet)
                yield SsrFile(result, canvas.finish(), pages_of(result)).under(protection)

    def merged_file(
        self,
        results: Iterable[StudentResult],
        title: str,
        *,
        tagged: bool = False,
        protection: Protection | None = None,
    ) -> MergedFile:
        """Make one PDF of all results, in the same order, with an outline by school and student."""
        del tagged  # fpdf2 tags pictures and links only
        batch = Batch(self._folder, results)
        if not batch.made:
            return MergedFile(b"", (), batch.failures)
        entries = []
        with batch.fonts() as fonts:
            canvas = FpdfCanvas(
                fonts,
                title=clean(title),
                language=document_language(batch.made),
                created=creation_date(batch.made),
            )
            school = None
            for result in batch.made:
                texts = texts_for(result)
                sheet = PlainSheet(canvas, texts, result)
                sheet.begin_page()
                if result.school.code != school:
                    school = result.school.code
                    canvas.add_outline_entry(clean(result.school.name) or school, 0)
                canvas.add_outline_entry(outline_name(texts, result), 1)
                entries.append(MergedEntry(result, canvas.page, pages_of(result)))
                draw_student(sheet)
            merged = MergedFile(canvas.finish(), tuple(entries), batch.failures)
        return merged.under(protection)


class PlainSheet(Sheet):
    """A sheet that draws every block at once, on an fpdf2 document."""

    def __init__(self, canvas: FpdfCanvas, texts: Texts, result: StudentResult) -> None:
        super().__init__(texts, result)
        canvas.right_to_left = texts.right_to_left
        self._pen = Pen(canvas, texts)

    def begin_page(self) -> None:
        """Begin a new page."""
        self._pen.canvas.add_page()

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Draw a block."""
        return draw(self._pen, *arguments)

    variant = value = fixed
