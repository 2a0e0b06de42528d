"""An SSR from its first page to its last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.cover_page import draw_cover
from lea_reports.ssr.next_steps_page import draw_next_steps
from lea_reports.ssr.subject_page import draw_subject

if TYPE_CHECKING:
    from lea_reports.ssr.layout import Sheet


def draw_student(sheet: Sheet) -> None:
    """Draw all pages of one SSR (`layout.PAGES` of them); the first has been begun already."""
    draw_cover(sheet)
    sheet.footer(1)
    for page, subject in enumerate(sheet.result.subjects, start=2):
        sheet.begin_page()
        draw_subject(sheet, subject)
        sheet.footer(page)
    sheet.begin_page()
    draw_next_steps(sheet)
    sheet.footer(4)
