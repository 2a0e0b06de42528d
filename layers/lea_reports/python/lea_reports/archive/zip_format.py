"""The few records of the zip format that an archive of stored files needs, ZIP64 included.

Source: APPNOTE.TXT 6.3.10, sections 4.3 to 4.5. Every entry is stored (PDFs are compressed already), named in UTF-8
and dated 1980-01-01, so that the same files give the same bytes. ZIP64 records are written where the older ones have no
room: for 65,535 entries or more, and for places from 4 GiB less one byte on.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_END = struct.Struct("<4s4H2LH")

_VERSION = 20
_VERSION_64 = 45
_MADE_ON_UNIX = 3 << 8
_UTF_8 = 1 << 11
_STORED = 0
_TIME, _DATE = 0, (1 << 5) | 1  # 00:00:00 on 1980-01-01
_READABLE_FILE = 0o100644 << 16
_MOST_16, _MOST_32 = 0xFFFF, 0xFFFFFFFF


class ZipEntry(NamedTuple):
    """One stored file: its path, CRC-32 and size in bytes, and where its local header starts.

    `offset` counts from the start of whatever holds the entry: a fragment, or the archive.
    """

    path: str
    crc: int
    size: int
    offset: int

    def after(self, start: int) -> ZipEntry:
        """Return the entry as it stands in an archive whose bytes before its fragment are `start` many."""
        return self._replace(offset=start + self.offset)


def local_header(path: str, crc: int, size: int) -> bytes:
    """Return what stands before a file's bytes. Raises `ValueError` if they are 4 GiB or more."""
    if size > _MOST_32:
        raise ValueError("an entry of 4 GiB or more is not supported")
    name = path.encode()
    return (
        _LOCAL.pack(b"PK\3\4", _VERSION, _UTF_8, _STORED, _TIME, _DATE, crc, size, size, len(name), 0) + name
    )


class CentralDirectory:
    """The directory at the end of an archive; it grows by one entry at a time, in the order of the archive."""

    def __init__(self, entries: Iterable[ZipEntry] = ()) -> None:
        self._records = bytearray()
        self._count = 0
        self.add(entries)

    def __len__(self) -> int:
        return self._count

    def add(self, entries: Iterable[ZipEntry]) -> None:
        """Add entries, as they stand in the archive."""
        for entry in entries:
            self._records += _central_record(entry)
            self._count += 1

    def content(self, start: int) -> bytes:
        """Return the directory and its end records, for an archive whose entries' bytes end at `start`."""
        size = len(self._records)
        end = bytearray()
        big = self._count >= _MOST_16 or start >= _MOST_32 or size >= _MOST_32
        if big:
            end += _END_64.pack(
                b"PK\6\6",
                _END_64.size - 12,
                _MADE_ON_UNIX | _VERSION_64,
                _VERSION_64,
                0,
                0,
                self._count,
                self._count,
                size,
                start,
            )
            end += _LOCATOR_64.pack(b"PK\6\7", 0, start + size, 1)
        few = min(self._count, _MOST_16)
        end += _END.pack(b"PK\5\6", 0, 0, few, few, min(size, _MOST_32), min(start, _MOST_32), 0)
        return b"".join((self._records, end))


def _central_record(entry: ZipEntry) -> bytes:
    name = entry.path.encode()
    far = entry.offset >= _MOST_32
    extra = struct.pack("<2HQ", 1, 8, entry.offset) if far else b""
    version = _VERSION_64 if far else _VERSION
    return (
        _CENTRAL.pack(
            b"PK\1\2",
            _MADE_ON_UNIX | version,
            version,
            _UTF_8,
            _STORED,
            _TIME,
            _DATE,
            entry.crc,
            entry.size,
            entry.size,
            len(name),
            len(extra),
            0,
            0,
            0,
            _READABLE_FILE,
            _MOST_32 if far else entry.offset,
        )
        + name
        + extra
    )
