"""Page 1: whose report this is, both results at a glance, and how to read the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lea_reports.assessments import level_label, level_labels
from lea_reports.ssr.canvas import PAGE_WIDTH, Box
from lea_reports.ssr.charts import draw_mark, draw_sample_bar, draw_steps
from lea_reports.ssr.fonts import ELLIPSIS
from lea_reports.ssr.layout import (
    FOOT,
    HALF,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    page_of,
    shown_date,
    shown_grade,
    shown_year,
    tones_of,
)
from lea_reports.ssr.names import clean, full_name
from lea_reports.ssr.palette import AMBER, BODY, LABEL, NAVY, PALE_BLUE, PAPER, SMALL, STRONG, WHITE, Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.layout import Pen, Sheet
    from lea_reports.ssr.student_result import SubjectResult
    from lea_reports.ssr.texts import Texts

CARD = 106.0
"""The height of a subject's card."""


def draw_cover(sheet: Sheet) -> None:
    """Draw page 1."""
    year = sheet.result.administration_year
    sheet.fixed(draw_banner, year)
    y = _draw_student(sheet, 100)
    y = sheet.fixed(_draw_glance, y + 10)
    for x, subject in zip((LEFT, SECOND), sheet.result.subjects, strict=True):
        _draw_card(sheet, subject, (x, y))
    sheet.fixed(draw_guide, y + CARD + 15, sheet.result.ela.test, year)


def draw_banner(pen: Pen, year: AdministrationYear) -> None:
    """Draw the title of the report, its tests and its year."""
    canvas, texts = pen.canvas, pen.texts
    canvas.rectangle(Box(0, 0, PAGE_WIDTH, 80), NAVY)
    canvas.rectangle(Box(0, 80, PAGE_WIDTH, 4), AMBER)
    large = Style(27, bold=True, color=WHITE)
    (title,), style = canvas.fonts.fit(texts("cover.title"), large, WIDTH - 100, smallest=18)
    canvas.text(LEFT, 43, title, style, tag="H1")
    canvas.text(LEFT, 64, texts("cover.subjects"), Style(11, color=PALE_BLUE))
    canvas.text_right(RIGHT, 43, shown_year(year), Style(20, bold=True, color=WHITE))
    canvas.text_right(RIGHT, 64, texts("cover.assessments"), Style(11, color=PALE_BLUE))


def _draw_student(sheet: Sheet, top: float) -> float:
    texts, result = sheet.texts, sheet.result
    sheet.fixed(draw_label, LEFT, top + 9, "cover.results_for")
    sheet.value(draw_name, top, full_name(result))
    ela, mathematics = (shown_completion(texts, subject) for subject in result.subjects)
    facts = (
        ("cover.school", clean(result.school.name)),
        ("cover.grade", texts("grade", grade=shown_grade(result.grade_assessed))),
        ("cover.tested.ela", ela),
        ("cover.lea", clean(result.school.lea_name)),
        ("cover.ssid", result.ssid),
        ("cover.tested.mathematics", mathematics),
    )
    y = top + 52
    places = ((LEFT, 216.0), (LEFT + 232, 110.0), (LEFT + 358, 158.0))
    for number, (label, value) in enumerate(facts):
        x, width = places[number % len(places)]
        row = y + 32 * (number // len(places))
        sheet.fixed(draw_label, x, row + 8, label)
        sheet.value(draw_fact, x, row + 21, width, value)
    return y + 60


def draw_label(pen: Pen, x: float, baseline: float, key: str) -> None:
    """Draw what a value is."""
    pen.canvas.text(x, baseline, pen.texts(key), LABEL)


def draw_name(pen: Pen, top: float, name: str) -> None:
    """Draw a student's name, as large as there is room for."""
    canvas = pen.canvas
    name = name or pen.texts("name.missing")
    large = Style(23, bold=True, color=NAVY)
    lines, style = canvas.fonts.fit(name, large, WIDTH, smallest=13)
    if lines[0].endswith(ELLIPSIS):  # too long for one line: two smaller ones
        lines, style = canvas.fonts.fit(name, replace(large, size=12), WIDTH, smallest=9, lines=2)
        canvas.lines(LEFT, top + 13, lines, style)
    else:
        canvas.text(LEFT, top + 36, lines[0], style)


def draw_fact(pen: Pen, x: float, baseline: float, width: float, value: str) -> None:
    """Draw a value below its label."""
    (line,), style = pen.canvas.fonts.fit(value, STRONG, width, smallest=7.5)
    pen.canvas.text(x, baseline, line, style)


def shown_completion(texts: Texts, subject: SubjectResult) -> str:
    """Write when a test was completed, or in a word or two why it was not."""
    if subject.tested_on is None and subject.reason:
        return texts(f"{subject.reason}.table")
    return shown_date(texts, subject.tested_on)


def _draw_glance(pen: Pen, top: float) -> float:
    y = pen.heading(top, pen.texts("glance.title"))
    for x in (LEFT, SECOND):
        pen.canvas.rectangle(Box(x, y, HALF, CARD), PAPER)
    return y


def _draw_card(sheet: Sheet, subject: SubjectResult, corner: Point) -> None:
    sheet.fixed(_draw_card_head, corner, subject.test)
    if subject.score is None:
        sheet.variant(_draw_card_without_score, corner, subject.test, str(subject.reason))
        return
    sheet.value(_draw_card_score, corner, subject.test, subject.score.value)
    year = sheet.result.administration_year
    note = "glance.too_few_answers" if subject.too_few_answers else None
    sheet.variant(_draw_card_level, corner, subject.test, year, subject.score.level, note)


def _draw_card_head(pen: Pen, corner: Point, test: Test) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    canvas.rectangle(Box(x, y, HALF, 22), tones_of(test).strong)
    name = texts(f"subject.{test.subject}")
    canvas.text(x + 12, y + 15.5, name, Style(11, bold=True, color=WHITE), tag="H3")
    canvas.text_right(x + HALF - 12, y + CARD - 9, texts("glance.details", page=page_of(test)), LABEL)


def _draw_card_without_score(pen: Pen, corner: Point, test: Test, reason: str) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    large = Style(22, bold=True, color=tones_of(test).strong)
    canvas.text(x + 12, y + 56, texts("glance.no_score"), large)
    canvas.paragraph(x + 12, y + 65, HALF - 24, texts(f"{reason}.short"), BODY)


def _draw_card_score(pen: Pen, corner: Point, test: Test, score: int) -> None:
    x, y = corner
    pen.canvas.text(x + 12, y + 38, pen.texts("glance.score"), LABEL)
    pen.canvas.text(x + 12, y + 78, str(score), Style(37, bold=True, color=tones_of(test).strong))


def _draw_card_level(
    pen: Pen, corner: Point, test: Test, year: AdministrationYear, level: int, note: str | None
) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    canvas.text(x + 122, y + 38, texts("level.of_four", level=level), LABEL)
    label = texts.named(level_label(test, year, level))
    lines, style = canvas.fonts.fit(label, Style(16, bold=True), HALF - 134, smallest=11)
    if lines[0].endswith(ELLIPSIS):
        lines, style = canvas.fonts.fit(label, Style(10.5, bold=True), HALF - 134, smallest=8, lines=2)
    with canvas.tagged("P", label):
        for baseline, line in zip(
            (y + 57,) if len(lines) == 1 else (y + 49.5, y + 61.5), canvas.spaced(lines), strict=True
        ):
            canvas.text(x + 122, baseline, line, style, tag=None)
    if note:
        canvas.text(x + 12, y + CARD - 9, texts(note), LABEL)
    draw_steps(canvas, (x + 122, y + 66), level, tones_of(test))


def draw_guide(pen: Pen, top: float, test: Test, year: AdministrationYear) -> None:
    """Draw what does not depend on the results: how to read them."""
    y = _draw_about(pen, top)
    y = _draw_reading(pen, y + 15)
    _draw_levels(pen, y + 15, test, year)
    _draw_learn_more(pen)


def _draw_about(pen: Pen, top: float) -> float:
    y = pen.heading(top, pen.texts("about.title"))
    columns = ((LEFT, "about.1"), (SECOND, "about.2"))
    return max(pen.canvas.paragraph(x, y, HALF, pen.texts(key), Style(9.5)) for x, key in columns)


def _draw_reading(pen: Pen, top: float) -> float:
    canvas, texts = pen.canvas, pen.texts
    y = pen.heading(top, texts("reading.title"))
    picture = Box(LEFT, y + 2, 180, 60)
    with canvas.figure(texts("reading.title"), picture):
        draw_sample_bar(canvas, picture, texts("reading.flag"))
    x = LEFT + 194
    for mark in ("A", "B", "C"):
        draw_mark(canvas, (x + 7, y + 7.5), mark)
        y = canvas.paragraph(x + 22, y, RIGHT - x - 22, texts(f"reading.{mark}"), Style(9.5)) + 3
    return y


def _draw_levels(pen: Pen, top: float, test: Test, year: AdministrationYear) -> None:
    canvas, texts = pen.canvas, pen.texts
    y = pen.heading(top, texts("levels.title"))
    labels = level_labels(test, year)
    for level in sorted(labels, reverse=True):
        canvas.rectangle(Box(LEFT, y, 17, 17), NAVY)
        canvas.text_centred(LEFT + 8.5, y + 12.3, str(level), Style(10, bold=True, color=WHITE), tag=None)
        (label,), style = canvas.fonts.fit(texts.named(labels[level]), STRONG, 106, smallest=7)
        canvas.text(LEFT + 26, y + 12.3, label, style, tag="H3")
        words, style = canvas.fonts.fit(texts(f"levels.{level}"), SMALL, WIDTH - 136, smallest=7.5)
        canvas.text(LEFT + 136, y + 12.3, words[0], style)
        y += 21


def _draw_learn_more(pen: Pen) -> None:
    top = FOOT - 54
    pen.panel(Box(LEFT, top, WIDTH, 46), AMBER)
    pen.canvas.text(LEFT + 14, top + 14, pen.texts("more.title"), STRONG, tag="H2")
    pen.canvas.paragraph(LEFT + 14, top + 18, WIDTH - 26, pen.texts("more.text"), Style(8.5))
