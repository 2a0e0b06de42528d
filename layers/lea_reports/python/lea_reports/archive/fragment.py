"""Fragments: the stored entries of one chunk, made to be joined with others into one archive."""

from __future__ import annotations

import zlib

from lea_reports.archive.zip_format import ZipEntry, local_header


class FragmentWriter:
    """Collects the files of one fragment.

    Their bytes are kept as they were given and joined once, when `content` is asked for: what many files have in
    common stays one object until then.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.entries: list[ZipEntry] = []
        self.size = 0
        """The number of bytes of `content`."""

    @property
    def content(self) -> bytes:
        """The local headers and the bytes of the files, one after the other."""
        return b"".join(self._pieces)

    def add(self, path: str, *parts: bytes, crc: int | None = None) -> None:
        """Add one file, given in one or more parts; `crc` is the CRC-32 of the whole if it is known."""
        if crc is None:
            crc = 0
            for part in parts:
                crc = zlib.crc32(part, crc)
        size = sum(map(len, parts))
        header = local_header(path, crc, size)
        self.entries.append(ZipEntry(path, crc, size, self.size))
        self._pieces += (header, *parts)
        self.size += len(header) + size
