"""TrueType files: which glyph shows a character, how wide glyphs are, and cuts that hold a few of them.

The tables are those of ISO/IEC 14496-22, "Open Font Format". Only what PDFs need is read.
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

from lea_reports.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_TRUETYPE = 0x00010000
_HEADER = struct.Struct(">IHHHH")
_ENTRY = struct.Struct(">4sIII")
_CHECKSUM_OF_ALL = 0xB1B0AFBA
"""What the checksums of a file's parts and `checkSumAdjustment` add up to."""
_BOLD = 600
"""The weight from which a font counts as bold."""
_MOST_IN_SHORT_LOCA = 2 * 0xFFFF
_COMPOSITE = 0x80
"""Set in the first byte of a glyph that is made of others: it has less than no contours."""
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
"""Flags of a component: arguments of 16 bits, and what follows them."""
_UNICODE_TABLES = {(3, 10): 0, (0, 6): 1, (0, 4): 2, (3, 1): 3, (0, 3): 4}
"""The encodings that map Unicode, best first, by platform and encoding."""


class UnusableFont(Invalid):
    """A file is no TrueType font, or one of a form that is not read here."""


class Descriptor(NamedTuple):
    """What a PDF says about a font as a whole; lengths are those of size 1000."""

    box: tuple[int, int, int, int]
    """The left, lower, right and upper edge of all glyphs together."""
    ascent: int
    descent: int
    cap_height: int
    bold: bool


class FontFile:
    """One font, read as far as somebody asks. Glyphs are known by their number in the file.

    Raises `UnusableFont` for a file without TrueType outlines and `FileNotFoundError` if there is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        version, count, *_ = _HEADER.unpack_from(self._data)
        entries = [_ENTRY.unpack_from(self._data, 12 + 16 * index) for index in range(count)]
        self._places = {tag: (offset, length) for tag, _, offset, length in entries}
        if version != _TRUETYPE or b"glyf" not in self._places:
            raise UnusableFont(f"{path.name} has no TrueType outlines.")
        head = self._table(b"head")
        (self.units,) = struct.unpack_from(">H", head, 18)
        """How many units of the file are the length 1 at size 1."""
        (self._long_places,) = struct.unpack_from(">h", head, 50)
        (self._count,) = struct.unpack_from(">H", self._table(b"maxp"), 4)

    def _table(self, tag: bytes) -> bytes:
        offset, length = self._places[tag]
        return self._data[offset : offset + length]

    @cached_property
    def glyph_of(self) -> dict[str, int]:
        """The glyph that shows a character when nothing is shaped."""
        table = self._table(b"cmap")
        (count,) = struct.unpack_from(">H", table, 2)
        found = sorted(
            (_UNICODE_TABLES[platform, encoding], offset)
            for platform, encoding, offset in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count])
            if (platform, encoding) in _UNICODE_TABLES
        )
        for _, offset in found:
            (form,) = struct.unpack_from(">H", table, offset)
            if form in _READERS:
                return {chr(point): number for point, number in _READERS[form](table, offset) if number}
        raise UnusableFont("The font maps no characters in a way that is read here.")

    @cached_property
    def character_of(self) -> Mapping[int, str]:
        """The character that a glyph shows; of several, the first."""
        return {number: character for character, number in reversed(self.glyph_of.items())}

    @cached_property
    def _metrics(self) -> tuple[Sequence[int], Sequence[int]]:
        """The widths and the left bearings of all glyphs, in units."""
        (long_metrics,) = struct.unpack_from(">H", self._table(b"hhea"), 34)
        table = self._table(b"hmtx")
        pairs = _numbers("H", table[: 4 * long_metrics])
        widths = pairs[::2]
        widths.extend(widths[-1:] * (self._count - long_metrics))
        bearings = pairs[1::2]
        bearings.extend(_numbers("H", table[4 * long_metrics : 2 * (self._count + long_metrics)]))
        return widths, bearings

    @cached_property
    def advances(self) -> Sequence[float]:
        """How far every glyph moves on, at size 1."""
        return [width / self.units for width in self._metrics[0]]

    @cached_property
    def descriptor(self) -> Descriptor:
        """What a PDF says about the font as a whole."""
        scale = 1000 / self.units
        box = struct.unpack_from(">4h", self._table(b"head"), 36)
        ascent, descent = struct.unpack_from(">2h", self._table(b"hhea"), 4)
        more = self._table(b"OS/2")
        version, weight = struct.unpack_from(">H2xH", more)
        cap_height = struct.unpack_from(">h", more, 88)[0] if version > 1 else 0
        left, lower, right, upper = (round(edge * scale) for edge in box)
        return Descriptor(
            (left, lower, right, upper),
            round(ascent * scale),
            round(descent * scale),
            round((cap_height or ascent) * scale),
            weight >= _BOLD,
        )

    @cached_property
    def _glyph_places(self) -> Sequence[int]:
        """Where every glyph begins in the table of outlines, and where the last one ends."""
        table = self._table(b"loca")
        if self._long_places:
            return _numbers("I", table)
        return [2 * place for place in _numbers("H", table)]

    def outline(self, number: int) -> bytes:
        """Return a glyph as it stands in the file; empty if it shows nothing."""
        places = self._glyph_places
        start, _ = self._places[b"glyf"]
        return self._data[start + places[number] : start + places[number + 1]]

    def cut(self, glyphs: Iterable[int]) -> bytes:
        """Return a font with these glyphs only, under their numbers.

        It has .notdef, which every font needs, and what composite glyphs are made of. Its tables are those
        that a PDF needs of a font whose glyphs are named by number (ISO 32000-1, 9.9).
        """
        outlines = self._outlines(glyphs)
        widths, bearings = self._metrics
        kept = range(max(outlines) + 1)
        metrics = array("H", bytes(4 * len(kept)))
        for number in outlines:
            metrics[2 * number], metrics[2 * number + 1] = widths[number], bearings[number]
        return self._font([outlines.get(number, b"") for number in kept], metrics)

    def cut_densely(self, glyphs: Iterable[int]) -> tuple[bytes, bytes]:
        """Return a font with these glyphs only, numbered anew, and what a PDF calls its CIDToGIDMap.

        The map has two bytes for each number of the whole font: the number in the cut. For a few glyphs with
        high numbers this is smaller and much faster than `cut`; for the glyphs of a text it is larger.
        """
        outlines = self._outlines(glyphs)
        widths, bearings = self._metrics
        kept = sorted(outlines)
        new = {number: index for index, number in enumerate(kept)}
        renumbered = []
        for number in kept:
            outline = outlines[number]
            if places := _components(outline):
                changed = bytearray(outline)
                for place, component in places:
                    struct.pack_into(">H", changed, place, new[component])
                outline = bytes(changed)
            renumbered.append(outline)
        numbers = bytearray(2 * kept[-1] + 2)
        for number, index in new.items():
            struct.pack_into(">H", numbers, 2 * number, index)
        metrics = array("H", [length for number in kept for length in (widths[number], bearings[number])])
        return self._font(renumbered, metrics), bytes(numbers)

    def _outlines(self, glyphs: Iterable[int]) -> dict[int, bytes]:
        """Return glyphs by their numbers, with .notdef and all components."""
        outlines: dict[int, bytes] = {}
        waiting = [0, *glyphs]
        while waiting:
            number = waiting.pop()
            if number not in outlines:
                outline = outlines[number] = self.outline(number)
                waiting += [component for _, component in _components(outline)]
        return outlines

    def _font(self, outlines: Sequence[bytes], metrics: array[int]) -> bytes:
        """Put a font together from all its glyphs; a width and a left bearing for each are in `metrics`."""
        even = [outline + b"\0" if len(outline) % 2 else outline for outline in outlines]
        places = list(accumulate(map(len, even), initial=0))
        far = places[-1] > _MOST_IN_SHORT_LOCA
        loca = array("I", places) if far else array("H", [place >> 1 for place in places])
        head, high, most = map(bytearray, map(self._table, (b"head", b"hhea", b"maxp")))
        struct.pack_into(">I", head, 8, 0)  # checkSumAdjustment, known when all is written
        struct.pack_into(">h", head, 50, far)
        struct.pack_into(">H", high, 34, len(even))
        struct.pack_into(">H", most, 4, len(even))
        return _joined(
            {
                b"glyf": b"".join(even),
                b"head": bytes(head),
                b"hhea": bytes(high),
                b"hmtx": _big_endian(metrics),
                b"loca": _big_endian(loca),
                b"maxp": bytes(most),
            }
        )


def _numbers(form: Literal["H", "I"], table: bytes) -> array[int]:
    """Read the numbers of a table: of 16 bits (H) or 32 (I)."""
    numbers = array(form, table)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _big_endian(numbers: array[int]) -> bytes:
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def _segments(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the characters and glyphs of a mapping of format 4."""
    (size,) = struct.unpack_from(">H", table, offset + 6)
    at = offset + 14
    ends = _numbers("H", table[at : at + size])
    starts, steps, rooms = (
        _numbers("H", table[at + 2 + size * part : at + 2 + size * (part + 1)]) for part in (1, 2, 3)
    )
    for index, (start, end, step, room) in enumerate(zip(starts, ends, steps, rooms, strict=True)):
        listed = at + 2 + 3 * size + 2 * index + room
        for point in range(start, end + 1):
            number = point + step
            if room:
                (number,) = struct.unpack_from(">H", table, listed + 2 * (point - start))
                number += step if number else 0
            yield point, number & 0xFFFF


def _groups(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Yield the characters and glyphs of a mapping of format 12."""
    (count,) = struct.unpack_from(">I", table, offset + 12)
    for first, last, number in struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * count]):
        yield from enumerate(range(number, number + last - first + 1), first)


_READERS = {4: _segments, 12: _groups}


def _components(outline: bytes) -> list[tuple[int, int]]:
    """Return the glyphs that a composite glyph is made of, each after the place of its number."""
    if outline[:1] < bytes((_COMPOSITE,)):
        return []
    components = []
    at, flags = 10, _MORE
    while flags & _MORE:
        flags, number = struct.unpack_from(">HH", outline, at)
        components.append((at + 2, number))
        at += 8 if flags & _WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return components


def _checksum(table: bytes) -> int:
    return sum(_numbers("I", table + bytes(-len(table) % 4))) & 0xFFFFFFFF


def _joined(tables: Mapping[bytes, bytes]) -> bytes:
    """Return a font file of tables, which are given in the order of their tags."""
    count = len(tables)
    power = count.bit_length() - 1
    entries, bodies, checksums = [], [], []
    at = _HEADER.size + _ENTRY.size * count
    for tag, table in tables.items():
        checksums.append(_checksum(table))
        entries.append(_ENTRY.pack(tag, checksums[-1], at, len(table)))
        bodies.append(table + bytes(-len(table) % 4))
        at += len(bodies[-1])
    search = 16 << power
    directory = _HEADER.pack(_TRUETYPE, count, search, power, 16 * count - search) + b"".join(entries)
    font = bytearray(directory + b"".join(bodies))
    adjustment = _CHECKSUM_OF_ALL - sum(checksums) - _checksum(directory)
    head = list(tables).index(b"head")
    struct.pack_into(">I", font, len(directory) + sum(map(len, bodies[:head])) + 8, adjustment & 0xFFFFFFFF)
    return bytes(font)
