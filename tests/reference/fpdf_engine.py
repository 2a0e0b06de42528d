"""SSRs with fpdf2 as it comes: every page is laid out for every student."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.pdf.encrypted_file import encrypted
from lea_reports.ssr.engine.documents import (
    document_language,
    document_title,
    failure_of,
    merged_title,
    outline_name,
    shown_values,
    texts_for,
)
from lea_reports.ssr.engine.ssr_engine import MergedEntry, MergeOptions, SsrFailure, SsrFile
from lea_reports.ssr.pages.grid import shown_name
from lea_reports.ssr.pages.student_pages import draw_student, edition_of, pages_of
from lea_reports.ssr.results.names import clean, full_name, name_in_lists
from lea_reports.typesetting.fonts import Fonts
from tests.reference.fpdf_canvas import FpdfCanvas
from tests.reference.fpdf_fonts import CutFonts
from tests.reference.plain_sheet import PlainSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.engine.ssr_engine import Sink
    from lea_reports.ssr.results.student_result import StudentResult


class FpdfEngine:
    """The `SsrEngine` of plain fpdf2. `fonts` is the folder of the fonts layer that holds the .ttf files."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = Fonts(fonts)

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: PdfEncryption | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone.

        The whole batch is read before the first file is made: its fonts are cut once, to its characters.
        """
        batch = _Batch(self._fonts, results)
        with CutFonts(self._fonts, batch.texts()) as cut:
            for result, failure in batch.outcomes:
                if failure:
                    yield failure
                    continue
                texts = texts_for(result)
                canvas = FpdfCanvas(
                    self._fonts,
                    cut,
                    title=document_title(texts, result.administration_year, shown_name(texts, result)),
                    language=texts.language,
                    created=_created([result]),
                )
                PlainSheet(canvas, texts, result).draw()
                yield SsrFile(result, canvas.finish(), pages_of(result)).encrypted_by(encryption)

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        """Make one PDF of all results, in the same order, with an outline by school and student.

        It is never tagged: fpdf2 tags pictures and links only.
        """
        batch = _Batch(self._fonts, results)
        yield from batch.failures
        if not batch.made:
            return
        with CutFonts(self._fonts, batch.texts()) as cut:
            canvas = FpdfCanvas(
                self._fonts,
                cut,
                title=merged_title(options.title, {result.language for result in batch.made}),
                language=document_language({texts_for(result).language for result in batch.made}),
                created=_created(batch.made),
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
                yield MergedEntry(result, canvas.page, pages_of(result))
                draw_student(sheet)
            content = canvas.finish()
        sink(content if options.encryption is None else encrypted(content, options.encryption))


class _Batch:
    """Some results, each with the reason why it cannot be made, if there is one."""

    def __init__(self, fonts: Fonts, results: Iterable[StudentResult]) -> None:
        self.outcomes = [(result, failure_of(fonts, result)) for result in results]
        self.made = [result for result, failure in self.outcomes if failure is None]
        self.failures = tuple(failure for _, failure in self.outcomes if failure)

    def texts(self) -> set[str]:
        """Return the texts of the languages and the values of the results that will be made."""
        editions = {edition_of(result): result for result in self.made}
        sentences = (text for result in editions.values() for text in texts_for(result).table.values())
        values = {clean(value) for result in self.made for value in shown_values(result)}
        names = {name for result in self.made for name in (full_name(result), name_in_lists(result))}
        return {*sentences, *values, *names}


def _created(results: Iterable[StudentResult]) -> datetime:
    """Return what a PDF states as its creation date: a fixed day, so that bytes repeat."""
    return datetime(max(result.administration_year for result in results), 7, 1, tzinfo=UTC)
