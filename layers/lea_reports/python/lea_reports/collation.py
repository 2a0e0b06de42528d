"""The one order of names in everything that people read: CLDR's root collation, punctuation and case ignored.

Base letters decide first, over the whole of what is compared, and accents only between names that are alike without:
Álvarez stands beside Alvarez, and names with either apostrophe together. `collation.txt` has the letters of the scripts
in use in their order; it is made by `make collation` from ICU, to which a test compares the keys. Other scripts and Han
follow by code point.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from importlib.resources import files

_AFTER_THE_TABLE = 0x10000
_MODIFIERS = range(0x02B0, 0x0300)  # the okina and other letters that are written as an apostrophe


def collation_key(*texts: str | None) -> tuple[str, ...]:
    """Return what sorts texts that are compared one after the other, as last and first name; None sorts as nothing.

    Equal keys mean that they differ by punctuation, spaces, case or form only.
    """
    return (*(_letters(text or "") for text in texts), *(_accents(text or "") for text in texts))


@lru_cache(maxsize=16384)
def _letters(text: str) -> str:
    """Return what the base letters of a text weigh, a character each."""
    return unicodedata.normalize("NFC", text).translate(_WEIGHTS)


@lru_cache(maxsize=16384)
def _accents(text: str) -> str:
    """Return the same with the accents, each of which comes after any letter of Latin."""
    if text.isascii():
        return _letters(text)
    return unicodedata.normalize("NFKD", text).translate(_WEIGHTS_AND_ACCENTS)


class _Weights(dict[int, str]):
    """What each character weighs; those that the table does not name are found out once."""

    def __init__(self, *, accents: bool = False) -> None:
        super().__init__()
        self._kept = "LNM" if accents else "LN"

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character.casefold()
        parts = folded if folded != character else unicodedata.normalize("NFKD", character)
        if parts != character:
            weight = parts.translate(self)
        elif unicodedata.category(character)[0] in self._kept and code not in _MODIFIERS:
            weight = chr(_AFTER_THE_TABLE + code)
        else:
            weight = ""
        self[code] = weight
        return weight


def _read_weights() -> _Weights:
    weights, spelled = _Weights(), {}
    table = files("lea_reports").joinpath("collation.txt").read_text(encoding="utf-8")
    for place, letters in enumerate(table.split(), start=1):
        letter, _, spelling = letters.partition("=")
        if spelling:
            spelled[ord(letter)] = spelling
        else:
            weights.update(dict.fromkeys(map(ord, letters), chr(place)))
    weights.update({code: spelling.translate(weights) for code, spelling in spelled.items()})
    return weights


_WEIGHTS = _read_weights()
_WEIGHTS_AND_ACCENTS = _Weights(accents=True)
_WEIGHTS_AND_ACCENTS.update(_WEIGHTS)
