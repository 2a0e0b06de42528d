"""Chance that can be repeated: one seed gives the same throws on every version of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_WORD = 2**64
_CERTAIN = 2.0**53


class RandomSource:
    """SplitMix64 (Steele, Lea, Flood 2014)."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 0x9E3779B97F4A7C15 % _WORD

    def _word(self) -> int:
        self._state = mixed = (self._state + 0x9E3779B97F4A7C15) % _WORD
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 % _WORD
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB % _WORD
        return mixed ^ mixed >> 31

    def share(self) -> float:
        """Return a number from 0 to under 1."""
        return (self._word() >> 11) / _CERTAIN

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens now."""
        return self.share() < probability

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to under the limit."""
        return self._word() % limit

    def between(self, least: float, most: float) -> float:
        """Return a number in a range."""
        return least + (most - least) * self.share()

    def one_of(self, choices: Sequence[T]) -> T:
        """Choose."""
        return choices[self.below(len(choices))]
