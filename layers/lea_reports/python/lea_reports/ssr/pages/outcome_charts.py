"""The pictures of the SSRs beside Smarter Balanced: the bar of levels, and a row of the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.ssr.pages.palette import MUTED, Tones
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.fonts import ELLIPSIS
from lea_reports.typesetting.styles import INK, WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lea_reports.assessments import ScoreScale
    from lea_reports.ssr.results.outcome import Points
    from lea_reports.typesetting.canvas import Canvas, Point
    from lea_reports.typesetting.texts import Texts

LEVEL_HEIGHT = 32.0
FLAG_ROOM = 34.0
"""What the flag and the bracket need above a bar."""
_TICKS = Style(8, color=MUTED)
_FLAG_WIDTH, _FLAG_BOX = 44.0, 19.0
_FIRST_THAT_MAY_BE_DIVIDED = "\u2e80"
"""Han, kana and Hangul begin here; the letters of all other languages of an SSR stand before."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The levels of a test side by side, equally wide whatever the scale, so that every name has room.

    Without a scale there are neither numbers nor a flag.
    """

    scale: ScoreScale | None
    labels: Mapping[int, str]
    tones: Tones
    x: float
    y: float
    width: float
    height: float = LEVEL_HEIGHT

    @property
    def _step(self) -> float:
        return self.width / len(self.labels)

    def place(self, score: int) -> float:
        """Return where a score lies: inside its level, as far from its ends as on the scale."""
        if self.scale is None:
            raise LookupError("Without a scale no score has a place.")
        for part in self.scale.levels:
            if score <= part.maximum or part.maximum == self.scale.highest:
                share = (score - part.minimum) / (part.maximum + 1 - part.minimum)
                return self.x + (part.level - 1 + share) * self._step
        raise LookupError(f"{score} lies off the scale.")

    def draw(self, canvas: Canvas, texts: Texts, reached: int | None) -> None:
        """Draw the levels with their names; the one that was reached stands out.

        Where a name has no room every level has its number instead.
        """
        names = {level: texts.named(label) for level, label in self.labels.items()}
        style = Style(9, bold=True)
        fitted = [
            canvas.fonts.fit(name, style, self._step - 8, smallest=6.5, lines=2) for name in names.values()
        ]
        if any(_is_cut(name, lines) for name, (lines, _) in zip(names.values(), fitted, strict=True)):
            fitted = [((str(level),), style) for level in self.labels]
        for level, (lines, fitting) in zip(self.labels, fitted, strict=True):
            left = self.x + (level - 1) * self._step
            here = level == reached
            canvas.rectangle(
                Box(left, self.y, self._step, self.height),
                self.tones.strong if here else self.tones.tints[level - 1],
            )
            if here:  # taller than the rest, so that it stands out without colour too
                canvas.rectangle(Box(left, self.y - 2, self._step, 2), self.tones.strong)
            baseline = self.y + self.height / 2 + 3 - (len(lines) - 1) * fitting.size * 0.58
            for line in lines:
                middle = left + self._step / 2
                canvas.text_centred(
                    middle, baseline, line, fitting.in_color(WHITE if here else INK), tag=None
                )
                baseline += fitting.size * 1.16
        for number in range(1, len(self.labels)):
            border = self.x + number * self._step
            canvas.line((border, self.y), (border, self.y + self.height), WHITE, 1)
        if self.scale:
            self._draw_ticks(canvas, self.scale)

    def _draw_ticks(self, canvas: Canvas, scale: ScoreScale) -> None:
        below = self.y + self.height + 12
        canvas.text(self.x, below, str(scale.lowest), _TICKS, tag=None)
        for number, threshold in enumerate(scale.thresholds, start=1):
            place = self.x + number * self._step
            canvas.line((place, self.y + self.height), (place, self.y + self.height + 3), MUTED, 0.6)
            canvas.text_centred(place, below, str(threshold), _TICKS, tag=None)
        canvas.text_right(self.x + self.width, below, str(scale.highest), _TICKS, tag=None)

    def draw_flag(self, canvas: Canvas, points: Points) -> None:
        """Draw a score's flag and, where it is known, its error band over the bar."""
        place, bracket = self.place(points.value), self.y - 6
        if points.band:
            low, high = map(self.place, points.band)
            canvas.line((low, bracket), (high, bracket), INK, 1.4)
            for end in (low, high):
                canvas.line((end, bracket - 3.5), (end, bracket + 3.5), INK, 1.4)
        left = min(max(place - _FLAG_WIDTH / 2, self.x), self.x + self.width - _FLAG_WIDTH)
        top = self.y - FLAG_ROOM
        canvas.rectangle(Box(left, top, _FLAG_WIDTH, _FLAG_BOX), INK)
        foot = top + _FLAG_BOX
        shoulder = min(5.0, place - left), min(5.0, left + _FLAG_WIDTH - place)
        tip = bracket - 0.7 if points.band else self.y - 3
        canvas.polygon([(place - shoulder[0], foot), (place + shoulder[1], foot), (place, tip)], INK)
        canvas.text_centred(
            left + _FLAG_WIDTH / 2, top + 14, str(points.value), Style(12.5, bold=True, color=WHITE), tag=None
        )

    def draw_dot(self, canvas: Canvas, points: Points, *, current: bool) -> None:
        """Mark a score on a bar that is too low for a flag."""
        centre = (self.place(points.value), self.y + self.height / 2)
        canvas.disc(centre, self.height * 0.42 + 1.2, WHITE)
        canvas.disc(centre, self.height * 0.42, self.tones.strong if current else INK)

    def draw_low(self, canvas: Canvas) -> None:
        """Draw the levels without names, as a row of the history has them."""
        for level in self.labels:
            left = self.x + (level - 1) * self._step
            canvas.rectangle(Box(left, self.y, self._step, self.height), self.tones.tints[level - 1])
            if level > 1:
                canvas.line((left, self.y), (left, self.y + self.height), WHITE, 1)
        canvas.frame(Box(self.x, self.y, self.width, self.height), MUTED, 0.5)

    def describe(self, texts: Texts) -> str:
        """Tell in words which levels there are and, where it is known, which scores belong to each."""
        ranges = {level.level: level for level in self.scale.levels} if self.scale else {}
        return "; ".join(
            texts("history.named", level=level, label=texts.named(label))
            + (f" {ranges[level].minimum}\N{EN DASH}{ranges[level].maximum}" if level in ranges else "")
            for level, label in self.labels.items()
        )


def _is_cut(name: str, lines: Sequence[str]) -> bool:
    """Tell whether a name lost its end, or one of its words is divided; Han and Hangul may be."""
    whole = {word for line in lines for word in line.split()}
    divided = any(word not in whole and word < _FIRST_THAT_MAY_BE_DIVIDED for word in name.split())
    return divided or lines[-1].endswith(ELLIPSIS)


def draw_stairs(canvas: Canvas, corner: Point, level: int, tones: Tones) -> None:
    """Draw three stairs, filled up to a level, in a square of 34 points."""
    x, y = corner
    canvas.rectangle(Box(x, y, 34, 34), tones.tints[0])
    for stair in range(1, 4):
        height = 8.0 * stair
        box = Box(x + 4 + (stair - 1) * 9, y + 30 - height, 7.5, height)
        if stair <= level:
            canvas.rectangle(box, tones.strong)
        canvas.frame(box, tones.strong, 0.8)
