"""An SSR from its first page to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lea_reports.assessments import Assessment, languages_of
from lea_reports.ssr.pages.cover_page import draw_cover
from lea_reports.ssr.pages.grid import PAGES
from lea_reports.ssr.pages.next_steps_page import draw_next_steps
from lea_reports.ssr.pages.outcome_pages import draw_outcome_pages, outcome_page_count
from lea_reports.ssr.pages.science_cover import draw_cover_with_science
from lea_reports.ssr.pages.science_page import draw_blank_page, draw_science
from lea_reports.ssr.pages.subject_page import draw_subject
from lea_reports.ssr.words.outcome_texts import outcome_texts, texts_with_science
from lea_reports.ssr.words.texts import LANGUAGES

if TYPE_CHECKING:
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.outcome import Outcome
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.texts import Texts


_PAGES_WITH_SCIENCE = 6
"""The last one keeps the number even. Source: docs/domain.md#pages-of-an-ssr."""


class Edition(NamedTuple):
    """What the sentences of an SSR depend on."""

    assessment: str
    language: str
    science: bool
    """Whether CAST stands in it beside Smarter Balanced."""

    @property
    def name(self) -> str:
        """What it is called, whatever the language."""
        return f"{self.assessment}-with-science" if self.science else self.assessment


def edition_of(result: StudentResult) -> Edition:
    """Return the edition of an SSR; those of one edition have the same sentences."""
    return Edition(result.assessment, result.language, shown_science(result) is not None)


def shown_science(result: StudentResult) -> Outcome | None:
    """Return the science result that a Smarter Balanced SSR shows, with or without a score; None without a record."""
    return result.science if result.assessment == Assessment.SMARTER_BALANCED else None


def pages_of(result: StudentResult) -> int:
    """Return how many pages an SSR has: always an even number."""
    if result.assessment != Assessment.SMARTER_BALANCED:
        return outcome_page_count(result)
    return _PAGES_WITH_SCIENCE if shown_science(result) else PAGES


def texts_of(result: StudentResult) -> Texts | None:
    """Return the sentences of an SSR's assessment in its language, None if it cannot be made in that language."""
    if result.assessment == Assessment.SMARTER_BALANCED:
        if shown_science(result) and result.language in LANGUAGES:
            return texts_with_science(result.language)
        return LANGUAGES.get(result.language)
    offered = languages_of(Assessment(result.assessment))
    return outcome_texts(result.language) if result.language in offered else None


def draw_student(sheet: StudentSheet) -> None:
    """Draw all pages of one SSR (`pages_of` tells how many); the first has been begun already."""
    if sheet.result.assessment != Assessment.SMARTER_BALANCED:
        draw_outcome_pages(sheet)
        return
    science, pages = shown_science(sheet.result), pages_of(sheet.result)
    if science:
        draw_cover_with_science(sheet, science)
        sheet.footer(1, pages)
    else:
        draw_cover(sheet)
    for subject in sheet.result.subjects:
        sheet.begin_page()
        draw_subject(sheet, subject, pages)
    sheet.begin_page()
    draw_next_steps(sheet, pages)
    if science:
        sheet.begin_page()
        draw_science(sheet, science)
        sheet.footer(5, pages)
        sheet.begin_page()
        draw_blank_page(sheet)
        sheet.footer(6, pages)
