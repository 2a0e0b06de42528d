"""What the codes of a font mean: the ToUnicode map that a reader, a search and a screen reader go by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

_SECTION = re.compile(rb"(\d+)\s+begin(bfchar|bfrange)\s(.*?)\send\2\b", re.DOTALL)
_CODESPACE = re.compile(rb"\bbegincodespacerange\s+<[0-9A-Fa-f]+>\s+<[0-9A-Fa-f]+>\s")
_HEX = re.compile(rb"<((?:[0-9A-Fa-f]{2})+)>")
_OPERANDS = {b"bfchar": 2, b"bfrange": 3}
_MOST_ENTRIES = 100
"""In one section (Adobe Technical Note 5014)."""
_MEANINGLESS = frozenset("\x00\ufeff\ufffe\uffff")


@dataclass(slots=True)
class CharacterMap:
    """One font of a document: how its codes are read, and what is wrong with it."""

    name: str
    code_length: int
    """Bytes of a code."""
    characters: dict[int, str]
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, font: pikepdf.Object) -> CharacterMap:
        """Read a font dictionary."""
        name = str(font.get("/BaseFont", "a font without name")).removeprefix("/")
        composite = str(font.get("/Subtype")) == "/Type0"
        made = cls(name, 2 if composite else 1, {})
        if composite and str(font.get("/Encoding")) not in {"/Identity-H", "/Identity-V"}:
            made.problems.append(f"font {name}: the encoding is not Identity, codes cannot be told apart")
        if "/ToUnicode" in font:
            try:
                made.characters = dict(_read(font.ToUnicode.read_bytes()))
            except _Malformed as error:
                made.problems.append(f"font {name}: malformed ToUnicode map: {error}")
        else:
            made.problems.append(f"font {name}: no ToUnicode map")
        if _MEANINGLESS & set("".join(made.characters.values())):
            made.problems.append(f"font {name}: ToUnicode gives characters that mean nothing")
        made.problems += _embedding(name, font, composite=composite)
        return made

    def text(self, codes: bytes) -> str:
        """Return what a string of codes says; a code that means nothing is noted as a problem."""
        told = []
        for start in range(0, len(codes), self.code_length):
            code = int.from_bytes(codes[start : start + self.code_length], "big")
            if code == 0 and self.code_length > 1:
                self._note(f"font {self.name}: the glyph for missing characters is shown")
            elif not self.characters.get(code):
                self._note(f"font {self.name}: code {code} has no character")
            told.append(self.characters.get(code, ""))
        return "".join(told)

    def _note(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)


def _embedding(name: str, font: pikepdf.Object, *, composite: bool) -> Iterator[str]:
    if str(font.get("/Subtype")) == "/Type3":
        return
    described = font.DescendantFonts[0] if composite else font
    descriptor = described.get("/FontDescriptor")
    if descriptor is None or not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
        yield f"font {name}: not embedded"
    if str(described.get("/Subtype")) == "/CIDFontType2" and "/CIDToGIDMap" not in described:
        yield f"font {name}: no CIDToGIDMap"


class _Malformed(ValueError):
    """What a strict reader of maps refuses."""


def _read(content: bytes) -> Iterator[tuple[int, str]]:
    """Read a map as strictly as the strictest reader known: blanks stand between all tokens.

    Such a reader takes no part of a map that it cannot read, so neither does this one.
    """
    if not _CODESPACE.search(content):
        raise _Malformed("no range of codes")
    for count, kind, section in _SECTION.findall(content):
        tokens = _tokens(section)
        size = _OPERANDS[kind]
        if len(tokens) != int(count) * size or int(count) > _MOST_ENTRIES:
            raise _Malformed(f"{len(tokens) / size:g} entries where {int(count)} are announced")
        for start in range(0, len(tokens), size):
            codes, target = (
                [_code(each) for each in tokens[start : start + size - 1]],
                tokens[start + size - 1],
            )
            yield from _entries(codes[0], codes[-1], target)


def _tokens(section: bytes) -> list[bytes]:
    """Split a section at its blanks; a list in square brackets is one token."""
    tokens: list[bytes] = []
    within: list[bytes] | None = None
    for word in section.split():
        if word == b"[":
            within = []
        elif word == b"]" and within is not None:
            tokens.append(b" ".join(within))
            within = None
        elif not _HEX.fullmatch(word):
            raise _Malformed(f"{word.decode('latin-1')[:24]!r} is no string")
        else:
            (tokens if within is None else within).append(word)
    return tokens


def _entries(first: int, last: int, target: bytes) -> Iterator[tuple[int, str]]:
    if first >> 8 != last >> 8:
        raise _Malformed("a range changes more than the last byte of its codes")
    codes = range(first, last + 1)
    if b" " in target:
        yield from zip(codes, map(_characters, target.split()), strict=True)
        return
    start = _characters(target)
    if ord(start[-1]) & 0xFF > 0xFF - (last - first):
        raise _Malformed("a range changes more than the last byte of its characters")
    yield from ((code, start[:-1] + chr(ord(start[-1]) + step)) for step, code in enumerate(codes))


def _code(token: bytes) -> int:
    return int(token[1:-1], 16)


def _characters(target: bytes) -> str:
    return bytes.fromhex(target[1:-1].decode("ascii")).decode("utf-16-be", "replace")
