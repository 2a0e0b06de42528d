"""Sections of the SSRs beside Smarter Balanced: a test's score, its parts and areas, and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lea_reports.assessments import (
    ScorePart,
    Test,
    area_level_label,
    level_label,
    level_labels,
    score_scale,
    year_of_other_names,
)
from lea_reports.ssr.pages.charts import draw_area_symbol
from lea_reports.ssr.pages.grid import (
    HALF,
    LEFT,
    RIGHT,
    SECOND,
    WIDTH,
    draw_heading,
    draw_panel,
    shown_grade,
    shown_year,
)
from lea_reports.ssr.pages.outcome_charts import FLAG_ROOM, LEVEL_HEIGHT, Steps, draw_stairs
from lea_reports.ssr.pages.palette import CAPTION, HEADING, LABEL, PAPER, RULE, STRONG, tones_of
from lea_reports.ssr.pages.sections import draw_no_history, draw_no_score, shown_band
from lea_reports.ssr.results.outcome import Missing, Note, PastOutcome
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.styles import WHITE, Style

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear, Assessment
    from lea_reports.ssr.pages.grid import StudentSheet
    from lea_reports.ssr.results.outcome import AreaOutcome, CompositeOutcome, Outcome, Points
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.sheet import Pen
    from lea_reports.typesetting.texts import Texts

GAP = 14.0
_PANEL = 112.0
_COMPOSITE = 104.0
_AREA = 50.0
_ROW = 24.0
"""The height of a row of the history table."""
_RULES_SCORE = frozenset((Note.NOTHING_ANSWERED, Note.FEW_ANSWERED, Note.TOO_FEW_ANSWERED))
"""Notes that say that a score was given by rule."""


class Scaled(NamedTuple):
    """Which scale: of a test or a part of it, in a grade and a year."""

    test: Test
    grade: str
    year: AdministrationYear
    part: ScorePart = ScorePart.OVERALL

    def steps(self, corner: Point, width: float, height: float = LEVEL_HEIGHT) -> Steps:
        """Return its bar of levels."""
        scale = score_scale(self.test, self.grade, self.year, self.part)
        labels = level_labels(self.test, self.year)
        return Steps(scale, labels, tones_of(self.test), *corner, width, height)


def shown_level(texts: Texts, test: Test, year: AdministrationYear, level: int | None) -> str:
    """Write a level with its name; the name alone where it is nothing but the number."""
    label = level_label(test, year, level) if level else None
    if label is None or level is None:
        return texts("outcome.no_level")
    if label.endswith(f" {level}"):
        return texts.named(label)
    return texts("level.named", level=level, label=texts.named(label))


def grade_name(texts: Texts, grade: str) -> str:
    """Write a grade as it is printed; kindergarten has a word of its own."""
    return texts("outcome.kindergarten") if grade == "KN" else shown_grade(grade)


def word_key(texts: Texts, assessment: Assessment, key: str) -> str:
    """Return the key of an assessment's own sentence if it has one, else the key of the shared one."""
    own = f"{assessment}.{key}"
    return own if own in texts else key


def draw_overall(sheet: StudentSheet, outcome: Outcome, top: float) -> float:
    """Draw the overall score and what it means, or why there is none; then the bar of levels."""
    scaled = Scaled(outcome.test, outcome.grade, outcome.year)
    if outcome.points is None:
        y = sheet.variant(draw_no_score, top, outcome.test, str(outcome.missing))
        return sheet.variant(_draw_bar_only, y + GAP, scaled)
    points = outcome.points
    sheet.fixed(_draw_score_panel, top, outcome.test)
    sheet.value(_draw_score_value, top, outcome.test, points)
    sheet.variant(_draw_score_level, top, outcome.test, outcome.year, points.level)
    by_rule = [note for note in outcome.notes if note in _RULES_SCORE]
    words = f"note.{by_rule[0]}" if by_rule else f"{outcome.test.assessment}.meaning.{points.level}"
    others = tuple(f"note.{note}" for note in outcome.notes if note not in _RULES_SCORE)
    y = sheet.variant(_draw_meaning, top, words, others)
    y = sheet.fixed(_draw_bar_heading, y + GAP, scaled)
    sheet.variant(_draw_bar, y, scaled, points.level)
    return sheet.value(_draw_flag, y, scaled, points)


def _draw_score_panel(pen: Pen, top: float, test: Test) -> None:
    strong = tones_of(test).strong
    draw_panel(pen, Box(LEFT, top, 176, _PANEL), strong)
    pen.canvas.text(LEFT + 16, top + 18, pen.texts("subject.overall"), LABEL, tag="H2")
    pen.canvas.rectangle(Box(LEFT, top + 82, 176, 30), strong)


def _draw_score_value(pen: Pen, top: float, test: Test, points: Points) -> None:
    strong = tones_of(test).strong
    pen.canvas.text(LEFT + 16, top + 59, str(points.value), Style(42, bold=True, color=strong))
    if points.band:
        pen.canvas.text(LEFT + 16, top + 74, shown_band(pen.texts, *_band_of(points)), LABEL)


def _band_of(points: Points) -> tuple[int, ...]:
    """Return the ends of a score's error band, and how far it reaches if that is equally far to both sides."""
    low, high = points.band or (points.value, points.value)
    reach = points.value - low
    return (low, high, reach) if high - points.value == reach else (low, high)


def _draw_score_level(pen: Pen, top: float, test: Test, year: AdministrationYear, level: int | None) -> None:
    words = shown_level(pen.texts, test, year, level)
    lines, style = pen.canvas.fonts.fit(words, Style(11, bold=True, color=WHITE), 152, smallest=8.5, lines=2)
    baseline = top + 97 + style.size * (0.35 - (len(lines) - 1) * 0.6)
    with pen.canvas.tagged("P", words):
        for line in pen.canvas.spaced(lines):
            pen.canvas.text(LEFT + 16, baseline, line, style, tag=None)
            baseline += style.size * 1.2


def _draw_meaning(pen: Pen, top: float, words: str, notes: tuple[str, ...]) -> float:
    canvas, texts = pen.canvas, pen.texts
    x = LEFT + 196
    canvas.text(x, top + 12, texts("subject.meaning"), HEADING, tag="H2")
    y = top + 21
    if words in texts:
        y = canvas.paragraph(x, y, RIGHT - x, texts(words), Style(10.5))
    for note in notes:
        y = canvas.paragraph(x, y + 3, RIGHT - x, texts(note), Style(8.5, bold=True))
    return max(top + _PANEL, y)


def _draw_bar_heading(pen: Pen, top: float, scaled: Scaled) -> float:
    texts = pen.texts
    if score_scale(scaled.test, scaled.grade, scaled.year, scaled.part) is None:
        return draw_heading(pen, top, texts("outcome.level_reached")) + 4
    return (
        draw_heading(pen, top, texts("subject.scale", grade=grade_name(texts, scaled.grade))) + FLAG_ROOM + 2
    )


def _draw_bar(pen: Pen, y: float, scaled: Scaled, level: int | None) -> None:
    scaled.steps((LEFT, y), WIDTH).draw(pen.canvas, pen.texts, level)


def _draw_flag(pen: Pen, y: float, scaled: Scaled, points: Points) -> float:
    canvas, texts = pen.canvas, pen.texts
    steps = scaled.steps((LEFT, y), WIDTH)
    said = [
        f"{texts(f'subject.{scaled.test.subject}')} {points.value}",
        shown_level(texts, scaled.test, scaled.year, points.level),
    ]
    if points.band:
        said.insert(1, shown_band(texts, *_band_of(points)))
    words = f"{', '.join(said)}. {steps.describe(texts)}."
    with canvas.figure(words, Box(LEFT, y - FLAG_ROOM, WIDTH, FLAG_ROOM + LEVEL_HEIGHT + 14)):
        if steps.scale:
            steps.draw_flag(canvas, points)
    if steps.scale is None:
        return canvas.paragraph(LEFT, y + LEVEL_HEIGHT + 4, WIDTH, texts("outcome.no_scale"), CAPTION)
    caption = texts("outcome.band_words" if points.band else "outcome.bar_words")
    return canvas.paragraph(LEFT, y + LEVEL_HEIGHT + 17, WIDTH, caption, CAPTION)


def _draw_bar_only(pen: Pen, top: float, scaled: Scaled) -> float:
    """Where there is no score, show the levels for information."""
    texts = pen.texts
    known = score_scale(scaled.test, scaled.grade, scaled.year, scaled.part) is not None
    grade = grade_name(texts, scaled.grade)
    y = (
        draw_heading(
            pen, top, texts("subject.scale_only", grade=grade) if known else texts("outcome.levels_only")
        )
        + 4
    )
    steps = scaled.steps((LEFT, y), WIDTH)
    with pen.canvas.figure(f"{steps.describe(texts)}.", Box(LEFT, y, WIDTH, LEVEL_HEIGHT + 14)):
        steps.draw(pen.canvas, texts, None)
    words = texts("outcome.bar_words" if known else "outcome.no_scale")
    return pen.canvas.paragraph(LEFT, y + LEVEL_HEIGHT + (17 if known else 4), WIDTH, words, CAPTION)


def draw_composites(sheet: StudentSheet, outcome: Outcome, top: float) -> float:
    """Draw the composites beside each other; return the bottom."""
    y = sheet.fixed(_draw_heading, top, "outcome.composites")
    scaled = Scaled(outcome.test, outcome.grade, outcome.year)
    for x, one in zip((LEFT, SECOND), outcome.composites, strict=False):
        _draw_composite(sheet, scaled._replace(part=one.composite.part), one, (x, y))
    return y + _COMPOSITE


def _draw_heading(pen: Pen, top: float, key: str) -> float:
    return draw_heading(pen, top, pen.texts(key))


def _draw_composite(sheet: StudentSheet, scaled: Scaled, one: CompositeOutcome, corner: Point) -> None:
    name, points = one.composite.name, one.points
    sheet.fixed(_draw_composite_panel, corner, scaled.test, name)
    if points is None:
        words = sheet.texts("outcome.no_composite")
        sheet.variant(_draw_composite_levels, corner, scaled, None, words, 14.0)
        return
    sheet.value(_draw_composite_score, corner, scaled.test, points.value)
    words = shown_level(sheet.texts, scaled.test, scaled.year, points.level)
    sheet.variant(_draw_composite_levels, corner, scaled, points.level, words, 78.0)
    sheet.value(_draw_composite_mark, corner, scaled, name, points.value)


def _draw_composite_panel(pen: Pen, corner: Point, test: Test, name: str) -> None:
    x, y = corner
    draw_panel(pen, Box(x, y, HALF, _COMPOSITE), tones_of(test).strong)
    pen.canvas.text(x + 14, y + 18, pen.texts.named(name), STRONG, tag="H3")


def _draw_composite_score(pen: Pen, corner: Point, test: Test, score: int) -> None:
    style = Style(24, bold=True, color=tones_of(test).strong)
    pen.canvas.text(corner[0] + 14, corner[1] + 45, str(score), style)


def _draw_composite_levels(
    pen: Pen, corner: Point, scaled: Scaled, level: int | None, words: str, indent: float
) -> None:
    style = Style(10, bold=True, color=tones_of(scaled.test).strong)
    (line,), style = pen.canvas.fonts.fit(words, style, HALF - 92, smallest=7.5)
    pen.canvas.text(corner[0] + indent, corner[1] + 42, line, style)
    _low_bar(scaled, corner).draw(pen.canvas, pen.texts, level)


def _low_bar(scaled: Scaled, corner: Point) -> Steps:
    """Return the bar of levels in a composite's panel."""
    return scaled.steps((corner[0] + 14, corner[1] + 58), HALF - 28, 26)


def _draw_composite_mark(pen: Pen, corner: Point, scaled: Scaled, name: str, score: int) -> None:
    x, y = corner
    steps = _low_bar(scaled, corner)
    words = f"{pen.texts.named(name)} {score}. {steps.describe(pen.texts)}."
    with pen.canvas.figure(words, Box(x + 14, y + 49, HALF - 28, 49)):
        if steps.scale:
            place, strong = steps.place(score), tones_of(scaled.test).strong
            pen.canvas.polygon([(place - 4.5, y + 50), (place + 4.5, y + 50), (place, y + 57)], strong)


def draw_areas(sheet: StudentSheet, outcome: Outcome, top: float) -> float:
    """Draw the areas in two columns; return the bottom."""
    y = sheet.fixed(_draw_areas_heading, top)
    for number, area in enumerate(outcome.areas):
        corner = (LEFT, SECOND)[number % 2], y + 4 + _AREA * (number // 2)
        sheet.variant(_draw_area, corner, outcome.test, outcome.year, area)
    y += 4 + _AREA * ((len(outcome.areas) + 1) // 2)
    if any(area.exempt for area in outcome.areas):
        return sheet.variant(_draw_caption, y, "outcome.exempt_words")
    return y


def _draw_areas_heading(pen: Pen, top: float) -> float:
    y = draw_heading(pen, top, pen.texts("outcome.domains"))
    return pen.canvas.paragraph(LEFT, y, WIDTH, pen.texts("outcome.domains_words"), CAPTION)


def _draw_caption(pen: Pen, top: float, key: str) -> float:
    return pen.canvas.paragraph(LEFT, top, WIDTH, pen.texts(key), CAPTION)


def _draw_area(pen: Pen, corner: Point, test: Test, year: AdministrationYear, area: AreaOutcome) -> None:
    canvas, texts = pen.canvas, pen.texts
    x, y = corner
    tones = tones_of(test)
    if area.level:
        # Only science compares its areas with the standard; the other tests have three degrees of skill.
        draw = draw_area_symbol if test is Test.CAST else draw_stairs
        draw(canvas, (x, y + 3), area.level, tones)
        words = texts.named(area_level_label(test, year, area.level))
    else:
        with canvas.dashed(3, 2):
            canvas.frame(Box(x, y + 3, 34, 34), tones.strong, 0.8)
        words = texts("outcome.exempt" if area.exempt else "outcome.no_area")
    canvas.text(x + 44, y + 12, texts.named(area.area.name), STRONG, tag="H3")
    canvas.text(x + 44, y + 24, words, Style(9.5, bold=True, color=tones.strong))
    key = f"{test}.{area.area.column}"
    if key in texts:
        (line,), style = canvas.fonts.fit(texts(key), Style(8.5), HALF - 44, smallest=7)
        canvas.text(x + 44, y + 36, line, style)


def draw_history(sheet: StudentSheet, outcome: Outcome, top: float) -> float:
    """Draw this year and the years before it, each in the scale and the words of its own year."""
    if not outcome.history:
        return sheet.fixed(draw_no_history, top)
    y = sheet.fixed(_draw_history_head, top)
    now = PastOutcome(
        outcome.year, outcome.grade, outcome.points, outcome.missing, outcome.notes, comparable=True
    )
    rows = (*outcome.history, now)
    for number, row in enumerate(rows):
        shown = _HistoryRow(row, row is now, _why(sheet.texts, outcome.test, row))
        sheet.value(_draw_history_row, y + _ROW * number, outcome.test, shown)
    scales = (score_scale(outcome.test, row.grade, row.year) for row in rows if row.points)
    notes = ["outcome.history_words"] if any(scales) else []  # without a scale there is no bar to explain
    years = [row.year for row in rows]
    renamed = year_of_other_names(outcome.test, min(years), max(years))
    if renamed is not None:
        notes.append("history.renamed" if all(row.comparable for row in rows) else "outcome.renamed")
    broken = next((row.year for row in rows[1:] if row.comparable), None)
    since = broken if not all(row.comparable for row in rows) else None
    remarks = tuple(_Remark(row.year, note) for row in rows if row.points for note in row.notes)
    return sheet.variant(_draw_history_notes, y + _ROW * len(rows), tuple(notes), renamed, since, remarks)


class _Remark(NamedTuple):
    """What must be said beside the score of a year."""

    year: AdministrationYear
    note: Note


class _HistoryRow(NamedTuple):
    """What a row of the history says."""

    past: PastOutcome
    current: bool
    why: str
    """The key of the words for a year without a score."""


def _why(texts: Texts, test: Test, row: PastOutcome) -> str:
    """Return the key of the words for a year without a score."""
    reason = row.missing or Missing.NO_RECORD
    return word_key(texts, test.assessment, f"{reason}.table")


_PLACES = (LEFT, LEFT + 52, LEFT + 98, LEFT + 148, LEFT + 330)
"""Where year, grade, score, picture and level of the history begin."""


def _draw_history_head(pen: Pen, top: float) -> float:
    canvas, texts = pen.canvas, pen.texts
    y = draw_heading(pen, top, texts("history.title"))
    canvas.open_group("Table")
    canvas.open_group("TR")
    for place, key in zip((*_PLACES[:3], _PLACES[4]), ("year", "grade", "score", "level"), strict=True):
        canvas.text(place, y + 8, texts(f"history.{key}"), LABEL, tag="TH")
    canvas.close_group()
    return y + 13


def _draw_history_row(pen: Pen, y: float, test: Test, shown_row: _HistoryRow) -> None:
    canvas, texts = pen.canvas, pen.texts
    row, current, why = shown_row
    style = Style(9, bold=current)
    if current:
        canvas.rectangle(Box(LEFT - 4, y, WIDTH + 8, _ROW), PAPER)
        canvas.line((LEFT - 4, y + _ROW), (RIGHT + 4, y + _ROW), RULE, 0.5)
    canvas.line((LEFT - 4, y), (RIGHT + 4, y), RULE, 0.5)
    shown, words = texts("history.dash"), texts(why)
    if row.points:
        shown = str(row.points.value)
        if not row.comparable:
            shown = texts("outcome.marked", score=shown)
        if row.notes:
            shown = texts("history.marked", score=shown)
        words = shown_level(texts, test, row.year, row.points.level)
        steps = Scaled(test, row.grade, row.year).steps((_PLACES[3], y + 7), 166, 10)
        if steps.scale:
            steps.draw_low(canvas)
            steps.draw_dot(canvas, row.points, current=current)
    canvas.open_group("TR")
    cells = (shown_year(row.year), grade_name(texts, row.grade), shown)
    for place, cell in zip(_PLACES[:3], cells, strict=True):
        canvas.text(place, y + 15, cell, style, tag="TD")
    (line,), style = canvas.fonts.fit(words, style, RIGHT - _PLACES[4], smallest=7)
    canvas.text(_PLACES[4], y + 15, line, style, tag="TD")
    canvas.close_group()


def _draw_history_notes(
    pen: Pen,
    y: float,
    notes: tuple[str, ...],
    renamed: AdministrationYear | None,
    since: AdministrationYear | None,
    remarks: tuple[_Remark, ...],
) -> float:
    """End the table and draw what must be known to read it; return the bottom.

    `renamed` is the year in which the levels got other names, `since` the one from which on scores can be compared.
    """
    canvas, texts = pen.canvas, pen.texts
    canvas.close_group()
    y += 3
    new_names = shown_year(renamed) if renamed else ""
    for note in notes:
        y = canvas.paragraph(LEFT, y, WIDTH, texts(note, year=new_names), LABEL)
    if since:
        y = canvas.paragraph(LEFT, y, WIDTH, texts("outcome.not_comparable", year=shown_year(since)), LABEL)
    for year, note in remarks:
        words = texts(f"history.note.{note}", year=shown_year(year))
        y = canvas.paragraph(LEFT, y, WIDTH, words, LABEL)
    return y
