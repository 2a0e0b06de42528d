"""The characters that stand in a text for the digits of a number which is not known yet."""

from __future__ import annotations

_FIRSTS = tuple(map(chr, range(0x1D7CE, 0x1D7FF)))
_NEXT = chr(0x1D7FF)
STAND_INS = frozenset((*_FIRSTS, _NEXT))
"""Mathematical digits. The rules of direction take them for digits, no text of ours has them, and a name that has one
is refused, before it could be taken for a placeholder."""
INDEX_OF = {first: index for index, first in enumerate(_FIRSTS)}
"""Which value a stretch of stand-ins is for, by its first."""


def stand_ins(index: int, digits: int) -> str:
    """Return what stands for a number of so many digits; `index` says which of the values it is."""
    return _FIRSTS[index] + _NEXT * (digits - 1)
