"""How a student's name is written on an SSR."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.ssr.results.student_result import StudentResult

_JOINERS = "\u200c\u200d"
"""They decide how Arabic letters join, so they are part of the spelling there (Persian, Urdu)."""


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Return text as it can be set: NFC, no control or direction characters, single spaces.

    A surrogate or an unknown character stays, so that the missing glyph is noticed.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    arabic = any("\u0600" <= character <= "\u06ff" for character in text)
    kept = []
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in {"Cc", "Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif category != "Cf" or (arabic and character in _JOINERS):
            kept.append(character)
    return " ".join("".join(kept).split())


def full_name(result: StudentResult) -> str:
    """Return the whole name in the order its script uses: family name first in Han and Hangul."""
    last, middle, first = clean(result.last_name), clean(result.middle_name), clean(result.first_name)
    if (
        last
        and not last.isascii()
        and first
        and all(_is_east_asian(part) for part in (last, middle, first) if part)
    ):
        return last + first + middle
    return " ".join(filter(None, (first, middle, last)))


def name_in_lists(result: StudentResult) -> str:
    """Return "Last, First" as lists are sorted by it."""
    return ", ".join(filter(None, (clean(result.last_name), clean(result.first_name))))


def _is_east_asian(text: str) -> bool:
    return all(
        unicodedata.name(character, "").startswith(("CJK UNIFIED", "CJK COMPAT", "HANGUL"))
        for character in text
    )
