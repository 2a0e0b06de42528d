"""Placeholders: what stands in a block for a value that is known only when a file is made.

Functions that draw need not know: a placeholder for a number is written as a text and taken to places as the number
itself would be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lea_reports.typesetting.stand_ins import stand_ins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class NumberPlaceholder:
    """A placeholder for a whole number of so many digits; as a text it has a stand-in for each."""

    index: int
    """Which of the values it is."""
    digits: int

    def __str__(self) -> str:
        return stand_ins(self.index, self.digits)


@dataclass(frozen=True, slots=True)
class TextPlaceholder:
    """A placeholder for a text of unknown length, which has a line to itself."""

    index: int
    """Which of the values it is."""
    described: bool
    """Its glyphs will not spell it, so that its words must be said beside."""


@dataclass(frozen=True, slots=True)
class DeferredCoordinate:
    """A placeholder for a coordinate that depends on a number; what is added to it is remembered."""

    number: NumberPlaceholder
    function: Callable[[int], float]
    shift: float = 0.0
    sign: int = 1

    def __add__(self, other: float) -> DeferredCoordinate:
        return replace(self, shift=self.shift + other)

    __radd__ = __add__

    def __sub__(self, other: float) -> DeferredCoordinate:
        return replace(self, shift=self.shift - other)

    def __rsub__(self, other: float) -> DeferredCoordinate:
        return replace(self, shift=other - self.shift, sign=-self.sign)

    def at(self, number: int) -> float:
        """Return the coordinate for a number."""
        return self.sign * derived(self.function, number) + self.shift


def derived(function: Callable[[int], float], number: int) -> float:
    """Return the coordinate that a number decides, to a hundredth of a point; for a placeholder a deferred one.

    The function is a plain one, or a method of a value that is equal to others of the same effect.
    """
    if isinstance(number, NumberPlaceholder):
        return cast("float", DeferredCoordinate(number, function))
    return round(function(number), 2)


class Slot(NamedTuple):
    """Where a value is written among bytes, and how."""

    table: Mapping[Any, bytes]
    """The bytes of every value."""
    value: int
    """Which of the values it is."""


Piece = bytes | Slot


class Form(NamedTuple):
    """Bytes with places to be filled in."""

    text: bytes
    """If there are slots, a format with a %b for each."""
    slots: tuple[Slot, ...]


def form_of(pieces: Iterable[Piece]) -> Form:
    """Join bytes and slots."""
    pieces = tuple(pieces)
    slots = tuple(piece for piece in pieces if isinstance(piece, Slot))
    if not slots:
        return Form(b"".join(piece for piece in pieces if isinstance(piece, bytes)), ())
    texts = (b"%b" if isinstance(piece, Slot) else piece.replace(b"%", b"%%") for piece in pieces)
    return Form(b"".join(texts), slots)
