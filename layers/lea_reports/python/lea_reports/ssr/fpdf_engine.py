"""SSRs with fpdf2 as it comes: every page is laid out for every student."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine import MergedEntry, MergedFile, SsrFailure, SsrFile
from lea_reports.ssr.fonts import BatchFonts, FontFolder, NoGlyph
from lea_reports.ssr.fpdf_canvas import FpdfCanvas
from lea_reports.ssr.layout import Arguments, Drawn, Pen, Sheet, shown_name, shown_year
from lea_reports.ssr.names import clean, full_name, name_in_lists
from lea_reports.ssr.outcome import Missing
from lea_reports.ssr.pages import draw_student, pages_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts


class FpdfEngine:
    """The `SsrEngine` of plain fpdf2. `fonts` is the folder of the fonts layer that holds the .ttf files."""

    def __init__(self, fonts: Path) -> None:
        self._folder = FontFolder(fonts)

    def single_files(self, results: Iterable[StudentResult]) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone.

        The whole batch is read before the first file is made: its fonts are cut once, to its characters.
        """
        batch = list(results)
        reasons = [self._obstacle(result) for result in batch]
        with self._fonts(batch, reasons) as fonts:
            for result, reason in zip(batch, reasons, strict=True):
                if reason:
                    yield SsrFailure(result, reason)
                    continue
                texts = _texts(result)
                title = texts(
                    "document.title",
                    year=shown_year(result.administration_year),
                    name=shown_name(texts, result),
                )
                canvas = FpdfCanvas(fonts, title=title, language=texts.language, created=_created([result]))
                sheet = PlainSheet(canvas, texts, result)
                sheet.begin_page()
                draw_student(sheet)
                yield SsrFile(result, canvas.finish(), pages_of(result))

    def merged_file(self, results: Iterable[StudentResult], title: str) -> MergedFile:
        """Make one PDF of all results, in the same order, with an outline by school and student."""
        batch = list(results)
        reasons = [self._obstacle(result) for result in batch]
        failures = tuple(
            SsrFailure(result, reason) for result, reason in zip(batch, reasons, strict=True) if reason
        )
        made = [result for result, reason in zip(batch, reasons, strict=True) if not reason]
        if not made:
            return MergedFile(b"", (), failures)
        entries = []
        languages = {_texts(result).language for result in made}
        with self._fonts(batch, reasons) as fonts:
            language = languages.pop() if len(languages) == 1 else "mul"
            canvas = FpdfCanvas(fonts, title=clean(title), language=language, created=_created(made))
            school = None
            for result in made:
                texts = _texts(result)
                sheet = PlainSheet(canvas, texts, result)
                sheet.begin_page()
                if result.school.code != school:
                    school = result.school.code
                    canvas.add_outline_entry(clean(result.school.name) or school, 0)
                canvas.add_outline_entry(name_in_lists(result) or texts("name.missing"), 1)
                entries.append(MergedEntry(result, canvas.page, pages_of(result)))
                draw_student(sheet)
            return MergedFile(canvas.finish(), tuple(entries), failures)

    def _fonts(self, batch: Sequence[StudentResult], reasons: Sequence[str | None]) -> BatchFonts:
        """Cut the fonts to the texts of the languages and the values of the results that will be made."""
        made = [result for result, reason in zip(batch, reasons, strict=True) if not reason]
        kinds = {(result.assessment, result.language): result for result in made}
        sentences = (text for result in kinds.values() for text in _texts(result).table.values())
        return BatchFonts(
            self._folder, {*sentences, *(value for result in made for value in _values(result))}
        )

    def _obstacle(self, result: StudentResult) -> str | None:
        """Return the reason why an SSR cannot be made, or None."""
        others = result.assessment != Assessment.SMARTER_BALANCED
        if others and all(outcome.missing is Missing.NO_RECORD for outcome in result.outcomes):
            return "assessment_not_available"
        if texts_of(result) is None:
            return "language_not_available"
        try:
            for value in _values(result):
                self._folder.runs(clean(value))
        except NoGlyph:
            return "no_glyph"
        return None


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


def _texts(result: StudentResult) -> Texts:
    """Return the sentences of a result that has passed `_obstacle`."""
    texts = texts_of(result)
    if texts is None:
        raise LookupError(f"No sentences for {result.assessment} in {result.language}.")
    return texts


def _values(result: StudentResult) -> Iterator[str]:
    """Yield every text of a result that comes from data."""
    yield from (full_name(result), name_in_lists(result), result.ssid)
    yield from (result.school.name, result.school.lea_name)
    yield from (subject.measure for subject in result.subjects if subject.measure)


def _created(results: Sequence[StudentResult]) -> datetime:
    """Return the creation date that the PDF states: a fixed day of the year, so that bytes repeat."""
    return datetime(max(result.administration_year for result in results), 7, 1, tzinfo=UTC)
