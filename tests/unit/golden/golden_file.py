"""A golden: the pages of one SSR as a small picture and as the words that a viewer copies."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image, ImageChops

from bench.sameness import pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DOTS_AN_INCH = 36
_SHADES = 16
_SEEN = 64
"""A pixel differs if it is so much darker or lighter, of 255: less comes from another drawing library's edges."""
_TOLERATED = 0.0005
"""The share of pixels that may differ."""
_LINE_HEIGHT = 3.0
"""Points between words that still stand on one line."""
LARGEST = 50_000
"""Bytes of a picture."""


@dataclass(frozen=True, slots=True)
class GoldenPages:
    """What is compared."""

    picture: Image.Image
    """All pages beside each other, in shades of grey."""
    text: str
    """The words from top to bottom and from left to right, in whatever order they were drawn."""

    @classmethod
    def of(cls, content: bytes) -> GoldenPages:
        """Draw and read a PDF."""
        pages = pictures(content, _DOTS_AN_INCH)
        picture = Image.new("L", (sum(page.width for page in pages), pages[0].height), 255)
        left = 0
        for page in pages:
            picture.paste(page, (left, 0))
            left += page.width
        return cls(picture, _text(content))

    @classmethod
    def read(cls, folder: Path, name: str) -> GoldenPages:
        """Read a golden. Raises `FileNotFoundError` if there is none."""
        with Image.open(folder / f"{name}.png") as picture:
            return cls(picture.convert("L"), (folder / f"{name}.txt").read_text(encoding="utf-8"))

    def write(self, folder: Path, name: str) -> None:
        """Make it a golden."""
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.png").write_bytes(self.png())
        (folder / f"{name}.txt").write_text(self.text, encoding="utf-8")

    def png(self) -> bytes:
        """Return the picture as it is kept: in few shades, so that it stays small."""
        target = io.BytesIO()
        step = 255 / (_SHADES - 1)
        coarse = self.picture.point([round(round(shade / step) * step) for shade in range(256)])
        coarse.quantize(_SHADES).save(target, "PNG", optimize=True)
        return target.getvalue()

    def difference(self, other: GoldenPages) -> str | None:
        """Say in one sentence how the pages differ; None if they are the same for a reader."""
        if self.text != other.text:
            pairs = zip(self.text.splitlines(), other.text.splitlines(), strict=False)
            first = next(((mine, theirs) for mine, theirs in pairs if mine != theirs), None)
            return (
                f"the words differ: {first[0]!r}, not {first[1]!r}"
                if first
                else "words are missing at the end"
            )
        if self.picture.size != other.picture.size:
            return f"the pages are {self.picture.size} pixels large, not {other.picture.size}"
        shades = ImageChops.difference(self.picture, other.picture).histogram()
        share = sum(shades[_SEEN:]) / sum(shades)
        return f"{share:.3%} of the pixels differ" if share > _TOLERATED else None


def _text(content: bytes) -> str:
    """Set the words of every page in lines that a person can compare."""
    document = pypdfium2.PdfDocument(content)
    try:
        told = []
        for number, page in enumerate(document, 1):
            told += [f"--- page {number}", *_lines(page.get_textpage())]
        return "\n".join(told) + "\n"
    finally:
        document.close()


def _lines(text: pypdfium2.PdfTextPage) -> list[str]:
    lines: list[list[tuple[float, str]]] = []
    height = 0.0
    for top, left, word in sorted(_words(text), key=lambda placed: (-placed[0], placed[1])):
        if not lines or height - top > _LINE_HEIGHT:
            lines.append([])
            height = top
        lines[-1].append((left, word))
    return [" ".join(word for _, word in sorted(line)) for line in lines]


def _words(text: pypdfium2.PdfTextPage) -> Iterator[tuple[float, float, str]]:
    """Yield how high every word stands, where it begins, and the word."""
    word, place = "", (0.0, 0.0)
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        if not character.strip():
            if word:
                yield *place, word
            word = ""
            continue
        if not word:
            left, bottom, _, top = text.get_charbox(index, loose=True)
            place = (bottom + top) / 2, left
        word += character
    if word:
        yield *place, word
