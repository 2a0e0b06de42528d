"""Fonts as a PDF embeds them, and the codes that texts are set with.

A character's code is its glyph's number in the whole font, so what was set once can stand in every document.
The glyphs that all documents of a kind share are its core, one face for each font. What a student's name
needs beyond it comes from an extra face, which has the glyphs of that name only.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.pdf.syntax import compressed, escaped, stream_of
from lea_reports.typesetting.fonts import SCALE, Typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lea_reports.pdf.font_file import FontFile
    from lea_reports.ssr.engine.shared_glyph_table import Core
    from lea_reports.typesetting.content_canvas import ExtraGlyph
    from lea_reports.typesetting.fonts import Fonts, Run

OBJECTS = 5
"""How many objects a core face takes: font, descendant, descriptor, file and character map."""
EXTRA_OBJECTS = OBJECTS + 1
"""An extra face has a third stream: the numbers of its glyphs within its file."""
_MAP_BEGIN = (  # with blanks between all tokens: not every reader of these maps reads all of PostScript
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_MAP_END = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_MOST_EXTRA_FONTS, _MOST_CODES = 500, 5000
_NO_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
"""They decide how letters join, and show nothing themselves."""
_MOST_IN_BLOCK = 100
"""How many entries a block of a character map may have (Adobe Technical Note 5014)."""


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


class _Codes:
    """The codes of one font: of the characters in the core, and of all glyphs that were asked for."""

    def __init__(self, fonts: Fonts, typeface: Typeface, core: frozenset[int], *, bold: bool) -> None:
        self.face, self.extra_face = (
            face for face in FACES if face.typeface is typeface and face.bold == bold
        )
        self.numbers = fonts.file(typeface, bold=bold).glyph_of
        self.core = {character: _code(number) for character, number in self.numbers.items() if number in core}
        self.core_glyphs = core
        self.of_glyph = lru_cache(maxsize=_MOST_CODES)(_code)


def _code(number: int) -> bytes:
    return escaped(number.to_bytes(2, "big"))


class EmbeddedFonts:
    """The fonts of documents whose core faces have the glyphs of a core."""

    def __init__(self, fonts: Fonts, core: Core) -> None:
        self.fonts = fonts
        self.core = core
        self._codes: dict[tuple[Typeface, bool], _Codes] = {}
        self._core_fonts: dict[Face, EmbeddedFont] = {}
        self._extra_fonts: dict[tuple[Face, tuple[tuple[int, str], ...]], EmbeddedFont] = {}

    def codes(self, run: Run, *, bold: bool) -> tuple[Face, bytes, Sequence[int]]:
        """Return the face of a run that needs no shaping, its codes, and the glyphs that an extra face must have.

        A run is not divided between faces: viewers place glyphs more exactly within one text.
        """
        codes = self._codes_of(run.typeface, bold=bold)
        try:
            return codes.face, b"".join([codes.core[character] for character in run.text]), ()
        except KeyError:
            numbers = [codes.numbers[character] for character in run.text]
            return codes.extra_face, b"".join(map(codes.of_glyph, numbers)), numbers

    def glyph_codes(
        self, typeface: Typeface, numbers: Sequence[int], *, bold: bool
    ) -> tuple[Face, list[bytes]]:
        """Return the face that sets a shaped run, and the code of each glyph."""
        codes = self._codes_of(typeface, bold=bold)
        face = codes.face if codes.core_glyphs.issuperset(numbers) else codes.extra_face
        return face, list(map(codes.of_glyph, numbers))

    def core_face(self, *, bold: bool) -> Face:
        """Return the face of Latin letters that every document has."""
        return self._codes_of(Typeface.LATIN, bold=bold).face

    def is_core(self, text: str) -> bool:
        """Tell whether both core faces of the Latin family have all characters of a text."""
        return self._simple.issuperset(text)

    @cached_property
    def _simple(self) -> frozenset[str]:
        regular, bold = (self._codes_of(Typeface.LATIN, bold=bold).core for bold in (False, True))
        return frozenset(regular.keys() & bold.keys())

    def _codes_of(self, typeface: Typeface, *, bold: bool) -> _Codes:
        codes = self._codes.get((typeface, bold))
        if codes is None:
            core = self.core.glyphs.get((typeface, bold), frozenset())
            codes = self._codes[typeface, bold] = _Codes(self.fonts, typeface, core, bold=bold)
        return codes

    def core_font(self, face: Face) -> EmbeddedFont:
        """Return the font of a core face."""
        font = self._core_fonts.get(face)
        if font is None:
            file = self.fonts.file(face.typeface, bold=face.bold)
            key = face.typeface, face.bold
            font = EmbeddedFont(
                face, file, self.core.glyphs.get(key, frozenset()), self.core.letters.get(key, {})
            )
            self._core_fonts[face] = font
        return font

    def extra_font(self, face: Face, glyphs: Iterable[ExtraGlyph]) -> EmbeddedFont:
        """Return the font of an extra face, with those of the glyphs that are its."""
        spelled = {glyph.number: glyph.letters for glyph in sorted(glyphs) if glyph.face == face}
        key = face, tuple(spelled.items())
        font = self._extra_fonts.get(key)
        if font is None:
            if len(self._extra_fonts) >= _MOST_EXTRA_FONTS:
                self._extra_fonts.clear()
            file = self.fonts.file(face.typeface, bold=face.bold)
            font = self._extra_fonts[key] = EmbeddedFont(face, file, frozenset(spelled), spelled)
        return font


class EmbeddedFont:
    """One font in a PDF, with some glyphs of a file."""

    def __init__(
        self, face: Face, file: FontFile, glyphs: frozenset[int], letters: Mapping[int, str]
    ) -> None:
        self.face = face
        self._file = file
        self._glyphs = sorted(glyphs)
        self._letters = letters

    @cached_property
    def _programs(self) -> tuple[bytes, bytes]:
        """The cut font and, for an extra face, where its glyphs are."""
        if self.face.extra:
            return self._file.cut_densely(self._glyphs)
        return self._file.cut(self._glyphs), b""

    @cached_property
    def _widths(self) -> bytes:
        return _widths(self._glyphs, self._file.advances)

    @cached_property
    def _name(self) -> bytes:
        """The name of the font, after a tag that no other cut of it has."""
        digest = sha256(b"".join(self._programs)).digest()
        tag = bytes(ord("A") + byte % 26 for byte in digest[:6])
        return b"%b+%b" % (tag, self._file.path.stem.encode())

    def streams(self, first: int) -> list[bytes]:
        """Return the objects that are streams, whose numbers are `first` and the next.

        They are two, and three of an extra face.
        """
        return [stream_of(number, *packed) for number, packed in enumerate(self._packed, first)]

    @cached_property
    def _packed(self) -> list[tuple[bytes, bytes]]:
        """The contents of the streams, compressed, each with the entries it needs."""
        program, numbers = self._programs
        characters = self._file.character_of
        spelled = {
            number: text
            for number in self._glyphs
            if (text := self._letters.get(number, "").translate(_NO_JOINERS) or characters.get(number, ""))
        }
        level = 6 if self.face.extra else 9  # one is for a name, the other for thousands of files
        packed = [
            (compressed(program, level), b"/Length1 %d" % len(program)),
            (compressed(_character_map(spelled), level), b""),
        ]
        if numbers:
            packed.append((compressed(numbers, level), b""))
        return packed

    def dictionaries(self, first: int, streams: int) -> list[bytes]:
        """Return the other objects, numbered from `first`: font, descendant font and descriptor.

        `streams` is the number of the first stream.
        """
        name = self._name
        places = b"%d 0 R" % (streams + 2) if self.face.extra else b"/Identity"
        return [
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]"
            b"/ToUnicode %d 0 R>>" % (name, first + 1, streams + 1),
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap %b%b>>"
            % (name, first + 2, places, self._widths),
            b"<</Type/FontDescriptor/FontName/%b/Flags 4%b/FontFile2 %d 0 R>>"
            % (name, _descriptor(self._file), streams),
        ]


def _widths(glyphs: Sequence[int], advances: Sequence[float]) -> bytes:
    """Return the width that most glyphs have, and those of the others, by stretches that follow each other."""
    widths = {number: round(advances[number] * 1000) for number in glyphs}
    most = max(Counter(sorted(widths.values())).items(), key=lambda each: each[1], default=(1000, 0))[0]
    others = [number for number in glyphs if widths[number] != most]
    stretches = []
    for _, group in groupby(enumerate(others), lambda place: place[1] - place[0]):
        numbers = [number for _, number in group]
        stretches.append(b"%d[%b]" % (numbers[0], b" ".join(b"%d" % widths[number] for number in numbers)))
    return b"/DW %d/W[%b]" % (most, b"".join(stretches))


def _character_map(spelled: Mapping[int, str]) -> bytes:
    """Return the map from codes to text by which words are found and copied."""
    singles, ranges = [], []
    for _, group in groupby(enumerate(sorted(spelled.items())), _stretch_key):
        entries = [entry for _, entry in group]
        first, text = entries[0]
        target = text.encode("utf-16-be").hex().upper().encode()
        if len(entries) > 1:
            ranges.append(b"<%04X> <%04X> <%b>" % (first, entries[-1][0], target))
        else:
            singles.append(b"<%04X> <%b>" % (first, target))
    return b"".join(
        (
            _MAP_BEGIN,
            *_blocks(b"bfrange", ranges),
            *_blocks(b"bfchar", singles),
            _MAP_END,
        )
    )


def _stretch_key(place: tuple[int, tuple[int, str]]) -> tuple[int, ...]:
    """Return what codes have in common that follow each other, and so do their characters.

    Within a range only the last byte may change (Adobe Technical Note 5014).
    """
    position, (number, text) = place
    if len(text) > 1 or text > "\uffff":
        return (position,)
    point = ord(text)
    return number - position, point - position, number >> 8, point >> 8


def _blocks(kind: bytes, rows: Sequence[bytes]) -> Iterator[bytes]:
    for start in range(0, len(rows), _MOST_IN_BLOCK):
        block = rows[start : start + _MOST_IN_BLOCK]
        yield b"%d begin%b\n%b\nend%b\n" % (len(block), kind, b"\n".join(block), kind)


def _descriptor(file: FontFile) -> bytes:
    descriptor = file.descriptor
    return b"/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d" % (
        *descriptor.box,
        descriptor.ascent,
        descriptor.descent,
        descriptor.cap_height,
        140 if descriptor.bold else 80,
    )


def united_fonts(
    used: Iterable[EmbeddedFonts], bits: int, glyphs: Iterable[ExtraGlyph]
) -> Iterator[tuple[list[bytes], EmbeddedFont]]:
    """Yield fonts for a document of many kinds, each with the names that pages have for it.

    A font has the cores of all kinds and the glyphs of extra faces, so it needs no face of its own for those.
    """
    used = list(used)
    extra: dict[tuple[Typeface, bool], dict[int, str]] = {}
    for face, number, letters in sorted(glyphs):
        extra.setdefault((face.typeface, face.bold), {})[number] = letters
    for face in FACES[: len(FACES) // 2]:
        names = [each.name for each in faces_of(bits) if each[:2] == face[:2]]
        if names:
            own = extra.get(face[:2], {})
            held = frozenset(own).union(*(fonts.core.glyphs.get(face[:2], frozenset()) for fonts in used))
            spelled = {number: text for number, text in own.items() if text}
            for fonts in used:
                spelled |= fonts.core.letters.get(face[:2], {})
            file = used[0].fonts.file(face.typeface, bold=face.bold)
            yield names, EmbeddedFont(face, file, held, spelled)
