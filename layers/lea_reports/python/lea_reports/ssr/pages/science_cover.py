"""Page 1 of a Smarter Balanced SSR with CAST: as without it, but with three subjects at a glance."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from lea_reports.assessments import Subject, level_label
from lea_reports.ssr.pages.charts import draw_steps
from lea_reports.ssr.pages.cover_page import (
    CARD,
    card_note,
    completion_or_reason,
    draw_banner,
    draw_fact,
    draw_guide,
    draw_label,
    draw_name,
)
from lea_reports.ssr.pages.grid import GUTTER, LEFT, RIGHT, THIRD, draw_heading, page_of, shown_grade
from lea_reports.ssr.pages.palette import LABEL, PAPER, SMALL, tones_of
from lea_reports.ssr.results.names import clean
from lea_reports.ssr.results.outcome import Note
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.styles import WHITE, Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.outcome import Outcome
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.sheet import Pen, Sheet

_INSET = 8.0
_ROOM = THIRD - 2 * _INSET
"""The width of what stands in a card."""
_STEPS = 58.0
"""The width of the steps beside a score."""
_LABELS = ("cover.school", "cover.grade", "cover.lea", "cover.ssid")
_TEST_LABELS = ("cover.tests.ela", "subject.mathematics", "subject.science")
_TESTS, _DATES = LEFT + 336, LEFT + 398
"""Where the tests and the days of their completion stand."""


def draw_cover_with_science(sheet: StudentSheet, science: Outcome) -> None:
    """Draw page 1; where a subject has no score, its card says why."""
    texts, result = sheet.texts, sheet.result
    year, school = result.administration_year, result.school
    grade = texts("grade", grade=shown_grade(result.grade_assessed))
    values = sheet.name, clean(school.name), grade, clean(school.lea_name), clean(result.ssid)
    completed = [
        completion_or_reason(texts, subject.tested_on, subject.reason) for subject in result.subjects
    ]
    completed.append(completion_or_reason(texts, science.tested_on, science.missing))
    y = sheet.part(_compose_head, (year,), *values, *completed)
    for number, subject in enumerate(result.subjects):
        card = LEFT + number * (THIRD + GUTTER), y, subject.test
        if subject.score:
            variant = year, subject.score.level, card_note(few=subject.too_few_answers)
            sheet.part(_compose_card, (*card, *variant), subject.score.value)
        else:
            sheet.part(_compose_card_without_score, (*card, str(subject.reason)))
    card = LEFT + 2 * (THIRD + GUTTER), y, science.test
    if science.points:
        note = card_note(few=Note.TOO_FEW_ANSWERED in science.notes)
        sheet.part(_compose_card, (*card, year, science.points.level, note), science.points.value)
    else:
        sheet.part(_compose_card_without_score, (*card, str(science.missing)))
    sheet.fixed(draw_guide, y + CARD + 15, result.ela.test, year)


def _compose_head(sheet: Sheet, year: AdministrationYear, name: str, *facts: str) -> float:
    """Compose the banner and whose results these are; return where the cards begin."""
    sheet.fixed(draw_banner, year)
    sheet.fixed(draw_label, LEFT, 109.0, "cover.results_for")
    sheet.value(draw_name, 100.0, name)
    y = 152.0
    places = ((LEFT, 208.0), (LEFT + 224, 104.0))
    for number, (label, value) in enumerate(zip(_LABELS, facts, strict=False)):
        x, width = places[number % len(places)]
        row = y + 32 * (number // len(places))
        sheet.fixed(draw_label, x, row + 8, label)
        sheet.value(draw_fact, x, row + 21, width, value)
    sheet.fixed(draw_label, _TESTS, y + 8, "cover.tests")
    for number, (label, day) in enumerate(zip(_TEST_LABELS, facts[len(_LABELS) :], strict=True)):
        baseline = y + 21 + 16 * number
        sheet.fixed(draw_label, _TESTS, baseline, label)
        sheet.value(draw_fact, _DATES, baseline, RIGHT - _DATES, day)
    return sheet.fixed(_draw_glance, y + 70)


def _draw_glance(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("glance.title"))
    for number in range(3):
        pen.canvas.rectangle(Box(LEFT + number * (THIRD + GUTTER), y, THIRD, CARD), PAPER)
    return y


def _compose_card(
    sheet: Sheet,
    x: float,
    y: float,
    test: Test,
    year: AdministrationYear,
    level: int | None,
    note: str | None,
    score: int,
) -> None:
    sheet.fixed(_draw_head, (x, y), test)
    sheet.value(_draw_score, (x, y), test, score)
    if level:
        sheet.variant(_draw_level_words, (x, y), test, year, level, note)


def _compose_card_without_score(sheet: Sheet, x: float, y: float, test: Test, reason: str) -> None:
    sheet.fixed(_draw_head, (x, y), test)
    sheet.variant(_draw_reason, (x, y), test, reason)


def _draw_head(pen: Pen, corner: Point, test: Test) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    canvas.rectangle(Box(x, y, THIRD, 22), tones_of(test).strong)
    names = (texts(f"subject.{each}") for each in (Subject.ELA, Subject.MATHEMATICS, Subject.SCIENCE))
    large = Style(11, bold=True, color=WHITE)  # all three alike, as large as the longest allows
    styles = (canvas.fonts.fit(name, large, _ROOM, smallest=7.5)[1] for name in names)
    style = min(styles, key=attrgetter("size"))
    canvas.text(x + _INSET, y + 15.5, texts(f"subject.{test.subject}"), style, tag="H3")
    canvas.text_right(x + THIRD - _INSET, y + CARD - 8, texts("glance.details", page=page_of(test)), LABEL)


def _draw_reason(pen: Pen, corner: Point, test: Test, reason: str) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    large = Style(16, bold=True, color=tones_of(test).strong)
    canvas.text(x + _INSET, y + 46, texts("glance.no_score"), large)
    canvas.paragraph(x + _INSET, y + 51, _ROOM, texts(f"{reason}.short"), SMALL)


def _draw_score(pen: Pen, corner: Point, test: Test, score: int) -> None:
    x, y = corner
    pen.canvas.text(x + _INSET, y + 35, pen.texts("glance.score"), LABEL)
    pen.canvas.text(x + _INSET, y + 61, str(score), Style(27, bold=True, color=tones_of(test).strong))


def _draw_level_words(
    pen: Pen, corner: Point, test: Test, year: AdministrationYear, level: int, note: str | None
) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    right = x + THIRD - _INSET
    canvas.text_right(right, y + 35, texts("level.of_four", level=level), LABEL)
    draw_steps(canvas, (right - _STEPS, y + 48), level, tones_of(test), _STEPS)
    label = texts.named(level_label(test, year, level))
    (line,), style = canvas.fonts.fit(label, Style(12, bold=True), _ROOM, smallest=8)
    canvas.text(x + _INSET, y + 78, line, style)
    if note:
        (line,), style = canvas.fonts.fit(texts(note), LABEL, _ROOM, smallest=7)
        canvas.text(x + _INSET, y + 88, line, style)
