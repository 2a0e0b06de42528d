"""Names of files inside an archive: the same on Windows, macOS and Linux, in any script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
)
_LONGEST_WORD = 40  # three of them, a code, a grade and an SSID stay under Windows's 260 characters
_MOST_BYTES = 100  # two of them and the rest stay under the 255 bytes that Linux and macOS give a file's name


@lru_cache(maxsize=16384)
def file_word(text: str, longest: int = _LONGEST_WORD) -> str:
    """Return a text as a part of a file name.

    NFC, without characters that Windows forbids or that nobody sees, spaces as underscores, at most `longest`
    characters and 100 bytes of UTF-8; `unnamed` if nothing is left.
    """
    seen = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if unicodedata.category(character) not in _INVISIBLE
    )
    cut = re.sub(r"\s+", "_", _FORBIDDEN.sub("", seen).strip())[:longest]
    word = cut.encode()[:_MOST_BYTES].decode(errors="ignore").strip("._ ")
    if not word:
        return "unnamed"
    return f"_{word}" if word.upper() in _DEVICES else word


def school_folder(code: str, name: str) -> str:
    """Return the folder of a school: `99100011234567_Maple_Elementary`."""
    return f"{code}_{file_word(name)}"


def ssr_path(
    *, school: str, grade: str, last_name: str, first_name: str, ssid: str, test: str, language: str
) -> str:
    """Return the path of one SSR; `school` is its folder. The SSID makes it unique in the school.

    A student with one name has one word for it.
    """
    student = "_".join((*(file_word(name) for name in (last_name, first_name) if name), ssid))
    return f"{school}/grade-{grade}/{student}_{test}_{language}.pdf"


def archive_name(name: str, number: int, archives: int) -> str:
    """Return the name of one of a report's archives, counted from 1: `Spring.zip`, or `Spring_2-of-3.zip`."""
    return f"{name}.zip" if archives == 1 else f"{name}_{number}-of-{archives}.zip"


def merged_name(*, name: str, grade: str, language: str, number: int) -> str:
    """Return the name of a merged file: `Spring_grade-03_en_001.pdf`."""
    return f"{name}_grade-{grade}_{language}_{number:03d}.pdf"
