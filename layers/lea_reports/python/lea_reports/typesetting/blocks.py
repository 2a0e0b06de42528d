"""Blocks that were laid out once, and the parts of pages that are composed of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

from lea_reports.pdf.syntax import deflated
from lea_reports.typesetting.content_canvas import ContentCanvas
from lea_reports.typesetting.placeholders import Form, Number, Slot, Words, form_of
from lea_reports.typesetting.sheet import Arguments, Drawn, Pen, Sheet
from lea_reports.typesetting.written_values import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence

    from lea_reports.pdf.structure import Step
    from lea_reports.typesetting.block_marks import BlockMarks
    from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, ExtraGlyph
    from lea_reports.typesetting.placeholders import Piece
    from lea_reports.typesetting.texts import Texts

_MOST_KEPT = 20_000
"""When there are more blocks or parts than this they are forgotten, and laid out again where needed."""


@dataclass(slots=True, eq=False)
class Part:
    """A part of a page, ready for every student who has the same arguments."""

    fixed: bytes
    """Content that belongs to a template."""
    variant: bytes
    """Content that changes with the arguments."""
    packed: bytes
    """The same, compressed."""
    value: Form
    """Content with a student's values."""
    told: tuple[Form, ...]
    """What is said of each told element of the structure."""
    structure: tuple[Step, ...]
    fonts: int
    """The fonts that are used, one bit each."""
    glyphs: frozenset[ExtraGlyph]
    """The glyphs of extra fonts."""
    marks: int
    """How many marked-content identifiers are used up."""
    lines: tuple[tuple[Lines, int], ...]
    """The lines for texts that may need other fonts, each with which of the values it is for."""
    kind: int
    """A number that parts share if they differ in variants and values only."""
    drawn: object
    """What was returned when it was composed."""


_NO_GLYPHS: frozenset[ExtraGlyph] = frozenset()
_SIMPLE, _UNUSUAL, _SHAPED = 0, -1, -2
"""The kinds of texts; those that are unusual or need shaping may need other fonts."""
Placed = tuple[Part, tuple[int | str, ...]]
"""A part with the values of its blanks."""


class Blocks:
    """The blocks and parts of one language."""

    def __init__(self, embedded: EmbeddedFonts, texts: Texts, *, tags: bool) -> None:
        self.texts = texts
        self._canvas = ContentCanvas(embedded, tags=tags)
        self._canvas.right_to_left = texts.right_to_left
        self._pen = Pen(self._canvas, texts)
        self._fragments: dict[Hashable, BlockMarks] = {}
        self._kinds: dict[Hashable, int] = {}
        self.parts: dict[Hashable, Part] = {}
        self.blanks = _Blanks(self._canvas)

    def compose(
        self,
        compose: Callable[..., object],
        mark: int,
        arguments: tuple[Hashable, ...],
        blanks: tuple[int, ...],
    ) -> Part:
        """Compose a part, whose first element has the number `mark` on its page, and keep it."""
        composer = _Composer(self, mark)
        drawn = compose(composer, *arguments, *map(_stand_in, range(len(blanks)), blanks))
        if len(self.parts) >= _MOST_KEPT:
            self.parts.clear()
        unusual = {index for index, blank in enumerate(blanks) if blank < _SIMPLE}
        part = composer.finish(drawn, unusual, self._kinds)
        self.parts[compose, mark, arguments, blanks] = part
        return part

    def fragment(
        self, draw: Callable[[Pen, *Arguments], Drawn], mark: int, arguments: tuple[*Arguments]
    ) -> BlockMarks:
        """Return a block laid out."""
        key = draw, mark, arguments
        fragment = self._fragments.get(key)
        if fragment is None:
            if len(self._fragments) >= _MOST_KEPT:
                self._fragments.clear()
            self._canvas.begin(mark)
            drawn = draw(self._pen, *arguments)
            fragment = self._fragments[key] = self._canvas.finish()
            fragment.drawn = drawn
        return fragment


class _Blanks(dict[int | str, int]):
    """What stands for a value while a part is composed: the number of its digits, or what kind of text it is."""

    def __init__(self, canvas: ContentCanvas) -> None:
        super().__init__()
        self._canvas = canvas

    def __missing__(self, value: int | str) -> int:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[value] = len(str(value)) if isinstance(value, int) else self._kind(value)
        return self[value]

    def _kind(self, text: str) -> int:
        if self._canvas.is_simple(text):
            return _SIMPLE
        return _UNUSUAL if self._canvas.is_spelled(text) else _SHAPED


def _stand_in(index: int, blank: int) -> Number | Words:
    return Number(index, blank) if blank > 0 else Words(index, blank == _SHAPED)


class _Composer(Sheet):
    """Notes the blocks of one part."""

    def __init__(self, blocks: Blocks, mark: int) -> None:
        super().__init__(blocks.texts)
        self._blocks = blocks
        self._first_mark = self._mark = mark
        self._fixed: list[Piece] = []
        self._variant: list[Piece] = []
        self._value: list[Piece] = []
        self._told: list[Form] = []
        self._structure: list[Step] = []
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
        """Add a block. Its blanks are numbered by themselves, so that the same block serves other parts.

        What is said of its elements is the student's `own`, or it belongs to the template.
        """
        numbers: list[int] = []
        renumbered = tuple(_renumbered(argument, numbers) for argument in arguments)
        fragment = self._blocks.fragment(draw, self._mark, cast("tuple[*Arguments]", renumbered))
        self._mark += fragment.marks
        self._fonts |= fragment.fonts
        self._glyphs |= fragment.glyphs
        pieces += _placed(fragment.content, numbers)
        told = [form_of(_placed(words, numbers)) for words in fragment.told]
        if own:
            self._structure += fragment.structure
            self._told += told
        else:
            self._structure += _with_words(fragment.structure, iter(told))
        return cast("Drawn", fragment.drawn)

    def finish(self, drawn: object, unusual: Container[int], kinds: dict[Hashable, int]) -> Part:
        """Return the part; `unusual` are the values that may need other fonts."""
        fixed, variant, value = form_of(self._fixed), form_of(self._variant), form_of(self._value)
        if fixed.slots or variant.slots:
            raise TypeError("A block with blanks is composed as a value.")
        structure = tuple(self._structure)
        return Part(
            fixed.text,
            variant.text,
            deflated(variant.text) if variant.text else b"",
            value,
            tuple(self._told),
            structure,
            self._fonts,
            frozenset(self._glyphs),
            self._mark - self._first_mark,
            tuple(
                (slot.table, slot.value)
                for slot in value.slots
                if isinstance(slot.table, Lines) and slot.value in unusual
            ),
            kinds.setdefault((fixed.text, structure, self._fonts), len(kinds)),
            drawn,
        )


def _renumbered(argument: object, numbers: list[int]) -> object:
    if not isinstance(argument, Number | Words):
        return argument
    if argument.index not in numbers:
        numbers.append(argument.index)
    index = numbers.index(argument.index)
    return replace(argument, index=index)


def _with_words(steps: Iterable[Step], told: Iterator[Form]) -> Iterator[Step]:
    """Make marks of told elements."""
    for step in steps:
        yield step._replace(kind="mark", words=next(told).text) if step.kind == "told" else step


def _placed(pieces: Iterable[Piece], numbers: Sequence[int]) -> Iterable[Piece]:
    """Give the slots of a block the numbers that their values have in a part."""
    return (Slot(piece.table, numbers[piece.value]) if isinstance(piece, Slot) else piece for piece in pieces)


class Filled(NamedTuple):
    """What is a student's own on a page."""

    content: bytes
    told: list[bytes]
    fonts: int
    """The fonts that only unusual texts need, one bit each."""
    glyphs: frozenset[ExtraGlyph]
    """The glyphs of extra fonts."""


def filled(page: Iterable[Placed]) -> Filled:
    """Fill the blanks of a page."""
    content, told = [], []
    fonts, glyphs = 0, _NO_GLYPHS
    for part, values in page:
        text, slots = part.value
        if slots:
            content.append(text % tuple([table[values[value]] for table, value in slots]))
        elif text:
            content.append(text)
        for text, slots in part.told:
            told.append(text % tuple([table[values[value]] for table, value in slots]) if slots else text)
        if part.glyphs:
            glyphs |= part.glyphs
        for line, value in part.lines:
            beyond = line.beyond[str(values[value])]
            fonts |= beyond[0]
            glyphs |= beyond[1]
    return Filled(b"".join(content), told, fonts, glyphs)
