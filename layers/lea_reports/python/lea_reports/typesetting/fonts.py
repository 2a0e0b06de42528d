"""The fonts layer: which font has a character, how wide texts are and where their lines end."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from math import fsum
from typing import TYPE_CHECKING

from lea_reports.pdf.font_file import FontFile
from lea_reports.typesetting.bidi import mirrored, visual_order
from lea_reports.typesetting.directions import has_right_to_left, without_isolates
from lea_reports.typesetting.glyphs import NoGlyph
from lea_reports.typesetting.line_breaks import units
from lea_reports.typesetting.memory import Memory
from lea_reports.typesetting.shaping import Shaper
from lea_reports.typesetting.stand_ins import STAND_INS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lea_reports.typesetting.glyphs import Glyph
    from lea_reports.typesetting.styles import Style

ELLIPSIS = "…"
_SHRINK_STEP = 0.5
_READABLE, _SMALLEST = 5.5, 3.5
"""The sizes below which words are rather broken, and below which texts are rather cut."""
TIGHT = 1.2
"""The height of a line of a text that fills a box, in sizes."""
_MOST_REMEMBERED = 20_000
"""How many results of one kind are kept; names repeat seldom, sentences always."""
_NEUTRAL = frozenset(("WS", "ON", "CS", "ES", "ET", "NSM", "BN"))
_DEVANAGARI = range(0x0900, 0x0980)
_EAST_ASIAN_PUNCTUATION = (range(0x3000, 0x3040), range(0xFF00, 0xFFF0))


class Typeface(StrEnum):
    """A family of the fonts layer, in the order in which a character is looked for."""

    LATIN = "NotoSans"
    ARABIC = "NotoNaskhArabic"
    CHINESE = "NotoSansTC"
    KOREAN = "NotoSansKR"


SCALE = {typeface: 1.12 if typeface is Typeface.ARABIC else 1.0 for typeface in Typeface}
"""How much larger than the size of its text a font is set.

Naskh letters are low for their size; with this factor they read as easily as the Latin ones beside them.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font sets."""

    typeface: Typeface
    text: str
    shaped: bool
    """Letters join or marks are placed, so a shaping engine sets it (3.6 times slower than plain text)."""


class Fonts:
    """The fonts layer and what was measured with it, for the life of a process.

    `folder` holds the .ttf files; one is opened when a text first needs it. Widths are in points.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[tuple[Typeface, bool], FontFile] = {}
        self._shapers: dict[tuple[Typeface, bool], Shaper] = {}
        self._known: set[str] = set()
        self._faces_of: dict[str, Typeface] = {}
        self._advances: dict[tuple[Typeface, bool], Mapping[str, float]] = {}
        self._runs: Memory[str, tuple[Run, ...]] = Memory(_MOST_REMEMBERED)
        self._visual_runs: Memory[tuple[str, bool], tuple[Run, ...]] = Memory(_MOST_REMEMBERED)
        self._glyphs: Memory[tuple[Typeface, str, bool], tuple[Glyph, ...]] = Memory(_MOST_REMEMBERED)
        self._words: Memory[tuple[str, bool], float] = Memory(_MOST_REMEMBERED)
        self._lines: Memory[tuple[str, bool, float, float], tuple[str, ...]] = Memory(_MOST_REMEMBERED)

    def file(self, typeface: Typeface, *, bold: bool) -> FontFile:
        """Return a font. Raises `FileNotFoundError` if the layer was not built."""
        file = self._files.get((typeface, bold))
        if file is None:
            path = self._folder / f"{typeface}-{'Bold' if bold else 'Regular'}.ttf"
            if not path.is_file():
                raise FileNotFoundError(
                    f"There is no font {path.name} in {self._folder}; build the fonts layer."
                )
            file = self._files[typeface, bold] = FontFile(path)
        return file

    def covers(self, typeface: Typeface, text: str) -> bool:
        """Tell whether a family has every character of a text; both weights have the same."""
        glyph_of = self.file(typeface, bold=False).glyph_of
        return all(character in glyph_of for character in text)

    def runs(self, text: str) -> tuple[Run, ...]:
        """Split text, character by character, into stretches of one font each, in the order of reading.

        Raises `NoGlyph` if a character is in none.
        """
        runs = self._runs.get(text)
        if runs is None:
            if text.isascii() and text.isprintable():
                runs = (Run(Typeface.LATIN, text, shaped=False),) if text else ()
            else:
                runs = self._found_runs(without_isolates(text))
            self._runs.keep(text, runs)
        return runs

    def _found_runs(self, text: str) -> tuple[Run, ...]:
        faces = self._faces(text)
        runs: list[Run] = []
        start = 0
        for end in range(1, len(text) + 1):
            if end == len(text) or faces[end] is not faces[start]:
                stretch = text[start:end]
                runs.append(Run(faces[start], stretch, _needs_shaping(faces[start], stretch)))
                start = end
        return tuple(runs)

    def visual_runs(self, text: str, *, right_to_left: bool) -> tuple[Run, ...]:
        """Split a line into stretches of one font and one direction, in the order from left to right.

        `right_to_left` is the direction of the page. The text of a shaped run is in the order of reading,
        since the shaping engine turns it; that of any other run is as it stands on paper.
        """
        if text.isascii() and not right_to_left:
            return self.runs(text)
        runs = self._visual_runs.get((text, right_to_left))
        if runs is None:
            if has_right_to_left(text):
                runs = tuple(self._ordered_runs(text, right_to_left=right_to_left))
            else:
                runs = self.runs(text)
            self._visual_runs.keep((text, right_to_left), runs)
        return runs

    def _ordered_runs(self, text: str, *, right_to_left: bool) -> Iterator[Run]:
        faces = iter(self._faces(without_isolates(text)))
        placed = visual_order(text, right_to_left=right_to_left)
        face_of = {position: next(faces) for position in sorted(position for position, _ in placed)}
        for (face, leftwards), group in groupby(placed, lambda place: (face_of[place[0]], place[1])):
            stretch = "".join(text[position] for position, _ in group)
            if shaped := _needs_shaping(face, stretch):
                stretch = stretch[::-1] if leftwards else stretch
            elif leftwards:
                stretch = mirrored(stretch)
            yield Run(face, stretch, shaped)

    def has(self, text: str) -> bool:
        """Tell whether every character of a text is in a font."""
        if not self._known.issuperset(text):
            for character in set(text) - self._known:
                if not any(self.covers(typeface, character) for typeface in Typeface):
                    return False
                self._known.add(character)
        return True

    def _faces(self, text: str) -> list[Typeface]:
        """Choose the font of every character."""
        faces: list[Typeface] = []
        for character in text:
            faces.append(self._typeface(character, faces[-1] if faces else Typeface.LATIN))
        self._join_arabic_words(text, faces)
        return faces

    def _typeface(self, character: str, before: Typeface) -> Typeface:
        face = self._faces_of.get(character)
        if face:
            return face
        if character in STAND_INS:
            return Typeface.LATIN
        point = ord(character)
        common = unicodedata.combining(character) or any(point in block for block in _EAST_ASIAN_PUNCTUATION)
        if common and self.covers(before, character):
            return before  # a mark is placed by the font of its letter, and Korean has Korean commas
        for typeface in Typeface:
            if self.covers(typeface, character):
                if not common:
                    self._faces_of[character] = typeface
                return typeface
        raise NoGlyph("A character is in no font.")

    def _join_arabic_words(self, text: str, faces: list[Typeface]) -> None:
        """Give spaces and punctuation between Arabic letters to the Arabic run: it is read as a whole."""
        arabic = [position for position, face in enumerate(faces) if face is Typeface.ARABIC]
        for left, right in pairwise(arabic):
            between = range(left + 1, right)
            if all(
                self.covers(Typeface.ARABIC, text[position])
                and unicodedata.bidirectional(text[position]) in _NEUTRAL
                for position in between
            ):
                for position in between:
                    faces[position] = Typeface.ARABIC

    def width(self, text: str, style: Style) -> float:
        """Return how wide a text is in one line."""
        return self._width(text, bold=style.bold) * style.size

    def _width(self, text: str, *, bold: bool) -> float:
        """Return the width at size 1."""
        width = self._words.get((text, bold))
        if width is None:
            width = fsum(self._run_width(run, bold=bold) for run in self.runs(text))
            self._words.keep((text, bold), width)
        return width

    def run_width(self, run: Run, style: Style) -> float:
        """Return how wide one run is."""
        return self._run_width(run, bold=style.bold) * style.size

    def _run_width(self, run: Run, *, bold: bool) -> float:
        if run.shaped:
            return fsum(glyph.advance for glyph in self.shape(run.typeface, run.text, bold=bold))
        return fsum(map(self.advances(run.typeface, bold=bold).__getitem__, run.text))

    def advances(self, typeface: Typeface, *, bold: bool) -> Mapping[str, float]:
        """Return how far each character moves on in a text of size 1, when nothing is shaped."""
        advances = self._advances.get((typeface, bold))
        if advances is None:
            file, scale = self.file(typeface, bold=bold), SCALE[typeface]
            widths = [advance * scale for advance in file.advances]
            advances = {character: widths[number] for character, number in file.glyph_of.items()}
            if typeface is Typeface.LATIN:  # all of its digits are equally wide
                advances |= dict.fromkeys(STAND_INS, advances["0"])
            self._advances[typeface, bold] = advances
        return advances

    def shape(self, typeface: Typeface, text: str, *, bold: bool) -> tuple[Glyph, ...]:
        """Return the glyphs that set a shaped run, from left to right.

        Raises `NoGlyph` if the font lacks one.
        """
        glyphs = self._glyphs.get((typeface, text, bold))
        if glyphs is None:
            shaper = self._shapers.get((typeface, bold))
            if shaper is None:
                file = self.file(typeface, bold=bold)
                shaper = self._shapers[typeface, bold] = Shaper(file.path, SCALE[typeface])
            glyphs = self._glyphs.keep((typeface, text, bold), tuple(shaper.glyphs(text)))
        return glyphs

    def wrap(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """Break a text into lines no wider than `width`; only a word wider than a line is broken inside."""
        key = (text, style.bold, style.size, width)
        lines = self._lines.get(key)
        if lines is None:
            lines = self._lines.keep(key, tuple(self._wrapped(text, style, width)))
        return lines

    def _wrapped(self, text: str, style: Style, width: float) -> Iterable[str]:
        line, filled = "", 0.0
        space = self._space(text, style)
        for unit, spaced in units(text):
            gap = " " if spaced and line else ""
            longer = filled + (space if gap else 0.0) + self.width(unit, style)
            if longer <= width:
                line, filled = line + gap + unit, longer
                continue
            if line:
                yield line
            line = unit
            while self.width(line, style) > width and len(line) > 1:
                end = next(
                    end
                    for end in range(len(line) - 1, 0, -1)
                    if end == 1 or self.width(line[:end], style) <= width
                )
                yield line[:end]
                line = line[end:]
            filled = self.width(line, style)
        yield line

    def _space(self, text: str, style: Style) -> float:
        """Return the width of a space; a line is measured by its words, which are remembered."""
        faces = {run.typeface for run in self.runs(text)} & {Typeface.ARABIC} | {Typeface.LATIN}
        return max(self.advances(face, bold=style.bold).get(" ", 0.0) for face in faces) * style.size

    def fit(
        self, text: str, style: Style, width: float, *, smallest: float, lines: int = 1
    ) -> tuple[tuple[str, ...], Style]:
        """Set a text of unknown length into a place of known size.

        The text is set smaller, down to size `smallest`, until it takes at most `lines` lines and no word
        is broken inside; what is still too long ends with an ellipsis.
        """
        if self.width(text, style) <= width:
            return (text,), style
        widest = max(self._width(unit, bold=style.bold) for unit, _ in units(text))
        while style.size > smallest and (
            len(self.wrap(text, style, width)) > lines or widest * style.size > width
        ):
            style = replace(style, size=max(smallest, style.size - _SHRINK_STEP))
        wrapped = self.wrap(text, style, width)
        if len(wrapped) > lines:
            last = " ".join(wrapped[lines - 1 :])
            while last and self.width(last + ELLIPSIS, style) > width:
                last = last[:-1]
            wrapped = (*wrapped[: lines - 1], last + ELLIPSIS)
        return wrapped, style

    def fill(self, text: str, style: Style, width: float, height: float) -> tuple[tuple[str, ...], Style]:
        """Set a text into a box, in as many lines as it takes and as large as there is room for.

        A word is broken inside only where the type would become too small to read. What has no room even in the
        smallest type ends with an ellipsis.
        """
        words = max(self._width(unit, bold=style.bold) for unit, _ in units(text))
        for smallest, whole in ((_READABLE, True), (_SMALLEST, False)):
            tried = style
            while tried.size >= smallest:
                fits = not whole or words * tried.size <= width
                if fits and len(self.wrap(text, tried, width)) * tried.size * TIGHT <= height:
                    return self.wrap(text, tried, width), tried
                tried = replace(tried, size=tried.size - _SHRINK_STEP)
        style = replace(style, size=_SMALLEST)
        return self.fit(text, style, width, smallest=_SMALLEST, lines=int(height / _SMALLEST / TIGHT))


def _needs_shaping(typeface: Typeface, text: str) -> bool:
    return typeface is Typeface.ARABIC or any(
        ord(character) in _DEVANAGARI or unicodedata.combining(character) for character in text
    )
