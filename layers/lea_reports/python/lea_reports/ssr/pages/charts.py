"""The pictures of the SSR: level bar, history columns, area symbols and point scales.

Every picture also reads in black and white: what matters has a number, a word or a place beside its colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.assessments import Subject, score_scale
from lea_reports.ssr.pages.palette import AMBER, MUTED, NAVY, NEUTRAL_TINTS, TONES, Tones, tones_of
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.placeholders import derived
from lea_reports.typesetting.styles import INK, WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lea_reports.assessments import AdministrationYear, ScoreScale, Test
    from lea_reports.typesetting.canvas import Canvas, Point
    from lea_reports.typesetting.texts import Texts

BAR_HEIGHT = 38.0
FLAG_HEIGHT = 34.0
"""What the flag and the bracket need above a level bar."""
_TICKS = Style(8, color=MUTED)
_FLAG_WIDTH, _FLAG_BOX, _SHOULDER = 44.0, 19.0, 5.0


@dataclass(frozen=True, slots=True)
class Span:
    """Where on a page the scores of a scale lie, and the flag of each."""

    lowest: int
    highest: int
    x: float
    width: float

    def place(self, score: int) -> float:
        """Return where a score lies."""
        return self.x + (score - self.lowest) / (self.highest - self.lowest) * self.width

    def flag(self, score: int) -> float:
        """Return where the flag of a score begins: in its middle, but never beside the bar."""
        return min(max(self.place(score) - _FLAG_WIDTH / 2, self.x), self.x + self.width - _FLAG_WIDTH)

    def left_shoulder(self, score: int) -> float:
        """Return where the tip of a flag begins."""
        return max(self.place(score) - _SHOULDER, self.flag(score))

    def right_shoulder(self, score: int) -> float:
        """Return where the tip of a flag ends."""
        return min(self.place(score) + _SHOULDER, self.flag(score) + _FLAG_WIDTH)


@dataclass(frozen=True, slots=True)
class LevelBar:
    """The scale of a grade from its lowest to its highest score, divided into its levels."""

    scale: ScoreScale
    labels: Mapping[int, str]
    tones: Tones
    x: float
    y: float
    width: float

    @property
    def span(self) -> Span:
        """Where scores lie on it."""
        return Span(self.scale.lowest, self.scale.highest, self.x, self.width)

    def draw(self, canvas: Canvas, texts: Texts, reached: int | None) -> None:
        """Draw the bar with its thresholds; the level that was reached stands out."""
        place_of = self.span.place
        for level in self.scale.levels:
            left = place_of(level.minimum)
            right = place_of(level.maximum + 1) if level.maximum < self.scale.highest else self.x + self.width
            self._segment(canvas, texts, level.level, (left, right), reached=level.level == reached)
        for bound in (self.scale.lowest, *self.scale.thresholds, self.scale.highest):
            place = place_of(bound)
            canvas.line((place, self.y), (place, self.y + BAR_HEIGHT + 3), MUTED, 0.6)
            if bound == self.scale.lowest:
                canvas.text(place, self.y + BAR_HEIGHT + 12, str(bound), _TICKS, tag=None)
            elif bound == self.scale.highest:
                canvas.text_right(place, self.y + BAR_HEIGHT + 12, str(bound), _TICKS, tag=None)
            else:
                canvas.text_centred(place, self.y + BAR_HEIGHT + 12, str(bound), _TICKS, tag=None)

    def describe(self, texts: Texts) -> str:
        """Tell in words which scores belong to which level."""
        return "; ".join(
            f"{texts('history.named', level=level.level, label=texts.named(self.labels[level.level]))} "
            f"{level.minimum}\N{EN DASH}{level.maximum}"
            for level in self.scale.levels
        )

    def _segment(
        self, canvas: Canvas, texts: Texts, level: int, ends: tuple[float, float], *, reached: bool
    ) -> None:
        left, right = ends
        ground = self.tones.strong if reached else self.tones.tints[level - 1]
        canvas.rectangle(Box(left, self.y, right - left, BAR_HEIGHT), ground)
        if reached:  # taller than the rest, so that it stands out without colour too
            canvas.rectangle(Box(left, self.y - 2, right - left, 2), ground)
        ink = WHITE if reached else INK
        centre = (left + right) / 2
        label, style = canvas.fonts.fit(
            texts.named(self.labels[level]),
            Style(9.5, bold=True, color=ink),
            right - left - 4,
            smallest=6.5,
            lines=2,
        )
        height = 9 + len(label) * style.size * 1.15
        baseline = self.y + (BAR_HEIGHT - height) / 2 + 7.5
        canvas.text_centred(centre, baseline, texts("level", level=level), Style(7.5, color=ink), tag=None)
        for line in label:
            baseline += style.size * 1.15
            canvas.text_centred(centre, baseline, line, style, tag=None)

    def draw_flag(self, canvas: Canvas, score: int, band: Sequence[int]) -> None:
        """Draw a score's flag and, where it is known, its error band over the bar."""
        span = self.span
        place, left = derived(span.place, score), derived(span.flag, score)
        bracket = self.y - 6
        if band:
            ends = [derived(span.place, end) for end in band]
            canvas.line((ends[0], bracket), (ends[1], bracket), INK, 1.4)
            for end in ends:
                canvas.line((end, bracket - 3.5), (end, bracket + 3.5), INK, 1.4)
        top = self.y - FLAG_HEIGHT
        canvas.rectangle(Box(left, top, _FLAG_WIDTH, _FLAG_BOX), INK)
        foot = top + _FLAG_BOX
        shoulders = derived(span.left_shoulder, score), derived(span.right_shoulder, score)
        tip = bracket - 0.7 if band else self.y - 3
        canvas.polygon([(shoulders[0], foot), (shoulders[1], foot), (place, tip)], INK)
        canvas.text_centred(
            left + _FLAG_WIDTH / 2, top + 14, str(score), Style(12.5, bold=True, color=WHITE), tag=None
        )


class HistoryColumn(NamedTuple):
    """One year of the history chart."""

    year: AdministrationYear
    grade: str
    current: bool
    numbers: int
    """How many numbers its score has: none without a score, else the score, or the score and the ends of its band."""


@dataclass(frozen=True, slots=True)
class HistoryChart:
    """Every score inside the levels of its own year and grade.

    All columns share one axis of scale scores, so that a higher dot is a higher score; each column begins
    and ends where its own scale does and is divided at its own thresholds.
    """

    test: Test
    columns: Sequence[HistoryColumn]
    """From left to right; at least one of them has a score."""
    x: float
    y: float
    width: float
    height: float

    def draw(self, canvas: Canvas, captions: Sequence[tuple[str, str]], missing: str) -> None:
        """Draw the columns with two lines below each; `missing` stands in those without a score."""
        axis = self._axis()
        for left, column, (headline, subline) in zip(self._lefts(), self.columns, captions, strict=True):
            middle = left + self._bar / 2
            foot = self.y + self.height
            headline_style = Style(8.5, bold=column.current)
            canvas.text_centred(middle, foot + 14, headline, headline_style, tag=None)
            canvas.text_centred(middle, foot + 24.5, subline, Style(8, color=MUTED), tag=None)
            scale = self._scale(column)
            if scale is None:
                self._draw_missing(canvas, left, missing)
            else:
                self._draw_levels(canvas, left, scale, axis)

    def draw_scores(self, canvas: Canvas, numbers: Sequence[int]) -> None:
        """Draw the dots with their error bands: the numbers of each column, one after the other."""
        axis = self._axis()
        left_numbers = iter(numbers)
        for left, column in zip(self._lefts(), self.columns, strict=True):
            if column.numbers:
                self._draw_score(canvas, left, column, [*islice(left_numbers, column.numbers)], axis)

    @property
    def _bar(self) -> float:
        return min(44.0, self.width / len(self.columns) * 0.5)

    def _lefts(self) -> list[float]:
        step = self.width / len(self.columns)
        return [self.x + (number + 0.5) * step - (self._bar + 26) / 2 for number in range(len(self.columns))]

    def _scale(self, column: HistoryColumn) -> ScoreScale | None:
        return score_scale(self.test, column.grade, column.year) if column.numbers else None

    def _axis(self) -> Axis:
        scales = [scale for scale in map(self._scale, self.columns) if scale]
        return Axis(min(s.lowest for s in scales), max(s.highest for s in scales), self.y, self.height)

    def _draw_missing(self, canvas: Canvas, left: float, words: str) -> None:
        bar = self._bar
        with canvas.dashed(3, 2):
            canvas.frame(Box(left, self.y, bar, self.height), MUTED, 0.6)
        style = Style(7.5, color=MUTED)
        lines = canvas.fonts.wrap(words, style, bar - 4)
        for number, line in enumerate(lines):
            baseline = self.y + self.height / 2 + 10 * (number - (len(lines) - 1) / 2)
            canvas.text_centred(left + bar / 2, baseline, line, style, tag=None)

    def _draw_levels(self, canvas: Canvas, left: float, scale: ScoreScale, axis: Axis) -> None:
        bar = self._bar
        for level in scale.levels:
            top, bottom = axis.place(level.maximum), axis.place(level.minimum)
            tint = tones_of(self.test).tints[level.level - 1]
            canvas.rectangle(Box(left, top, bar, bottom - top), tint)
            canvas.text(left + 3, (top + bottom) / 2 + 2.5, str(level.level), Style(7), tag=None)
        for threshold in scale.thresholds:
            height = axis.place(threshold)
            canvas.line((left, height), (left + bar, height), WHITE, 1)
        top, bottom = axis.place(scale.highest), axis.place(scale.lowest)
        canvas.frame(Box(left, top, bar, bottom - top), MUTED, 0.6)

    def _draw_score(
        self, canvas: Canvas, left: float, column: HistoryColumn, score: Sequence[int], axis: Axis
    ) -> None:
        bar = self._bar
        middle = round(left + bar / 2, 2)
        height, *ends = (derived(axis.place, number) for number in score)
        if ends:
            canvas.line((middle, ends[0]), (middle, ends[1]), INK, 1.2)
        for end in ends:
            canvas.line((middle - 3, end), (middle + 3, end), INK, 1.2)
        canvas.dot((middle, height), 3.6, tones_of(self.test).strong if column.current else INK)
        style = Style(9, bold=column.current)
        canvas.text(left + bar + 3, height + 3.2, str(score[0]), style, tag=None)


@dataclass(frozen=True, slots=True)
class Axis:
    """Scale scores as heights on the page."""

    lowest: int
    highest: int
    top: float
    height: float

    def place(self, score: int) -> float:
        """Return the height of a score."""
        return self.top + self.height * (1 - (score - self.lowest) / (self.highest - self.lowest))


def draw_area_symbol(canvas: Canvas, corner: Point, level: int, tones: Tones) -> None:
    """Draw a dot under, on or over the line that stands for the standard, in a square of 34 points."""
    x, y = corner
    canvas.rectangle(Box(x, y, 34, 34), tones.tints[0])
    with canvas.dashed(3, 2):
        canvas.line((x + 4, y + 17), (x + 30, y + 17), tones.strong, 1.2)
    centre = (x + 17, y + {1: 26.0, 2: 17.0, 3: 8.0}[level])
    canvas.disc(centre, 6.2, WHITE)
    canvas.disc(centre, 5.2, tones.strong)


def draw_points(canvas: Canvas, corner: Point, points: int, most: int) -> None:
    """Draw one square per possible point, filled as far as points were given; 12 points high."""
    x, y = corner
    for number in range(most):
        square = Box(x + number * 16, y, 12, 12)
        if number < points:
            canvas.rectangle(square, TONES[Subject.ELA].strong)
        canvas.frame(square, TONES[Subject.ELA].strong, 1)


def draw_steps(canvas: Canvas, corner: Point, level: int, tones: Tones, width: float = 120.0) -> None:
    """Draw four steps, filled up to a level; 12 points high."""
    x, y = corner
    pitch = (width + 4) / 4
    for step in range(1, 5):
        height = 4.0 + step * 2
        box = Box(x + (step - 1) * pitch, y + 12 - height, pitch - 4, height)
        if step <= level:
            canvas.rectangle(box, tones.strong)
        canvas.frame(box, tones.strong, 0.9)


def draw_sample_bar(canvas: Canvas, box: Box, flag: str) -> None:
    """Draw a level bar without scores, whose flag, bracket and level carry the marks A, B and C."""
    x, y, width, height = box
    borders = (0.0, 0.25, 0.45, 0.75, 1.0)
    reached = 3
    top = y + height - 26
    for level, (start, end) in enumerate(pairwise(borders), start=1):
        ground = NAVY if level == reached else NEUTRAL_TINTS[level - 1]
        canvas.rectangle(Box(x + start * width, top, (end - start) * width, 26), ground)
        ink = WHITE if level == reached else INK
        canvas.text_centred(
            x + (start + end) / 2 * width, top + 16, str(level), Style(8.5, color=ink), tag=None
        )
    place, bracket = x + 0.6 * width, top - 6
    low, high = place - 24, place + 24
    canvas.line((low, bracket), (high, bracket), INK, 1.4)
    for end in (low, high):
        canvas.line((end, bracket - 3.5), (end, bracket + 3.5), INK, 1.4)
    canvas.rectangle(Box(place - 20, top - 31, 40, 17), INK)
    canvas.polygon([(place - 5, top - 14), (place + 5, top - 14), (place, bracket - 0.7)], INK)
    (line,), style = canvas.fonts.fit(flag, Style(8.5, bold=True, color=WHITE), 38, smallest=5)
    canvas.text_centred(place, top - 19.5, line, style, tag=None)
    for mark, centre in zip(
        "ABC", ((place - 32, top - 22.5), (high + 13, bracket - 1), (x + 0.69 * width, top + 13)), strict=True
    ):
        draw_mark(canvas, centre, mark)


def draw_mark(canvas: Canvas, centre: Point, mark: str) -> None:
    """Draw a letter in a circle, by which a picture and its explanation find each other."""
    canvas.disc(centre, 7.5, WHITE)
    canvas.disc(centre, 6.8, AMBER)
    canvas.text_centred(centre[0], centre[1] + 3, mark, Style(8.5, bold=True, color=INK), tag=None)
