"""In which order the characters of a line stand on paper where directions mix (Unicode Annex 9)."""

from __future__ import annotations

import unicodedata

from fpdf.bidi import BIDI_BRACKETS, BidiParagraph
from fpdf.enums import TextDirection

ISOLATES = "\u2066\u2067\u2068\u2069"
"""They keep a value's direction apart from the sentence around it; they have no glyph."""
_NO_ISOLATES = dict.fromkeys(map(ord, ISOLATES))
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
_MIRRORED = {opened: pair["pair"] for opened, pair in BIDI_BRACKETS.items()} | dict(
    zip("«»<>‹›", "»«><›‹", strict=True)
)


def without_isolates(text: str) -> str:
    """Return what of a text has glyphs."""
    return text.translate(_NO_ISOLATES)


def is_mixed(text: str) -> bool:
    """Say whether a text has letters or digits of a script written from the right."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def mirrored(text: str) -> str:
    """Return a text with its brackets turned around, as they look when read from the right."""
    return "".join(_MIRRORED.get(character, character) for character in text)


def visual_order(text: str, *, right_to_left: bool) -> tuple[tuple[int, bool], ...]:
    """Return the positions of a line's characters from left to right, each with whether it reads leftwards.

    Isolates are left out. `right_to_left` is the direction of the page.
    """
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    characters = BidiParagraph(text, base, preserve_bn_chars=True).get_reordered_characters()
    return tuple(
        (character.character_index, character.embedding_level % 2 == 1)
        for character in characters
        if character.character not in ISOLATES
    )
