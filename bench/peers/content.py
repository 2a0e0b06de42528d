"""What an SSR says, without where it stands: headings, paragraphs, tables and charts.

For peers that lay out themselves.
It is taken from our own layout code by a canvas that keeps what it is told instead of drawing it. Panels, rules and
other ornaments that stand in no chart are left out, which favours the peer.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from lea_reports.ssr.pages.grid import FOOT
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.canvas import PAGE_WIDTH, Box, Canvas
from tests.reference.plain_sheet import PlainSheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.fonts import Fonts, Run
    from lea_reports.typesetting.styles import Rgb, Style

Shape = dict[str, object]
"""A rectangle, line, polygon, disc or text of a chart, in points from the chart's top left corner."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Something drawn: where on the page, and what."""

    place: Point
    shape: Shape


@dataclass(slots=True)
class Block:
    """A heading, a paragraph, a table or a chart."""

    tag: str
    """H1, H2, H3, P, Table or Figure."""
    text: str = ""
    """Of a chart: what it shows, in words."""
    rows: list[list[str]] = field(default_factory=list)
    """Of a table; the first row has the headings."""
    width: float = 0
    height: float = 0
    shapes: list[Shape] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """One page: its blocks from top to bottom, and what stands at its foot."""

    blocks: list[Block] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Content:
    """One SSR."""

    title: str
    language: str
    right_to_left: bool
    pages: list[Page]

    def as_json(self) -> dict[str, object]:
        """Return it in plain dictionaries and lists."""
        return asdict(self)


def content_of(result: StudentResult, fonts: Fonts) -> Content:
    """Take down what the SSR of a student says; `fonts` measures texts."""
    texts = LANGUAGES[result.language]
    canvas = _Notes(fonts)
    PlainSheet(canvas, texts, result).draw()
    canvas.end_page()
    return Content(result.ssid, texts.language, texts.right_to_left, canvas.pages)


class _Notes(Canvas):
    """A canvas that takes notes."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts)
        self.pages: list[Page] = []
        self._table: Block | None = None
        self._charts: list[tuple[Block, Box]] = []
        self._marks: list[_Mark] = []
        self._in_chart = False
        self._in_tag = False
        self._pattern: tuple[float, float] = (0, 0)

    def add_page(self) -> None:
        self.end_page()
        self.pages.append(Page())

    def end_page(self) -> None:
        """Give every mark to the chart that it stands in: parts of a chart may come in several blocks."""
        for mark in self._marks:
            x, y = mark.place
            for block, box in self._charts:
                if box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height:
                    block.shapes.append(mark.shape | {"x": x - box.x, "y": y - box.y})
                    break
            else:
                if mark.shape["kind"] == "text" and y > FOOT:
                    self.pages[-1].foot.append(str(mark.shape["text"]))
        self._marks.clear()
        self._charts.clear()

    def text(self, x: float, baseline: float, text: str, style: Style, tag: str | None = "P") -> None:
        with self.tagged(tag, text):
            if not self._in_tag:
                left = PAGE_WIDTH - x - self.fonts.width(text, style) if self.right_to_left else x
                self._mark("text", (left, baseline), style.color, text=text, size=style.size, bold=style.bold)

    @contextmanager
    def tagged(self, tag: str | None, words: str) -> Iterator[None]:
        if tag and not (self._in_tag or self._in_chart):  # the outer tag says what it is
            if tag in {"TH", "TD"} and self._table:
                self._table.rows[-1].append(words)
            else:
                self.pages[-1].blocks.append(Block(tag, words))
        outer, self._in_tag = self._in_tag, self._in_tag or tag is not None
        yield
        self._in_tag = outer

    @contextmanager
    def figure(self, words: str, box: Box) -> Iterator[None]:
        chart = Block("Figure", words, width=box.width, height=box.height)
        self.pages[-1].blocks.append(chart)
        self._charts.append((chart, self._on_page(box)))
        self._in_chart = True
        yield
        self._in_chart = False

    def open_group(self, tag: str) -> None:
        if tag == "Table":
            self._table = Block("Table")
            self.pages[-1].blocks.append(self._table)
        elif self._table:
            self._table.rows.append([])

    def close_group(self) -> None:
        pass

    def _mark(self, kind: str, place: Point, color: Rgb, **more: object) -> None:
        self._marks.append(_Mark(place, {"kind": kind, "color": list(color)} | more))

    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None:
        raise TypeError(f"texts are taken down whole, not by runs: {run} in {style} at {x}, {baseline}")

    def _rectangle(self, box: Box, color: Rgb) -> None:
        self._mark("rectangle", (box.x, box.y), color, width=box.width, height=box.height)

    def _frame(self, box: Box, color: Rgb, line: float) -> None:
        self._mark("frame", (box.x, box.y), color, width=box.width, height=box.height, line=line)

    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None:
        across, down = end[0] - start[0], end[1] - start[1]
        dashes = list(self._pattern) if any(self._pattern) else None
        self._mark("line", start, color, across=across, down=down, line=width, dashes=dashes)

    def _polygon(self, points: Sequence[Point], color: Rgb) -> None:
        first = points[0]
        steps = [[x - first[0], y - first[1]] for x, y in points]
        self._mark("polygon", first, color, steps=steps)

    def _disc(self, centre: Point, radius: float, color: Rgb) -> None:
        self._mark("disc", centre, color, radius=radius)

    def _dash(self, dash: float, gap: float) -> None:
        self._pattern = (dash, gap)
