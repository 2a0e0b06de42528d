"""Single SSRs from templates: what students have in common is written once, the rest follows it."""

from __future__ import annotations

import zlib
from hashlib import md5
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from lea_reports.pdf.embedded_font import EXTRA_OBJECTS, OBJECTS
from lea_reports.pdf.structure import Structure, references
from lea_reports.pdf.syntax import (
    FREE_ROW,
    HEADER,
    PAGE_BEGIN,
    ROW_WIDTHS,
    Metadata,
    deflated,
    object_stream,
    row_at,
    rows_within,
    stream,
    stream_of,
    text_string,
    zlib_stream,
)
from lea_reports.ssr.engine.ssr_engine import Prefix
from lea_reports.typesetting.embedded_fonts import faces_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.pdf.structure import Numbered
    from lea_reports.typesetting.blocks import BlockPart, Filled, Placed
    from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, Face


class Template:
    """The files of all students whose SSRs differ in variants and values only."""

    def __init__(
        self,
        embedded: EmbeddedFonts,
        pages: Sequence[Sequence[BlockPart]],
        fonts: int,
        *,
        language: str,
        year: int,
        tags: bool,
    ) -> None:
        for page in pages:
            for part in page:
                fonts |= part.fonts
        shared = [face for face in faces_of(fonts) if not face.extra]
        self._extra = [face for face in faces_of(fonts) if face.extra]
        self._embedded = embedded
        self._tags = tags
        # Numbers: font streams, page streams, one object stream, what it holds; then the tail's.
        page_streams = 1 + 2 * len(shared)
        holder = page_streams + len(pages)
        font_dictionaries = holder + 1
        catalog = font_dictionaries + (OBJECTS - 2) * len(shared)
        tree, resources, first_page = catalog + 1, catalog + 2, catalog + 3
        roots = first_page + len(pages)
        document = roots + 1
        elements = roots + 3 if tags else roots
        structure = Structure([[step for part in page for step in part.structure] for page in pages])
        first = elements + structure.elements
        self._numbers = range(first, first + len(pages))
        info = first + len(pages)
        meta = info + 1
        first_described = meta + 1 if tags else meta
        self._first_extra = first_described + structure.described
        self._last = self._first_extra + EXTRA_OBJECTS * len(self._extra)
        page_numbers = range(first_page, first_page + len(pages))

        streams, held, names = _fonts_of(embedded, shared, font_dictionaries)
        for index, page in enumerate(pages, start=page_streams):
            streams.append(stream(index, PAGE_BEGIN + b"".join(part.fixed for part in page)))
        for index, face in enumerate(self._extra):
            names += b"/%b %d 0 R" % (face.name, self._first_extra + EXTRA_OBJECTS * index + 3)
        marked = (
            b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R" % (roots, meta)
            if tags
            else b""
        )
        held += [
            (
                catalog,
                b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>%b>>"
                % (tree, language.encode(), marked),
            ),
            (tree, b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(pages), references(page_numbers))),
            (resources, b"<</Font<<%b>>>>" % names),
        ]
        for index, number in enumerate(page_numbers):
            parents = b"/StructParents %d/Tabs/S" % index if tags else b""
            held.append(
                (
                    number,
                    b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 612 792]/Resources %d 0 R/Contents[%d 0 R %d 0 R]%b>>"
                    % (tree, resources, page_streams + index, first + index, parents),
                )
            )
        self._described: list[bytes] = []
        if tags:
            numbered = structure.numbered(page_numbers, document, elements, first_described)
            held += _tree_of(numbered, roots)
            self._described = [
                b"%d 0 obj\n%b" % (number, body)
                for number, body in enumerate(numbered.described, first_described)
            ]
        streams.append(object_stream(holder, [number for number, _ in held], [body for _, body in held]))
        rows = [FREE_ROW]
        at = len(HEADER)
        for body in streams:
            rows.append(row_at(at))
            at += len(body)
        rows.append(rows_within(holder, range(len(held))))
        self.prefix = Prefix(HEADER + b"".join(streams))
        static = b"".join(rows)
        self._rows, self._checksum = deflated(static), zlib.adler32(static)
        self._info = (
            b"%d 0 obj\n<</Title" % info,
            b"/Producer(LEA Reports)/CreationDate(D:%d0701000000Z)>>\nendobj\n" % year,
        )
        self._metadata = Metadata(meta, language, year)
        self._end = b"%d 0 obj\n<</Type/XRef/W%b/Root %d 0 R/Info %d 0 R/Size %d" % (
            self._last,
            ROW_WIDTHS,
            catalog,
            info,
            self._last + 1,
        )

    def tail(self, title: str, pages: Sequence[Sequence[Placed]], own: Sequence[Filled]) -> bytes:
        """Return what follows the prefix."""
        objects = []
        checksums = []
        for number, page, filled in zip(self._numbers, pages, own, strict=True):
            checksum = 1
            for part, _ in page:
                if part.variant:
                    checksum = zlib.adler32(part.variant, checksum)
            content = filled.content
            checksum = zlib.adler32(content, checksum)
            checksums.append(checksum)
            data = zlib_stream(b"".join([part.packed for part, _ in page]), content, checksum)
            objects.append(stream_of(number, data))
        objects.append(text_string(title).join(self._info))
        if self._tags:
            objects.append(self._metadata.of(title))
            objects += [
                b"%b%b>>\nendobj\n" % (body, words)
                for body, words in zip(
                    self._described, chain.from_iterable([page.described for page in own]), strict=True
                )
            ]
        if self._extra:
            objects += self._extra_fonts(own)
        places = list(accumulate(map(len, objects), initial=len(self.prefix.content)))
        rows = b"".join(map(row_at, places))
        data = zlib_stream(self._rows, rows, zlib.adler32(rows, self._checksum))
        identity = (
            md5(repr((title, checksums)).encode("utf-8", "replace"), usedforsecurity=False)
            .hexdigest()
            .encode()
        )
        objects.append(
            b"%b/ID[<%b><%b>]/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
            % (self._end, identity, identity, len(data), data, places[-1])
        )
        return b"".join(objects)

    def _extra_fonts(self, own: Sequence[Filled]) -> Iterator[bytes]:
        """Yield the fonts for the glyphs that only this student needs."""
        glyphs = {glyph for page in own for glyph in page.glyphs}
        for index, face in enumerate(self._extra):
            first = self._first_extra + EXTRA_OBJECTS * index
            font = self._embedded.extra_font(face, glyphs)
            yield from font.streams(first)
            for number, body in enumerate(font.dictionaries(first + 3, first), first + 3):
                yield b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _fonts_of(
    embedded: EmbeddedFonts, faces: Sequence[Face], first: int
) -> tuple[list[bytes], list[tuple[int, bytes]], bytes]:
    """Return the streams of shared fonts, from object 1, their dictionaries, from `first`, and their names."""
    streams: list[bytes] = []
    dictionaries: list[tuple[int, bytes]] = []
    names = b""
    for index, face in enumerate(faces):
        font, number = embedded.shared_font(face), first + (OBJECTS - 2) * index
        streams += font.streams(1 + 2 * index)
        dictionaries += enumerate(font.dictionaries(number, 1 + 2 * index), number)
        names += b"/%b %d 0 R" % (face.name, number)
    return streams, dictionaries, names


def _tree_of(structure: Numbered, roots: int) -> list[tuple[int, bytes]]:
    """Return the objects of a structure tree: its root, whose number is `roots`, and what hangs on it."""
    document, parents = roots + 1, roots + 2
    sets = b" ".join(b"%d[%b]" % parents for parents in enumerate(structure.parents))
    return [
        (
            roots,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (document, parents, len(structure.parents)),
        ),
        (document, b"<</S/Document/P %d 0 R/K[%b]>>" % (roots, structure.kids)),
        (parents, b"<</Nums[%b]>>" % sets),
        *enumerate(structure.elements, roots + 3),
    ]
