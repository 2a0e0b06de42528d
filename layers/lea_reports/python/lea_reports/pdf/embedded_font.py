"""A font as a PDF embeds it: some glyphs of a file, how wide they are, and what they spell."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

from lea_reports.pdf.syntax import compressed, stream_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lea_reports.pdf.font_file import FontFile

OBJECTS = 5
"""How many objects a font takes: font, descendant, descriptor, file and character map."""
EXTRA_OBJECTS = OBJECTS + 1
"""A dense font has a third stream: the numbers of its glyphs within its file."""
_MAP_BEGIN = (  # with blanks between all tokens: not every reader of these maps reads all of PostScript
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_MAP_END = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
_NO_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))
"""They decide how letters join, and show nothing themselves."""
_MOST_IN_BLOCK = 100
"""How many entries a block of a character map may have (Adobe Technical Note 5014)."""


class EmbeddedFont:
    """One font in a PDF, with some glyphs of a file; `letters` is what those spell that come from shaping.

    A `dense` one has room for no other glyphs, and is packed quickly: it is for one file, others are for thousands.
    """

    def __init__(
        self, file: FontFile, glyphs: frozenset[int], letters: Mapping[int, str], *, dense: bool
    ) -> None:
        self.dense = dense
        self._file = file
        self._glyphs = sorted(glyphs)
        self._letters = letters

    @cached_property
    def _programs(self) -> tuple[bytes, bytes]:
        """The cut font and, for a dense one, where its glyphs are."""
        if self.dense:
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

        They are two, and three of a dense font.
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
        level = 6 if self.dense else 9
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
        places = b"%d 0 R" % (streams + 2) if self.dense else b"/Identity"
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


def _blocks(operator: bytes, rows: Sequence[bytes]) -> Iterator[bytes]:
    for start in range(0, len(rows), _MOST_IN_BLOCK):
        block = rows[start : start + _MOST_IN_BLOCK]
        yield b"%d begin%b\n%b\nend%b\n" % (len(block), operator, b"\n".join(block), operator)


def _descriptor(file: FontFile) -> bytes:
    descriptor = file.descriptor
    return b"/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV %d" % (
        *descriptor.box,
        descriptor.ascent,
        descriptor.descent,
        descriptor.cap_height,
        140 if descriptor.bold else 80,
    )
