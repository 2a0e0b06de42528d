"""What is written into placeholders: the bytes of every value that came up, kept for the next student who has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

from lea_reports.typesetting.memory import Memory
from lea_reports.typesetting.placeholders import NumberPlaceholder, Slot, form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lea_reports.typesetting.block_marks import BlockMarks
    from lea_reports.typesetting.canvas import Line
    from lea_reports.typesetting.embedded_fonts import ExtraGlyph
    from lea_reports.typesetting.placeholders import Piece

_MOST_BETWEEN = 100
"""Bytes between two slots that are still close."""
_MOST_NUMBERS, _MOST_TEXTS = 50_000, 2000
"""When there are more than these, all are forgotten and made again where needed. Few names come up again."""


class NumberBytes(Memory[int, bytes]):
    """The bytes of whole numbers."""

    def __init__(self, make: Callable[[int], bytes]) -> None:
        super().__init__(_MOST_NUMBERS)
        self._make = make

    def __missing__(self, number: int) -> bytes:
        return self.keep(number, self._make(number))


def gathered(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Make one slot of slots that show the same number close after each other, with what stands between them.

    A score decides a dozen coordinates of its dot; they are looked up at once.
    """
    run: list[Piece] = []
    last = 0
    for piece in pieces:
        if isinstance(piece, Slot) and isinstance(piece.table, NumberBytes):
            if run and cast("Slot", run[0]).value != piece.value:
                yield from _one_slot(run, last)
                run = []
            run.append(piece)
            last = len(run)
        elif run and isinstance(piece, bytes) and len(piece) <= _MOST_BETWEEN:
            run.append(piece)
        else:
            yield from _one_slot(run, last)
            run = []
            yield piece
    yield from _one_slot(run, last)


def _one_slot(run: Sequence[Piece], last: int) -> Iterator[Piece]:
    """Yield a run, which begins with a slot, as one slot up to `last` and what follows."""
    shown = tuple(run[:last])
    if sum(isinstance(piece, Slot) for piece in shown) > 1:

        def make(number: int) -> bytes:
            return b"".join(piece.table[number] if isinstance(piece, Slot) else piece for piece in shown)

        yield Slot(NumberBytes(make), cast("Slot", shown[0]).value)
    else:
        yield from shown
    yield from run[last:]


class LineSetter(Protocol):
    """What sets texts on lines: the canvas of these values."""

    def codes_that_fit(self, line: Line, text: str) -> bytes | None:
        """Return the codes of a text that stands on the line as it is, None if it must be laid out."""
        ...

    def set_line(self, line: Line, mcid: int, text: str) -> BlockMarks:
        """Lay a text out on a line by itself."""
        ...


class LineBytes(Memory[str, bytes]):
    """The bytes of texts on one line of a page. `mcid` is the number of the line's element on its page."""

    def __init__(self, setter: LineSetter, line: Line, mcid: int) -> None:
        super().__init__(_MOST_TEXTS)
        self._setter, self._line, self._mcid = setter, line, mcid
        self._frame: tuple[bytes, bytes] | None = None
        self.beyond: dict[str, tuple[int, frozenset[ExtraGlyph]]] = {}
        """The fonts, and the glyphs of extra fonts, of texts that were laid out."""
        self.described = Descriptions(self)

    def __missing__(self, text: str) -> bytes:
        self.make_room()
        codes = self._setter.codes_that_fit(self._line, text)
        if codes is not None:
            made = codes.join(self._frame or self._framed())
        else:
            marks = self._set(text)
            made = form_of(marks.content).text
            self.beyond[text] = marks.fonts, marks.glyphs
            self.described.of[text] = b"".join(form_of(pieces).text for pieces in marks.described)
        self[text] = made
        return made

    def clear(self) -> None:
        """Forget all texts, and what is known of them."""
        super().clear()
        self.beyond.clear()
        self.described.of.clear()

    def _framed(self) -> tuple[bytes, bytes]:
        """Return what stands before and after the codes of a text that fits."""
        content = self._set(str(NumberPlaceholder(0, 1))).content
        (place,) = (place for place, piece in enumerate(content) if isinstance(piece, Slot))
        self._frame = form_of(content[:place]).text, form_of(content[place + 1 :]).text
        return self._frame

    def _set(self, text: str) -> BlockMarks:
        return self._setter.set_line(self._line, self._mcid, text)


class Descriptions(Mapping[str, bytes]):
    """What is said of elements that hold texts on a line: the words of those that their glyphs do not spell."""

    def __init__(self, lines: LineBytes) -> None:
        self._lines = lines
        self.of: dict[str, bytes] = {}

    def __getitem__(self, text: str) -> bytes:
        if text not in self.of:
            self._lines.__missing__(text)
        return self.of[text]

    def __iter__(self) -> Iterator[str]:
        return iter(self.of)

    def __len__(self) -> int:
        return len(self.of)
