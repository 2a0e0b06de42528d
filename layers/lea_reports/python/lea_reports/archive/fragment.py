"""Fragments: the stored entries of one chunk, made to be joined with others into one archive."""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import TYPE_CHECKING

from lea_reports.archive.zip_format import ZipEntry, local_header

if TYPE_CHECKING:
    from collections.abc import Callable


class FragmentWriter:
    """Writes the files of one fragment to a sink: local headers and bytes, one file after the other.

    The sink gets the pieces as they were given: what many files have in common stays one object.
    """

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink
        self.entries: list[ZipEntry] = []
        self.size = 0
        """The number of bytes written."""

    def add(self, path: str, *parts: bytes, crc: int | None = None) -> None:
        """Add one file, given in one or more parts; `crc` is the CRC-32 of the whole if it is known."""
        if crc is None:
            crc = 0
            for part in parts:
                crc = zlib.crc32(part, crc)
        size = sum(map(len, parts))
        header = local_header(path, crc, size)
        self.entries.append(ZipEntry(path, crc, size, self.size))
        self._sink(header)
        for part in parts:
            self._sink(part)
        self.size += len(header) + size


class GrowingFile:
    """The only file of a fragment, written while it grows: its header, which states its size, is known last."""

    def __init__(self, sink: Callable[[bytes], object]) -> None:
        self._sink = sink
        self._crc = 0
        self._digest = sha256()
        self.size = 0
        """The number of bytes written."""

    def write(self, part: bytes) -> None:
        """Add bytes to the file."""
        self._crc = zlib.crc32(part, self._crc)
        self._digest.update(part)
        self.size += len(part)
        self._sink(part)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written, in hexadecimal digits."""
        return self._digest.hexdigest()

    def header(self, path: str) -> bytes:
        """Return what has to stand in front of what was written."""
        return local_header(path, self._crc, self.size)

    def entry(self, path: str) -> ZipEntry:
        """Return the entry of the file in its fragment."""
        return ZipEntry(path, self._crc, self.size, 0)
