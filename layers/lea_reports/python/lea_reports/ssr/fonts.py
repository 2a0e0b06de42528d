"""Fonts of SSRs: which font has a character, and small fonts that hold only what a batch needs."""

from __future__ import annotations

import tempfile
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

from lea_reports.errors import Invalid
from lea_reports.ssr.bidi import mirrored, visual_order
from lea_reports.ssr.directions import has_right_to_left, without_isolates
from lea_reports.ssr.line_breaks import units
from lea_reports.ssr.names import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from lea_reports.ssr.palette import Style

ELLIPSIS = "…"
_SHRINK_STEP = 0.5
_NEUTRAL = frozenset(("WS", "ON", "CS", "ES", "ET", "NSM", "BN"))
_DEVANAGARI = range(0x0900, 0x0980)
_EAST_ASIAN_PUNCTUATION = (range(0x3000, 0x3040), range(0xFF00, 0xFFF0))


class NoGlyph(Invalid):
    """A text holds a character that no font of the layer has."""


class Typeface(StrEnum):
    """A family of the fonts layer, in the order in which a character is looked for."""

    LATIN = "NotoSans"
    ARABIC = "NotoNaskhArabic"
    CHINESE = "NotoSansTC"
    KOREAN = "NotoSansKR"


_ENLARGED = {Typeface.ARABIC: 1.12}
"""Naskh letters are low for their size; with this factor they read as easily as the Latin ones beside them."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that one font sets."""

    typeface: Typeface
    text: str
    shaped: bool
    """Letters join or marks are placed, so a shaping engine sets it (3.6 times slower than plain text)."""


class Glyph(NamedTuple):
    """One glyph of a shaped run; lengths are those of size 1."""

    number: int
    letters: str
    """What it spells; empty for a further glyph of the same letters."""
    advance: float
    right: float
    """How far from its place to the right it stands."""
    up: float


class FontFolder:
    """The content of the fonts layer; a font is opened when a text first needs it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._coverage: dict[Typeface, frozenset[int]] = {}
        self._known: set[str] = set()
        self._faces_of: dict[str, Typeface] = {}

    def file(self, typeface: Typeface, *, bold: bool) -> Path:
        """Return the file of a font. Raises `FileNotFoundError` if the layer was not built."""
        path = self._path / f"{typeface}-{'Bold' if bold else 'Regular'}.ttf"
        if not path.is_file():
            raise FileNotFoundError(f"There is no font {path.name} in {self._path}; build the fonts layer.")
        return path

    def coverage(self, typeface: Typeface) -> frozenset[int]:
        """Return the characters of a family; both weights have the same."""
        if typeface not in self._coverage:
            with TTFont(self.file(typeface, bold=False), lazy=True) as font:
                self._coverage[typeface] = frozenset(font.getBestCmap())
        return self._coverage[typeface]

    def runs(self, text: str) -> tuple[Run, ...]:
        """Split text, character by character, into stretches of one font each, in the order of reading.

        Raises `NoGlyph` if a character is in none.
        """
        text = without_isolates(text)
        faces = self._faces(text)
        runs: list[Run] = []
        start = 0
        for end in range(1, len(text) + 1):
            if end == len(text) or faces[end] is not faces[start]:
                part = text[start:end]
                runs.append(Run(faces[start], part, _needs_shaping(faces[start], part)))
                start = end
        return tuple(runs)

    def visual_runs(self, text: str, *, right_to_left: bool) -> tuple[Run, ...]:
        """Split a line into stretches of one font and one direction, in the order from left to right.

        `right_to_left` is the direction of the page. The text of a shaped run is in the order of reading,
        since the shaping engine turns it; that of any other run is as it stands on paper.
        """
        if not has_right_to_left(text):
            return self.runs(text)
        faces = iter(self._faces(without_isolates(text)))
        placed = visual_order(text, right_to_left=right_to_left)
        face_of = {position: next(faces) for position in sorted(position for position, _ in placed)}
        runs = []
        for (face, leftwards), group in groupby(placed, lambda place: (face_of[place[0]], place[1])):
            part = "".join(text[position] for position, _ in group)
            if shaped := _needs_shaping(face, part):
                part = part[::-1] if leftwards else part
            elif leftwards:
                part = mirrored(part)
            runs.append(Run(face, part, shaped))
        return tuple(runs)

    def has(self, text: str) -> bool:
        """Tell whether every character of a text is in a font."""
        if not self._known.issuperset(text):
            for character in set(text) - self._known:
                if not any(ord(character) in self.coverage(typeface) for typeface in Typeface):
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
        point = ord(character)
        common = unicodedata.combining(character) or any(point in block for block in _EAST_ASIAN_PUNCTUATION)
        if common and point in self.coverage(before):
            return before  # a mark is placed by the font of its letter, and Korean has Korean commas
        for typeface in Typeface:
            if point in self.coverage(typeface):
                if not common:
                    self._faces_of[character] = typeface
                return typeface
        raise NoGlyph("A character is in no font.")

    def _join_arabic_words(self, text: str, faces: list[Typeface]) -> None:
        """Give spaces and punctuation between Arabic letters to the Arabic run: it is read as a whole."""
        arabic = [position for position, face in enumerate(faces) if face is Typeface.ARABIC]
        covered = self.coverage(Typeface.ARABIC) if arabic else frozenset()
        for left, right in pairwise(arabic):
            between = range(left + 1, right)
            if all(
                ord(text[position]) in covered and unicodedata.bidirectional(text[position]) in _NEUTRAL
                for position in between
            ):
                for position in between:
                    faces[position] = Typeface.ARABIC


def _needs_shaping(typeface: Typeface, text: str) -> bool:
    return typeface is Typeface.ARABIC or any(
        ord(character) in _DEVANAGARI or unicodedata.combining(character) for character in text
    )


class BatchFonts:
    """Fonts cut to the characters of one batch of SSRs, in a folder of their own while they are in use.

    Embedding a whole font costs more than everything else about an SSR, so the cut is made once a batch.
    Texts are measured here as well: widths are in points.
    """

    def __init__(self, folder: FontFolder, texts: Iterable[str]) -> None:
        self._folder = folder
        self._runs: dict[str, tuple[Run, ...]] = {}
        points: dict[Typeface, set[int]] = {Typeface.LATIN: set(map(ord, ELLIPSIS)) | set(range(0x20, 0x7F))}
        self._shaped: set[Typeface] = set()
        for text in texts:
            for run in self.runs(clean(text)):
                points.setdefault(run.typeface, set()).update(map(ord, run.text))
                if run.shaped:
                    self._shaped.add(run.typeface)
        self._points = points
        self._directory = tempfile.TemporaryDirectory(prefix="ssr-fonts-")
        self._advances: dict[tuple[Typeface, bool], dict[str, float]] = {}
        self._glyphs: dict[tuple[Typeface, str, bool], tuple[Glyph, ...]] = {}
        self._shapers: dict[tuple[Typeface, bool], uharfbuzz.Font] = {}
        self._words: dict[tuple[str, bool], float] = {}
        self._lines: dict[tuple[str, bool, float, float], tuple[str, ...]] = {}
        self._visual_runs: dict[tuple[str, bool], tuple[Run, ...]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._directory.cleanup()

    def runs(self, text: str) -> tuple[Run, ...]:
        """Return `FontFolder.runs` of a text, remembered for the batch."""
        runs = self._runs.get(text)
        if runs is None:
            if text.isascii() and text.isprintable():
                runs = (Run(Typeface.LATIN, text, shaped=False),) if text else ()
            else:
                runs = self._folder.runs(text)
            self._runs[text] = runs
        return runs

    def visual_runs(self, text: str, *, right_to_left: bool) -> tuple[Run, ...]:
        """Return `FontFolder.visual_runs` of a line, remembered for the batch."""
        if text.isascii() and not right_to_left:
            return self.runs(text)
        key = (text, right_to_left)
        if key not in self._visual_runs:
            self._visual_runs[key] = self._folder.visual_runs(text, right_to_left=right_to_left)
        return self._visual_runs[key]

    def file(self, typeface: Typeface, *, bold: bool) -> Path:
        """Return the cut font; it is made at the first use."""
        path = Path(self._directory.name) / f"{typeface}-{'Bold' if bold else 'Regular'}.ttf"
        if not path.exists():
            self._cut(typeface, path, bold=bold)
        return path

    def _cut(self, typeface: Typeface, path: Path, *, bold: bool) -> None:
        shaped = typeface in self._shaped
        options = subset.Options(
            hinting=False,
            recalc_timestamp=False,
            notdef_outline=True,
            recommended_glyphs=True,
            layout_features=["*"] if shaped else [],
        )
        if not shaped:
            options.drop_tables += ["GDEF", "GPOS", "GSUB"]
        font = subset.load_font(self._folder.file(typeface, bold=bold), options, lazy=True)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=self._points[typeface])
        subsetter.subset(font)
        if typeface in _ENLARGED:
            unit = font["head"].unitsPerEm
            scale_upem(font, round(unit * _ENLARGED[typeface]))
            font["head"].unitsPerEm = unit
        subset.save_font(font, path, options)
        font.close()

    def width(self, text: str, style: Style) -> float:
        """Return how wide a text is in one line."""
        return self._width(text, bold=style.bold) * style.size

    def _width(self, text: str, *, bold: bool) -> float:
        """Return the width at size 1."""
        width = self._words.get((text, bold))
        if width is None:
            width = fsum(self._run_width(run, bold=bold) for run in self.runs(text))
            self._words[text, bold] = width
        return width

    def run_width(self, run: Run, style: Style) -> float:
        """Return how wide one run is."""
        return self._run_width(run, bold=style.bold) * style.size

    def _run_width(self, run: Run, *, bold: bool) -> float:
        if run.shaped:
            return self._shaped_width(run, bold=bold)
        return fsum(map(self._advances_of(run.typeface, bold=bold).__getitem__, run.text))

    def _advances_of(self, typeface: Typeface, *, bold: bool) -> dict[str, float]:
        advances = self._advances.get((typeface, bold))
        if advances is None:
            with TTFont(self.file(typeface, bold=bold), lazy=True) as font:
                metrics, unit = font["hmtx"].metrics, font["head"].unitsPerEm
                advances = {chr(point): metrics[name][0] / unit for point, name in font.getBestCmap().items()}
            self._advances[typeface, bold] = advances
        return advances

    def _shaped_width(self, run: Run, *, bold: bool) -> float:
        return fsum(glyph.advance for glyph in self.shape(run.typeface, run.text, bold=bold))

    def shape(self, typeface: Typeface, text: str, *, bold: bool) -> tuple[Glyph, ...]:
        """Return the glyphs that set a shaped run, from left to right, as glyphs of the cut font."""
        key = (typeface, text, bold)
        if key not in self._glyphs:
            self._glyphs[key] = tuple(self._shaped_glyphs(typeface, text, bold=bold))
        return self._glyphs[key]

    def _shaped_glyphs(self, typeface: Typeface, text: str, *, bold: bool) -> Iterator[Glyph]:
        font = self._shapers.get((typeface, bold))
        if font is None:
            blob = uharfbuzz.Blob.from_file_path(self.file(typeface, bold=bold))
            font = self._shapers[typeface, bold] = uharfbuzz.Font(uharfbuzz.Face(blob))
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        uharfbuzz.shape(font, buffer)
        unit = font.face.upem
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        spelled: set[int] = set()
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            if info.codepoint == 0:  # it would be left out silently
                raise NoGlyph("A shaped text needs a glyph that its font lacks.")
            letters = "" if info.cluster in spelled else text[info.cluster : ends[info.cluster]]
            spelled.add(info.cluster)
            yield Glyph(
                info.codepoint,
                letters,
                position.x_advance / unit,
                position.x_offset / unit,
                position.y_offset / unit,
            )

    def shaped_runs(self, typeface: Typeface) -> set[str]:
        """Return the shaped stretches of one font among the texts that were asked for."""
        return {
            run.text
            for runs in self._runs.values()
            for run in runs
            if run.shaped and run.typeface is typeface
        }

    def wrap(self, text: str, style: Style, width: float) -> tuple[str, ...]:
        """Break a text into lines no wider than `width`; only a word wider than a line is broken inside."""
        key = (text, style.bold, style.size, width)
        lines = self._lines.get(key)
        if lines is None:
            lines = self._lines[key] = tuple(self._wrapped(text, style, width))
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
        return max(self._advances_of(face, bold=style.bold).get(" ", 0.0) for face in faces) * style.size

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
