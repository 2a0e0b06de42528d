"""Page 4: Lexile and Quantile measures, the essay, and what families can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.canvas import Box
from lea_reports.ssr.charts import draw_points
from lea_reports.ssr.layout import FOOT, HALF, LEFT, RIGHT, SECOND, WIDTH, Sheet, tones_of
from lea_reports.ssr.names import clean
from lea_reports.ssr.palette import AMBER, BODY, CAPTION, NAVY, RULE, SMALL, STRONG, Style

if TYPE_CHECKING:
    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.student_result import SubjectResult, WritingDimension, WritingResult

_GAP = 16.0
_LINE_FOR_NOTES = 23.0
_MEASURE_HEIGHT = 122.0
_POINTS = LEFT + 290
"""Where the points of the essay stand."""


def draw_next_steps(sheet: Sheet) -> None:
    """Draw page 4."""
    texts, result = sheet.texts, sheet.result
    sheet.title(texts("next.title"), NAVY)
    y = sheet.heading(78, texts("measures.title")) + 2
    for x, key, subject in ((LEFT, "lexile", result.ela), (SECOND, "quantile", result.mathematics)):
        _draw_measure(sheet, key, subject, (x, y))
    y = _draw_writing(sheet, result.writing, y + _MEASURE_HEIGHT + _GAP)
    ideas = tuple(
        (texts(f"families.{key}"), texts(f"families.{key}.text")) for key in ("read", "count", "ask")
    )
    y = sheet.ideas(y + _GAP, texts("families.title"), ideas)
    _draw_notes(sheet, y + _GAP, FOOT - 46)
    sheet.panel(Box(LEFT, FOOT - 40, WIDTH, 30), AMBER)
    sheet.canvas.text(LEFT + 14, FOOT - 22, texts("closing.text"), SMALL)


def _draw_measure(sheet: Sheet, key: str, subject: SubjectResult, corner: Point) -> None:
    canvas, texts = sheet.canvas, sheet.texts
    x, y = corner
    strong = tones_of(subject).strong
    sheet.panel(Box(x, y, HALF, _MEASURE_HEIGHT), strong)
    canvas.text(x + 16, y + 18, texts(f"{key}.title"), STRONG)
    if subject.measure:
        (line,), style = canvas.fonts.fit(
            clean(subject.measure), Style(27, bold=True, color=strong), HALF - 30, smallest=9
        )
        below = f"{key}.{subject.measure[:2]}"  # measures below the scale's zero begin with letters
        words = texts(below if below in texts else f"{key}.text")
    else:
        line, style = texts("measure.none"), Style(18, bold=True, color=strong)
        words = texts("measure.missing_text" if subject.score else "measure.none_text")
    canvas.text(x + 16, y + 47, line, style)
    canvas.paragraph(x + 16, y + 57, HALF - 30, words, Style(9))


def _draw_writing(sheet: Sheet, writing: WritingResult | None, top: float) -> float:
    canvas, texts = sheet.canvas, sheet.texts
    y = sheet.heading(top, texts("writing.title"))
    if writing is None:
        return canvas.paragraph(LEFT, y, WIDTH, texts("writing.none"), BODY)
    y = canvas.paragraph(LEFT, y, WIDTH, texts("writing.words"), BODY)
    genre = f"genre.{writing.genre}"
    if genre in texts:
        y = canvas.paragraph(LEFT, y, WIDTH, texts("writing.genre", genre=texts(genre)), STRONG)
    y += 5
    for dimension in writing.dimensions:
        canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
        _draw_dimension(sheet, writing, dimension, y)
        y += 40
    canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
    return y


def _draw_dimension(sheet: Sheet, writing: WritingResult, dimension: WritingDimension, y: float) -> None:
    canvas, texts = sheet.canvas, sheet.texts
    key = f"{writing.genre}.{dimension.name}"
    if key not in texts:
        key = f"writing.{dimension.name}"
    canvas.text(LEFT, y + 16, texts(key), STRONG)
    canvas.text(LEFT, y + 30, texts(f"{key}.words"), CAPTION)
    if dimension.points is None:
        code = f"writing.code.{dimension.condition_code}"
        canvas.text(_POINTS, y + 16, texts("writing.no_points"), STRONG)
        words = texts(code if code in texts else "writing.code.other")
        lines, style = canvas.fonts.fit(words, CAPTION, RIGHT - _POINTS, smallest=7)
        canvas.text(_POINTS, y + 30, lines[0], style)
    else:
        draw_points(canvas, (_POINTS, y + 14), dimension.points, dimension.most)
        points = texts("writing.points", points=dimension.points, most=dimension.most)
        canvas.text(_POINTS + 76, y + 24, points, STRONG)


def _draw_notes(sheet: Sheet, top: float, bottom: float) -> None:
    """Leave lines to write on, as many as there is room for."""
    y = sheet.heading(top, sheet.texts("notes.title")) - 7 + _LINE_FOR_NOTES
    while y <= bottom:
        sheet.canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
        y += _LINE_FOR_NOTES
