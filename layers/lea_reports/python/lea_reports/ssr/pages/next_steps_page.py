"""Page 4: Lexile and Quantile measures, the essay, and what families can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.pages.charts import draw_points
from lea_reports.ssr.pages.grid import (
    FOOT,
    HALF,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    compose_footer,
    draw_heading,
    draw_ideas,
    draw_panel,
    draw_title,
)
from lea_reports.ssr.pages.palette import AMBER, BODY, CAPTION, NAVY, RULE, SMALL, STRONG, tones_of
from lea_reports.ssr.pages.sections import draw_notes
from lea_reports.ssr.results.names import clean
from lea_reports.typesetting.canvas import Box, Line
from lea_reports.typesetting.styles import Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.student_result import SubjectResult, WritingDimension, WritingResult
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.sheet import Pen, Sheet

_GAP = 16.0
_MEASURES_TOP, _MEASURE_HEIGHT = 106.0, 122.0
_POINTS = LEFT + 290
"""Where the points of the essay stand."""


def draw_next_steps(sheet: StudentSheet, pages: int) -> None:
    """Draw page 4 and its foot."""
    result = sheet.result
    measures = [clean(subject.measure or "") for subject in result.subjects]
    variants = tuple(map(_variant, ("lexile", "quantile"), result.subjects, measures))
    sheet.part(_compose_measures, (variants,), *filter(None, measures))
    sheet.part(_compose_rest, (result.writing, result.administration_year, pages), sheet.name)


def _variant(key: str, subject: SubjectResult, measure: str) -> tuple[str, Test, str]:
    """Return what a measure's panel depends on beside the measure, the last of it the key of its words."""
    if not measure:
        return key, subject.test, "measure.missing_text" if subject.score else "measure.none_text"
    below = measure[:2]  # measures below the scale's zero begin with letters
    return key, subject.test, f"{key}.{below}" if below.isalpha() else f"{key}.text"


def _compose_measures(sheet: Sheet, variants: tuple[tuple[str, Test, str], ...], *measures: str) -> None:
    y = sheet.fixed(_draw_title)
    values = iter(measures)
    for x, (key, test, words) in zip((LEFT, SECOND), variants, strict=True):
        sheet.fixed(_draw_measure_panel, key, (x, y), test)
        if words.startswith("measure."):
            sheet.variant(_draw_no_measure, (x, y), test, words)
        else:
            sheet.value(_draw_measure_value, (x, y), test, next(values))
            sheet.variant(_draw_measure_words, (x, y), words if words in sheet.texts else f"{key}.text")


def _compose_rest(
    sheet: Sheet, writing: WritingResult | None, year: AdministrationYear, pages: int, name: str
) -> None:
    y = _compose_writing(sheet, writing, _MEASURES_TOP + _MEASURE_HEIGHT + _GAP)
    sheet.fixed(_draw_families, y + _GAP)
    compose_footer(sheet, year, 4, pages, name)


def _draw_title(pen: Pen) -> float:
    draw_title(pen, pen.texts("next.title"), NAVY)
    draw_heading(pen, _MEASURES_TOP - 28, pen.texts("measures.title"))
    return _MEASURES_TOP


def _draw_measure_panel(pen: Pen, key: str, corner: Point, test: Test) -> None:
    x, y = corner
    draw_panel(pen, Box(x, y, HALF, _MEASURE_HEIGHT), tones_of(test).strong)
    pen.canvas.text(x + 16, y + 18, pen.texts(f"{key}.title"), STRONG, tag="H3")


def _draw_measure_value(pen: Pen, corner: Point, test: Test, measure: str) -> None:
    x, y = corner
    large = Style(27, bold=True, color=tones_of(test).strong)
    pen.canvas.words(Line(x + 16, y + 47, HALF - 30, large, 9), measure)


def _draw_measure_words(pen: Pen, corner: Point, key: str) -> None:
    x, y = corner
    pen.canvas.paragraph(x + 16, y + 57, HALF - 30, pen.texts(key), Style(9))


def _draw_no_measure(pen: Pen, corner: Point, test: Test, words: str) -> None:
    x, y = corner
    style = Style(18, bold=True, color=tones_of(test).strong)
    pen.canvas.text(x + 16, y + 47, pen.texts("measure.none"), style)
    _draw_measure_words(pen, corner, words)


def _compose_writing(sheet: Sheet, writing: WritingResult | None, top: float) -> float:
    if writing is None:
        return sheet.fixed(_draw_no_writing, top)
    y = sheet.fixed(_draw_writing_heading, top, writing.genre, len(writing.dimensions))
    for dimension in writing.dimensions:
        sheet.variant(_draw_dimension, y, writing.genre, dimension)
        y += 40
    return y


def _draw_no_writing(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("writing.title"))
    return pen.canvas.paragraph(LEFT, y, WIDTH, pen.texts("writing.none"), BODY)


def _draw_writing_heading(pen: Pen, top: float, genre: str | None, rows: int) -> float:
    """Draw what stands over the qualities, and the rules between them; return where the first begins."""
    canvas, texts = pen.canvas, pen.texts
    y = draw_heading(pen, top, texts("writing.title"))
    y = canvas.paragraph(LEFT, y, WIDTH, texts("writing.words"), BODY)
    key = f"genre.{genre}"
    if key in texts:
        y = canvas.paragraph(LEFT, y, WIDTH, texts("writing.genre", genre=texts(key)), STRONG)
    y += 5
    for row in range(rows + 1):
        canvas.line((LEFT, y + 40 * row), (RIGHT, y + 40 * row), RULE, 0.5)
    return y


def _draw_dimension(pen: Pen, y: float, genre: str | None, dimension: WritingDimension) -> None:
    canvas, texts = pen.canvas, pen.texts
    key = f"{genre}.{dimension.name}"
    if key not in texts:
        key = f"writing.{dimension.name}"
    canvas.text(LEFT, y + 16, texts(key), STRONG, tag="H3")
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


def _draw_families(pen: Pen, top: float) -> None:
    """Draw what does not depend on the results: what families can do, and room for notes."""
    texts = pen.texts
    ideas = tuple(
        (texts(f"families.{key}"), texts(f"families.{key}.text")) for key in ("read", "count", "ask")
    )
    y = draw_ideas(pen, top, texts("families.title"), ideas)
    draw_notes(pen, y + _GAP, FOOT - 46)
    draw_panel(pen, Box(LEFT, FOOT - 40, WIDTH, 30), AMBER)
    pen.canvas.text(LEFT + 14, FOOT - 22, texts("closing.text"), SMALL)
