"""What the codes of a font mean: the ToUnicode map that a reader, a search and a screen reader go by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_CHARACTER = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[(.*?)\])", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
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
            made.characters = dict(_read(font.ToUnicode.read_bytes()))
        if not made.characters:
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


def _read(content: bytes) -> Iterator[tuple[int, str]]:
    for kind, section in _SECTION.findall(content):
        if kind == b"bfchar":
            for code, target in _CHARACTER.findall(section):
                yield int(code, 16), _characters(target)
            continue
        for first, last, target, targets in _RANGE.findall(section):
            codes = range(int(first, 16), int(last, 16) + 1)
            if targets:
                yield from zip(codes, map(_characters, _HEX.findall(targets)), strict=False)
                continue
            start = _characters(target)
            yield from ((code, start[:-1] + chr(ord(start[-1]) + step)) for step, code in enumerate(codes))


def _characters(target: bytes) -> str:
    return bytes.fromhex(target.decode("ascii")).decode("utf-16-be", "replace")
