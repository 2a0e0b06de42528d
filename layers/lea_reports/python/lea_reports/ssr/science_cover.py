"""Page 1 of a Smarter Balanced SSR with CAST: as without it, but with three subjects at a glance."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from lea_reports.assessments import Subject, level_label
from lea_reports.ssr.canvas import Box
from lea_reports.ssr.charts import draw_steps
from lea_reports.ssr.cover_page import (
    CARD,
    draw_banner,
    draw_fact,
    draw_guide,
    draw_label,
    draw_name,
    shown_completion,
)
from lea_reports.ssr.layout import (
    GUTTER,
    LEFT,
    RIGHT,
    THIRD,
    page_of,
    shown_date,
    shown_grade,
)
from lea_reports.ssr.names import clean, full_name
from lea_reports.ssr.outcome import Note
from lea_reports.ssr.outcome_charts import tones_of_test
from lea_reports.ssr.palette import LABEL, PAPER, SMALL, WHITE, Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.layout import Pen, Sheet
    from lea_reports.ssr.outcome import Outcome
    from lea_reports.ssr.student_result import SubjectResult

_INSET = 8.0
_ROOM = THIRD - 2 * _INSET
"""The width of what stands in a card."""
_STEPS = 58.0
"""The width of the steps beside a score."""
_TESTS, _DATES = LEFT + 336, LEFT + 398
"""Where the tests and the days of their completion stand."""


def draw_cover_with_science(sheet: Sheet, science: Outcome) -> None:
    """Draw page 1; `science` has a score."""
    year = sheet.result.administration_year
    sheet.fixed(draw_banner, year)
    y = _draw_student(sheet, science, 100)
    y = sheet.fixed(_draw_glance, y + 10)
    for number, subject in enumerate(sheet.result.subjects):
        _draw_subject(sheet, subject, (LEFT + number * (THIRD + GUTTER), y))
    _draw_science(sheet, science, (LEFT + 2 * (THIRD + GUTTER), y))
    sheet.fixed(draw_guide, y + CARD + 15, sheet.result.ela.test, year)


def _draw_student(sheet: Sheet, science: Outcome, top: float) -> float:
    texts, result = sheet.texts, sheet.result
    sheet.fixed(draw_label, LEFT, top + 9, "cover.results_for")
    sheet.value(draw_name, top, full_name(result))
    facts = (
        ("cover.school", clean(result.school.name)),
        ("cover.grade", texts("grade", grade=shown_grade(result.grade_assessed))),
        ("cover.lea", clean(result.school.lea_name)),
        ("cover.ssid", result.ssid),
    )
    y = top + 52
    places = ((LEFT, 208.0), (LEFT + 224, 104.0))
    for number, (label, value) in enumerate(facts):
        x, width = places[number % len(places)]
        row = y + 32 * (number // len(places))
        sheet.fixed(draw_label, x, row + 8, label)
        sheet.value(draw_fact, x, row + 21, width, value)
    sheet.fixed(draw_label, _TESTS, y + 8, "cover.tests")
    ela, mathematics = (shown_completion(texts, subject) for subject in result.subjects)
    completed = (
        ("cover.tests.ela", ela),
        ("subject.mathematics", mathematics),
        ("subject.science", shown_date(texts, science.tested_on)),
    )
    for number, (label, day) in enumerate(completed):
        baseline = y + 21 + 16 * number
        sheet.fixed(draw_label, _TESTS, baseline, label)
        sheet.value(draw_fact, _DATES, baseline, RIGHT - _DATES, day)
    return y + 60


def _draw_glance(pen: Pen, top: float) -> float:
    y = pen.heading(top, pen.texts("glance.title"))
    for number in range(3):
        pen.canvas.rectangle(Box(LEFT + number * (THIRD + GUTTER), y, THIRD, CARD), PAPER)
    return y


def _draw_subject(sheet: Sheet, subject: SubjectResult, corner: Point) -> None:
    sheet.fixed(_draw_head, corner, subject.test)
    if subject.score is None:
        sheet.variant(_draw_reason, corner, subject.test, str(subject.reason))
    else:
        sheet.value(_draw_score, corner, subject.test, subject.score.value)
        _draw_level(sheet, corner, subject.test, subject.score.level, too_few=subject.too_few_answers)


def _draw_science(sheet: Sheet, science: Outcome, corner: Point) -> None:
    sheet.fixed(_draw_head, corner, science.test)
    if science.points:
        sheet.value(_draw_score, corner, science.test, science.points.value)
        if science.points.level:
            too_few = Note.TOO_FEW_ANSWERED in science.notes
            _draw_level(sheet, corner, science.test, science.points.level, too_few=too_few)


def _draw_level(sheet: Sheet, corner: Point, test: Test, level: int, *, too_few: bool) -> None:
    note = "glance.too_few_answers" if too_few else None
    sheet.variant(_draw_level_words, corner, test, sheet.result.administration_year, level, note)


def _draw_head(pen: Pen, corner: Point, test: Test) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    canvas.rectangle(Box(x, y, THIRD, 22), tones_of_test(test).strong)
    names = (texts(f"subject.{each}") for each in (Subject.ELA, Subject.MATHEMATICS, Subject.SCIENCE))
    large = Style(11, bold=True, color=WHITE)  # all three alike, as large as the longest allows
    styles = (canvas.fonts.fit(name, large, _ROOM, smallest=7.5)[1] for name in names)
    style = min(styles, key=attrgetter("size"))
    canvas.text(x + _INSET, y + 15.5, texts(f"subject.{test.subject}"), style, tag="H3")
    canvas.text_right(x + THIRD - _INSET, y + CARD - 8, texts("glance.details", page=page_of(test)), LABEL)


def _draw_reason(pen: Pen, corner: Point, test: Test, reason: str) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    large = Style(16, bold=True, color=tones_of_test(test).strong)
    canvas.text(x + _INSET, y + 46, texts("glance.no_score"), large)
    canvas.paragraph(x + _INSET, y + 51, _ROOM, texts(f"{reason}.short"), SMALL)


def _draw_score(pen: Pen, corner: Point, test: Test, score: int) -> None:
    x, y = corner
    pen.canvas.text(x + _INSET, y + 35, pen.texts("glance.score"), LABEL)
    pen.canvas.text(x + _INSET, y + 61, str(score), Style(27, bold=True, color=tones_of_test(test).strong))


def _draw_level_words(
    pen: Pen, corner: Point, test: Test, year: AdministrationYear, level: int, note: str | None
) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    right = x + THIRD - _INSET
    canvas.text_right(right, y + 35, texts("level.of_four", level=level), LABEL)
    draw_steps(canvas, (right - _STEPS, y + 48), level, tones_of_test(test), _STEPS)
    label = texts.named(level_label(test, year, level))
    (line,), style = canvas.fonts.fit(label, Style(12, bold=True), _ROOM, smallest=8)
    canvas.text(x + _INSET, y + 78, line, style)
    if note:
        (line,), style = canvas.fonts.fit(texts(note), LABEL, _ROOM, smallest=7)
        canvas.text(x + _INSET, y + 88, line, style)
