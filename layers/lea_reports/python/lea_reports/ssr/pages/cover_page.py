"""Page 1: whose report this is, both results at a glance, and how to read the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.assessments import level_label, level_labels
from lea_reports.ssr.pages.charts import draw_mark, draw_sample_bar, draw_steps
from lea_reports.ssr.pages.grid import (
    FOOT,
    HALF,
    LEFT,
    PAGES,
    RIGHT,
    SECOND,
    WIDTH,
    compose_footer,
    draw_heading,
    draw_panel,
    page_of,
    shown_date,
    shown_grade,
    shown_year,
)
from lea_reports.ssr.pages.palette import AMBER, BODY, LABEL, NAVY, PALE_BLUE, PAPER, SMALL, STRONG, tones_of
from lea_reports.ssr.results.names import clean
from lea_reports.typesetting.canvas import PAGE_WIDTH, Box, Line
from lea_reports.typesetting.fonts import ELLIPSIS
from lea_reports.typesetting.styles import WHITE, Style

if TYPE_CHECKING:
    from datetime import date

    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.student_result import SubjectResult
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.sheet import Pen, Sheet
    from lea_reports.typesetting.texts import Texts

CARD = 106.0
"""The height of a subject's card."""
_LABELS = (
    "cover.school",
    "cover.grade",
    "cover.tested.ela",
    "cover.lea",
    "cover.ssid",
    "cover.tested.mathematics",
)


class _Card(NamedTuple):
    """What the card of a subject depends on beside its score."""

    test: Test
    level: int | None
    """None without a score."""
    note: str | None
    """The key of what must be said beside the score, or of the words why there is none."""


def draw_cover(sheet: StudentSheet) -> None:
    """Draw page 1 and its foot."""
    texts, result = sheet.texts, sheet.result
    year, school = result.administration_year, result.school
    completed = [
        completion_or_reason(texts, subject.tested_on, subject.reason) for subject in result.subjects
    ]
    grade = texts("grade", grade=shown_grade(result.grade_assessed))
    facts = clean(school.name), grade, completed[0], clean(school.lea_name), clean(result.ssid), completed[1]
    cards = tuple(map(_card, result.subjects))
    scores = [subject.score.value for subject in result.subjects if subject.score]
    sheet.part(_compose_cover, (year, cards), sheet.name, *facts, *scores)


def _card(subject: SubjectResult) -> _Card:
    if subject.score is None:
        return _Card(subject.test, None, str(subject.reason))
    return _Card(subject.test, subject.score.level, card_note(few=subject.too_few_answers))


def _compose_cover(
    sheet: Sheet, year: AdministrationYear, cards: tuple[_Card, _Card], name: str, *values: str | int
) -> None:
    """Compose the page of a student; `values` has six facts, then the score of each card that has one."""
    sheet.fixed(draw_banner, year)
    facts = cast("tuple[str, ...]", values[: len(_LABELS)])
    scores = iter(cast("tuple[int, ...]", values[len(_LABELS) :]))
    y = sheet.fixed(_draw_glance, compose_student(sheet, 100, _LABELS, name, *facts) + 10)
    for x, card in zip((LEFT, SECOND), cards, strict=True):
        sheet.fixed(_draw_card_head, (x, y), card.test)
        if card.level is None:
            sheet.variant(_draw_card_without_score, (x, y), card.test, str(card.note))
        else:
            sheet.value(_draw_card_score, (x, y), card.test, next(scores))
            sheet.variant(_draw_card_level, (x, y), card.test, year, card.level, card.note)
    sheet.fixed(draw_guide, y + CARD + 15, cards[0].test, year)
    compose_footer(sheet, year, 1, PAGES, name)


def draw_banner(pen: Pen, year: AdministrationYear) -> None:
    """Draw the title of the report, its tests and its year."""
    canvas, texts = pen.canvas, pen.texts
    draw_report_title(pen)
    canvas.text(LEFT, 64, texts("cover.subjects"), Style(11, color=PALE_BLUE))
    canvas.text_right(RIGHT, 43, shown_year(year), Style(20, bold=True, color=WHITE))
    canvas.text_right(RIGHT, 64, texts("cover.assessments"), Style(11, color=PALE_BLUE))


def draw_report_title(pen: Pen) -> None:
    """Draw the ground of a banner and the title of the report, which every first page begins with."""
    canvas = pen.canvas
    canvas.rectangle(Box(0, 0, PAGE_WIDTH, 80), NAVY)
    canvas.rectangle(Box(0, 80, PAGE_WIDTH, 4), AMBER)
    large = Style(27, bold=True, color=WHITE)
    (title,), style = canvas.fonts.fit(pen.texts("cover.title"), large, WIDTH - 100, smallest=18)
    canvas.text(LEFT, 43, title, style, tag="H1")


def compose_student(sheet: Sheet, top: float, labels: tuple[str, ...], name: str, *facts: str) -> float:
    """Compose a student's name above up to six facts; return the bottom.

    `labels` has a key for each place; where it is empty, there is no fact.
    """
    sheet.fixed(draw_label, LEFT, top + 9, "cover.results_for")
    sheet.value(draw_name, top, name)
    y = top + 52
    places = ((LEFT, 216.0), (LEFT + 232, 110.0), (LEFT + 358, 158.0))
    values = iter(facts)
    for number, label in enumerate(labels):
        if label:
            x, width = places[number % len(places)]
            row = y + 32 * (number // len(places))
            sheet.fixed(draw_label, x, row + 8, label)
            sheet.value(draw_fact, x, row + 21, width, next(values))
    return y + 60


def draw_label(pen: Pen, x: float, baseline: float, key: str) -> None:
    """Draw what a value is."""
    pen.canvas.text(x, baseline, pen.texts(key), LABEL)


def draw_name(pen: Pen, top: float, name: str) -> None:
    """Draw a student's name, as large as there is room for."""
    style = Style(23, bold=True, color=NAVY)
    pen.canvas.words(Line(LEFT, top + 36, WIDTH, style, 13, above=24, below=14), name)


def draw_fact(pen: Pen, x: float, baseline: float, width: float, value: str) -> None:
    """Draw a value below its label."""
    pen.canvas.words(Line(x, baseline, width, STRONG, 7.5, above=10.5, below=11), value)


def completion_or_reason(texts: Texts, tested_on: date | None, reason: str | None) -> str:
    """Write when a test was completed, or in a word or two why it was not."""
    if tested_on is None and reason:
        return texts(f"{reason}.table")
    return shown_date(texts, tested_on)


def _draw_glance(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("glance.title"))
    for x in (LEFT, SECOND):
        pen.canvas.rectangle(Box(x, y, HALF, CARD), PAPER)
    return y


def card_note(*, few: bool) -> str | None:
    """Return the key of what must be said beside a score, if anything."""
    return "glance.too_few_answers" if few else None


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
    y = draw_heading(pen, top, pen.texts("about.title"))
    columns = ((LEFT, "about.1"), (SECOND, "about.2"))
    return max(pen.canvas.paragraph(x, y, HALF, pen.texts(key), Style(9.5)) for x, key in columns)


def _draw_reading(pen: Pen, top: float) -> float:
    canvas, texts = pen.canvas, pen.texts
    y = draw_heading(pen, top, texts("reading.title"))
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
    y = draw_heading(pen, top, texts("levels.title"))
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
    draw_panel(pen, Box(LEFT, top, WIDTH, 46), AMBER)
    pen.canvas.text(LEFT + 14, top + 14, pen.texts("more.title"), STRONG, tag="H2")
    pen.canvas.paragraph(LEFT + 14, top + 18, WIDTH - 26, pen.texts("more.text"), Style(8.5))
