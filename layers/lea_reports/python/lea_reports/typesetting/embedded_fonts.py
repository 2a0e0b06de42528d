"""Fonts as a PDF embeds them, and the codes that texts are set with.

A character's code is its glyph's number in the whole font, so what was set once can stand in every document.
The glyphs that all documents of a kind share stand in one face for each font. What a student's name
needs beyond them comes from an extra face, which has the glyphs of that name only.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.pdf.embedded_font import EmbeddedFont
from lea_reports.pdf.syntax import escaped
from lea_reports.typesetting.fonts import SCALE, Typeface
from lea_reports.typesetting.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.typesetting.fonts import Fonts, Run
    from lea_reports.typesetting.shared_glyphs import SharedGlyphs

_MOST_EXTRA_FONTS, _MOST_CODES = 500, 5000


class Face(NamedTuple):
    """What a page calls a font."""

    typeface: Typeface
    bold: bool
    extra: bool
    name: bytes
    """The key in the resources of a page."""
    bit: int
    """A power of two, so that a set of faces is a number."""
    scale: float
    """How much larger than its text it is set."""


FACES = tuple(
    Face(typeface, bold, extra, b"%c%d" % (b"FX"[extra], number), 1 << number + 8 * extra, SCALE[typeface])
    for extra in (False, True)
    for number, (typeface, bold) in enumerate(
        (typeface, bold) for typeface in Typeface for bold in (False, True)
    )
)
"""All faces that there can be, by their bits."""


def faces_of(bits: int) -> list[Face]:
    """Return the faces of a set of bits, in a fixed order."""
    return [face for face in FACES if face.bit & bits]


class ExtraGlyph(NamedTuple):
    """A glyph that its font does not share."""

    face: Face
    number: int
    letters: str
    """What it spells, if it comes from shaping."""


class _Codes:
    """The codes of one font: of the characters whose glyphs are shared, and of all glyphs that were asked for."""

    def __init__(self, fonts: Fonts, typeface: Typeface, shared: frozenset[int], *, bold: bool) -> None:
        self.face, self.extra_face = (
            face for face in FACES if face.typeface is typeface and face.bold == bold
        )
        self.numbers = fonts.file(typeface, bold=bold).glyph_of
        self.shared = {
            character: _code(number) for character, number in self.numbers.items() if number in shared
        }
        self.shared_glyphs = shared
        self.of_glyph = lru_cache(maxsize=_MOST_CODES)(_code)


def _code(number: int) -> bytes:
    return escaped(number.to_bytes(2, "big"))


class EmbeddedFonts:
    """The fonts of documents whose shared faces have the same glyphs."""

    def __init__(self, fonts: Fonts, shared: SharedGlyphs) -> None:
        self.fonts = fonts
        self.shared = shared
        self._codes: dict[tuple[Typeface, bool], _Codes] = {}
        self._shared_fonts: dict[Face, EmbeddedFont] = {}
        self._extra_fonts: Memory[tuple[Face, tuple[tuple[int, str], ...]], EmbeddedFont] = Memory(
            _MOST_EXTRA_FONTS
        )

    def codes(self, run: Run, *, bold: bool) -> tuple[Face, bytes, Sequence[int]]:
        """Return the face of a run that needs no shaping, its codes, and the glyphs that an extra face must have.

        A run is not divided between faces: viewers place glyphs more exactly within one text.
        """
        codes = self._codes_of(run.typeface, bold=bold)
        try:
            return codes.face, b"".join([codes.shared[character] for character in run.text]), ()
        except KeyError:
            numbers = [codes.numbers[character] for character in run.text]
            return codes.extra_face, b"".join(map(codes.of_glyph, numbers)), numbers

    def glyph_codes(
        self, typeface: Typeface, numbers: Sequence[int], *, bold: bool
    ) -> tuple[Face, list[bytes]]:
        """Return the face that sets a shaped run, and the code of each glyph."""
        codes = self._codes_of(typeface, bold=bold)
        face = codes.face if codes.shared_glyphs.issuperset(numbers) else codes.extra_face
        return face, list(map(codes.of_glyph, numbers))

    def shared_face(self, *, bold: bool) -> Face:
        """Return the face of Latin letters that every document has."""
        return self._codes_of(Typeface.LATIN, bold=bold).face

    def is_shared(self, text: str) -> bool:
        """Tell whether both shared faces of the Latin family have all characters of a text."""
        return self._simple.issuperset(text)

    @cached_property
    def _simple(self) -> frozenset[str]:
        regular, bold = (self._codes_of(Typeface.LATIN, bold=bold).shared for bold in (False, True))
        return frozenset(regular.keys() & bold.keys())

    def _codes_of(self, typeface: Typeface, *, bold: bool) -> _Codes:
        codes = self._codes.get((typeface, bold))
        if codes is None:
            shared = self.shared.glyphs.get((typeface, bold), frozenset())
            codes = self._codes[typeface, bold] = _Codes(self.fonts, typeface, shared, bold=bold)
        return codes

    def shared_font(self, face: Face) -> EmbeddedFont:
        """Return the font of a shared face."""
        font = self._shared_fonts.get(face)
        if font is None:
            file = self.fonts.file(face.typeface, bold=face.bold)
            key = face.typeface, face.bold
            font = EmbeddedFont(
                file, self.shared.glyphs.get(key, frozenset()), self.shared.letters.get(key, {}), dense=False
            )
            self._shared_fonts[face] = font
        return font

    def extra_font(self, face: Face, glyphs: Iterable[ExtraGlyph]) -> EmbeddedFont:
        """Return the font of an extra face, with those of the glyphs that are its."""
        spelled = {glyph.number: glyph.letters for glyph in sorted(glyphs) if glyph.face == face}
        key = face, tuple(spelled.items())
        font = self._extra_fonts.get(key)
        if font is None:
            file = self.fonts.file(face.typeface, bold=face.bold)
            font = self._extra_fonts.keep(key, EmbeddedFont(file, frozenset(spelled), spelled, dense=True))
        return font


def united_fonts(
    used: Iterable[EmbeddedFonts], bits: int, glyphs: Iterable[ExtraGlyph]
) -> Iterator[tuple[list[bytes], EmbeddedFont]]:
    """Yield fonts for a document of many kinds, each with the names that pages have for it.

    A font has the shared glyphs of all kinds and the glyphs of extra faces, so it needs no face of its own for those.
    """
    used = list(used)
    extra: dict[tuple[Typeface, bool], dict[int, str]] = {}
    for face, number, letters in sorted(glyphs):
        extra.setdefault((face.typeface, face.bold), {})[number] = letters
    for face in FACES[: len(FACES) // 2]:
        names = [each.name for each in faces_of(bits) if each[:2] == face[:2]]
        if names:
            own = extra.get(face[:2], {})
            held = frozenset(own).union(*(fonts.shared.glyphs.get(face[:2], frozenset()) for fonts in used))
            spelled = {number: text for number, text in own.items() if text}
            for fonts in used:
                spelled |= fonts.shared.letters.get(face[:2], {})
            file = used[0].fonts.file(face.typeface, bold=face.bold)
            yield names, EmbeddedFont(file, held, spelled, dense=False)
