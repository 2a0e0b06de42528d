"""Many SSRs as one PDF: what they share is written once; outline, page labels and structure are grown."""

from __future__ import annotations

import zlib
from hashlib import md5
from typing import TYPE_CHECKING

from lea_reports.ssr.embedded_fonts import OBJECTS
from lea_reports.ssr.pdf_syntax import (
    FREE_ROW,
    HEADER,
    PAGE_BEGIN,
    ROW_WIDTHS,
    metadata,
    object_stream,
    row_at,
    row_within,
    stream,
    text_string,
)
from lea_reports.ssr.structure import build_structure, references

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from lea_reports.ssr.content_canvas import Step
    from lea_reports.ssr.embedded_fonts import EmbeddedFonts

_CATALOG, _TREE, _RESOURCES, _INFO, _OUTLINE, _STRUCTURE, _DOCUMENT, _PARENTS = range(1, 9)
_PAGES_TOGETHER = 400
"""How many pages one node of the page tree holds."""
_OBJECTS_TOGETHER = 1000
"""How many objects one object stream holds: a reader unpacks all of them to see one."""


class MergedDocument:
    """A document that grows by one student at a time."""

    def __init__(self, *, title: str, language: str, year: int, tags: bool) -> None:
        self._title, self._language, self._year, self._tags = title, language, year, tags
        self._parts = [HEADER]
        self._size = len(HEADER)
        self._rows: dict[int, bytes] = {0: FREE_ROW}
        self._next = _PARENTS + 1
        self._waiting: list[tuple[int, bytes]] = []
        self._shared: dict[Hashable, int] = {}
        self._page_node = 0
        self._node_pages: list[int] = []
        self._nodes: list[tuple[int, int]] = []
        self._schools: list[tuple[str, list[tuple[str, int]]]] = []
        self._labels: list[int] = []
        self._sections: list[int] = []
        self._parent_sets: list[list[int]] = []
        self.pages = 0

    def shared_stream(self, key: Hashable, parts: Sequence[bytes]) -> int:
        """Return the number of a content stream that many pages show; it is written once."""
        number = self._shared.get(key)
        if number is None:
            number = self._shared[key] = self._take()
            self._write(number, stream(number, PAGE_BEGIN + b"".join(parts)))
        return number

    def own_stream(self, content: bytes) -> int:
        """Write the content that only one page shows; return its number."""
        number = self._take()
        packed = zlib.compress(content, 1)
        self._write(
            number,
            b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
            % (number, len(packed), packed),
        )
        return number

    def begin_school(self, name: str) -> None:
        """Begin an entry of the outline, under which the next students stand."""
        self._schools.append((name, []))

    def add_student(
        self,
        name: str,
        contents: Sequence[tuple[int, int]],
        steps: Sequence[Sequence[Step]],
        figures: Sequence[bytes],
        language: str,
    ) -> None:
        """Add a student's pages: for each the numbers of its shared and its own content."""
        numbers = []
        for shared, own in contents:
            if not self._node_pages:
                self._page_node = self._take()
            number = self._take()
            numbers.append(number)
            self._node_pages.append(number)
            marked = b"/StructParents %d/Tabs/S" % (self.pages + len(numbers) - 1) if self._tags else b""
            self._hold(
                number,
                b"<</Type/Page/Parent %d 0 R/Contents[%d 0 R %d 0 R]%b>>"
                % (self._page_node, shared, own, marked),
            )
            if len(self._node_pages) == _PAGES_TOGETHER:
                self._end_node()
        self._schools[-1][1].append((name, numbers[0]))
        self._labels.append(self.pages)
        self.pages += len(numbers)
        if self._tags:
            self._add_section(numbers, steps, figures, language)

    def _add_section(
        self, pages: Sequence[int], steps: Sequence[Sequence[Step]], figures: Sequence[bytes], language: str
    ) -> None:
        section, first = self._take(), self._next
        steps_of_elements = sum(step.kind not in {"close", "figure"} for page in steps for step in page)
        structure = build_structure(steps, pages, section, first, first + steps_of_elements)
        self._next = first + steps_of_elements + len(structure.figures)
        self._sections.append(section)
        self._hold(
            section,
            b"<</S/Sect/P %d 0 R/Lang(%b)/K[%b]>>"
            % (_DOCUMENT, language.encode(), references(structure.kids)),
        )
        for number, body in structure.elements:
            self._hold(number, body)
        for number, (body, words) in enumerate(
            zip(structure.figures, figures, strict=True), first + steps_of_elements
        ):
            self._hold(number, body + words + b">>")
        self._parent_sets += structure.parents

    def finish(self, fonts: EmbeddedFonts, bits: int) -> bytes:
        """Write what the pages rest on, and return the whole document."""
        self._end_node()
        self._hold(_RESOURCES, b"<</Font<<%b>>>>" % self._write_fonts(fonts, bits))
        self._hold(
            _TREE,
            b"<</Type/Pages/Count %d/MediaBox[0 0 612 792]/Resources %d 0 R/Kids[%b]>>"
            % (self.pages, _RESOURCES, references(node for node, _ in self._nodes)),
        )
        self._hold(
            _INFO,
            b"<</Title%b/Producer(LEA Reports)/CreationDate(D:%d0701000000Z)>>"
            % (text_string(self._title), self._year),
        )
        self._write_outline()
        marked = self._write_structure() if self._tags else b""
        labels = b"".join(
            b"%d<</S/D/P(%d-)>>" % (page, number) for number, page in enumerate(self._labels, start=1)
        )
        self._hold(
            _CATALOG,
            b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>/Outlines %d 0 R"
            b"/PageMode/UseOutlines/PageLabels<</Nums[%b]>>%b>>"
            % (_TREE, self._language.encode(), _OUTLINE, labels, marked),
        )
        self._flush()
        return self._end()

    def _write_fonts(self, fonts: EmbeddedFonts, bits: int) -> bytes:
        names = []
        for face in fonts.used(bits):
            first = self._next
            self._next += OBJECTS
            for number, body in enumerate(face.streams(first), first):
                self._write(number, body)
            for number, body in enumerate(face.dictionaries(first + 2, first), first + 2):
                self._hold(number, body)
            names.append(b"/%b %d 0 R" % (face.name, first + 2))
        return b"".join(names)

    def _write_outline(self) -> None:
        first = self._next
        self._next += sum(1 + len(students) for _, students in self._schools)
        schools, number = [], first
        for _, students in self._schools:
            schools.append(number)
            number += 1 + len(students)
        for position, (name, students) in enumerate(self._schools):
            own = schools[position]
            self._hold(
                own,
                b"<</Title%b/Parent %d 0 R%b/First %d 0 R/Last %d 0 R/Count %d/Dest[%d 0 R/Fit]>>"
                % (
                    text_string(name),
                    _OUTLINE,
                    _neighbours(schools, position),
                    own + 1,
                    own + len(students),
                    -len(students) if len(self._schools) > 1 else len(students),
                    students[0][1],
                ),
            )
            numbers = range(own + 1, own + 1 + len(students))
            for place, (student, page) in enumerate(students):
                self._hold(
                    numbers[place],
                    b"<</Title%b/Parent %d 0 R%b/Dest[%d 0 R/Fit]>>"
                    % (text_string(student), own, _neighbours(numbers, place), page),
                )
        shown = len(schools) if len(schools) > 1 else 1 + len(self._schools[0][1])
        self._hold(
            _OUTLINE,
            b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % (schools[0], schools[-1], shown),
        )

    def _write_structure(self) -> bytes:
        """Write the root of the structure; return what the catalog says of it."""
        leaves = []
        for start in range(0, self.pages, _PAGES_TOGETHER):
            leaf = self._take()
            leaves.append(leaf)
            sets = self._parent_sets[start : start + _PAGES_TOGETHER]
            nums = b"".join(
                b"%d[%b]" % (index, references(parents)) for index, parents in enumerate(sets, start)
            )
            self._hold(leaf, b"<</Limits[%d %d]/Nums[%b]>>" % (start, start + len(sets) - 1, nums))
        self._hold(
            _STRUCTURE,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (_DOCUMENT, _PARENTS, self.pages),
        )
        self._hold(_DOCUMENT, b"<</S/Document/P %d 0 R/K[%b]>>" % (_STRUCTURE, references(self._sections)))
        self._hold(_PARENTS, b"<</Kids[%b]>>" % references(leaves))
        number = self._take()
        self._write(number, metadata(number, self._title, self._language, self._year))
        return b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R" % (_STRUCTURE, number)

    def _end_node(self) -> None:
        if self._node_pages:
            self._nodes.append((self._page_node, len(self._node_pages)))
            self._hold(
                self._page_node,
                b"<</Type/Pages/Parent %d 0 R/Count %d/Kids[%b]>>"
                % (_TREE, len(self._node_pages), references(self._node_pages)),
            )
            self._node_pages = []

    def _take(self) -> int:
        self._next += 1
        return self._next - 1

    def _write(self, number: int, body: bytes) -> None:
        self._rows[number] = row_at(self._size)
        self._parts.append(body)
        self._size += len(body)

    def _hold(self, number: int, body: bytes) -> None:
        self._waiting.append((number, body))
        if len(self._waiting) == _OBJECTS_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            holder = self._take()
            for index, (number, _) in enumerate(self._waiting):
                self._rows[number] = row_within(holder, index)
            self._write(holder, object_stream(holder, self._waiting, level=6))
            self._waiting = []

    def _end(self) -> bytes:
        number = self._take()
        start = self._size
        self._rows[number] = row_at(start)
        rows = b"".join(self._rows.get(each, FREE_ROW) for each in range(number + 1))
        identity = md5(rows, usedforsecurity=False).hexdigest().encode()
        entries = b"/Type/XRef/W%b/Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]" % (
            ROW_WIDTHS,
            number + 1,
            _CATALOG,
            _INFO,
            identity,
            identity,
        )
        self._write(number, stream(number, rows, entries, level=6))
        self._parts.append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._parts)


def _neighbours(numbers: Sequence[int], position: int) -> bytes:
    before = b"/Prev %d 0 R" % numbers[position - 1] if position else b""
    after = b"/Next %d 0 R" % numbers[position + 1] if position + 1 < len(numbers) else b""
    return before + after
