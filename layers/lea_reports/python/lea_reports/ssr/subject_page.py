"""Pages 2 and 3: everything about one subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import area_level_label, level_label, level_labels, score_scale
from lea_reports.ssr.canvas import Box
from lea_reports.ssr.charts import BAR_HEIGHT, FLAG_HEIGHT, Column, HistoryChart, LevelBar, draw_area_symbol
from lea_reports.ssr.layout import (
    FOOT,
    HALF,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    Sheet,
    shown_date,
    shown_grade,
    shown_year,
    tones_of,
)
from lea_reports.ssr.palette import BODY, CAPTION, HEADING, LABEL, PAPER, RULE, STRONG, WHITE, Style
from lea_reports.ssr.student_result import PastResult

if TYPE_CHECKING:
    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.student_result import AreaResult, Score, SubjectResult

_GAP = 14.0
_HOME_HEIGHT = 96.0
_CHART_WIDTH = 276.0


def draw_subject(sheet: Sheet, subject: SubjectResult) -> None:
    """Draw one subject's page: its score, or why there is none; then its scale, skills and history."""
    canvas, texts = sheet.canvas, sheet.texts
    sheet.title(texts(f"subject.{subject.test.subject}"), tones_of(subject).strong)
    canvas.text_right(RIGHT, 40, texts("grade", grade=shown_grade(subject.grade)), STRONG)
    if subject.tested_on:
        tested = texts("subject.tested_on", date=shown_date(texts, subject.tested_on))
        canvas.text_right(RIGHT, 53, tested, CAPTION)
    if subject.score:
        y = _draw_score(sheet, subject, subject.score, 78)
        y = _draw_scale(sheet, subject, y + _GAP)
        y = _draw_areas(sheet, subject, y + _GAP)
    else:
        y = _draw_no_score(sheet, subject, 78)
        y = _draw_scale(sheet, subject, y + _GAP)
        y = _draw_content(sheet, subject, y + _GAP)
    y = _draw_history(sheet, subject, y + _GAP)
    if y + _GAP + _HOME_HEIGHT <= FOOT:
        ideas = tuple(
            (texts(f"{subject.test.subject}.home.{n}"), texts(f"{subject.test.subject}.home.{n}.words"))
            for n in (1, 2, 3)
        )
        sheet.ideas(y + _GAP, texts("home.title"), ideas)


def _draw_score(sheet: Sheet, subject: SubjectResult, score: Score, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    strong = tones_of(subject).strong
    sheet.panel(Box(LEFT, top, 176, 112), strong)
    canvas.text(LEFT + 16, top + 18, texts("subject.overall"), LABEL)
    canvas.text(LEFT + 16, top + 60, str(score.value), Style(44, bold=True, color=strong))
    band = _shown_band(sheet, score)
    canvas.text(LEFT + 16, top + 76, band, LABEL)
    canvas.rectangle(Box(LEFT, top + 86, 176, 26), strong)
    label = texts.named(level_label(subject.test, sheet.result.administration_year, score.level))
    named = texts("level.named", level=score.level, label=label)
    (line,), style = canvas.fonts.fit(named, Style(12, bold=True, color=WHITE), 152, smallest=8)
    canvas.text(LEFT + 16, top + 103.5, line, style)
    x = LEFT + 196
    canvas.text(x, top + 12, texts("subject.meaning"), HEADING)
    if subject.too_few_answers:  # what the level says of a student would not be true of this one
        words = texts("note.too_few_answers")
    else:
        words = texts(f"{subject.test.subject}.level.{score.level}")
    y = canvas.paragraph(x, top + 21, RIGHT - x, words, Style(10.5))
    if subject.changed_construct:
        y = canvas.paragraph(x, y + 3, RIGHT - x, texts("note.changed_construct"), Style(8.5, bold=True))
    return max(top + 112, y)


def _shown_band(sheet: Sheet, score: Score) -> str:
    """Write the error band; with one number where it reaches equally far to both sides."""
    low, high = score.band_low, score.band_high
    if high - score.value == score.value - low:
        return sheet.texts("subject.even_error_band", low=low, high=high, error=score.value - low)
    return sheet.texts("subject.error_band", low=low, high=high)


def _draw_no_score(sheet: Sheet, subject: SubjectResult, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    strong = tones_of(subject).strong
    sheet.panel(Box(LEFT, top, WIDTH, 84), strong)
    canvas.text(LEFT + 20, top + 27, texts(f"{subject.reason}.title"), Style(15, bold=True, color=strong))
    canvas.paragraph(LEFT + 20, top + 36, WIDTH - 40, texts(f"{subject.reason}.text"), BODY)
    return top + 84


def _draw_scale(sheet: Sheet, subject: SubjectResult, top: float) -> float:
    canvas, texts, year = sheet.canvas, sheet.texts, sheet.result.administration_year
    score = subject.score
    scale = score.scale if score else score_scale(subject.test, subject.grade, year)
    if scale is None:  # no test in this grade
        return top - _GAP
    key = "subject.scale" if score else "subject.scale_only"
    y = sheet.heading(top, texts(key, grade=shown_grade(subject.grade)))
    y += FLAG_HEIGHT + 4 if score else 6
    LevelBar(scale, level_labels(subject.test, year), tones_of(subject), LEFT, y, WIDTH).draw(
        canvas, texts, score
    )
    if score:
        words = texts("subject.band_words", low=score.band_low, high=score.band_high)
    else:
        words = texts("subject.scale_only_words")
    return canvas.paragraph(LEFT, y + BAR_HEIGHT + 20, WIDTH, words, CAPTION)


def _draw_areas(sheet: Sheet, subject: SubjectResult, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("areas.title"))
    if not subject.areas:
        return canvas.paragraph(LEFT, y, WIDTH, texts("areas.none"), BODY)
    bottom = canvas.paragraph(LEFT, y, WIDTH, texts("areas.words"), CAPTION)
    for number, area in enumerate(subject.areas):
        if number % 2 == 0:
            y = bottom + 6
        bottom = max(bottom, _draw_area(sheet, subject, area, ((LEFT, SECOND)[number % 2], y)))
    return bottom


def _draw_area(sheet: Sheet, subject: SubjectResult, area: AreaResult, corner: Point) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    x, y = corner
    draw_area_symbol(canvas, (x, y + 3), area.level, tones_of(subject))
    name, style = canvas.fonts.fit(texts.named(area.area.name), STRONG, HALF - 44, smallest=8.5, lines=2)
    bottom = canvas.lines(x + 44, y, name, style)
    label = texts.named(area_level_label(subject.test, sheet.result.administration_year, area.level))
    canvas.text(x + 44, bottom + 10, label, Style(10, bold=True, color=tones_of(subject).strong))
    key = f"{subject.test.subject}.{area.area.column}.{area.level}"
    words = texts(key if key in texts else f"area.level.{area.level}")
    return canvas.paragraph(x + 44, bottom + 14, HALF - 44, words, Style(9))


def _draw_content(sheet: Sheet, subject: SubjectResult, top: float) -> float:
    """Where there are no results by area, say what the areas are about."""
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("covers.title"))
    bottom = y
    for x, number in ((LEFT, 1), (SECOND, 2)):
        key = f"{subject.test.subject}.covers.{number}"
        canvas.text(x, y + 11, texts(key), STRONG)
        bottom = max(bottom, canvas.paragraph(x, y + 16, HALF, texts(f"{key}.words"), Style(9.5)))
    return bottom


def _draw_history(sheet: Sheet, subject: SubjectResult, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("history.title"))
    if not subject.history:
        return canvas.paragraph(LEFT, y, WIDTH, texts("history.none"), BODY)
    rows = [*subject.history, _this_year(sheet, subject)]
    bottom = _draw_history_table(sheet, subject, rows, (LEFT + _CHART_WIDTH + 18, y))
    columns = [
        Column(
            shown_year(row.year),
            texts("grade", grade=shown_grade(row.grade)),
            row.score,
            texts("history.no_score"),
            current=row is rows[-1],
        )
        for row in rows
    ]
    if any(row.score for row in rows):
        height = min(FOOT - y - 46, 165)
        HistoryChart(tones_of(subject), LEFT, y + 6, _CHART_WIDTH, height).draw(canvas, columns)
        bottom = max(bottom, y + height + 32)
    return bottom


def _this_year(sheet: Sheet, subject: SubjectResult) -> PastResult:
    return PastResult(
        sheet.result.administration_year,
        subject.grade,
        subject.score,
        subject.reason,
        subject.too_few_answers,
    )


def _draw_history_table(sheet: Sheet, subject: SubjectResult, rows: list[PastResult], corner: Point) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    x, y = corner
    places = (x, x + 42, x + 74, x + 108)
    for place, key in zip(places, ("year", "grade", "score", "level"), strict=True):
        canvas.text(place, y + 9, texts(f"history.{key}"), LABEL)
    y += 14
    for row in rows:
        style = Style(9, bold=row is rows[-1])
        if row is rows[-1]:
            canvas.rectangle(Box(x - 4, y, RIGHT - x + 4, 19), PAPER)
        canvas.line((x - 4, y), (RIGHT, y), RULE, 0.5)
        if row.score:
            shown = str(row.score.value)
            label = texts.named(level_label(subject.test, row.year, row.score.level))
            words = texts("history.named", level=row.score.level, label=label)
        else:
            shown = texts("history.dash")
            words = texts(f"{row.reason}.table")
        if row.too_few_answers:
            shown = texts("history.marked", score=shown)
        canvas.text(places[0], y + 13, shown_year(row.year), style)
        canvas.text(places[1], y + 13, shown_grade(row.grade), style)
        canvas.text(places[2], y + 13, shown, style)
        (line,), style = canvas.fonts.fit(words, style, RIGHT - places[3], smallest=7)
        canvas.text(places[3], y + 13, line, style)
        y += 19
    canvas.line((x - 4, y), (RIGHT, y), RULE, 0.5)
    notes = ["history.words"]
    if len({tuple(level_labels(subject.test, row.year).values()) for row in rows}) > 1:
        notes.append("history.renamed")
    if any(row.too_few_answers for row in rows):
        notes.append("history.too_few_answers")
    for note in notes:
        y = canvas.paragraph(x, y + 4, RIGHT - x, texts(note), LABEL)
    return y
