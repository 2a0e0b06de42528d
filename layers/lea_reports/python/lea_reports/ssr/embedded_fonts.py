"""The fonts of a batch as PDF objects, and the codes that texts are set with.

A font is written when everything was composed, so that it holds the glyphs that are shown and no others.
"""

from __future__ import annotations

import io
from functools import cached_property
from hashlib import sha256
from itertools import groupby, product
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont

from lea_reports.ssr.fonts import BatchFonts, Typeface
from lea_reports.ssr.pdf_syntax import escaped, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KEPT_TABLES = {"head", "hhea", "maxp", "hmtx", "loca", "glyf"}
"""What a PDF needs of a TrueType font whose glyphs are named by number (ISO 32000-1, 9.9)."""
_BOLD = 600
"""The weight from which a font counts as bold."""
OBJECTS = 5
"""How many objects a face takes: font, descendant, descriptor, file and character map."""


class EmbeddedFace:
    """One font of a batch. A character's code is its glyph's number."""

    def __init__(self, batch: BatchFonts, typeface: Typeface, *, bold: bool, number: int) -> None:
        self.bit = 1 << number
        self.name = b"F%d" % number
        with TTFont(batch.file(typeface, bold=bold), lazy=True, recalcTimestamp=False) as font:
            cmap = font.getBestCmap()
            unit = font["head"].unitsPerEm
            numbers = {name: number for number, name in enumerate(font.getGlyphOrder())}
            metrics = font["hmtx"].metrics
            self.advances = [metrics[name][0] / unit for name in font.getGlyphOrder()]
            """The widths of glyphs at size 1."""
            spelled = {numbers[name]: chr(point) for point, name in sorted(cmap.items(), reverse=True)}
            self.glyph_codes = [escaped(number.to_bytes(2, "big")) for number in range(len(numbers))]
            self.codes: Mapping[str, bytes] = {
                chr(point): self.glyph_codes[numbers[name]] for point, name in cmap.items()
            }
            spelled |= _shaped_letters(batch, typeface, set(cmap), bold=bold)
            self._spelled = spelled
            self._descriptor = _descriptor(font)
        self._numbers = {chr(point): numbers[name] for point, name in cmap.items()}
        self._source = batch.file(typeface, bold=bold)
        self._plain_name = f"{typeface}-{'Bold' if bold else 'Regular'}"
        self._characters: set[str] = set()
        self._glyphs: set[int] = set()

    def use(self, text: str) -> None:
        """Note which characters are shown."""
        self._characters.update(text)

    def use_glyph(self, number: int) -> None:
        """Note that a glyph is shown."""
        self._glyphs.add(number)

    @cached_property
    def _used(self) -> list[int]:
        """The numbers of all glyphs that are shown; from here on there are no more."""
        return sorted(self._glyphs | {self._numbers[character] for character in self._characters})

    @cached_property
    def _file(self) -> bytes:
        """The font with the shapes of the used glyphs only, under their numbers."""
        options = subset.Options(retain_gids=True, notdef_outline=True, hinting=False, layout_features=[])
        options.drop_tables += ["GDEF", "GPOS", "GSUB", "OS/2", "cmap", "name", "post"]
        with TTFont(self._source, lazy=True, recalcTimestamp=False) as font:
            cutter = subset.Subsetter(options)
            cutter.populate(gids=self._used)
            cutter.subset(font)
            for table in set(font.keys()) - _KEPT_TABLES - {"GlyphOrder"}:
                del font[table]
            content = io.BytesIO()
            font.save(content, reorderTables=True)
        return content.getvalue()

    @cached_property
    def _font_name(self) -> bytes:
        tag = "".join(chr(ord("A") + byte % 26) for byte in sha256(self._file).digest()[:6])
        return f"{tag}+{self._plain_name}".encode()

    def streams(self, first: int) -> list[bytes]:
        """Return the objects that are streams, whose numbers are `first` and the next."""
        shown = {number: self._spelled[number] for number in self._used if number in self._spelled}
        return [
            stream(first, self._file, b"/Length1 %d" % len(self._file)),
            stream(first + 1, _character_map(shown)),
        ]

    def dictionaries(self, first: int, streams: int) -> list[bytes]:
        """Return the other objects, numbered from `first`: font, descendant font and descriptor."""
        widths = b"".join(_widths(self._used, self.advances))
        name = self._font_name
        return [
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]"
            b"/ToUnicode %d 0 R>>" % (name, first + 1, streams + 1),
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[%b]>>"
            % (name, first + 2, widths),
            b"<</Type/FontDescriptor/FontName/%b/Flags 4%b/FontFile2 %d 0 R>>"
            % (name, self._descriptor, streams),
        ]


def _widths(used: list[int], advances: list[float]) -> Iterator[bytes]:
    """Yield the widths of stretches of glyphs that follow each other."""
    for _, group in groupby(enumerate(used), lambda place: place[1] - place[0]):
        numbers = [number for _, number in group]
        widths = b" ".join(b"%d" % round(advances[number] * 1000 + 0.001) for number in numbers)
        yield b"%d[%b]" % (numbers[0], widths)


class EmbeddedFonts:
    """The faces of a batch; one is made when a text first needs it."""

    def __init__(self, batch: BatchFonts) -> None:
        self.batch = batch
        self._faces: dict[tuple[Typeface, bool], EmbeddedFace] = {}

    def face(self, typeface: Typeface, *, bold: bool) -> EmbeddedFace:
        """Return a face of the batch."""
        key = typeface, bold
        if key not in self._faces:
            number = list(Typeface).index(typeface) * 2 + bold
            self._faces[key] = EmbeddedFace(self.batch, typeface, bold=bold, number=number)
        return self._faces[key]

    def used(self, bits: int) -> list[EmbeddedFace]:
        """Return the faces of a set of bits, in a fixed order."""
        return sorted((face for face in self._faces.values() if face.bit & bits), key=lambda face: face.bit)


def _shaped_letters(batch: BatchFonts, typeface: Typeface, points: set[int], *, bold: bool) -> dict[int, str]:
    """Return what the glyphs spell that only shaping gives: forms of joined letters, and ligatures."""
    runs = sorted(batch.shaped_runs(typeface))
    if not runs:
        return {}
    forms = [chr(point) for point in sorted(points)]
    if typeface is Typeface.ARABIC:  # where a name is cut, a letter may end that did not end before
        letters = [letter for letter in forms if letter.isalpha()]
        forms += [letters[0] + other + letters[0] for other in forms if not other.isalpha()]
        forms += [text for a, b in product(letters, repeat=2) for text in (a + b, b + a + b)]
    spelled: dict[int, str] = {}
    for text in [*runs, *forms]:
        for glyph in batch.shape(typeface, text, bold=bold):
            if glyph.letters:
                spelled.setdefault(glyph.number, glyph.letters)
    return spelled


def _character_map(spelled: Mapping[int, str]) -> bytes:
    """Return the map from codes to text by which words are found and copied."""
    rows = [
        b"<%04X><%b>" % (number, text.encode("utf-16-be").hex().upper().encode())
        for number, text in sorted(spelled.items())
    ]
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    head = (
        b"/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n"
        b"/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
    )
    parts = [head]
    parts += [b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks]
    parts.append(b"endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
    return b"".join(parts)


def _descriptor(font: TTFont) -> bytes:
    scale = 1000 / font["head"].unitsPerEm
    head, high = font["head"], font["hhea"]
    box = b" ".join(b"%d" % round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax))
    bold = font["OS/2"].usWeightClass >= _BOLD
    return b"/FontBBox[%b]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d" % (
        box,
        round(high.ascent * scale),
        round(high.descent * scale),
        round((getattr(font["OS/2"], "sCapHeight", 0) or high.ascent) * scale),
        140 if bold else 80,
    )
