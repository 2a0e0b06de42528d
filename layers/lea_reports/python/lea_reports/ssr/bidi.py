"""In which order the characters of a line stand on paper where directions mix (Unicode Annex 9)."""

from __future__ import annotations

from fpdf.bidi import BIDI_BRACKETS, BidiParagraph
from fpdf.enums import TextDirection

from lea_reports.ssr.directions import ISOLATES

_MIRRORED = {opened: pair["pair"] for opened, pair in BIDI_BRACKETS.items()} | dict(
    zip("«»<>‹›", "»«><›‹", strict=True)
)


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
