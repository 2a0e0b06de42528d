"""Names of files that people download: the same on Windows, macOS and Linux, in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from lea_reports.jobs.job import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_DEVICES = frozenset(
    {
        *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
        *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
    }
)
"""Names that Windows keeps for devices, whatever follows after a dot.

Source: Microsoft, Naming Files, Paths, and Namespaces.
"""

_MOST_BYTES = 100  # two of them and the rest stay under the 255 bytes that Linux and macOS give a file's name


@lru_cache(maxsize=16384)
def file_word(text: str, longest: int) -> str:
    """Return a text as a part of a file name.

    NFC, without characters that Windows forbids or that nobody sees, spaces as underscores, at most `longest` units of
    UTF-16 (as Windows counts) and 100 bytes of UTF-8, cut between letters and not before their accents; `unnamed` if
    nothing is left. It does not begin like a formula, which is like an option of a command, too.
    """
    seen = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in _INVISIBLE
    )
    joined = re.sub(r"\s+", "_", _FORBIDDEN.sub("", seen).strip())
    word = _cut(joined.lstrip("._ =+-@"), longest).rstrip("._ ")
    if not word:
        return "unnamed"
    return f"_{word}"[:longest] if word.partition(".")[0].upper() in _DEVICES else word


def _cut(text: str, longest: int) -> str:
    """Return as many whole letters, each with its accents, as a file name has room for."""
    kept, room, bytes_left = "", longest, _MOST_BYTES
    for letter in _letters(text):
        room -= len(letter.encode("utf-16-le")) // 2
        bytes_left -= len(letter.encode())
        if room < 0 or bytes_left < 0:
            break
        kept += letter
    return kept


def _letters(text: str) -> Iterator[str]:
    """Yield each letter with the accents that follow it."""
    letter = ""
    for character in text:
        if letter and not unicodedata.category(character).startswith("M"):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def report_word(name: str) -> str:
    """Return the name of a report as the files begin that bear it."""
    return file_word(name, LONGEST_NAME)
