"""Pages 5 and 6 of a Smarter Balanced SSR with CAST: the science result, and a page to write on.

The pages before them are those of a Smarter Balanced SSR without science. Source:
docs/domain.md#pages-of-an-ssr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment, Test
from lea_reports.ssr.pages.grid import FOOT, LEFT, RIGHT, WIDTH, draw_heading, draw_title
from lea_reports.ssr.pages.outcome_pages import HOME_HEIGHT, draw_about, draw_home, draw_test
from lea_reports.ssr.pages.outcome_sections import GAP
from lea_reports.ssr.pages.palette import BODY, NAVY, RULE

if TYPE_CHECKING:
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.outcome import Outcome
    from lea_reports.typesetting.sheet import Pen

_ABOUT_HEIGHT = 96.0
"""What the words about the test need at most."""
_LINES_FOR_NOTES = 8
_LINE_FOR_NOTES = 22.0


def draw_science(sheet: StudentSheet, science: Outcome) -> None:
    """Draw page 5: the result as the SSR of CAST alone has it, and what that tells on its cover."""
    y = draw_test(sheet, science) + GAP
    if y + _ABOUT_HEIGHT <= FOOT:
        y = sheet.fixed(draw_about, y, Assessment.CAST) + GAP
    if y + HOME_HEIGHT <= FOOT:
        sheet.fixed(draw_home, y, Assessment.CAST)


def draw_blank_page(sheet: StudentSheet) -> None:
    """Draw page 6, which keeps the number of pages even."""
    sheet.fixed(_draw_blank)


def _draw_blank(pen: Pen) -> None:
    texts = pen.texts
    draw_title(pen, texts("blank.title"), NAVY)
    y = pen.canvas.paragraph(LEFT, 78, WIDTH, texts("blank.text"), BODY) + GAP
    for test in (Test.SB_ELA, Test.SB_MATHEMATICS, Test.CAST):
        y = draw_heading(pen, y, texts(f"subject.{test.subject}")) - 7
        for _ in range(_LINES_FOR_NOTES):
            y += _LINE_FOR_NOTES
            pen.canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
        y += GAP
