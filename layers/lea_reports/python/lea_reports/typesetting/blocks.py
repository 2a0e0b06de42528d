"""Blocks that were laid out once, and the parts of pages that are composed of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.pdf.syntax import deflated
from lea_reports.typesetting.content_canvas import ContentCanvas
from lea_reports.typesetting.memory import Memory
from lea_reports.typesetting.placeholders import Form, NumberPlaceholder, Slot, TextPlaceholder, form_of
from lea_reports.typesetting.sheet import Arguments, Drawn, Pen, Sheet
from lea_reports.typesetting.written_values import LineBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence

    from lea_reports.pdf.structure import StructureStep
    from lea_reports.typesetting.block_marks import BlockMarks
    from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, ExtraGlyph
    from lea_reports.typesetting.placeholders import Piece
    from lea_reports.typesetting.texts import Texts

_MOST_KEPT = 20_000
"""When there are more blocks or parts than this they are forgotten, and laid out again where needed."""


@dataclass(slots=True, eq=False)
class BlockPart:
    """A part of a page, ready for every student who has the same arguments."""

    fixed: bytes
    """Content that belongs to a template."""
    variant: bytes
    """Content that changes with the arguments."""
    packed: bytes
    """The same, compressed."""
    value: Form
    """Content with a student's values."""
    described: tuple[Form, ...]
    """What is said of each described element of the structure."""
    structure: tuple[StructureStep, ...]
    fonts: int
    """The fonts that are used, one bit each."""
    glyphs: frozenset[ExtraGlyph]
    """The glyphs of extra fonts."""
    mcids: int
    """How many marked-content identifiers are used up."""
    lines: tuple[tuple[LineBytes, int], ...]
    """The lines for texts that may need other fonts, each with which of the values it is for."""
    template_key: int
    """A number that parts share if they differ in variants and values only."""
    drawn: object
    """What was returned when it was composed."""


_NO_GLYPHS: frozenset[ExtraGlyph] = frozenset()
_SIMPLE, _UNUSUAL, _SHAPED = 0, -1, -2
"""How texts are set; those that are unusual or need shaping may need other fonts."""
Placed = tuple[BlockPart, tuple[int | str, ...]]
"""A part with the values of its placeholders."""


class Blocks:
    """The blocks and parts of one language."""

    def __init__(self, embedded: EmbeddedFonts, texts: Texts, *, tags: bool) -> None:
        self.texts = texts
        self._canvas = ContentCanvas(embedded, tags=tags)
        self._canvas.right_to_left = texts.right_to_left
        self._pen = Pen(self._canvas, texts)
        self._blocks: Memory[Hashable, BlockMarks] = Memory(_MOST_KEPT)
        self._template_keys: dict[Hashable, int] = {}
        self.parts: Memory[Hashable, BlockPart] = Memory(_MOST_KEPT)
        self.sizes = _Sizes(self._canvas)

    def compose(
        self,
        compose: Callable[..., object],
        mcid: int,
        arguments: tuple[Hashable, ...],
        sizes: tuple[int, ...],
    ) -> BlockPart:
        """Compose a part, whose first element has the number `mcid` on its page, and keep it."""
        composer = _Composer(self, mcid)
        drawn = compose(composer, *arguments, *map(_placeholder, range(len(sizes)), sizes))
        unusual = {index for index, size in enumerate(sizes) if size < _SIMPLE}
        part = composer.finish(drawn, unusual, self._template_keys)
        return self.parts.keep((compose, mcid, arguments, sizes), part)

    def block(
        self, draw: Callable[[Pen, *Arguments], Drawn], mcid: int, arguments: tuple[*Arguments]
    ) -> BlockMarks:
        """Return a block laid out."""
        key = draw, mcid, arguments
        block = self._blocks.get(key)
        if block is None:
            self._canvas.begin(mcid)
            drawn = draw(self._pen, *arguments)
            block = self._blocks.keep(key, self._canvas.finish())
            block.drawn = drawn
        return block


class _Sizes(Memory[int | str, int]):
    """The sizes of values, by which parts are kept: the number of digits, or how a text is set."""

    def __init__(self, canvas: ContentCanvas) -> None:
        super().__init__(_MOST_KEPT)
        self._canvas = canvas

    def __missing__(self, value: int | str) -> int:
        return self.keep(value, len(str(value)) if isinstance(value, int) else self._how_set(value))

    def _how_set(self, text: str) -> int:
        if self._canvas.is_simple(text):
            return _SIMPLE
        return _UNUSUAL if self._canvas.is_spelled(text) else _SHAPED


def _placeholder(index: int, size: int) -> NumberPlaceholder | TextPlaceholder:
    return NumberPlaceholder(index, size) if size > 0 else TextPlaceholder(index, size == _SHAPED)


class _Composer(Sheet):
    """Notes the blocks of one part."""

    def __init__(self, blocks: Blocks, mcid: int) -> None:
        super().__init__(blocks.texts)
        self._blocks = blocks
        self._first_mcid = self._mcid = mcid
        self._fixed: list[Piece] = []
        self._variant: list[Piece] = []
        self._value: list[Piece] = []
        self._described: list[Form] = []
        self._structure: list[StructureStep] = []
        self._fonts = 0
        self._glyphs: set[ExtraGlyph] = set()

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of the template."""
        return self._add(self._fixed, draw, arguments, own=False)

    def variant(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that is kept compressed."""
        return self._add(self._variant, draw, arguments)

    def value(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block of a student's values."""
        return self._add(self._value, draw, arguments)

    def part(
        self, compose: Callable[..., Drawn], arguments: tuple[Hashable, ...], *values: int | str
    ) -> Drawn:
        """Compose a part of this part."""
        return compose(self, *arguments, *values)

    def _add(
        self,
        pieces: list[Piece],
        draw: Callable[[Pen, *Arguments], Drawn],
        arguments: tuple[*Arguments],
        *,
        own: bool = True,
    ) -> Drawn:
        """Add a block. Its placeholders are numbered by themselves, so that the same block serves other parts.

        What is said of its elements is the student's `own`, or it belongs to the template.
        """
        numbers: list[int] = []
        renumbered = tuple(_renumbered(argument, numbers) for argument in arguments)
        block = self._blocks.block(draw, self._mcid, cast("tuple[*Arguments]", renumbered))
        self._mcid += block.mcids
        self._fonts |= block.fonts
        self._glyphs |= block.glyphs
        pieces += _placed(block.content, numbers)
        described = [form_of(_placed(words, numbers)) for words in block.described]
        if own:
            self._structure += block.structure
            self._described += described
        else:
            self._structure += _with_words(block.structure, iter(described))
        return cast("Drawn", block.drawn)

    def finish(self, drawn: object, unusual: Container[int], template_keys: dict[Hashable, int]) -> BlockPart:
        """Return the part; `unusual` are the values that may need other fonts."""
        fixed, variant, value = form_of(self._fixed), form_of(self._variant), form_of(self._value)
        if fixed.slots or variant.slots:
            raise TypeError("A block with placeholders is composed as a value.")
        structure = tuple(self._structure)
        return BlockPart(
            fixed.text,
            variant.text,
            deflated(variant.text) if variant.text else b"",
            value,
            tuple(self._described),
            structure,
            self._fonts,
            frozenset(self._glyphs),
            self._mcid - self._first_mcid,
            tuple(
                (slot.table, slot.value)
                for slot in value.slots
                if isinstance(slot.table, LineBytes) and slot.value in unusual
            ),
            template_keys.setdefault((fixed.text, structure, self._fonts), len(template_keys)),
            drawn,
        )


def _renumbered(argument: object, numbers: list[int]) -> object:
    if not isinstance(argument, NumberPlaceholder | TextPlaceholder):
        return argument
    if argument.index not in numbers:
        numbers.append(argument.index)
    index = numbers.index(argument.index)
    return replace(argument, index=index)


def _with_words(steps: Iterable[StructureStep], described: Iterator[Form]) -> Iterator[StructureStep]:
    """Make plain elements of described ones."""
    for step in steps:
        yield (
            step._replace(action="element", words=next(described).text)
            if step.action == "described"
            else step
        )


def _placed(pieces: Iterable[Piece], numbers: Sequence[int]) -> Iterable[Piece]:
    """Give the slots of a block the numbers that their values have in a part."""
    return (Slot(piece.table, numbers[piece.value]) if isinstance(piece, Slot) else piece for piece in pieces)


class Filled(NamedTuple):
    """What is a student's own on a page."""

    content: bytes
    described: list[bytes]
    fonts: int
    """The fonts that only unusual texts need, one bit each."""
    glyphs: frozenset[ExtraGlyph]
    """The glyphs of extra fonts."""


def filled(page: Iterable[Placed]) -> Filled:
    """Fill the placeholders of a page."""
    content, described = [], []
    fonts, glyphs = 0, _NO_GLYPHS
    for part, values in page:
        text, slots = part.value
        if slots:
            content.append(text % tuple([table[values[value]] for table, value in slots]))
        elif text:
            content.append(text)
        for text, slots in part.described:
            described.append(
                text % tuple([table[values[value]] for table, value in slots]) if slots else text
            )
        if part.glyphs:
            glyphs |= part.glyphs
        for line, value in part.lines:
            beyond = line.beyond[str(values[value])]
            fonts |= beyond[0]
            glyphs |= beyond[1]
    return Filled(b"".join(content), described, fonts, glyphs)
