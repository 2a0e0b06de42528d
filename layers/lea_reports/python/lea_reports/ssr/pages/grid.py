"""The grid all pages of an SSR share, and how values are written on them."""

from __future__ import annotations

from abc import abstractmethod
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lea_reports.assessments import Subject
from lea_reports.ssr.pages.palette import (
    AMBER,
    HEADING,
    LABEL,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    STRONG,
    TITLE,
)
from lea_reports.ssr.results.names import full_name
from lea_reports.typesetting.canvas import PAGE_WIDTH, Box, Line
from lea_reports.typesetting.sheet import Sheet
from lea_reports.typesetting.styles import Style

if TYPE_CHECKING:
    from datetime import date

    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.sheet import Pen
    from lea_reports.typesetting.styles import Rgb
    from lea_reports.typesetting.texts import Texts

PAGES = 4
"""Pages of one SSR; even, so that each begins on a new sheet when printed on both sides."""
LEFT, RIGHT = 48.0, PAGE_WIDTH - 48.0
WIDTH = RIGHT - LEFT
GUTTER = 16.0
HALF = (WIDTH - GUTTER) / 2
SECOND = LEFT + HALF + GUTTER
"""Where the right one of two columns begins."""
THIRD = (WIDTH - 2 * GUTTER) / 3
"""The width of one of three columns."""
FOOT = 752.0
"""Where the footer begins."""
_EN_DASH = "\N{EN DASH}"


def draw_heading(pen: Pen, y: float, text: str, x: float = LEFT, width: float = WIDTH) -> float:
    """Draw a section's heading; return where its content begins."""
    pen.canvas.text(x, y + 13, text, HEADING, tag="H2")
    pen.canvas.line((x, y + 19), (x + width, y + 19), RULE, 0.75)
    return y + 26


def draw_title(pen: Pen, text: str, color: Rgb) -> None:
    """Draw the title of an inner page, above its first section at 78 points."""
    pen.canvas.rectangle(Box(0, 0, PAGE_WIDTH, 10), color)
    pen.canvas.text(LEFT, 52, text, TITLE.in_color(color), tag="H1")
    pen.canvas.line((LEFT, 64), (RIGHT, 64), color, 1.5)


def draw_panel(pen: Pen, box: Box, color: Rgb) -> None:
    """Draw a light panel with a strong left edge."""
    pen.canvas.rectangle(box, PAPER)
    pen.canvas.rectangle(Box(box.x, box.y, 4, box.height), color)


def draw_ideas(pen: Pen, top: float, title: str, ideas: tuple[tuple[str, str], ...]) -> float:
    """Draw a section of three short ideas beside each other; return its bottom."""
    y = bottom = draw_heading(pen, top, title)
    for number, (name, words) in enumerate(ideas):
        x = LEFT + number * (THIRD + GUTTER)
        pen.canvas.rectangle(Box(x, y + 3, THIRD, 3), AMBER)
        pen.canvas.text(x, y + 22, name, STRONG, tag="H3")
        bottom = max(bottom, pen.canvas.paragraph(x, y + 27, THIRD, words, SMALL))
    return bottom


class StudentSheet(Sheet):
    """One student's SSR being composed."""

    def __init__(self, texts: Texts, result: StudentResult) -> None:
        super().__init__(texts)
        self.result = result
        self.name = shown_name(texts, result)
        """The student's name as it is shown."""

    @abstractmethod
    def begin_page(self) -> None:
        """Begin a new page."""

    def footer(self, page: int, pages: int = PAGES) -> None:
        """Compose the student's name and the page number; no SSID, since pages may lie open."""
        self.part(compose_footer, (self.result.administration_year, page, pages), self.name)


def compose_footer(sheet: Sheet, year: AdministrationYear, page: int, pages: int, name: str) -> None:
    """Compose the foot of a page, with the student's name as it is shown."""
    sheet.fixed(_footer, page, pages, year)
    sheet.value(_footer_name, name)


def _footer(pen: Pen, page: int, pages: int, year: AdministrationYear) -> None:
    canvas, texts = pen.canvas, pen.texts
    canvas.line((LEFT, FOOT), (RIGHT, FOOT), RULE, 0.75)
    report = texts("footer.report", year=shown_year(year))
    canvas.text_right(RIGHT - 70, FOOT + 13, report, LABEL, tag=None)
    canvas.text_right(RIGHT, FOOT + 13, texts("footer.page", page=page, pages=pages), LABEL, tag=None)


def _footer_name(pen: Pen, name: str) -> None:
    style = Style(8, bold=True, color=MUTED)
    pen.canvas.words(Line(LEFT, FOOT + 13, WIDTH * 0.5, style, 7, tag=None, above=10, below=6), name)


@cache
def page_of(test: Test) -> int:
    """Return the page on which a subject's results stand; science follows what closes the other two."""
    return {Subject.ELA: 2, Subject.MATHEMATICS: 3, Subject.SCIENCE: 5}[test.subject]


def shown_name(texts: Texts, result: StudentResult) -> str:
    """Return the student's name as it is printed."""
    return full_name(result) or texts("name.missing")


def shown_year(year: AdministrationYear) -> str:
    """Return a school year as it is printed, with a dash between its two years."""
    return year.label.replace("-", _EN_DASH)


@lru_cache(maxsize=4096)
def shown_completion(texts: Texts, day: date) -> str:
    """Return when a test was completed, in a few words."""
    return texts("subject.tested_on", date=shown_date(texts, day))


@lru_cache(maxsize=4096)
def shown_date(texts: Texts, day: date | None) -> str:
    """Return a date in words."""
    if day is None:
        return texts("not_on_file")
    return texts("date", month=texts(f"month.{day.month}"), day=day.day, year=day.year)


def shown_grade(grade: str) -> str:
    """Return a grade without its leading zero."""
    return grade.lstrip("0")
