"""The canvas that writes PDF operators itself: a block at a time, so that it can be kept and used again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.ssr.canvas import PAGE_HEIGHT, Box, Canvas
from lea_reports.ssr.directions import without_isolates
from lea_reports.ssr.pdf_syntax import deflated, text_string

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.ssr.canvas import Point
    from lea_reports.ssr.embedded_fonts import EmbeddedFonts
    from lea_reports.ssr.fonts import Run, Typeface
    from lea_reports.ssr.palette import Rgb, Style

_DISC = b"%.2f %.2f m\n" + b"%.2f %.2f %.2f %.2f %.2f %.2f c\n" * 4 + b"f\n"
_ROUND = 4 / 3 * (2**0.5 - 1)
"""How far the control points of a quarter of a circle lie from its ends, in radii."""


class Step(NamedTuple):
    """One step of the structure that a screen reader follows."""

    kind: str
    """"open" and "close" a group; a "mark" is an element with marks of its own; so is a "figure"."""
    tag: str = ""


@dataclass(slots=True)
class Fragment:
    """The marks of one block, ready to stand on a page."""

    content: bytes
    structure: tuple[Step, ...]
    figures: tuple[bytes, ...]
    """What is special about each figure of the structure: its words and its place."""
    fonts: int
    """The fonts that are used, one bit each."""
    marks: int
    """How many marked-content identifiers are used up."""
    form: int = 0
    """A number that fragments of the same structure share."""
    packed: bytes = b""
    """The content compressed, if the fragment is used often."""
    drawn: object = None
    """What the block returned."""
    fixed: bool = False
    """Belongs to templates, not to students."""

    def pack(self) -> None:
        """Compress the content."""
        self.packed = deflated(self.content)


@cache
def _color(color: Rgb) -> bytes:
    return b" ".join(f"{part / 255:.4f}".rstrip("0").rstrip(".").encode() for part in color)


@cache
def _number(value: float) -> bytes:
    return f"{value:.2f}".rstrip("0").rstrip(".").encode()


class ContentCanvas(Canvas):
    """Records the marks of blocks. With `tagged`, every mark belongs to an element or is an ornament."""

    def __init__(self, fonts: EmbeddedFonts, *, tags: bool) -> None:
        super().__init__(fonts.batch)
        self._embedded = fonts
        self._tags = tags
        self.begin(0)

    def begin(self, first_mark: int) -> None:
        """Begin a block, whose first element has this number on its page."""
        self._out: list[bytes] = []
        self._first_mark = self._mark = first_mark
        self._structure: list[Step] = []
        self._figures: list[bytes] = []
        self._fonts = 0
        self._tag_open = self._ornament_open = False
        self._fill: Rgb | None = None
        self._stroke: Rgb | None = None
        self._width = 0.0
        self._font: tuple[Typeface, bool, float] | None = None

    def finish(self) -> Fragment:
        """End the block."""
        self._end_ornament()
        content = b"".join(self._out)
        return Fragment(
            content,
            tuple(self._structure),
            tuple(self._figures),
            self._fonts,
            self._mark - self._first_mark,
        )

    def add_page(self) -> None:
        """Pass over the page: whoever uses the fragments places them on one."""

    @contextmanager
    def tagged(self, tag: str | None, words: str) -> Iterator[None]:
        """Say what the marks within the context are to a screen reader, and the words they spell."""
        if tag is None or self._tag_open or not self._tags:
            yield
            return
        self._structure.append(Step("mark", tag))
        properties = b""
        if self.right_to_left or any(run.shaped for run in self.fonts.runs(words)):
            properties = b"/ActualText" + text_string(without_isolates(words))
        with self._marked(tag.encode(), properties):
            yield

    @contextmanager
    def figure(self, words: str, box: Box) -> Iterator[None]:
        """Say in words what a picture shows, and where it stands."""
        if not self._tags:
            yield
            return
        self._structure.append(Step("figure", "Figure"))
        x, y, width, height = self._on_page(box)
        bounds = b" ".join(map(_number, (x, PAGE_HEIGHT - y - height, x + width, PAGE_HEIGHT - y)))
        self._figures.append(
            b"/Alt%b/A<</O/Layout/Placement/Block/BBox[%b]>>" % (text_string(without_isolates(words)), bounds)
        )
        with self._marked(b"Figure", b""):
            yield

    @contextmanager
    def _marked(self, tag: bytes, properties: bytes) -> Iterator[None]:
        self._end_ornament()
        self._out.append(b"/%b<</MCID %d%b>>BDC\n" % (tag, self._mark, properties))
        self._mark += 1
        self._tag_open = True
        yield
        self._out.append(b"EMC\n")
        self._tag_open = False

    def open_group(self, tag: str) -> None:
        """Begin a table or a row of one; it may end in a later block."""
        if self._tags:
            self._structure.append(Step("open", tag))

    def close_group(self) -> None:
        """End the innermost group."""
        if self._tags:
            self._structure.append(Step("close"))

    def _begin_marks(self) -> None:
        if self._tags and not self._tag_open and not self._ornament_open:
            self._out.append(b"/Artifact BMC\n")
            self._ornament_open = True

    def _end_ornament(self) -> None:
        if self._ornament_open:
            self._out.append(b"EMC\n")
            self._ornament_open = False

    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None:
        self._begin_marks()
        self._use_fill(style.color)
        font = run.typeface, style.bold, style.size
        face = self._embedded.face(run.typeface, bold=style.bold)
        use = b""
        if font != self._font:
            self._font = font
            self._fonts |= face.bit
            use = b"/%b %b Tf " % (face.name, _number(style.size))
        y = PAGE_HEIGHT - baseline
        if run.shaped:
            shown = self._shaped(x, y, run, style)
        else:
            face.use(run.text)
            shown = b"%.2f %.2f Td (%b) Tj" % (x, y, b"".join(map(face.codes.__getitem__, run.text)))
        self._out.append(b"BT %b%b ET\n" % (use, shown))

    def _shaped(self, x: float, y: float, run: Run, style: Style) -> bytes:
        """Place every stretch of glyphs that stand on the line, and every glyph that does not."""
        face = self._embedded.face(run.typeface, bold=style.bold)
        parts: list[bytes] = []
        codes: list[bytes] = []
        start, end = x, x

        def show() -> None:
            if codes:
                parts.append(b"1 0 0 1 %.2f %.2f Tm (%b) Tj" % (start, y, b"".join(codes)))
                codes.clear()

        for glyph in self.fonts.shape(run.typeface, run.text, bold=style.bold):
            face.use_glyph(glyph.number)
            code = face.glyph_codes[glyph.number]
            if glyph.right or glyph.up or glyph.advance != face.advances[glyph.number]:
                show()
                place = end + glyph.right * style.size, y + glyph.up * style.size
                parts.append(b"1 0 0 1 %.2f %.2f Tm (%b) Tj" % (*place, code))
                start = end = end + glyph.advance * style.size
                continue
            if not codes:
                start = end
            codes.append(code)
            end += glyph.advance * style.size
        show()
        return b" ".join(parts)

    def _use_fill(self, color: Rgb) -> None:
        if color != self._fill:
            self._fill = color
            self._out.append(_color(color) + b" rg\n")

    def _use_pen(self, color: Rgb, width: float) -> None:
        self._begin_marks()
        if color != self._stroke:
            self._stroke = color
            self._out.append(_color(color) + b" RG\n")
        if width != self._width:
            self._width = width
            self._out.append(b"%b w\n" % _number(width))

    def _rectangle(self, box: Box, color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        x, y, width, height = box
        self._out.append(b"%.2f %.2f %.2f %.2f re f\n" % (x, PAGE_HEIGHT - y, width, -height))

    def _frame(self, box: Box, color: Rgb, line: float) -> None:
        self._use_pen(color, line)
        x, y, width, height = box
        self._out.append(b"%.2f %.2f %.2f %.2f re S\n" % (x, PAGE_HEIGHT - y, width, -height))

    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None:
        self._use_pen(color, width)
        self._out.append(
            b"%.2f %.2f m %.2f %.2f l S\n" % (start[0], PAGE_HEIGHT - start[1], end[0], PAGE_HEIGHT - end[1])
        )

    def _polygon(self, points: Sequence[Point], color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        steps = zip(points, b"m" + b"l" * (len(points) - 1), strict=True)
        self._out.extend(b"%.2f %.2f %c\n" % (x, PAGE_HEIGHT - y, step) for (x, y), step in steps)
        self._out.append(b"h f\n")

    def _disc(self, centre: Point, radius: float, color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        x, y = centre[0], PAGE_HEIGHT - centre[1]
        near = _ROUND * radius
        left, right, foot, top = x - radius, x + radius, y - radius, y + radius
        self._out.append(
            _DISC
            % (
                *(right, y),
                *(right, y + near, x + near, top, x, top),
                *(x - near, top, left, y + near, left, y),
                *(left, y - near, x - near, foot, x, foot),
                *(x + near, foot, right, y - near, right, y),
            )
        )

    def _dash(self, dash: float, gap: float) -> None:
        self._begin_marks()
        pattern = b"%b %b" % (_number(dash), _number(gap)) if dash else b""
        self._out.append(b"[%b] 0 d\n" % pattern)
