"""The canvas that writes PDF operators itself: a block at a time, so that it can be kept and used again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import accumulate, groupby
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.pdf.structure import StructureStep
from lea_reports.pdf.syntax import number, text_string
from lea_reports.typesetting.block_marks import BlockMarks
from lea_reports.typesetting.canvas import PAGE_HEIGHT, Box, Canvas, Line
from lea_reports.typesetting.directions import without_isolates
from lea_reports.typesetting.embedded_fonts import ExtraGlyph
from lea_reports.typesetting.fonts import SCALE, Run, Typeface
from lea_reports.typesetting.memory import Memory
from lea_reports.typesetting.placeholders import DeferredCoordinate, Slot, TextPlaceholder
from lea_reports.typesetting.stand_ins import INDEX_OF, STAND_INS
from lea_reports.typesetting.styles import WHITE
from lea_reports.typesetting.written_values import LineBytes, NumberBytes, gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    from lea_reports.typesetting.canvas import Point
    from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, Face
    from lea_reports.typesetting.glyphs import Glyph
    from lea_reports.typesetting.placeholders import Piece
    from lea_reports.typesetting.styles import Rgb, Style


_MOST_TABLES = 20_000
_NOTHING = 0.001
"""A distance in points that nobody sees."""
_ROUND = 4 / 3 * (2**0.5 - 1)
"""How far the control points of a quarter of a circle lie from its ends, in radii."""


class _Placed(NamedTuple):
    """A glyph on a line, with where the glyphs before it moved on to, and with its code."""

    x: float
    glyph: Glyph
    code: bytes


@cache
def _color(color: Rgb) -> bytes:
    return b" ".join(f"{each / 255:.3f}".rstrip("0").rstrip(".").encode() for each in color)


class ContentCanvas(Canvas):
    """Records the marks of blocks. With `tags`, every mark belongs to an element or is an ornament."""

    def __init__(self, embedded: EmbeddedFonts, *, tags: bool) -> None:
        super().__init__(embedded.fonts)
        self._embedded = embedded
        self._tags = tags
        self._numbers_by_key: Memory[Hashable, NumberBytes] = Memory(_MOST_TABLES)
        self._advances = tuple(self.fonts.advances(Typeface.LATIN, bold=bold) for bold in (False, True))
        self._lines: Memory[tuple[Line, int], LineBytes] = Memory(_MOST_TABLES)
        self.begin(0)

    def begin(self, first_mcid: int) -> None:
        """Begin a block, whose first element has this number on its page."""
        self._out: list[Piece] = []
        self._first_mcid = self._mcid = first_mcid
        self._structure: list[StructureStep] = []
        self._described: list[tuple[Piece, ...]] = []
        self._bits = 0
        self._glyphs: set[ExtraGlyph] = set()
        self._tag_open = self._ornament_open = False
        self._forget_state()

    def _forget_state(self) -> None:
        self._fill: Rgb | None = None
        self._stroke: Rgb | None = None
        self._width = 0.0
        self._font: tuple[bytes, float] | None = None

    def finish(self) -> BlockMarks:
        """End the block."""
        self._end_ornament()
        return BlockMarks(
            tuple(gathered(_joined(self._out))),
            tuple(self._structure),
            tuple(self._described),
            self._bits,
            frozenset(self._glyphs),
            self._mcid - self._first_mcid,
        )

    def add_page(self) -> None:
        """Pass over the page: whoever uses the fragments places them on one."""

    @contextmanager
    def tagged(self, tag: str | None, words: str) -> Iterator[None]:
        """Say what the marks within the context are to a screen reader, and the words they spell."""
        if tag is None or self._tag_open or not self._tags:
            yield
            return
        if self.is_spelled(words):
            self._structure.append(StructureStep("element", tag))
        else:
            # Not beside the marks: PDFium takes that for the order of drawing, and turns Arabic around.
            self._structure.append(StructureStep("described", tag))
            self._described.append((b"/ActualText", *self._text_string(words)))
        with self._marked(tag):
            yield

    @contextmanager
    def figure(self, words: str, box: Box) -> Iterator[None]:
        """Say in words what a picture shows, and where it stands."""
        if not self._tags:
            yield
            return
        self._structure.append(StructureStep("described", "Figure"))
        x, y, width, height = self._on_page(box)
        bounds = b" ".join(map(number, (x, PAGE_HEIGHT - y - height, x + width, PAGE_HEIGHT - y)))
        place = b"/A<</O/Layout/Placement/Block/BBox[%b]>>" % bounds
        self._described.append((b"/Alt", *self._text_string(words), place))
        with self._marked("Figure"):
            yield

    @contextmanager
    def _marked(self, tag: str) -> Iterator[None]:
        self._end_ornament()
        self._out.append(b"/%b<</MCID %d>>BDC\n" % (tag.encode(), self._mcid))
        self._mcid += 1
        self._tag_open = True
        yield
        self._out.append(b"EMC\n")
        self._tag_open = False

    def _text_string(self, words: str) -> Iterator[Piece]:
        """Yield a string object of a text; its numbers may be placeholders."""
        words = without_isolates(words)
        if STAND_INS.isdisjoint(words):
            yield text_string(words)
            return
        stretches = list(_stretches(words))
        plain = "".join(text for text, index in stretches if index is None)
        wide = text_string(plain).startswith(b"(\xfe\xff")
        yield b"(\xfe\xff" if wide else b"("
        for text, index in stretches:
            if index is None:
                yield text_string(text, wide=wide)[3 if wide else 1 : -1]
            else:
                yield Slot(self._numbers(("digits", wide), _wide_digits if wide else _plain_digits), index)
        yield b")"

    def _numbers(self, key: Hashable, make: Callable[[int], bytes]) -> NumberBytes:
        numbers = self._numbers_by_key.get(key)
        return self._numbers_by_key.keep(key, NumberBytes(make)) if numbers is None else numbers

    def open_group(self, tag: str) -> None:
        """Begin a table or a row of one; it may end in a later block."""
        if self._tags:
            self._structure.append(StructureStep("open", tag))

    def close_group(self) -> None:
        """End the innermost group."""
        if self._tags:
            self._structure.append(StructureStep("close"))

    def words(self, line: Line, text: str) -> None:
        """Write a text of unknown length on its line."""
        if not isinstance(text, TextPlaceholder):
            line.draw(self, text)
            return
        self._end_ornament()
        tagged = bool(line.tag and self._tags)
        key = line, self._mcid if tagged else 0
        if key not in self._lines:
            self._lines.keep(key, LineBytes(self, *key))
        self._out.append(Slot(self._lines[key], text.index))
        self._bits |= self._embedded.shared_face(bold=line.style.bold).bit
        self._forget_state()
        if line.tag and tagged:
            self._structure.append(StructureStep("described" if text.described else "element", line.tag))
            if text.described:
                self._described.append((Slot(self._lines[key].described, text.index),))
            self._mcid += 1

    def _begin_marks(self) -> None:
        if self._tags and not self._tag_open and not self._ornament_open:
            self._out.append(b"/Artifact BMC\n")
            self._ornament_open = True

    def _end_ornament(self) -> None:
        if self._ornament_open:
            self._out.append(b"EMC\n")
            self._ornament_open = False

    def _write(self, template: bytes, *numbers: float) -> None:
        """Write operators; every %b of the template is a number, which may be deferred."""
        if not any(isinstance(each, DeferredCoordinate) for each in numbers):
            self._out.append(template % tuple(map(number, numbers)))
            return
        between = template.split(b"%b")
        self._out.append(between[0])
        for each, after in zip(numbers, between[1:], strict=True):
            self._out += (self._coordinate(each), after)

    def _coordinate(self, place: float) -> Piece:
        if not isinstance(place, DeferredCoordinate):
            return number(place)
        deferred: DeferredCoordinate = place
        function = deferred.function  # methods of equal values are not equal, their parts are
        what = getattr(function, "__func__", function), getattr(function, "__self__", None)
        key = *what, round(deferred.shift, 4), deferred.sign
        return Slot(self._numbers(key, lambda value: number(deferred.at(value))), deferred.number.index)

    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None:
        self._begin_marks()
        self._use_fill(style.color)
        y = PAGE_HEIGHT - baseline
        self._out.append(b"BT ")
        if run.shaped:
            self._show_shaped(x, y, run, style)
        else:
            self._write(b"%b %b Td ", x, y)
            self._show_plain(run, style)
        self._out.append(b"ET\n")

    def _show_plain(self, run: Run, style: Style) -> None:
        """Show the characters of a run one after the other, with as few operators as there are faces."""
        shown: Face | None = None
        for face, piece in self._codes_of(run, style):
            if face is not shown:
                if shown:
                    self._out.append(b") Tj ")
                self._use_face(face, style.size)
                self._out.append(b"(")
                shown = face
            self._out.append(piece)
        self._out.append(b") Tj ")

    def _codes_of(self, run: Run, style: Style) -> Iterator[tuple[Face, Piece]]:
        for text, index in _stretches(run.text):
            stretch = replace(run, text=text if index is None else "0")
            face, codes, glyphs = self._embedded.codes(stretch, bold=style.bold)
            self._glyphs.update(ExtraGlyph(face, number, "") for number in glyphs)
            yield face, codes if index is None else Slot(self._digits(bold=style.bold), index)

    def _digits(self, *, bold: bool) -> NumberBytes:
        return self._numbers(("codes", bold), lambda number: self.codes(str(number), bold=bold))

    def is_spelled(self, text: str) -> bool:
        """Tell whether a text is spelled by its glyphs, one after the other; one that needs shaping is not."""
        return not any(run.shaped for run in self.fonts.runs(without_isolates(text)))

    def is_simple(self, text: str) -> bool:
        """Tell whether the shared faces of the Latin family can set a text as it stands."""
        return self._embedded.is_shared(text)

    def codes_that_fit(self, line: Line, text: str) -> bytes | None:
        """Return the codes of a text that stands on the line as it is, None if it must be laid out."""
        if line.ranged_right or self.right_to_left or not self.is_simple(text):
            return None
        style = line.style
        width = fsum(map(self._advances[style.bold].__getitem__, text)) * style.size
        return self.codes(text, bold=style.bold) if width <= line.width else None

    def set_line(self, line: Line, mcid: int, text: str) -> BlockMarks:
        """Lay a text out on a line by itself."""
        self.begin(mcid)
        line.draw(self, text)
        return self.finish()

    def codes(self, text: str, *, bold: bool) -> bytes:
        """Return the codes of a simple text."""
        run = Run(Typeface.LATIN, text, shaped=False)
        return self._embedded.codes(run, bold=bold)[1]

    def _use_face(self, face: Face, size: float) -> None:
        self._bits |= face.bit
        if (face.name, size) != self._font:
            self._font = face.name, size
            self._out.append(b"/%b %b Tf " % (face.name, number(size * face.scale)))

    def _show_shaped(self, x: float, y: float, run: Run, style: Style) -> None:
        """Show glyphs of which some stand above, below or nearer than the font says by itself."""
        glyphs = self.fonts.shape(run.typeface, run.text, bold=style.bold)
        numbers = [glyph.number for glyph in glyphs]
        face, codes = self._embedded.glyph_codes(run.typeface, numbers, bold=style.bold)
        if face.extra:
            self._glyphs.update(ExtraGlyph(face, glyph.number, glyph.letters) for glyph in glyphs)
        self._use_face(face, style.size)
        places = accumulate((glyph.advance * style.size for glyph in glyphs), initial=x)
        placed = [*map(_Placed, places, glyphs, codes)]
        if run.typeface is Typeface.ARABIC:
            self._show_joined(placed, y, style)
        else:
            self._show_marked(placed, y, run, style)

    def _show_joined(self, placed: Iterable[_Placed], y: float, style: Style) -> None:
        """Place every stretch of glyphs that stand on the line, and every glyph that does not, in their order."""
        shown = False
        for x, glyph, code in placed:
            own_place = glyph.displaced or glyph.gap != 0
            if own_place or not shown:
                if shown:
                    self._out.append(b") Tj ")
                place = x + glyph.right * style.size, y + glyph.up * style.size
                self._write(b"1 0 0 1 %b %b Tm (", *place)
            self._out.append(code)
            shown = not own_place
            if own_place:
                self._out.append(b") Tj ")
        if shown:
            self._out.append(b") Tj ")

    def _show_marked(self, placed: Sequence[_Placed], y: float, run: Run, style: Style) -> None:
        """Show letters as one text and then their marks, and say which words these are.

        Out of glyphs that stand above each other viewers read words with gaps, in another order and with marks apart
        from their letters. Told the words, PDFium finds them, and shows where by the place of the first text.
        """
        with self.whole(run.text):
            self._show_letters([each for each in placed if not each.glyph.displaced], y, run, style)
            for x, glyph, code in placed:
                if glyph.displaced:
                    self._write(
                        b"1 0 0 1 %b %b Tm (", x + glyph.right * style.size, y + glyph.up * style.size
                    )
                    self._out.append(code + b") Tj ")

    def _show_letters(self, placed: Sequence[_Placed], y: float, run: Run, style: Style) -> None:
        """Show glyphs that stand on the line as one text, with the gaps between them."""
        if not placed:
            return
        pen = placed[0].x
        self._write(b"1 0 0 1 %b %b Tm [(", pen, y)
        for x, glyph, code in placed:
            if abs(x - pen) > _NOTHING:
                self._out.append(b")%b(" % number((pen - x) / style.size / SCALE[run.typeface] * 1000))
            self._out.append(code)
            pen = x + (glyph.advance - glyph.gap) * style.size
        self._out.append(b")] TJ ")

    @contextmanager
    def whole(self, words: str) -> Iterator[None]:
        """Say that the marks within the context are these words, though they stand apart."""
        self._begin_marks()
        self._out.append(b"/Span<</ActualText%b>>BDC\n" % text_string(without_isolates(words)))
        yield
        self._out.append(b"EMC\n")

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
            self._out.append(b"%b w\n" % number(width))

    def _rectangle(self, box: Box, color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        x, y, width, height = box
        self._write(b"%b %b %b %b re f\n", x, PAGE_HEIGHT - y, width, -height)

    def _frame(self, box: Box, color: Rgb, line: float) -> None:
        self._use_pen(color, line)
        x, y, width, height = box
        self._write(b"%b %b %b %b re S\n", x, PAGE_HEIGHT - y, width, -height)

    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None:
        self._use_pen(color, width)
        (x, y), (to_x, to_y) = start, end
        self._write(b"%b %b m %b %b l S\n", x, PAGE_HEIGHT - y, to_x, PAGE_HEIGHT - to_y)

    def _polygon(self, points: Sequence[Point], color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        for place, (x, y) in enumerate(points):
            self._write(b"%b %b l\n" if place else b"%b %b m\n", x, PAGE_HEIGHT - y)
        self._out.append(b"h f\n")

    def _disc(self, centre: Point, radius: float, color: Rgb) -> None:
        self._begin_marks()
        self._use_fill(color)
        x, y = centre[0], PAGE_HEIGHT - centre[1]
        self._round(x, y, radius)
        self._out.append(b"f\n")

    def _dot(self, centre: Point, radius: float, color: Rgb) -> None:
        self._use_pen(WHITE, 1)
        self._use_fill(color)
        self._round(centre[0], PAGE_HEIGHT - centre[1], radius + 0.5)
        self._out.append(b"B\n")

    def _round(self, x: float, y: float, radius: float) -> None:
        near = _ROUND * radius
        left, right, foot, top = x - radius, x + radius, y - radius, y + radius
        self._write(
            b"%b %b m\n" + b"%b %b %b %b %b %b c\n" * 4,
            *(right, y),
            *(right, y + near, x + near, top, x, top),
            *(x - near, top, left, y + near, left, y),
            *(left, y - near, x - near, foot, x, foot),
            *(x + near, foot, right, y - near, right, y),
        )

    def _dash(self, dash: float, gap: float) -> None:
        self._begin_marks()
        pattern = b"%b %b" % (number(dash), number(gap)) if dash else b""
        self._out.append(b"[%b] 0 d\n" % pattern)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join bytes that follow each other."""
    for slots, group in groupby(pieces, lambda piece: isinstance(piece, Slot)):
        if slots:
            yield from group
        else:
            yield b"".join(piece for piece in group if isinstance(piece, bytes))


def _stretches(text: str) -> Iterator[tuple[str, int | None]]:
    """Split a text into what stands and, with its number, what is a placeholder."""
    stretch = ""
    for stands_in, group in groupby(text, STAND_INS.__contains__):
        if not stands_in:
            yield "".join(group), None
            continue
        for character in group:
            if character in INDEX_OF:
                if stretch:
                    yield stretch, INDEX_OF[stretch[0]]
                stretch = ""
            stretch += character
        yield stretch, INDEX_OF[stretch[0]]
        stretch = ""


def _plain_digits(number: int) -> bytes:
    return b"%d" % number


def _wide_digits(number: int) -> bytes:
    return str(number).encode("utf-16-be")
