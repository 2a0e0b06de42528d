"""Pages 2 and 3: everything about one subject."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.assessments import (
    area_level_label,
    areas,
    level_label,
    level_labels,
    score_scale,
    year_of_other_names,
)
from lea_reports.ssr.pages.charts import (
    BAR_HEIGHT,
    FLAG_HEIGHT,
    HistoryChart,
    HistoryColumn,
    LevelBar,
    draw_area_symbol,
)
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
    page_of,
    shown_completion,
    shown_grade,
    shown_year,
)
from lea_reports.ssr.pages.palette import BODY, CAPTION, HEADING, LABEL, PAPER, RULE, STRONG, tones_of
from lea_reports.ssr.pages.sections import draw_no_history, draw_no_score, shown_band
from lea_reports.ssr.results.student_result import PastResult
from lea_reports.typesetting.canvas import Box, Line
from lea_reports.typesetting.styles import WHITE, Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Test
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.student_result import Score, SubjectResult
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.sheet import Pen, Sheet
    from lea_reports.typesetting.texts import Texts

_GAP = 14.0
_HOME_HEIGHT = 96.0
_CHART_WIDTH = 276.0
_ROW = 19.0
"""The height of a row of the history table."""


def draw_subject(sheet: StudentSheet, subject: SubjectResult, pages: int) -> None:
    """Draw one subject's page: its score, or why there is none; then its scale, skills, history and foot."""
    year, score, test = sheet.result.administration_year, subject.score, subject.test
    tested = (shown_completion(sheet.texts, subject.tested_on),) if subject.tested_on else ()
    head = test, subject.grade, year
    if score:
        band = _shown_numbers(score)
        variant = _Variant(score.level, len(band), subject.too_few_answers, subject.changed_construct)
        y = sheet.part(_compose_score, (*head, variant), score.value, *band, *tested)
        areas = tuple([(area.area.column, area.level) for area in subject.areas])
        y = sheet.part(_compose_areas, (y + _GAP, test, year, areas))
    else:
        y = sheet.part(_compose_no_score, (*head, str(subject.reason)), *tested)
    results = [*subject.history, _this_year(year, subject)] if subject.history else []
    rows = tuple([_row(result, current=result.year == year) for result in results])
    words = [_level_or_reason(sheet.texts, test, result) for result in results]
    numbers = [number for result in results for number in _numbers(result.score)]
    foot = year, page_of(test), pages
    sheet.part(_compose_history, (y + _GAP, test, rows, foot), sheet.name, *words, *numbers)


def _shown_numbers(score: Score) -> tuple[int, ...]:
    """Return what is written of an error band: its ends, and how far it reaches if equally far to both sides."""
    if score.band is None:
        return ()
    low, high = score.band
    error = score.value - low
    return (low, high, error) if high - score.value == error else (low, high)


def _numbers(score: Score | None) -> tuple[int, ...]:
    """Return what the chart of the history shows of a score."""
    return (score.value, *(score.band or ())) if score else ()


def _row(past: PastResult, *, current: bool) -> _Row:
    return _Row(past.year, past.grade, len(_numbers(past.score)), past.too_few_answers, current)


def _level_or_reason(texts: Texts, test: Test, past: PastResult) -> str:
    if past.score is None:
        return texts(f"{past.reason}.table")
    return _level_in_table(texts, test, past.year, past.score.level)


@cache
def _level_in_table(texts: Texts, test: Test, year: AdministrationYear, level: int) -> str:
    label = texts.named(level_label(test, year, level))
    return texts("history.named", level=level, label=label)


class _Variant(NamedTuple):
    """What a score's part depends on beside its numbers."""

    level: int
    band: int
    """How many numbers are written of its error band: none if there is no band."""
    too_few_answers: bool
    changed_construct: bool


def _compose_title(sheet: Sheet, test: Test, grade: str, tested: str | None = None) -> None:
    sheet.fixed(_draw_title, test, grade)
    if tested:
        sheet.value(_draw_tested_on, tested)


def _compose_score(
    sheet: Sheet,
    test: Test,
    grade: str,
    year: AdministrationYear,
    variant: _Variant,
    score: int,
    *values: int | str,
) -> float:
    """Compose what depends on the score itself; return the bottom.

    `values` has the numbers of the error band, and in words when the test was completed, if that is known.
    """
    band = cast("tuple[int, ...]", values[: variant.band])
    _compose_title(sheet, test, grade, *cast("tuple[str, ...]", values[variant.band :]))
    level = variant.level
    top = 78.0
    sheet.fixed(_draw_score_panel, top, test)
    sheet.value(_draw_score_value, top, test, score)
    if band:
        sheet.value(_draw_score_band, top, *band)
    sheet.variant(_draw_score_level, top, test, year, level)
    # Of too few answers, what the level says of a student would not be true.
    words = "note.too_few_answers" if variant.too_few_answers else f"{test.subject}.level.{level}"
    note = "note.changed_construct" if variant.changed_construct else None
    y = sheet.variant(_draw_meaning, top, words, note)
    y = sheet.fixed(_draw_scale_heading, y + _GAP, grade)
    scale = sheet.variant(_draw_bar, y, test, grade, year, level)
    sheet.value(_draw_flag, y, (test, grade, year), level, scale, score, *band)
    return sheet.fixed(_draw_band_words, y) if band else y + BAR_HEIGHT + 20


def _compose_no_score(
    sheet: Sheet, test: Test, grade: str, year: AdministrationYear, reason: str, tested: str | None = None
) -> float:
    _compose_title(sheet, test, grade, tested)
    y = sheet.variant(draw_no_score, 78.0, test, reason)
    if score_scale(test, grade, year):
        y = sheet.variant(_draw_scale_only, y + _GAP, test, grade, year)
    return sheet.fixed(_draw_content, y + _GAP, test)


def _draw_title(pen: Pen, test: Test, grade: str) -> None:
    draw_title(pen, pen.texts(f"subject.{test.subject}"), tones_of(test).strong)
    pen.canvas.text_right(RIGHT, 40, pen.texts("grade", grade=shown_grade(grade)), STRONG)


def _draw_tested_on(pen: Pen, tested: str) -> None:
    pen.canvas.words(Line(RIGHT, 53, WIDTH / 2, CAPTION, 6, ranged_right=True), tested)


def _draw_score_panel(pen: Pen, top: float, test: Test) -> None:
    strong = tones_of(test).strong
    draw_panel(pen, Box(LEFT, top, 176, 112), strong)
    pen.canvas.text(LEFT + 16, top + 18, pen.texts("subject.overall"), LABEL, tag="H2")
    pen.canvas.rectangle(Box(LEFT, top + 86, 176, 26), strong)


def _draw_score_value(pen: Pen, top: float, test: Test, score: int) -> None:
    pen.canvas.text(LEFT + 16, top + 60, str(score), Style(44, bold=True, color=tones_of(test).strong))


def _draw_score_band(pen: Pen, top: float, *band: int) -> None:
    pen.canvas.text(LEFT + 16, top + 76, shown_band(pen.texts, *band), LABEL)


def _draw_score_level(pen: Pen, top: float, test: Test, year: AdministrationYear, level: int) -> None:
    named = _shown_level(pen.texts, test, year, level)
    (line,), style = pen.canvas.fonts.fit(named, Style(12, bold=True, color=WHITE), 152, smallest=8)
    pen.canvas.text(LEFT + 16, top + 103.5, line, style)


def _draw_meaning(pen: Pen, top: float, words: str, note: str | None) -> float:
    canvas, texts = pen.canvas, pen.texts
    x = LEFT + 196
    canvas.text(x, top + 12, texts("subject.meaning"), HEADING, tag="H2")
    y = canvas.paragraph(x, top + 21, RIGHT - x, texts(words), Style(10.5))
    if note:
        y = canvas.paragraph(x, y + 3, RIGHT - x, texts(note), Style(8.5, bold=True))
    return max(top + 112, y)


def _shown_level(texts: Texts, test: Test, year: AdministrationYear, level: int) -> str:
    return texts("level.named", level=level, label=texts.named(level_label(test, year, level)))


def _bar(test: Test, grade: str, year: AdministrationYear, y: float) -> LevelBar:
    scale = score_scale(test, grade, year)
    if scale is None:
        raise LookupError(f"Test {test} has no scale in grade {grade} of {year}.")
    return LevelBar(scale, level_labels(test, year), tones_of(test), LEFT, y, WIDTH)


def _draw_scale_heading(pen: Pen, top: float, grade: str) -> float:
    return draw_heading(pen, top, pen.texts("subject.scale", grade=shown_grade(grade))) + FLAG_HEIGHT + 4


def _draw_bar(pen: Pen, y: float, test: Test, grade: str, year: AdministrationYear, level: int) -> str:
    """Draw the bar of a grade with the level that was reached; return in words which scores it divides."""
    bar = _bar(test, grade, year, y)
    bar.draw(pen.canvas, pen.texts, level)
    return bar.describe(pen.texts)


def _draw_flag(
    pen: Pen,
    y: float,
    head: tuple[Test, str, AdministrationYear],
    level: int,
    scale: str,
    score: int,
    *band: int,
) -> None:
    """Draw the flag of a score over the bar of a test, grade and year, which `scale` describes in words.

    `band` is what is written of its error band, nothing if there is none.
    """
    texts = pen.texts
    test, grade, year = head
    words = ", ".join(
        (
            f"{texts(f'subject.{test.subject}')} {score}",
            *((shown_band(texts, *band),) if band else ()),
            _shown_level(texts, test, year, level),
        )
    )
    picture = Box(LEFT, y - FLAG_HEIGHT, WIDTH, FLAG_HEIGHT + BAR_HEIGHT + 14)
    with pen.canvas.figure(f"{words}. {scale}.", picture):
        _bar(test, grade, year, y).draw_flag(pen.canvas, score, band[:2])


def _draw_band_words(pen: Pen, y: float) -> float:
    return pen.canvas.paragraph(LEFT, y + BAR_HEIGHT + 20, WIDTH, pen.texts("subject.band_words"), CAPTION)


def _draw_scale_only(pen: Pen, top: float, test: Test, grade: str, year: AdministrationYear) -> float:
    """Where there is no score, show the scale for information."""
    texts = pen.texts
    y = draw_heading(pen, top, texts("subject.scale_only", grade=shown_grade(grade))) + 6
    bar = _bar(test, grade, year, y)
    with pen.canvas.figure(f"{bar.describe(texts)}.", Box(LEFT, y, WIDTH, BAR_HEIGHT + 14)):
        bar.draw(pen.canvas, texts, None)
    return pen.canvas.paragraph(LEFT, y + BAR_HEIGHT + 20, WIDTH, texts("subject.scale_only_words"), CAPTION)


def _compose_areas(
    sheet: Sheet, top: float, test: Test, year: AdministrationYear, levels: tuple[tuple[str, int], ...]
) -> float:
    """Compose the areas, given by their columns and levels; return the bottom."""
    if not levels:
        return sheet.fixed(_draw_no_areas, top)
    y = bottom = sheet.fixed(_draw_areas_heading, top)
    for number, (column, level) in enumerate(levels):
        if number % 2 == 0:
            y = bottom + 6
        corner = (LEFT, SECOND)[number % 2], y
        bottom = max(bottom, sheet.variant(_draw_area, corner, test, year, column, level))
    return bottom


def _draw_no_areas(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("areas.title"))
    return pen.canvas.paragraph(LEFT, y, WIDTH, pen.texts("areas.none"), BODY)


def _draw_areas_heading(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("areas.title"))
    return pen.canvas.paragraph(LEFT, y, WIDTH, pen.texts("areas.words"), CAPTION)


def _draw_area(
    pen: Pen, corner: Point, test: Test, year: AdministrationYear, column: str, level: int
) -> float:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    draw_area_symbol(canvas, (x, y + 3), level, tones_of(test))
    (title,) = (area.name for area in areas(test, year) if area.column == column)
    name, style = canvas.fonts.fit(texts.named(title), STRONG, HALF - 44, smallest=8.5, lines=2)
    with canvas.tagged("H3", " ".join(name)):
        bottom = canvas.lines(x + 44, y, name, style)
    label = texts.named(area_level_label(test, year, level))
    canvas.text(x + 44, bottom + 10, label, Style(10, bold=True, color=tones_of(test).strong))
    key = f"{test.subject}.{column}.{level}"
    words = texts(key if key in texts else f"area.level.{level}")
    return canvas.paragraph(x + 44, bottom + 14, HALF - 44, words, Style(9))


def _draw_content(pen: Pen, top: float, test: Test) -> float:
    """Where there are no results by area, say what the areas are about."""
    canvas, texts = pen.canvas, pen.texts
    y = draw_heading(pen, top, texts("covers.title"))
    bottom = y
    for x, number in ((LEFT, 1), (SECOND, 2)):
        key = f"{test.subject}.covers.{number}"
        canvas.text(x, y + 11, texts(key), STRONG, tag="H3")
        bottom = max(bottom, canvas.paragraph(x, y + 16, HALF, texts(f"{key}.words"), Style(9.5)))
    return bottom


def _draw_home(pen: Pen, top: float, test: Test) -> None:
    texts = pen.texts
    ideas = tuple(
        (texts(f"{test.subject}.home.{n}"), texts(f"{test.subject}.home.{n}.words")) for n in (1, 2, 3)
    )
    draw_ideas(pen, top, texts("home.title"), ideas)


def _compose_history(
    sheet: Sheet,
    top: float,
    test: Test,
    rows: tuple[_Row, ...],
    foot: tuple[AdministrationYear, int, int],
    name: str,
    *values: str | int,
) -> None:
    """Compose the history and, if there is room below, what families can do; then the foot of the page.

    The last row is this year's. `values` has the level of each row, or the reason why there is none, in words; then
    the numbers of each row.
    """
    words = cast("tuple[str, ...]", values[: len(rows)])
    numbers = cast("tuple[int, ...]", values[len(rows) :])
    y = _compose_years(sheet, top, test, rows, words, numbers)
    if y + _GAP + _HOME_HEIGHT <= FOOT:
        sheet.fixed(_draw_home, y + _GAP, test)
    compose_footer(sheet, *foot, name)


def _compose_years(
    sheet: Sheet,
    top: float,
    test: Test,
    rows: tuple[_Row, ...],
    words: tuple[str, ...],
    numbers: tuple[int, ...],
) -> float:
    if not rows:
        return sheet.fixed(draw_no_history, top)
    y = sheet.fixed(_draw_history_heading, top)
    bottom = _compose_history_table(sheet, test, rows, words, numbers, (LEFT + _CHART_WIDTH + 18, y))
    if numbers:
        columns = tuple(HistoryColumn(row.year, row.grade, row.current, row.numbers) for row in rows)
        height = min(FOOT - y - 46, 165)
        sheet.variant(_draw_chart, y + 6, height, test, columns)
        sheet.value(_draw_chart_scores, y + 6, height, test, columns, *numbers)
        bottom = max(bottom, y + height + 32)
    return bottom


def _draw_history_heading(pen: Pen, top: float) -> float:
    return draw_heading(pen, top, pen.texts("history.title"))


def _draw_chart(pen: Pen, y: float, height: float, test: Test, columns: tuple[HistoryColumn, ...]) -> None:
    captions = [
        (shown_year(column.year), pen.texts("grade", grade=shown_grade(column.grade))) for column in columns
    ]
    chart = HistoryChart(test, columns, LEFT, y, _CHART_WIDTH, height)
    chart.draw(pen.canvas, captions, pen.texts("history.no_score"))


def _draw_chart_scores(
    pen: Pen, y: float, height: float, test: Test, columns: tuple[HistoryColumn, ...], *numbers: int
) -> None:
    texts = pen.texts
    left = iter(numbers)
    said = []
    for column in columns:
        value, *band = islice(left, column.numbers) if column.numbers else (texts("history.no_score"),)
        words = f"{value} ({band[0]}\N{EN DASH}{band[1]})" if band else str(value)
        grade = texts("grade", grade=shown_grade(column.grade))
        said.append(f"{shown_year(column.year)}, {grade}: {words}")
    with pen.canvas.figure(f"{'; '.join(said)}.", Box(LEFT, y, _CHART_WIDTH, height + 26)):
        HistoryChart(test, columns, LEFT, y, _CHART_WIDTH, height).draw_scores(pen.canvas, numbers)


def _this_year(year: AdministrationYear, subject: SubjectResult) -> PastResult:
    return PastResult(year, subject.grade, subject.score, subject.reason, subject.too_few_answers)


def _compose_history_table(
    sheet: Sheet,
    test: Test,
    rows: tuple[_Row, ...],
    words: tuple[str, ...],
    numbers: tuple[int, ...],
    corner: Point,
) -> float:
    x, y = corner
    sheet.fixed(_draw_history_head, corner, len(rows))
    y += 14
    left = iter(numbers)
    for row, level_or_reason in zip(rows, words, strict=True):
        sheet.variant(_draw_row_start, (x, y), row)
        if row.numbers:
            score, *_ = islice(left, row.numbers)
            sheet.value(_draw_row_score, (x, y), row, score)
        sheet.value(_draw_row_end, (x, y), row, level_or_reason)
        y += _ROW
    shown = max(row.numbers for row in rows)
    notes = [] if not shown else ["history.words" if shown > 1 else "history.words_without_bands"]
    years = [row.year for row in rows]
    renamed = year_of_other_names(test, min(years), max(years))
    if renamed is not None:
        notes.append("history.renamed")
    if any(row.too_few_answers for row in rows):
        notes.append("history.too_few_answers")
    return sheet.variant(_draw_history_notes, (x, y), tuple(notes), renamed)


class _Row(NamedTuple):
    """What a row of the history table says beside its score and its level."""

    year: AdministrationYear
    grade: str
    numbers: int
    """How many numbers its score has: none without a score, else the score, or the score and the ends of its band."""
    too_few_answers: bool
    current: bool


def _history_places(x: float) -> tuple[float, float, float, float]:
    """Return where the columns of the history table begin."""
    return x, x + 42, x + 74, x + 108


def _draw_history_head(pen: Pen, corner: Point, rows: int) -> None:
    """Draw the head of the table, and the ground and the rules of its rows."""
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    canvas.open_group("Table")
    canvas.open_group("TR")
    for place, key in zip(_history_places(x), ("year", "grade", "score", "level"), strict=True):
        canvas.text(place, y + 9, texts(f"history.{key}"), LABEL, tag="TH")
    canvas.close_group()
    last = y + 14 + _ROW * (rows - 1)
    canvas.rectangle(Box(x - 4, last, RIGHT - x + 4, _ROW), PAPER)
    for row in range(rows + 1):
        rule = y + 14 + _ROW * row
        canvas.line((x - 4, rule), (RIGHT, rule), RULE, 0.5)


def _draw_row_start(pen: Pen, corner: Point, row: _Row) -> None:
    """Begin a row of the table; without a score, say so in its place."""
    pen.canvas.open_group("TR")
    cells = [shown_year(row.year), shown_grade(row.grade)]
    if not row.numbers:
        cells.append(_marked(pen.texts, row, pen.texts("history.dash")))
    x, y = corner
    for place, cell in zip(_history_places(x), cells, strict=False):
        pen.canvas.text(place, y + 13, cell, Style(9, bold=row.current), tag="TD")


def _draw_row_score(pen: Pen, corner: Point, row: _Row, score: int) -> None:
    x, y = corner
    shown = _marked(pen.texts, row, str(score))
    pen.canvas.text(_history_places(x)[2], y + 13, shown, Style(9, bold=row.current), tag="TD")


def _marked(texts: Texts, row: _Row, shown: str) -> str:
    return texts("history.marked", score=shown) if row.too_few_answers else shown


def _draw_row_end(pen: Pen, corner: Point, row: _Row, level_or_reason: str) -> None:
    x, y = corner
    place = _history_places(x)[3]
    style = Style(9, bold=row.current)
    pen.canvas.words(Line(place, y + 13, RIGHT - place, style, 7, tag="TD"), level_or_reason)
    pen.canvas.close_group()


def _draw_history_notes(
    pen: Pen, corner: Point, notes: tuple[str, ...], renamed: AdministrationYear | None
) -> float:
    """End the table and draw what must be known to read it; return the bottom.

    `renamed` is the year in which the levels got other names.
    """
    x, y = corner
    pen.canvas.close_group()
    year = shown_year(renamed) if renamed else ""
    for note in notes:
        y = pen.canvas.paragraph(x, y + 4, RIGHT - x, pen.texts(note, year=year), LABEL)
    return y
