"""Which results can be made, and what their documents say about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.ssr_engine import SsrFailure
from lea_reports.ssr.pages.grid import shown_year
from lea_reports.ssr.pages.student_pages import texts_of
from lea_reports.ssr.results.names import clean, name_in_lists
from lea_reports.ssr.results.outcome import Missing
from lea_reports.ssr.words.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Collection

    from lea_reports.assessments import AdministrationYear
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.fonts import Fonts
    from lea_reports.typesetting.texts import Texts


def failure_of(fonts: Fonts, result: StudentResult) -> SsrFailure | None:
    """Return why a result cannot be made, None if it can."""
    others = result.assessment != Assessment.SMARTER_BALANCED
    if others and all(outcome.missing is Missing.NO_RECORD for outcome in result.outcomes):
        return SsrFailure(result, "assessment_not_available")
    if texts_of(result) is None:
        return SsrFailure(result, "language_not_available")
    values = shown_values(result)
    if not ("".join(values).isascii() or all(fonts.has(clean(value)) for value in values)):
        return SsrFailure(result, "no_glyph")
    return None


def shown_values(result: StudentResult) -> tuple[str, ...]:
    """Return every text of a result that comes from data."""
    school = result.school
    return (
        result.first_name,
        result.middle_name,
        result.last_name,
        result.ssid,
        school.name,
        school.lea_name,
        result.ela.measure or "",
        result.mathematics.measure or "",
    )


def texts_for(result: StudentResult) -> Texts:
    """Return the sentences of a result that can be made."""
    texts = texts_of(result)
    if texts is None:
        raise LookupError(f"No sentences for {result.assessment} in {result.language}.")
    return texts


def document_title(texts: Texts, year: AdministrationYear, name: str) -> str:
    """Return the title of one SSR."""
    return texts("document.title", year=shown_year(year), name=name)


def merged_title(title: str, languages: Collection[str]) -> str:
    """Return the title of a document of SSRs in some languages: what was asked for, else its kind in its language.

    That of several languages is in English. A document without a title is not accessible.
    """
    if asked := clean(title):
        return asked
    return LANGUAGES[next(iter(languages)) if len(languages) == 1 else "en"]("document.several")


def outline_name(texts: Texts, result: StudentResult) -> str:
    """Return a student's name as an outline lists it."""
    return name_in_lists(result) or texts("name.missing")


def document_language(languages: Collection[str]) -> str:
    """Return the language of a document, as in BCP 47; that of several languages is "mul"."""
    return next(iter(languages)) if len(languages) == 1 else "mul"
