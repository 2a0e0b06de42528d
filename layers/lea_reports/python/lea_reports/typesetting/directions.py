"""Scripts written from the left and from the right, and how a value of one keeps its order in the other."""

from __future__ import annotations

import unicodedata

LEFT_TO_RIGHT_ISOLATE, RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2066", "\u2067", "\u2069"
ISOLATES = "\u2066\u2067\u2068\u2069"
"""They keep a value's direction apart from the sentence around it; they have no glyph."""
_NO_ISOLATES = dict.fromkeys(map(ord, ISOLATES))
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


def has_right_to_left(text: str) -> bool:
    """Say whether a text has letters or digits of a script written from the right."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def isolated(value: str) -> str:
    """Return a value as it can stand in a sentence written from the right.

    One with Arabic words reads from the right, as the sentence does; anything else, such as a range or a
    Latin name, from the left.
    """
    start = RIGHT_TO_LEFT_ISOLATE if has_right_to_left(value) else LEFT_TO_RIGHT_ISOLATE
    return f"{start}{value}{POP_ISOLATE}"


def without_isolates(text: str) -> str:
    """Return what of a text has glyphs."""
    return text.translate(_NO_ISOLATES)
