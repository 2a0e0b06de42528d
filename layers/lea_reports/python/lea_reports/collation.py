"""The one order in which people find names: archives, merged files, outlines and lists stand in it.

It is the order of CLDR's root collation (Unicode Technical Standard 10) as far as names need it: base letters decide
first, then marks, then capitals; scripts follow each other as Latin, Greek, Cyrillic, Arabic, Hangul, Kana, Han. Beyond
CLDR, all forms of the apostrophe are one (typed or typographic, O'Brien stands together), and hyphens are
as spaces.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_AFTER = "\U0010fffd"
"""Behind a letter it makes one that follows it, before the next letter of the alphabet."""

_BASE_LETTERS = {
    "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "ħ": "h", "ł": "l",
    "ŧ": f"t{_AFTER}", "ŋ": f"n{_AFTER}", "ı": f"i{_AFTER}", "ə": f"e{_AFTER}", "ɓ": f"b{_AFTER}",
    "ɗ": f"d{_AFTER}", "ƙ": f"k{_AFTER}", "ƴ": f"y{_AFTER}", "þ": f"z{_AFTER}",
}  # fmt: skip
"""Letters that Unicode does not decompose. Source: CLDR root, `allkeys`."""

_APOSTROPHES = "\u2018\u2019\u201b`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u2032\ua78c"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_EXTENSION_A = range(0x3400, 0x4DC0)  # rare Han characters follow the common ones
_BEHIND_HAN = 0xE000
_KATAKANA = range(0x30A1, 0x30F7)
_FROM_KATAKANA_TO_HIRAGANA = -0x60

_PRIMARY = str.maketrans(
    {
        **_BASE_LETTERS,
        **dict.fromkeys(_APOSTROPHES, "'"),
        **dict.fromkeys(_HYPHENS, " "),
        **{chr(code): chr(code + _FROM_KATAKANA_TO_HIRAGANA) for code in _KATAKANA},
        **{chr(code): chr(code - _EXTENSION_A.start + _BEHIND_HAN) for code in _EXTENSION_A},
    }
)


def order_of_names(*names: str | None) -> tuple[tuple[str, ...], ...]:
    """Return what sorts people by these names, the most important first; a missing name stands before all others.

    Marks and capitals decide only between people whose names are all the same without them.
    """
    return tuple(zip(*map(_levels, names), strict=True))


@lru_cache(maxsize=65_536)
def _levels(name: str | None) -> tuple[str, str, str]:
    """Return base letters; letters with their marks; and the name with small letters before capitals."""
    if not name:
        return "", "", ""
    if name.isascii():
        marked = name.lower()
        return marked.replace("-", " "), marked, name.swapcase()
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bases = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bases.translate(_PRIMARY), unicodedata.normalize("NFKD", name.lower()), name.swapcase()
