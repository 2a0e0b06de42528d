"""A sheet of US Letter pages to draw on: points from the top left corner, baselines for text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.typesetting.directions import has_right_to_left
from lea_reports.typesetting.fonts import TIGHT
from lea_reports.typesetting.styles import LINE_HEIGHT, WHITE, Style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.typesetting.fonts import Fonts, Run
    from lea_reports.typesetting.styles import Rgb

PAGE_WIDTH = 612.0
PAGE_HEIGHT = 792.0
Point = tuple[float, float]


def _ends_a_word(line: str) -> bool:
    return line[-1:] < "\u2e80" or "\uac00" <= line[-1:] <= "\ud7a3"


def _with_spaces(lines: Sequence[str], text: str) -> Iterator[str]:
    """Yield the lines of a text, each with the space that stands there between it and the next."""
    end = 0
    for line in lines:
        end += len(line)
        space = text[end : end + 1] == " "
        end += space
        yield f"{line} " if space else line


def _break_words(lines: Sequence[str], text: str) -> bool:
    """Tell whether a line ends inside a word; between Han nothing is a word's inside."""
    *ended, _ = _with_spaces(lines, text)
    return any(_ends_a_word(line) and not line.endswith(" ") for line in ended)


class Box(NamedTuple):
    """A rectangle: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """Where a text of unknown length stands: in one line, set smaller until it fits.

    What does not fit either fills the room `above` and `below` with several lines, or is cut if there is none.
    """

    x: float
    """Where it begins, or where it ends if it is `ranged_right`."""
    baseline: float
    width: float
    style: Style
    smallest: float
    """The size below which it takes several lines or is cut."""
    tag: str | None = "P"
    ranged_right: bool = False
    above: float = 0.0
    """How far over the baseline the first of several lines may begin."""
    below: float = 0.0
    """How far under the baseline the last of them may end."""

    def draw(self, canvas: Canvas, text: str) -> None:
        """Write a text."""
        fonts, room = canvas.fonts, self.above + self.below
        lines, style = fonts.fit(text, self.style, self.width, smallest=self.smallest)
        if room and lines[0] != text:
            lines, style = fonts.fill(text, self.style, self.width, room)
        if len(lines) > 1:
            canvas.block(self.x, self.baseline - self.above, lines, style, text, self.tag)
            return
        show = canvas.text_right if self.ranged_right else canvas.text
        show(self.x, self.baseline, lines[0], style, self.tag)


class Canvas(ABC):
    """Pages being drawn. What is here decides where marks stand; a subclass decides how they are written."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        self.right_to_left = False
        """Mirror what is drawn: places are given as on a page that is read from the left."""

    @abstractmethod
    def add_page(self) -> None:
        """Begin a new page."""

    def text(self, x: float, baseline: float, text: str, style: Style, tag: str | None = "P") -> None:
        """Write one line. `tag` is what it is to a screen reader; nothing of its own if None."""
        if self.right_to_left:
            x = PAGE_WIDTH - x - self.fonts.width(text, style)
        if tag is None:
            self._show_runs(x, baseline, text, style)
        else:
            with self.tagged(tag, text):
                self._show_runs(x, baseline, text, style)

    def _show_runs(self, x: float, baseline: float, text: str, style: Style) -> None:
        runs = self.fonts.visual_runs(text, right_to_left=self.right_to_left)
        for run in runs:
            self._show(x, baseline, run, style)
            if len(runs) > 1:
                x += self.fonts.run_width(run, style)

    def text_right(
        self, right: float, baseline: float, text: str, style: Style, tag: str | None = "P"
    ) -> None:
        """Write one line that ends at `right`."""
        self.text(right - self.fonts.width(text, style), baseline, text, style, tag)

    def text_centred(
        self, centre: float, baseline: float, text: str, style: Style, tag: str | None = "P"
    ) -> None:
        """Write one line around `centre`."""
        self.text(centre - self.fonts.width(text, style) / 2, baseline, text, style, tag)

    def words(self, line: Line, text: str) -> None:
        """Write a text of unknown length on its line."""
        line.draw(self, text)

    def paragraph(self, x: float, top: float, width: float, text: str, style: Style) -> float:
        """Write a text in lines of at most `width`; return the bottom of its last line."""
        lines = self.fonts.wrap(text, style, width)
        with self.tagged("P", text):
            return self.lines(x, top, lines, style)

    def lines(self, x: float, top: float, lines: Sequence[str], style: Style) -> float:
        """Write ready lines of one paragraph below each other; return the bottom of the last."""
        step = style.size * LINE_HEIGHT
        baseline = top + style.size * 1.07
        with self.tagged("P", " ".join(lines)):
            for line in self.spaced(lines):
                self.text(x, baseline, line, style, tag=None)
                baseline += step
        return top + step * len(lines)

    def block(
        self, x: float, top: float, lines: Sequence[str], style: Style, text: str, tag: str | None
    ) -> None:
        """Write the lines of a text close below each other; they spell it, also where a word is broken inside."""
        apart = _break_words(lines, text) and not has_right_to_left(text)  # viewers would turn that around
        with self.tagged(tag, text), self.whole(text) if apart else nullcontext():
            baseline = top + style.size
            for line in _with_spaces(lines, text):
                hangs = self.right_to_left and line.endswith(" ") and not has_right_to_left(line)
                left = x - self.fonts.width(" ", style) if hangs else x
                self.text(left, baseline, line, style, tag=None)
                baseline += style.size * TIGHT

    def whole(self, words: str) -> AbstractContextManager[None]:
        """Say that the marks within the context are these words, though they stand apart."""
        del words
        return nullcontext()

    def spaced(self, lines: Sequence[str]) -> list[str]:
        """Return the lines of one paragraph with the spaces at their ends, which a reader listens for."""
        if self.right_to_left:  # the words are given beside the marks
            return list(lines)
        return [f"{line} " if _ends_a_word(line) else line for line in lines[:-1]] + list(lines[-1:])

    @abstractmethod
    def tagged(self, tag: str | None, words: str) -> AbstractContextManager[None]:
        """Say what the marks within the context are to a screen reader, and the words they spell.

        A tag within a tag says nothing; marks within no tag are ornaments.
        """

    @abstractmethod
    def figure(self, words: str, box: Box) -> AbstractContextManager[None]:
        """Say in words what a picture shows, and where it stands."""

    @abstractmethod
    def open_group(self, tag: str) -> None:
        """Begin a table or a row of one; it may end in a later block."""

    @abstractmethod
    def close_group(self) -> None:
        """End the innermost group."""

    def rectangle(self, box: Box, color: Rgb) -> None:
        """Fill a rectangle."""
        self._rectangle(self._on_page(box), color)

    def frame(self, box: Box, color: Rgb, line: float = 0.75) -> None:
        """Draw the outline of a rectangle."""
        self._frame(self._on_page(box), color, line)

    def line(self, start: Point, end: Point, color: Rgb, width: float = 0.75) -> None:
        """Draw a straight line."""
        self._line(self._point(start), self._point(end), color, width)

    def polygon(self, points: Sequence[Point], color: Rgb) -> None:
        """Fill a polygon."""
        self._polygon([self._point(point) for point in points], color)

    def disc(self, centre: Point, radius: float, color: Rgb) -> None:
        """Fill a circle."""
        self._disc(self._point(centre), radius, color)

    def dot(self, centre: Point, radius: float, color: Rgb) -> None:
        """Fill a circle that a white ring of one point sets off from what lies under it."""
        self._dot(self._point(centre), radius, color)

    def _point(self, point: Point) -> Point:
        return (PAGE_WIDTH - point[0], point[1]) if self.right_to_left else point

    def _on_page(self, box: Box) -> Box:
        return box._replace(x=PAGE_WIDTH - box.x - box.width) if self.right_to_left else box

    @contextmanager
    def dashed(self, dash: float, gap: float) -> Iterator[None]:
        """Draw lines dashed within the context."""
        self._dash(dash, gap)
        yield
        self._dash(0, 0)

    @abstractmethod
    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None: ...

    @abstractmethod
    def _rectangle(self, box: Box, color: Rgb) -> None: ...

    @abstractmethod
    def _frame(self, box: Box, color: Rgb, line: float) -> None: ...

    @abstractmethod
    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None: ...

    @abstractmethod
    def _polygon(self, points: Sequence[Point], color: Rgb) -> None: ...

    @abstractmethod
    def _disc(self, centre: Point, radius: float, color: Rgb) -> None: ...

    def _dot(self, centre: Point, radius: float, color: Rgb) -> None:
        self._disc(centre, radius + 1, WHITE)
        self._disc(centre, radius, color)

    @abstractmethod
    def _dash(self, dash: float, gap: float) -> None:
        """Draw the following lines dashed; without a break if both are 0."""
