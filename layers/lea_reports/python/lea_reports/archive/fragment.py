"""Fragments: the stored entries of one chunk, made to be joined with others into one archive."""

from __future__ import annotations

import zlib

from lea_reports.archive.zip_format import ZipEntry, local_header


class FragmentWriter:
    """Collects the files of one fragment; `content` is their local headers and bytes, one after the other."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.entries: list[ZipEntry] = []

    def add(self, path: str, content: bytes) -> None:
        """Add one file."""
        crc = zlib.crc32(content)
        self.entries.append(ZipEntry(path, crc, len(content), len(self.content)))
        self.content += local_header(path, crc, len(content))
        self.content += content
