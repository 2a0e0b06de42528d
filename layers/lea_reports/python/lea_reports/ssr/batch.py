"""Results that are rendered together: which of them can be made, and the fonts that they share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine import SsrFailure
from lea_reports.ssr.fonts import BatchFonts
from lea_reports.ssr.layout import shown_name, shown_year
from lea_reports.ssr.names import clean, full_name, name_in_lists
from lea_reports.ssr.outcome import Missing
from lea_reports.ssr.pages import edition_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.ssr.fonts import FontFolder
    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts


class Batch:
    """Some results, each with the reason why it cannot be made, if there is one."""

    def __init__(self, folder: FontFolder, results: Iterable[StudentResult]) -> None:
        self._folder = folder
        self.outcomes: list[tuple[StudentResult, SsrFailure | None]] = [
            (result, self._failure(result)) for result in results
        ]
        self.made = [result for result, failure in self.outcomes if failure is None]
        self.failures = tuple(failure for _, failure in self.outcomes if failure)

    def _failure(self, result: StudentResult) -> SsrFailure | None:
        others = result.assessment != Assessment.SMARTER_BALANCED
        if others and all(outcome.missing is Missing.NO_RECORD for outcome in result.outcomes):
            return SsrFailure(result, "assessment_not_available")
        if texts_of(result) is None:
            return SsrFailure(result, "language_not_available")
        if not all(self._folder.has(clean(value)) for value in _values(result)):
            return SsrFailure(result, "no_glyph")
        return None

    def fonts(self) -> BatchFonts:
        """Cut the fonts to the texts of the languages and the values of the results that will be made."""
        editions = {edition_of(result): result for result in self.made}
        sentences = (text for result in editions.values() for text in texts_for(result).table.values())
        values = (value for result in self.made for value in _values(result))
        return BatchFonts(self._folder, {*sentences, *values})


def texts_for(result: StudentResult) -> Texts:
    """Return the sentences of a result that can be made."""
    texts = texts_of(result)
    if texts is None:
        raise LookupError(f"No sentences for {result.assessment} in {result.language}.")
    return texts


def _values(result: StudentResult) -> Iterator[str]:
    """Yield every text of a result that comes from data."""
    yield from (full_name(result), name_in_lists(result), result.ssid)
    yield from (result.school.name, result.school.lea_name)
    yield from (subject.measure for subject in result.subjects if subject.measure)


def creation_date(results: Sequence[StudentResult]) -> datetime:
    """Return the creation date that a PDF states: a fixed day of the year, so that bytes repeat."""
    return datetime(max(result.administration_year for result in results), 7, 1, tzinfo=UTC)


def document_title(texts: Texts, result: StudentResult) -> str:
    """Return the title of one SSR."""
    year = shown_year(result.administration_year)
    return texts("document.title", year=year, name=shown_name(texts, result))


def outline_name(texts: Texts, result: StudentResult) -> str:
    """Return a student's name as an outline lists it."""
    return name_in_lists(result) or texts("name.missing")


def document_language(results: Sequence[StudentResult]) -> str:
    """Return the language of a document, as in BCP 47; that of several languages is "mul"."""
    editions = {edition_of(result): result for result in results}
    languages = {texts_for(result).language for result in editions.values()}
    return languages.pop() if len(languages) == 1 else "mul"
