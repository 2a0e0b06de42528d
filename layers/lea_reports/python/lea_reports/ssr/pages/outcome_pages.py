"""Pages of the SSRs beside Smarter Balanced, and which assessment has which.

An assessment with one test has two pages: the score with its meaning, then parts, areas and history. The alternate
assessments have a page for each of their tests behind a cover, and one to write on if the number is odd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment, level_labels
from lea_reports.ssr.pages.cover_page import compose_student, draw_report_title
from lea_reports.ssr.pages.grid import (
    FOOT,
    HALF,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    draw_heading,
    draw_ideas,
    draw_panel,
    draw_title,
    shown_completion,
    shown_date,
    shown_year,
)
from lea_reports.ssr.pages.outcome_sections import (
    GAP,
    draw_areas,
    draw_composites,
    draw_history,
    draw_overall,
    grade_name,
    shown_level,
    word_key,
)
from lea_reports.ssr.pages.palette import (
    AMBER,
    BODY,
    CAPTION,
    LABEL,
    NAVY,
    PALE_BLUE,
    PAPER,
    SMALL,
    STRONG,
    tones_of,
)
from lea_reports.ssr.pages.sections import draw_notes
from lea_reports.ssr.results.names import clean
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.styles import WHITE, Style

if TYPE_CHECKING:
    from datetime import date

    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.outcome import Outcome
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.sheet import Pen
    from lea_reports.typesetting.texts import Texts

_CARD = 52.0
_COVER_GAP = 11.0
_MORE_HEIGHT = 58.0
HOME_HEIGHT = 92.0
"""What the ideas for home need at most."""
_LEAST_FOR_NOTES = 60.0


def outcome_page_count(result: StudentResult) -> int:
    """Return how many pages such an SSR has: always an even number."""
    if len(result.outcomes) == 1:
        return 2
    pages = 1 + len(result.outcomes)
    return pages + pages % 2


def draw_outcome_pages(sheet: StudentSheet) -> None:
    """Draw all pages of one such SSR; the first has been begun already."""
    result, pages = sheet.result, outcome_page_count(sheet.result)
    assessment = Assessment(result.assessment)
    if len(result.outcomes) == 1:
        (outcome,) = result.outcomes
        _draw_cover(sheet, assessment, outcome)
        sheet.footer(1, pages)
        sheet.begin_page()
        _draw_details(sheet, assessment, outcome)
        sheet.footer(2, pages)
        return
    _draw_cover(sheet, assessment, None)
    sheet.footer(1, pages)
    for page, outcome in enumerate(result.outcomes, start=2):
        sheet.begin_page()
        y = draw_test(sheet, outcome) + GAP
        _draw_end(sheet, assessment, y)
        sheet.footer(page, pages)
    if pages > 1 + len(result.outcomes):
        sheet.begin_page()
        _draw_questions(sheet)
        sheet.footer(pages, pages)


def _draw_cover(sheet: StudentSheet, assessment: Assessment, outcome: Outcome | None) -> None:
    """Draw page 1; `outcome` is the only test, None if several have pages of their own."""
    sheet.fixed(_draw_banner, assessment, sheet.result.administration_year)
    y = _draw_student(sheet, outcome, 100) + 10
    if outcome:
        y = draw_overall(sheet, outcome, y)
    else:
        y = sheet.fixed(_draw_cards_heading, y)
        for page, one in enumerate(sheet.result.outcomes, start=2):
            _draw_card(sheet, one, page, y)
            y += _CARD + 8
        y -= 8
    y = sheet.variant(draw_about, y + _COVER_GAP, assessment)
    test, year = sheet.result.outcomes[0].test, sheet.result.administration_year
    y = sheet.fixed(_draw_levels, y + _COVER_GAP, assessment, test, year)
    if y <= FOOT - _MORE_HEIGHT:  # what a score means may leave no room for it
        sheet.fixed(_draw_more)


def _draw_banner(pen: Pen, assessment: Assessment, year: AdministrationYear) -> None:
    canvas, texts = pen.canvas, pen.texts
    draw_report_title(pen)
    name = texts(f"{assessment}.name")
    style = Style(11, bold=True, color=PALE_BLUE)
    canvas.text(LEFT, 64, name, style)
    canvas.text_right(RIGHT, 43, shown_year(year), Style(20, bold=True, color=WHITE))
    room = WIDTH - canvas.fonts.width(name, style) - 16
    words = texts(f"{assessment}.subjects")
    (line,), style = canvas.fonts.fit(words, Style(10, color=PALE_BLUE), room, smallest=7.5)
    canvas.text_right(RIGHT, 64, line, style)


def _draw_student(sheet: StudentSheet, outcome: Outcome | None, top: float) -> float:
    texts, result = sheet.texts, sheet.result
    facts = (
        ("cover.school", clean(result.school.name)),
        ("cover.grade", texts("grade", grade=grade_name(texts, result.grade_assessed))),
        ("outcome.tested", _shown_completion(texts, result, outcome) if outcome else ""),
        ("cover.lea", clean(result.school.lea_name)),
        ("cover.ssid", clean(result.ssid)),
    )
    labels = tuple(label if value else "" for label, value in facts)
    values = filter(None, (value for _, value in facts))
    return sheet.part(compose_student, (top, labels), sheet.name, *values)


def _shown_completion(texts: Texts, result: StudentResult, outcome: Outcome) -> str:
    if outcome.tested_on is None and outcome.missing:
        return texts(word_key(texts, Assessment(result.assessment), f"{outcome.missing}.table"))
    return shown_date(texts, outcome.tested_on)


def _draw_cards_heading(pen: Pen, top: float) -> float:
    return draw_heading(pen, top, pen.texts("outcome.tests"))


def _draw_card(sheet: StudentSheet, outcome: Outcome, page: int, y: float) -> None:
    sheet.fixed(_draw_card_ground, y, outcome.test, page)
    if outcome.points:
        sheet.value(_draw_card_score, y, outcome.test, outcome.points.value)
        sheet.variant(_draw_card_level, y, outcome.test, outcome.year, outcome.points.level)
    else:
        sheet.variant(_draw_card_reason, y, str(outcome.missing))


def _draw_card_ground(pen: Pen, y: float, test: Test, page: int) -> None:
    canvas, texts = pen.canvas, pen.texts
    strong = tones_of(test).strong
    canvas.rectangle(Box(LEFT, y, WIDTH, _CARD), PAPER)
    canvas.rectangle(Box(LEFT, y, 150, _CARD), strong)
    words = texts(f"subject.{test.subject}")
    style = Style(11, bold=True, color=WHITE)
    lines, style = canvas.fonts.fit(words, style, 130, smallest=9, lines=2)
    with canvas.tagged("H3", words):
        canvas.lines(LEFT + 12, y + _CARD / 2 - len(lines) * style.size * 0.72, lines, style)
    canvas.text_right(RIGHT - 12, y + _CARD / 2 + 3, texts("glance.details", page=page), LABEL)


def _draw_card_score(pen: Pen, y: float, test: Test, score: int) -> None:
    strong = tones_of(test).strong
    pen.canvas.text(LEFT + 168, y + 37, str(score), Style(29, bold=True, color=strong))


def _draw_card_level(pen: Pen, y: float, test: Test, year: AdministrationYear, level: int | None) -> None:
    words = shown_level(pen.texts, test, year, level)
    (line,), style = pen.canvas.fonts.fit(words, Style(12.5, bold=True), 168, smallest=8)
    pen.canvas.text(LEFT + 246, y + 31, line, style)


def _draw_card_reason(pen: Pen, y: float, missing: str) -> None:
    canvas, texts = pen.canvas, pen.texts
    canvas.text(LEFT + 168, y + 23, texts("glance.no_score"), Style(13, bold=True))
    canvas.text(LEFT + 168, y + 39, texts(f"{missing}.short"), BODY)


def draw_about(pen: Pen, top: float, assessment: Assessment) -> float:
    """Draw what the tests of an assessment are for; return the bottom."""
    y = draw_heading(pen, top, pen.texts("outcome.about"))
    return max(
        pen.canvas.paragraph(x, y, HALF, pen.texts(f"{assessment}.about.{number}"), Style(9.5))
        for x, number in ((LEFT, 1), (SECOND, 2))
    )


def _draw_levels(pen: Pen, top: float, assessment: Assessment, test: Test, year: AdministrationYear) -> float:
    canvas, texts = pen.canvas, pen.texts
    y = draw_heading(pen, top, texts("outcome.levels"))
    labels = level_labels(test, year)
    column = max(canvas.fonts.width(texts.named(label), STRONG) for label in labels.values()) + 40
    for level in sorted(labels, reverse=True):
        canvas.rectangle(Box(LEFT, y, 17, 17), NAVY)
        canvas.text_centred(LEFT + 8.5, y + 12.3, str(level), Style(10, bold=True, color=WHITE), tag=None)
        canvas.text(LEFT + 26, y + 12.3, texts.named(labels[level]), STRONG, tag="H3")
        (line,), style = canvas.fonts.fit(
            texts(f"{assessment}.levels.{level}"), SMALL, WIDTH - column, smallest=7
        )
        canvas.text(LEFT + column, y + 12.3, line, style)
        y += 21
    return y


def _draw_more(pen: Pen) -> None:
    top = FOOT - 54
    draw_panel(pen, Box(LEFT, top, WIDTH, 46), AMBER)
    pen.canvas.text(LEFT + 14, top + 14, pen.texts("outcome.more"), STRONG, tag="H2")
    pen.canvas.paragraph(LEFT + 14, top + 18, WIDTH - 26, pen.texts("outcome.more.text"), Style(8.5))


def _draw_details(sheet: StudentSheet, assessment: Assessment, outcome: Outcome) -> None:
    """Draw page 2 of an assessment with one test: parts, areas, history and what families can do."""
    sheet.fixed(_draw_title, "outcome.details", outcome.test, outcome.grade)
    y = 78.0
    if outcome.composites:
        y = draw_composites(sheet, outcome, y) + GAP
    if outcome.areas:
        y = draw_areas(sheet, outcome, y) + GAP
    if assessment is not Assessment.INITIAL_ELPAC:  # it is taken once
        y = draw_history(sheet, outcome, y) + GAP
    _draw_end(sheet, assessment, y)


def draw_test(sheet: StudentSheet, outcome: Outcome) -> float:
    """Draw what a test says on a page of its own: score, areas and history; return the bottom."""
    sheet.fixed(_draw_title, f"subject.{outcome.test.subject}", outcome.test, outcome.grade)
    if outcome.tested_on:
        sheet.value(_draw_tested_on, outcome.tested_on)
    y = draw_overall(sheet, outcome, 78) + GAP
    if outcome.areas:
        y = draw_areas(sheet, outcome, y) + GAP
    return draw_history(sheet, outcome, y)


def _draw_end(sheet: StudentSheet, assessment: Assessment, y: float) -> None:
    """Fill a page with what families can do and with room for notes."""
    if y + HOME_HEIGHT <= FOOT:
        y = sheet.fixed(draw_home, y, assessment) + GAP
    if y + _LEAST_FOR_NOTES <= FOOT:
        sheet.fixed(draw_notes, y, FOOT - 10)


def _draw_title(pen: Pen, key: str, test: Test, grade: str) -> None:
    draw_title(pen, pen.texts(key), tones_of(test).strong)
    pen.canvas.text_right(RIGHT, 40, pen.texts("grade", grade=grade_name(pen.texts, grade)), STRONG)


def _draw_tested_on(pen: Pen, day: date) -> None:
    tested = shown_completion(pen.texts, day)
    pen.canvas.text_right(RIGHT, 53, tested, CAPTION)


def draw_home(pen: Pen, top: float, assessment: Assessment) -> float:
    """Draw three ideas for home; return the bottom."""
    texts = pen.texts
    ideas = tuple((texts(f"{assessment}.home.{n}"), texts(f"{assessment}.home.{n}.words")) for n in (1, 2, 3))
    return draw_ideas(pen, top, texts("home.title"), ideas)


def _draw_questions(sheet: StudentSheet) -> None:
    """Draw the last page where the number of tests would make an odd number of pages."""
    sheet.fixed(_draw_question_page)


def _draw_question_page(pen: Pen) -> None:
    texts = pen.texts
    draw_title(pen, texts("next.title"), NAVY)
    ideas: tuple[tuple[str, str], ...] = tuple(
        (texts(f"outcome.questions.{n}"), texts(f"outcome.questions.{n}.words")) for n in (1, 2, 3)
    )
    draw_notes(pen, draw_ideas(pen, 78, texts("outcome.questions"), ideas) + GAP, FOOT - 10)
