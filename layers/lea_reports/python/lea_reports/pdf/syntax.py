"""PDF as bytes: strings, streams, object streams and cross-reference streams (ISO 32000-1, chapter 7)."""

from __future__ import annotations

import re
import struct
import zlib
from functools import lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PAGE_BEGIN = b"2 J\n"
"""Lines end square, as fpdf2 draws them."""
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{year}-07-01T00:00:00Z</xmp:CreateDate><pdf:Producer>LEA Reports</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_ESCAPES = {character: b"\\" + bytes((character,)) for character in b"()\\"} | {0x0D: b"\\r"}
_SPECIAL = re.compile(rb"[()\\\r]")
_PDF_ENCODING = dict(enumerate("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž", start=0x80)) | {0xA0: "€"}
"""Where the encoding of texts differs from Latin-1 (ISO 32000-1, Annex D.3)."""
_UNDEFINED = (*range(0x20), *range(0x7F, 0xA1), 0xAD)
_TO_PDF_ENCODING = dict.fromkeys(_UNDEFINED, "\U0010ffff") | {
    ord(character): code for code, character in _PDF_ENCODING.items()
}
_ZLIB_HEADER = b"\x78\x9c"
_MOST_STORED = 0xFFFF
_ROW = struct.Struct(">BIH")
ROW_WIDTHS = b"[1 4 2]"


@lru_cache(maxsize=100_000)
def number(value: float) -> bytes:
    """Return a number to a hundredth, as short as it can be."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return b"0" if shown == "-0" else shown.encode()


def escaped(raw: bytes) -> bytes:
    """Return bytes as they stand between the brackets of a literal string."""
    if not _SPECIAL.search(raw):
        return raw
    return b"".join(_ESCAPES.get(byte) or bytes((byte,)) for byte in raw)


def text_string(text: str, *, wide: bool | None = None) -> bytes:
    """Return a text as a string object, brackets included: a byte a character if it can be.

    `wide` decides it for a part of a text.
    """
    narrow = None if wide else _narrow(text)
    if narrow is not None:
        return b"(%b)" % escaped(narrow)
    return b"(\xfe\xff%b)" % escaped(text.encode("utf-16-be", "replace"))


def _narrow(text: str) -> bytes | None:
    """Return a text in the encoding that PDFs have for texts, None if it has other characters."""
    try:
        return text.translate(_TO_PDF_ENCODING).encode("latin-1")
    except UnicodeEncodeError:
        return None


def compressed(content: bytes, level: int = 9) -> bytes:
    """Compress with a window that is as large as the content: to set up a larger one takes ten times as long."""
    packer = zlib.compressobj(level, zlib.DEFLATED, *_window(content))
    return packer.compress(content) + packer.flush()


def deflated(content: bytes) -> bytes:
    """Compress into blocks that can be followed by others, whatever stands before or after them."""
    bits, memory = _window(content)
    packer = zlib.compressobj(9, zlib.DEFLATED, -bits, memory)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


def _window(content: bytes) -> tuple[int, int]:
    """Return the size of the window for a content, and of the tables that go with it, as zlib counts them."""
    bits = min(max(len(content).bit_length(), 9), zlib.MAX_WBITS)
    return bits, min(bits - 6, zlib.DEF_MEM_LEVEL)


def stored(content: bytes) -> bytes:
    """Return deflate blocks that hold bytes as they are, the last one of a stream."""
    blocks = []
    while len(content) > _MOST_STORED:
        blocks.append(b"\x00\xff\xff\x00\x00" + content[:_MOST_STORED])
        content = content[_MOST_STORED:]
    size = len(content)
    blocks.append(b"\x01%b%b" % (struct.pack("<HH", size, size ^ 0xFFFF), content))
    return b"".join(blocks)


def zlib_stream(packed: bytes, last: bytes, checksum: int) -> bytes:
    """Join compressed blocks and a last, stored part; `checksum` is the Adler-32 of what they hold."""
    return b"%b%b%b%b" % (_ZLIB_HEADER, packed, stored(last), checksum.to_bytes(4, "big"))


def stream(number: int, data: bytes, entries: bytes = b"", level: int = 9) -> bytes:
    """Return a stream object, compressed."""
    return stream_of(number, compressed(data, level), entries)


def stream_of(number: int, packed: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object of what is compressed already."""
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n" % (
        number,
        entries,
        len(packed),
        packed,
    )


def object_stream(number: int, numbers: Sequence[int], bodies: Sequence[bytes], level: int = 9) -> bytes:
    """Return one stream object that holds others, by their numbers; they are not streams themselves."""
    places = accumulate((len(body) + 1 for body in bodies), initial=0)
    pairs = tuple(chain.from_iterable(zip(numbers, places, strict=False)))
    head = (b"%d %d " * len(numbers)) % pairs
    return stream(
        number,
        head + b"\n".join(bodies),
        b"/Type/ObjStm/N %d/First %d" % (len(numbers), len(head)),
        level,
    )


class Metadata:
    """The metadata stream of a tagged document; it is not compressed, so that any tool can read it."""

    def __init__(self, number: int, language: str, year: int) -> None:
        before, after = _XMP.format(title="\0", language=language, year=year).encode().split(b"\0")
        self._number, self._before, self._after = number, before, after
        self._rest = len(before) + len(after)

    def of(self, title: str) -> bytes:
        """Return the object for a title."""
        shown = escape(title).encode()
        return b"%d 0 obj\n<</Type/Metadata/Subtype/XML/Length %d>>stream\n%b%b%b\nendstream\nendobj\n" % (
            self._number,
            self._rest + len(shown),
            self._before,
            shown,
            self._after,
        )


def row_at(offset: int) -> bytes:
    """Return the cross-reference row of an object that begins at a place in the file."""
    return _ROW.pack(1, offset, 0)


def rows_within(holder: int, indexes: range) -> bytes:
    """Return the cross-reference rows of objects in an object stream, one after the other."""
    return b"".join([_ROW.pack(2, holder, index) for index in indexes])


FREE_ROW = _ROW.pack(0, 0, 0xFFFF)
