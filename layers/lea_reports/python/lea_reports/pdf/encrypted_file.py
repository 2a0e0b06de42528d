"""PDFs become files that ask for a password: finished ones, and such that grow object by object.

It reads the syntax that our engines write, and no more of PDF than that.
"""

from __future__ import annotations

import re
import struct
import zlib
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.pdf.syntax import FREE_ROW, HEADER, ROW_WIDTHS, row_at, stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lea_reports.pdf.encryption import PdfEncryption

_ROW = struct.Struct(">BIH")
"""The columns of `ROW_WIDTHS`: its type, then where an object begins, or its object stream and its position there."""
_AT, _WITHIN = 1, 2
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_OBJECT = re.compile(rb"(\d+) 0 obj\s*")
_TOKEN = re.compile(
    rb"<<|>>|<(?P<hexadecimal>[0-9A-Fa-f\s]*)>|\((?P<literal>(?:[^()\\]|\\.)*)\)"
    rb"|(?P<end>stream\r?\n|endobj)|[()<>]",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED = {b"(": b"(", b")": b")", b"\\": b"\\", b"r": b"\r"}
_HOLDER = re.compile(
    rb"\d+ 0 obj\n<</Type/ObjStm/N (?P<count>\d+)/First (?P<first>\d+)/Filter/FlateDecode/Length \d+>>stream\n"
)
_LENGTH = re.compile(rb"/Length (\d+)")
_TABLE_ROW = re.compile(rb"(\d{10}) \d{5} ([nf])")
_EXTENSION = b"/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>"
"""PDF/UA-1 stands on PDF 1.7, to which this encryption is an extension (Adobe supplement to ISO 32000, level 8)."""


class _Finished(NamedTuple):
    """What the end of a file tells about it."""

    rows: bytearray
    """Rows of a cross-reference stream (`ROW_WIDTHS`), by number; without its own."""
    root: int
    info: int
    end: int
    """Where the objects end."""


def encrypted(content: bytes, encryption: PdfEncryption) -> bytes:
    """Return a PDF of our engines encrypted, every string and stream of it; the same bytes for the same two.

    Raises:
        ValueError: the file has syntax that our engines do not write.
    """
    finished = _finished(content)
    of_file = _FileEncryption(encryption, sha256(content).digest())
    pieces, size = [HEADER], len(HEADER)
    rows = finished.rows
    for number, body in _objects(content, finished):
        hidden = of_file.applied(number, body)
        _ROW.pack_into(rows, number * _ROW.size, _AT, size, 0)
        pieces.append(hidden)
        size += len(hidden)
    dictionary = len(rows) // _ROW.size
    # The dictionary itself stays readable, as does the cross-reference stream (ISO 32000-2, 7.6.2).
    pieces.append(b"%d 0 obj\n%b\nendobj\n" % (dictionary, encryption.dictionary()))
    start = size + len(pieces[-1])
    rows += row_at(size) + row_at(start)
    entries = b"/Type/XRef/W%b/Size %d/Root %d 0 R/Info %d 0 R%b" % (
        ROW_WIDTHS, dictionary + 2, finished.root, finished.info, of_file.entries(dictionary),
    )  # fmt: skip
    pieces += [stream(dictionary + 1, bytes(rows), entries, level=6), b"startxref\n%d\n%%%%EOF\n" % start]
    return b"".join(pieces)


class GrowingEncryption:
    """Encrypts a file whose objects are known one after the other; `name` is not that of another file of the request.

    The initialization vectors of an object come from the name and all that was written so far, itself included: the
    file is the same when it is made again, and shows nobody what it has in common with others.
    """

    def __init__(self, encryption: PdfEncryption, name: str) -> None:
        self._encryption = encryption
        self._plain = sha256(name.encode("utf-8", "replace") + b"\n")

    def applied(self, number: int, content: bytes) -> bytes:
        """Return an object encrypted; `content` is the whole of it, from its number to `endobj`.

        Raises:
            ValueError: it has syntax that our engines do not write.
        """
        self._plain.update(content)
        begin = _OBJECT.match(content)
        if begin is None or int(begin[1]) != number:
            raise ValueError(f"this is not object {number}")
        return self._so_far().applied(number, content[begin.end() :])

    def catalog(self, number: int, dictionary: bytes) -> bytes:
        """Return the catalog encrypted: an object of its own, since what reads it does not know the key yet."""
        return self.applied(number, b"%d 0 obj\n%b\nendobj\n" % (number, _extended(dictionary)))

    def dictionary(self, number: int) -> bytes:
        """Return the encryption dictionary, which stays readable."""
        return b"%d 0 obj\n%b\nendobj\n" % (number, self._encryption.dictionary())

    def entries(self, dictionary: int) -> bytes:
        """Return what the trailer says of the encryption, whose dictionary has that number, once all is written."""
        return self._so_far().entries(dictionary)

    def _so_far(self) -> _FileEncryption:
        return _FileEncryption(self._encryption, self._plain.digest())


class _FileEncryption:
    """Encrypts the objects of one file.

    Initialization vectors come from the plain file and the object, so that a file made again is the same, and two files
    that begin alike do not show it. The identifier that the plain file bears is a checksum of what it says, by which
    guesses could be tried: it is not kept.
    """

    def __init__(self, encryption: PdfEncryption, identity: bytes) -> None:
        self._encryption = encryption
        self._identity = identity

    def entries(self, dictionary: int) -> bytes:
        """Return what the trailer says of the encryption, whose dictionary has that number."""
        identity = self._encryption.derived(b"file", self._identity).hex().encode()
        return b"/Encrypt %d 0 R/ID[<%b><%b>]" % (dictionary, identity, identity)

    def applied(self, number: int, body: bytes) -> bytes:
        """Return an object with its strings and its stream encrypted."""
        pieces, done, place = [], 0, 0
        for token in _TOKEN.finditer(body):
            found = token.lastgroup
            if found == "end":
                pieces.append(body[done : token.start()])
                head = b"".join(pieces)
                if token[0] == b"endobj":
                    return b"%d 0 obj\n%b\nendobj\n" % (number, head.rstrip())
                return self._stream(number, head, body[token.end() :])
            if found is None:
                if token[0] in {b"<<", b">>"}:
                    continue
                raise ValueError(f"object {number}: brackets that do not match")
            place += 1
            raw = bytes.fromhex(token[found].decode()) if found == "hexadecimal" else _unescaped(token[found])
            pieces += [
                body[done : token.start()],
                b"<%b>" % self._encrypted(number, place, raw).hex().encode(),
            ]
            done = token.end()
        raise ValueError(f"object {number} has no end")

    def _stream(self, number: int, head: bytes, rest: bytes) -> bytes:
        length = _LENGTH.search(head)
        if length is None or not rest[int(length[1]) :].lstrip().startswith(b"endstream"):
            raise ValueError(f"stream {number} is not as long as it says")
        data = self._encrypted(number, 0, rest[: int(length[1])])
        entries = b"%b/Length %d%b" % (head[: length.start()], len(data), head[length.end() :])
        return b"%d 0 obj\n%bstream\n%b\nendstream\nendobj\n" % (number, entries, data)

    def _encrypted(self, number: int, place: int, raw: bytes) -> bytes:
        where = number.to_bytes(4, "big") + place.to_bytes(4, "big")
        return self._encryption.encrypt(raw, self._encryption.derived(b"data", self._identity, where))


def _finished(content: bytes) -> _Finished:
    """Read the end of a file, be it a cross-reference table or a stream."""
    start = _START.search(content, max(0, len(content) - 64))
    if start is None:
        raise ValueError("the file has no end")
    end = int(start[1])
    if content.startswith(b"xref", end):
        table, _, trailer = content[end : start.start()].partition(b"trailer")
        found = _TABLE_ROW.findall(table)
        rows = bytearray(b"".join(row_at(int(at)) if use == b"n" else FREE_ROW for at, use in found))
        return _Finished(rows, _reference(trailer, b"Root"), _reference(trailer, b"Info"), end)
    trailer, _, data = content[end:].partition(b"stream\n")
    if b"/W" + ROW_WIDTHS not in trailer:
        raise ValueError("the file has no cross-reference stream of ours")
    rows = bytearray(zlib.decompressobj().decompress(data))
    if rows[-_ROW.size :] != row_at(end):
        raise ValueError("the cross-reference stream is not the last object")
    return _Finished(rows[: -_ROW.size], _reference(trailer, b"Root"), _reference(trailer, b"Info"), end)


def _reference(dictionary: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+) 0 R" % name, dictionary)
    if found is None:
        raise ValueError(f"the file does not say where its {name.decode()} is")
    return int(found[1])


def _objects(content: bytes, finished: _Finished) -> Iterator[tuple[int, bytes]]:
    """Yield the objects that are not in object streams, with what follows `obj`; the catalog is always one of them."""
    rows = bytes(finished.rows)
    places = sorted(
        (place, number) for number, (row, place, _) in enumerate(_ROW.iter_unpack(rows)) if row == _AT
    )
    for (place, number), (after, _) in pairwise([*places, (finished.end, 0)]):
        begin = _OBJECT.match(content, place)
        if begin is None or int(begin[1]) != number:
            raise ValueError(f"object {number} is not where it should be")
        body = content[begin.end() : after]
        yield number, _extended(body) if number == finished.root else body
    if rows[finished.root * _ROW.size] == _WITHIN:
        yield finished.root, _extended(_held(content, rows, finished.root) + b"endobj")


def _extended(catalog: bytes) -> bytes:
    return b"<<%b%b" % (_EXTENSION, catalog.removeprefix(b"<<"))


def _held(content: bytes, rows: bytes, number: int) -> bytes:
    """Return an object out of its object stream."""
    _, holder, position = _ROW.unpack_from(rows, number * _ROW.size)
    _, place, _ = _ROW.unpack_from(rows, holder * _ROW.size)
    head = _HOLDER.match(content, place)
    if head is None:
        raise ValueError(f"object {number} is in a stream that is no object stream of ours")
    held = zlib.decompressobj().decompress(content[head.end() :])
    count, first = int(head["count"]), int(head["first"])
    starts = [first + int(place) for place in held[:first].split()[1 : 2 * count : 2]]
    return held[starts[position] : [*starts, len(held)][position + 1]]


def _unescaped(raw: bytes) -> bytes:
    """Return what a literal string means, between whose brackets `raw` stands."""
    try:
        return _ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], raw)
    except KeyError as error:
        raise ValueError("a string has an escape that our engines do not write") from error
