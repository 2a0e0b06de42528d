"""Fragments: the stored entries of one chunk, made to be joined with others into one archive."""

from __future__ import annotations

import zlib

from lea_reports.archive.zip_format import ZipEntry, local_header


class FragmentWriter:
    """Collects the files of one fragment; `content` is their local headers and bytes, one after the other."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.entries: list[ZipEntry] = []

    def add(self, path: str, *parts: bytes, crc: int | None = None) -> None:
        """Add one file, given in one or more parts; `crc` is the CRC-32 of the whole if it is known."""
        if crc is None:
            crc = 0
            for part in parts:
                crc = zlib.crc32(part, crc)
        size = sum(map(len, parts))
        self.entries.append(ZipEntry(path, crc, size, len(self.content)))
        self.content += local_header(path, crc, size)
        for part in parts:
            self.content += part
