"""An SSR from its first page to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment
from lea_reports.ssr.cover_page import draw_cover
from lea_reports.ssr.kind_pages import draw_kind, pages_of_kind
from lea_reports.ssr.kind_texts import kind_texts, languages_of
from lea_reports.ssr.layout import PAGES
from lea_reports.ssr.next_steps_page import draw_next_steps
from lea_reports.ssr.subject_page import draw_subject
from lea_reports.ssr.texts import LANGUAGES

if TYPE_CHECKING:
    from lea_reports.ssr.layout import StudentSheet
    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts


def pages_of(result: StudentResult) -> int:
    """Return how many pages an SSR has: always an even number."""
    return PAGES if result.assessment == Assessment.SMARTER_BALANCED else pages_of_kind(result)


def texts_of(result: StudentResult) -> Texts | None:
    """Return the sentences of an SSR's kind in its language, None if it cannot be made in that language."""
    if result.assessment == Assessment.SMARTER_BALANCED:
        return LANGUAGES.get(result.language)
    offered = languages_of(Assessment(result.assessment))
    return kind_texts(result.language) if result.language in offered else None


def draw_student(sheet: StudentSheet) -> None:
    """Draw all pages of one SSR (`pages_of` tells how many); the first has been begun already."""
    if sheet.result.assessment != Assessment.SMARTER_BALANCED:
        draw_kind(sheet)
        return
    draw_cover(sheet)
    sheet.footer(1)
    for page, subject in enumerate(sheet.result.subjects, start=2):
        sheet.begin_page()
        draw_subject(sheet, subject)
        sheet.footer(page)
    sheet.begin_page()
    draw_next_steps(sheet)
    sheet.footer(4)
