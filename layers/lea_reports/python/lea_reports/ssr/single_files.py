"""Single SSRs from templates: what students have in common is written once, the rest follows it."""

from __future__ import annotations

import zlib
from hashlib import md5
from typing import TYPE_CHECKING

from lea_reports.ssr.embedded_fonts import OBJECTS
from lea_reports.ssr.engine import Prefix
from lea_reports.ssr.pdf_syntax import (
    FREE_ROW,
    HEADER,
    PAGE_BEGIN,
    ROW_WIDTHS,
    deflated,
    metadata,
    object_stream,
    row_at,
    row_within,
    stream,
    text_string,
    zlib_stream,
)
from lea_reports.ssr.structure import build_structure, references

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lea_reports.ssr.content_canvas import Step
    from lea_reports.ssr.embedded_fonts import EmbeddedFonts


class Template:
    """The files of all students whose SSRs differ in variants and values only."""

    def __init__(
        self,
        fonts: EmbeddedFonts,
        bits: int,
        pages: Sequence[bytes],
        steps: Sequence[Sequence[Step]],
        *,
        language: str,
        year: int,
        tags: bool,
    ) -> None:
        faces = fonts.used(bits)
        self._tags = tags
        self._language, self._year = language, year
        # Numbers: font streams, page streams, one object stream, what it holds; then the tail's.
        page_streams = 1 + 2 * len(faces)
        holder = page_streams + len(pages)
        font_dictionaries = holder + 1
        catalog = font_dictionaries + (OBJECTS - 2) * len(faces)
        tree, resources, first_page = catalog + 1, catalog + 2, catalog + 3
        roots = first_page + len(pages)
        document, parent_tree = roots + 1, roots + 2
        elements = roots + 3 if tags else roots
        counted = [step for page in steps for step in page if step.kind != "close"]
        figures = sum(step.kind == "figure" for step in counted)
        self._first = elements + len(counted) - figures
        self._info = self._first + len(pages)
        self._metadata = self._info + 1
        first_figure = self._metadata + 1 if tags else self._metadata
        page_numbers = range(first_page, first_page + len(pages))

        streams = [body for index, face in enumerate(faces) for body in face.streams(1 + 2 * index)]
        streams += [stream(page_streams + index, PAGE_BEGIN + content) for index, content in enumerate(pages)]
        held: list[tuple[int, bytes]] = []
        for index, face in enumerate(faces):
            first = font_dictionaries + (OBJECTS - 2) * index
            held += enumerate(face.dictionaries(first, 1 + 2 * index), first)
        names = b"".join(
            b"/%b %d 0 R" % (face.name, font_dictionaries + (OBJECTS - 2) * index)
            for index, face in enumerate(faces)
        )
        marked = (
            b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R" % (roots, self._metadata)
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
                    % (tree, resources, page_streams + index, self._first + index, parents),
                )
            )
        self._figures: list[bytes] = []
        if tags:
            structure = build_structure(steps, page_numbers, document, elements, first_figure)
            self._figures = structure.figures
            sets = b" ".join(
                b"%d[%b]" % (index, references(parents)) for index, parents in enumerate(structure.parents)
            )
            held += [
                (
                    roots,
                    b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
                    % (document, parent_tree, len(pages)),
                ),
                (document, b"<</S/Document/P %d 0 R/K[%b]>>" % (roots, references(structure.kids))),
                (parent_tree, b"<</Nums[%b]>>" % sets),
                *structure.elements,
            ]
        streams.append(object_stream(holder, held))
        rows = [FREE_ROW]
        at = len(HEADER)
        for body in streams:
            rows.append(row_at(at))
            at += len(body)
        rows += [row_within(holder, index) for index in range(len(held))]
        self.prefix = Prefix(HEADER + b"".join(streams))
        self._size = at
        static = b"".join(rows)
        self._rows, self._checksum = deflated(static), zlib.adler32(static)
        self._count = len(rows)
        self._trailer = b"/Type/XRef/W%b/Root %d 0 R/Info %d 0 R" % (ROW_WIDTHS, catalog, self._info)

    def tail(
        self,
        title: str,
        variants: Sequence[tuple[bytes, bytes]],
        values: Sequence[bytes],
        figures: Sequence[bytes],
    ) -> bytes:
        """Return what follows the prefix. `variants` holds each page's content, packed and as it is."""
        number = self._first
        objects = []
        identity = md5(usedforsecurity=False)
        for (packed, plain), value in zip(variants, values, strict=True):
            data = zlib_stream(packed, value, zlib.adler32(value, zlib.adler32(plain)))
            identity.update(data)
            objects.append(
                b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
                % (number, len(data), data)
            )
            number += 1
        objects.append(
            b"%d 0 obj\n<</Title%b/Producer(LEA Reports)/CreationDate(D:%d0701000000Z)>>\nendobj\n"
            % (number, text_string(title), self._year)
        )
        number += 1
        if self._tags:
            objects.append(metadata(number, title, self._language, self._year))
            number += 1
        for body, words in zip(self._figures, figures, strict=True):
            objects.append(b"%d 0 obj\n%b%b>>\nendobj\n" % (number, body, words))
            number += 1
        at = self._size
        rows = []
        for body in objects:
            rows.append(row_at(at))
            at += len(body)
        rows.append(row_at(at))
        last = b"".join(rows)
        data = zlib_stream(self._rows, last, zlib.adler32(last, self._checksum))
        objects.append(
            b"%d 0 obj\n<<%b/Size %d/ID[<%b><%b>]/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
            b"startxref\n%d\n%%%%EOF\n"
            % (
                number,
                self._trailer,
                number + 1,
                (digest := identity.hexdigest().encode()),
                digest,
                len(data),
                data,
                at,
            )
        )
        return b"".join(objects)
