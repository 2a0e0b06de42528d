"""Many SSRs as one PDF: what they share is written once; outline, page labels and structure are grown."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

from lea_reports.pdf.embedded_font import OBJECTS
from lea_reports.pdf.structure import Structure, references
from lea_reports.pdf.syntax import (
    FREE_ROW,
    HEADER,
    PAGE_BEGIN,
    ROW_WIDTHS,
    Metadata,
    object_stream,
    row_at,
    rows_within,
    stream,
    text_string,
)
from lea_reports.typesetting.embedded_fonts import united_fonts

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from lea_reports.pdf.encrypted_file import GrowingEncryption
    from lea_reports.ssr.engine.ssr_engine import Sink
    from lea_reports.typesetting.blocks import BlockPart, Filled, Placed
    from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, ExtraGlyph

_CATALOG, _TREE, _RESOURCES, _INFO, _OUTLINE, _STRUCTURE, _DOCUMENT, _PARENTS = range(1, 9)
_LEVEL = 3
"""How hard what is not shared is compressed."""
_PAGES_TOGETHER = 400
"""How many pages one node of the page tree holds."""
_OBJECTS_TOGETHER = 1000
"""How many objects one object stream holds: a reader unpacks all of them to see one."""


class MergedDocument:
    """A document that grows by one student at a time; its bytes go to the sink as soon as they are known.

    With an `encryption` they are encrypted before.
    """

    def __init__(self, sink: Sink, *, tags: bool, encryption: GrowingEncryption | None = None) -> None:
        self._tags = tags
        self._sink = sink
        self._encryption = encryption
        sink(HEADER)
        self._size = len(HEADER)
        self._rows = bytearray(FREE_ROW * (_PARENTS + 1))
        self._next = _PARENTS + 1
        self._waiting: list[int] = []
        self._bodies: list[bytes] = []
        self._holder = 0
        self._shared: dict[BlockPart, int] = {}
        self._used = 0
        self._glyphs: set[ExtraGlyph] = set()
        self._embedded: dict[int, EmbeddedFonts] = {}
        self._page_node = 0
        self._node_pages: list[int] = []
        self._nodes: list[tuple[int, int]] = []
        self._school = ""
        self._schools: list[tuple[str, list[tuple[str, int]]]] = []
        self._labels: list[int] = []
        self._sections: list[int] = []
        self._structures: dict[Hashable, Structure] = {}
        self._parents: list[bytes] = []
        self._leaves: list[int] = []
        self.pages = 0

    def begin_school(self, code: str, name: str) -> None:
        """Begin an entry of the outline, under which the next students stand, unless it has begun."""
        if code != self._school:
            self._school = code
            self._schools.append((name or code, []))

    def add_student(
        self,
        name: str,
        pages: Sequence[tuple[Sequence[Placed], Filled]],
        embedded: EmbeddedFonts,
        language: str,
    ) -> None:
        """Add a student's pages, each with its placeholders filled."""
        self._embedded[id(embedded)] = embedded
        numbers = []
        described = []
        for page, own in pages:
            if not self._node_pages:
                self._page_node = self._take()
            contents = []
            for part, _ in page:
                number = self._shared.get(part)
                contents.append(self._share(part) if number is None else number)
            described += own.described
            self._used |= own.fonts
            self._glyphs |= own.glyphs
            contents.append(self._own(own.content))
            number = self._take()
            numbers.append(number)
            self._node_pages.append(number)
            marked = b"/StructParents %d/Tabs/S" % (self.pages + len(numbers) - 1) if self._tags else b""
            self._hold(
                number,
                b"<</Type/Page/Parent %d 0 R/Contents[%b]%b>>"
                % (self._page_node, references([number for number in contents if number]), marked),
            )
            if len(self._node_pages) == _PAGES_TOGETHER:
                self._end_node()
        self._schools[-1][1].append((name, numbers[0]))
        self._labels.append(self.pages)
        self.pages += len(numbers)
        if self._tags:
            key = id(embedded), *[tuple([part.template_key for part, _ in page]) for page, _ in pages]
            structure = self._structures.get(key)
            if structure is None:
                steps = [[step for part, _ in page for step in part.structure] for page, _ in pages]
                structure = self._structures[key] = Structure(steps)
            self._add_section(structure, numbers, described, language)

    def _share(self, part: BlockPart) -> int:
        """Write what a part has in common for all students; return the number of its stream, 0 if it has nothing."""
        self._used |= part.fonts
        content = part.fixed + part.variant
        number = self._shared[part] = self._take() if content else 0
        if content:
            self._write(number, stream(number, PAGE_BEGIN + content))
        return number

    def _own(self, content: bytes) -> int:
        """Write the content that only one page shows; return its number."""
        number = self._take()
        self._write(number, stream(number, content, level=_LEVEL))
        return number

    def _add_section(
        self, structure: Structure, pages: Sequence[int], described: Sequence[bytes], language: str
    ) -> None:
        section, first = self._take(), self._next
        self._next += structure.elements + structure.described
        numbered = structure.numbered(pages, section, first)
        self._sections.append(section)
        self._hold(
            section, b"<</S/Sect/P %d 0 R/Lang(%b)/K[%b]>>" % (_DOCUMENT, language.encode(), numbered.kids)
        )
        self._hold(
            first,
            *numbered.elements,
            *[b"%b%b>>" % each for each in zip(numbered.described, described, strict=True)],
        )
        self._parents += numbered.parents
        if len(self._parents) >= _PAGES_TOGETHER:
            self._end_leaf()

    def _end_leaf(self) -> None:
        """Write which elements the last pages' marks belong to."""
        end = self.pages
        start = end - len(self._parents)
        leaf = self._take()
        sets = b"".join([b"%d[%b]" % parents for parents in enumerate(self._parents, start)])
        self._hold(leaf, b"<</Limits[%d %d]/Nums[%b]>>" % (start, end - 1, sets))
        self._leaves.append(leaf)
        self._parents = []

    def finish(self, title: str, language: str, year: int) -> None:
        """Write what the pages rest on: the document is whole."""
        self._end_node()
        self._hold(_RESOURCES, b"<</Font<<%b>>>>" % self._write_fonts())
        self._hold(
            _TREE,
            b"<</Type/Pages/Count %d/MediaBox[0 0 612 792]/Resources %d 0 R/Kids[%b]>>"
            % (self.pages, _RESOURCES, references(node for node, _ in self._nodes)),
        )
        self._hold(
            _INFO,
            b"<</Title%b/Producer(LEA Reports)/CreationDate(D:%d0701000000Z)>>" % (text_string(title), year),
        )
        self._write_outline()
        marked = self._write_structure(title, language, year) if self._tags else b""
        labels = b"".join(
            b"%d<</S/D/P(%d-)>>" % (page, number) for number, page in enumerate(self._labels, start=1)
        )
        catalog = (
            b"<</Type/Catalog/Pages %d 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>/Outlines %d 0 R"
            b"/PageMode/UseOutlines/PageLabels<</Nums[%b]>>%b>>"
            % (_TREE, language.encode(), _OUTLINE, labels, marked)
        )
        if self._encryption is None:
            self._hold(_CATALOG, catalog)
        else:
            self._put(_CATALOG, self._encryption.catalog(_CATALOG, catalog))
        self._flush()
        self._end()

    def _write_fonts(self) -> bytes:
        """Write every font once, with the glyphs of all languages and students; return the names of all."""
        names = []
        for own_names, font in united_fonts(self._embedded.values(), self._used, self._glyphs):
            first = self._next
            self._next += OBJECTS
            for number, body in enumerate(font.streams(first), first):
                self._write(number, body)
            for number, body in enumerate(font.dictionaries(first + 2, first), first + 2):
                self._hold(number, body)
            names += [b"/%b %d 0 R" % (name, first + 2) for name in own_names]
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

    def _write_structure(self, title: str, language: str, year: int) -> bytes:
        """Write the root of the structure; return what the catalog says of it."""
        if self._parents:
            self._end_leaf()
        self._hold(
            _STRUCTURE,
            b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
            % (_DOCUMENT, _PARENTS, self.pages),
        )
        self._hold(_DOCUMENT, b"<</S/Document/P %d 0 R/K[%b]>>" % (_STRUCTURE, references(self._sections)))
        self._hold(_PARENTS, b"<</Kids[%b]>>" % references(self._leaves))
        number = self._take()
        self._write(number, Metadata(number, language, year).of(title))
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

    def _row(self, number: int, rows: bytes) -> None:
        """Note where an object is, and those whose numbers follow."""
        start = number * len(FREE_ROW)
        if start > len(self._rows):
            self._rows += FREE_ROW * (number - len(self._rows) // len(FREE_ROW))
        self._rows[start : start + len(rows)] = rows

    def _write(self, number: int, body: bytes) -> None:
        self._put(number, body if self._encryption is None else self._encryption.applied(number, body))

    def _put(self, number: int, body: bytes) -> None:
        self._row(number, row_at(self._size))
        self._sink(body)
        self._size += len(body)

    def _hold(self, first: int, *bodies: bytes) -> None:
        """Keep objects, numbered from `first`, for the next object stream."""
        if not self._waiting:
            self._holder = self._take()
        held, count = len(self._waiting), len(bodies)
        self._row(first, rows_within(self._holder, range(held, held + count)))
        self._waiting += range(first, first + count)
        self._bodies += bodies
        if held + count >= _OBJECTS_TOGETHER:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._write(self._holder, object_stream(self._holder, self._waiting, self._bodies, level=_LEVEL))
            self._waiting, self._bodies = [], []

    def _end(self) -> None:
        encrypted = b"" if self._encryption is None else self._write_encryption(self._encryption)
        number = self._take()
        start = self._size
        self._row(number, row_at(start))
        rows = bytes(self._rows)
        entries = b"/Type/XRef/W%b/Size %d/Root %d 0 R/Info %d 0 R%b" % (
            ROW_WIDTHS,
            number + 1,
            _CATALOG,
            _INFO,
            encrypted or _identifier(rows),
        )
        self._put(number, stream(number, rows, entries, level=_LEVEL))
        self._sink(b"startxref\n%d\n%%%%EOF\n" % start)

    def _write_encryption(self, encryption: GrowingEncryption) -> bytes:
        """Write what readers derive the key from; return what the trailer says of it."""
        number = self._take()
        self._put(number, encryption.dictionary(number))
        return encryption.entries(number)


def _identifier(rows: bytes) -> bytes:
    """Return what the trailer says of who the file is: nothing but where its objects are."""
    identity = md5(rows, usedforsecurity=False).hexdigest().encode()
    return b"/ID[<%b><%b>]" % (identity, identity)


def _neighbours(numbers: Sequence[int], position: int) -> bytes:
    before = b"/Prev %d 0 R" % numbers[position - 1] if position else b""
    after = b"/Next %d 0 R" % numbers[position + 1] if position + 1 < len(numbers) else b""
    return before + after
