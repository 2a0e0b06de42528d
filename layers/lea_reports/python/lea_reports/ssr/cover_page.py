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
    Sheet,
    page_of,
    shown_date,
    shown_grade,
    shown_name,
    shown_year,
    tones_of,
)
from lea_reports.ssr.names import clean
from lea_reports.ssr.palette import AMBER, BODY, LABEL, NAVY, PALE_BLUE, PAPER, SMALL, STRONG, WHITE, Style

if TYPE_CHECKING:
    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.student_result import SubjectResult

_CARD = 106.0


def draw_cover(sheet: Sheet) -> None:
    """Draw page 1."""
    _draw_banner(sheet)
    y = _draw_student(sheet, 100)
    y = sheet.heading(y + 10, sheet.texts("glance.title"))
    for x, subject in zip((LEFT, SECOND), sheet.result.subjects, strict=True):
        _draw_card(sheet, subject, (x, y))
    y = _draw_about(sheet, y + _CARD + 15)
    y = _draw_reading(sheet, y + 15)
    _draw_levels(sheet, y + 15)
    _draw_learn_more(sheet)


def _draw_banner(sheet: Sheet) -> None:
    canvas, texts = sheet.canvas, sheet.texts
    canvas.rectangle(Box(0, 0, PAGE_WIDTH, 80), NAVY)
    canvas.rectangle(Box(0, 80, PAGE_WIDTH, 4), AMBER)
    canvas.text(LEFT, 43, texts("cover.title"), Style(27, bold=True, color=WHITE))
    canvas.text(LEFT, 64, texts("cover.subjects"), Style(11, color=PALE_BLUE))
    year = shown_year(sheet.result.administration_year)
    canvas.text_right(RIGHT, 43, year, Style(20, bold=True, color=WHITE))
    canvas.text_right(RIGHT, 64, texts("cover.assessments"), Style(11, color=PALE_BLUE))


def _draw_student(sheet: Sheet, top: float) -> float:
    canvas, texts, result = sheet.canvas, sheet.texts, sheet.result
    canvas.text(LEFT, top + 9, texts("cover.results_for"), LABEL)
    large = Style(23, bold=True, color=NAVY)
    name, style = canvas.fonts.fit(shown_name(texts, result), large, WIDTH, smallest=13)
    if name[0].endswith(ELLIPSIS):  # too long for one line: two smaller ones
        small = replace(large, size=12)
        name, style = canvas.fonts.fit(shown_name(texts, result), small, WIDTH, smallest=9, lines=2)
        canvas.lines(LEFT, top + 13, name, style)
    else:
        canvas.text(LEFT, top + 36, name[0], style)
    ela, mathematics = (_shown_completion(sheet, subject) for subject in result.subjects)
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
        canvas.text(x, row + 8, texts(label), LABEL)
        (line,), style = canvas.fonts.fit(value, STRONG, width, smallest=7.5)
        canvas.text(x, row + 21, line, style)
    return y + 60


def _shown_completion(sheet: Sheet, subject: SubjectResult) -> str:
    """Write when a test was completed, or in a word or two why it was not."""
    if subject.tested_on is None and subject.reason:
        return sheet.texts(f"{subject.reason}.table")
    return shown_date(sheet.texts, subject.tested_on)


def _draw_card(sheet: Sheet, subject: SubjectResult, corner: Point) -> None:
    canvas, texts = sheet.canvas, sheet.texts
    x, y = corner
    strong = tones_of(subject).strong
    canvas.rectangle(Box(x, y, HALF, _CARD), PAPER)
    canvas.rectangle(Box(x, y, HALF, 22), strong)
    name = texts(f"subject.{subject.test.subject}")
    canvas.text(x + 12, y + 15.5, name, Style(11, bold=True, color=WHITE))
    details = texts("glance.details", page=page_of(subject))
    canvas.text_right(x + HALF - 12, y + _CARD - 9, details, LABEL)
    if subject.score is None:
        canvas.text(x + 12, y + 56, texts("glance.no_score"), Style(22, bold=True, color=strong))
        canvas.paragraph(x + 12, y + 65, HALF - 24, texts(f"{subject.reason}.short"), BODY)
        return
    score = subject.score
    canvas.text(x + 12, y + 38, texts("glance.score"), LABEL)
    canvas.text(x + 12, y + 78, str(score.value), Style(37, bold=True, color=strong))
    canvas.text(x + 122, y + 38, texts("level.of_four", level=score.level), LABEL)
    label = texts.named(level_label(subject.test, sheet.result.administration_year, score.level))
    (line,), style = canvas.fonts.fit(label, Style(16, bold=True), HALF - 134, smallest=11)
    canvas.text(x + 122, y + 57, line, style)
    if subject.too_few_answers:
        canvas.text(x + 12, y + _CARD - 9, texts("glance.too_few_answers"), LABEL)
    draw_steps(canvas, (x + 122, y + 66), score.level, tones_of(subject))


def _draw_about(sheet: Sheet, top: float) -> float:
    y = sheet.heading(top, sheet.texts("about.title"))
    columns = ((LEFT, "about.1"), (SECOND, "about.2"))
    return max(sheet.canvas.paragraph(x, y, HALF, sheet.texts(key), Style(9.5)) for x, key in columns)


def _draw_reading(sheet: Sheet, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("reading.title"))
    draw_sample_bar(canvas, Box(LEFT, y + 2, 180, 60), texts("reading.flag"))
    x = LEFT + 194
    for mark in ("A", "B", "C"):
        draw_mark(canvas, (x + 7, y + 7.5), mark)
        y = canvas.paragraph(x + 22, y, RIGHT - x - 22, texts(f"reading.{mark}"), Style(9.5)) + 3
    return y


def _draw_levels(sheet: Sheet, top: float) -> None:
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("levels.title"))
    labels = level_labels(sheet.result.ela.test, sheet.result.administration_year)
    for level in sorted(labels, reverse=True):
        canvas.rectangle(Box(LEFT, y, 17, 17), NAVY)
        canvas.text_centred(LEFT + 8.5, y + 12.3, str(level), Style(10, bold=True, color=WHITE))
        canvas.text(LEFT + 26, y + 12.3, texts.named(labels[level]), STRONG)
        words, style = canvas.fonts.fit(texts(f"levels.{level}"), SMALL, WIDTH - 136, smallest=7.5)
        canvas.text(LEFT + 136, y + 12.3, words[0], style)
        y += 21


def _draw_learn_more(sheet: Sheet) -> None:
    top = FOOT - 54
    sheet.panel(Box(LEFT, top, WIDTH, 46), AMBER)
    sheet.canvas.text(LEFT + 14, top + 14, sheet.texts("more.title"), STRONG)
    sheet.canvas.paragraph(LEFT + 14, top + 18, WIDTH - 26, sheet.texts("more.text"), Style(8.5))
