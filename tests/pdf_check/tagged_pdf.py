"""Whether a PDF can be read without being seen: an automatic check of what PDF/UA-1 asks of a tagged document.

It proves the machine-checkable part for documents as ours are: texts, tables, figures, lists, links. Whether an
alternative text says the right thing is for the tests that know what it should say.
"""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf

from tests.pdf_check.marked_content import DrawnContent, Words, is_right_to_left, runs_together
from tests.pdf_check.structure import GROUPING, HEADINGS, INLINE, Element, StructureTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.pdf_check.marked_content import Owner

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SEVERAL_LANGUAGES = frozenset({"mul", "und"})
_UA_PART = "{http://www.aiim.org/pdfua/ns/id/}part"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_ROW_GROUPS = frozenset({"THead", "TBody", "TFoot"})
_SCOPES = frozenset({"/Row", "/Column", "/Both"})
_NEVER_SPOKEN = frozenset({"Co", "Cs", "Cn"})
_KIDS_OF = {
    "Table": {"TR", "Caption", *_ROW_GROUPS},
    "TR": {"TH", "TD"},
    "L": {"LI", "Caption", "L"},
    "LI": {"Lbl", "LBody"},
    **{group: {"TR"} for group in _ROW_GROUPS},
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a screen reader says for one element: a heading, a paragraph, a cell, a figure."""

    role: str
    text: str
    language: str


def problems(content: bytes, password: str = "") -> list[str]:
    """Return what keeps a document from being accessible, in plain words; an empty list if nothing does."""
    with pikepdf.open(io.BytesIO(content), password=password) as pdf:
        found = list(_document_problems(pdf))
        drawn = DrawnContent.of(pdf)
        if "/StructTreeRoot" not in pdf.Root:
            return [*found, "document: no structure tree", *drawn.problems]
        tree = StructureTree(pdf)
        found += tree.problems
        known = len(tree.problems)
        found += _link_problems(pdf, tree, drawn)
        found += tree.problems[known:]
        found += _heading_problems(tree)
        for element in tree.elements():
            found += _element_problems(element, drawn)
        found += _language_problems(str(pdf.Root.get("/Lang", "")), tree)
        return list(dict.fromkeys([*found, *drawn.problems]))


def spoken(content: bytes, password: str = "") -> list[Spoken]:
    """Return what a screen reader says, element by element, in the order of the structure tree."""
    with pikepdf.open(io.BytesIO(content), password=password) as pdf:
        drawn, tree = DrawnContent.of(pdf), StructureTree(pdf)
        document = str(pdf.Root.get("/Lang", ""))
        return [said for top in tree.top for said in _spoken(top, drawn, document)]


def spoken_text(content: bytes, password: str = "") -> list[str]:
    """Return the texts of `spoken`; a figure is told by its alternative text."""
    return [said.text for said in spoken(content, password)]


# The document


def _document_problems(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if not _LANGUAGE.fullmatch(str(root.get("/Lang", ""))):
        yield "document: no language"
    marks = root.get("/MarkInfo", pikepdf.Dictionary())
    if not bool(marks.get("/Marked", False)):
        yield "document: not marked as tagged"
    if bool(marks.get("/Suspects", False)):
        yield "document: its tags are marked as suspect"
    if not bool(root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/DisplayDocTitle", False)):
        yield "document: a viewer shows the file's name instead of the title"
    yield from _metadata_problems(pdf)
    if pdf.is_encrypted and not pdf.allow.accessibility:
        yield "document: the permissions forbid reading aloud"
    for number, page in enumerate(pdf.pages, 1):
        if str(page.obj.get("/Tabs")) != "/S":
            yield f"page {number}: the tab order is not that of the structure"


def _metadata_problems(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "document: no XMP metadata, so neither its PDF/UA part nor its title is told"
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if str(metadata.get(_UA_PART)) != "1":
            yield "document: the XMP metadata does not name PDF/UA part 1"
        title = str(metadata.get(_TITLE) or "").strip()
    if not title:
        yield "document: no title"
    elif "/Title" in pdf.docinfo and str(pdf.docinfo.Title) != title:
        yield "document: the title in the information dictionary is another than in the XMP metadata"


# Marks and their elements


def _link_problems(pdf: pikepdf.Pdf, tree: StructureTree, drawn: DrawnContent) -> Iterator[str]:
    """Compare what is drawn, what the structure tree claims, and what the parent tree says."""
    names = {page.obj.objgen: f"page {number}" for number, page in enumerate(pdf.pages, 1)}
    claims: dict[Owner, dict[int, Element]] = {}
    yield from _claim_problems(tree, drawn, names, claims)
    entries = tree.parent_tree()
    keys: dict[int, str] = {}
    for owner, claimed in claims.items():
        name, item = names.get(owner, "a form"), pdf.get_object(owner)
        if "/StructParents" not in item:
            yield f"{name}: has marked content, but no key to the parent tree"
            continue
        key = int(item.StructParents)
        if key in keys:
            yield f"{name}: has the same key to the parent tree as {keys[key]}"
        keys[key] = name
        for problem in _parent_problems(entries.get(key), claimed):
            yield f"{name}: {problem}"
    yield from _annotation_problems(pdf, tree, entries, keys)


def _claim_problems(
    tree: StructureTree,
    drawn: DrawnContent,
    names: dict[Owner, str],
    claims: dict[Owner, dict[int, Element]],
) -> Iterator[str]:
    """Compare what is drawn with what the elements claim; fill in who claims what."""
    claims.update({mark[0]: {} for mark in drawn.marks})
    for element in tree.elements():
        for owner, mcid in element.marks:
            name, claimed = names.get(owner, "a form"), claims.setdefault(owner, {})
            if mcid in claimed:
                yield f"{name}: marked content {mcid} belongs to two elements"
            if (owner, mcid) not in drawn.marks:
                yield f"{name}: marked content {mcid} of an element {element.role} is not drawn"
            claimed[mcid] = element
    for owner, mcid in drawn.marks:
        if mcid not in claims[owner]:
            yield f"{names.get(owner, 'a form')}: marked content {mcid} is in no element"


def _parent_problems(entry: pikepdf.Object | None, claimed: dict[int, Element]) -> Iterator[str]:
    """Compare a page's entry of the parent tree with the elements that claim its marked content."""
    if not isinstance(entry, pikepdf.Array):
        yield "the parent tree has no entry for it"
        return
    parents = dict(enumerate(entry))
    for mcid, element in claimed.items():
        parent = parents.get(mcid)
        if not isinstance(parent, pikepdf.Dictionary) or parent.objgen != element.identity:
            yield f"marked content {mcid}: the parent tree names another element than the structure tree"
    for mcid, parent in parents.items():
        if isinstance(parent, pikepdf.Dictionary) and mcid not in claimed:
            yield f"marked content {mcid}: the parent tree knows it, the structure tree does not"


def _annotation_problems(
    pdf: pikepdf.Pdf, tree: StructureTree, entries: dict[int, pikepdf.Object], keys: dict[int, str]
) -> Iterator[str]:
    used = set(keys)
    for number, page in enumerate(pdf.pages, 1):
        for annotation in page.obj.get("/Annots", []):
            if annotation.objgen not in tree.annotations:
                yield f"page {number}: an annotation is in no element"
            if not str(annotation.get("/Contents", "")).strip():
                yield f"page {number}: an annotation does not say what it is for"
            key = int(annotation.get("/StructParent", -1))
            used.add(key)
            if not isinstance(entries.get(key), pikepdf.Dictionary):
                yield f"page {number}: the parent tree has no entry for an annotation"
    for key in sorted(entries.keys() - used):
        yield f"structure: entry {key} of the parent tree belongs to nothing"


# Elements


def _heading_problems(tree: StructureTree) -> Iterator[str]:
    before = 0
    for element in tree.elements():
        if element.role == "H":
            yield "headings: a heading has no level"
        if element.role not in HEADINGS:
            continue
        level = HEADINGS[element.role]
        if level > before + 1:
            yield f"headings: H{level} follows {f'H{before}' if before else 'no heading'}"
        before = level
    if not before:
        yield "headings: there are none"


def _element_problems(element: Element, drawn: DrawnContent) -> Iterator[str]:
    role = element.role
    if role in GROUPING and element.marks:
        yield f"structure: content stands in an element {role} directly, not in a paragraph"
    wanted = _KIDS_OF.get(role)
    for kid in element.elements:
        if wanted and kid.role not in wanted:
            yield f"structure: an element {kid.role} stands in an element {role}"
        homes = [outer for outer, inner in _KIDS_OF.items() if kid.role in inner]
        if homes and role not in homes and kid.role not in {"L", "Caption"}:
            yield f"structure: an element {kid.role} stands outside of {' or '.join(homes)}"
    if not (element.kids or element.alternative or element.actual_text or role == "TD"):
        yield f"structure: an element {role} is empty"
    if role in {"Figure", "Formula"}:
        yield from _figure_problems(element)
    if role == "Table":
        yield from _table_problems(element)
    if role == "TH" and str(element.attributes.get("/Scope")) not in _SCOPES:
        yield "tables: a header cell does not say whether it is for its row or its column"
    yield from _text_problems(element, drawn)


def _figure_problems(element: Element) -> Iterator[str]:
    if not (element.alternative or element.actual_text or "").strip():
        yield "figures: a figure has no alternative text"
    if "/BBox" not in element.attributes:
        yield "figures: a figure does not say where it stands (BBox)"


def _table_problems(table: Element) -> Iterator[str]:
    rows = [row for kid in table.elements for row in (kid.elements if kid.role in _ROW_GROUPS else [kid])]
    rows = [row for row in rows if row.role == "TR"]
    if not any(cell.role == "TH" for row in rows for cell in row.elements):
        yield "tables: a table has no header cells"
    widths = [0] * len(rows)
    for number, row in enumerate(rows):
        for cell in row.elements:
            columns, down = (int(str(cell.attributes.get(f"/{kind}Span", 1))) for kind in ("Col", "Row"))
            if number + down > len(rows):
                yield "tables: a cell reaches beyond the last row"
            for below in range(number, min(number + down, len(rows))):
                widths[below] += columns
    if len(set(widths)) > 1:
        yield f"tables: rows of one table have {min(widths)} to {max(widths)} columns"


def _text_problems(element: Element, drawn: DrawnContent) -> Iterator[str]:
    told = [each for each in (element.alternative, element.actual_text) if each is not None]
    replaced = any(
        above.alternative is not None or above.actual_text is not None for above in element.ancestors()
    )
    shown = [words for mark in element.marks for words in drawn.marks.get(mark, [])]
    if not replaced:
        if any(is_right_to_left(words.text) and not words.replaced for words in shown):
            yield (
                f"text: an element {element.role} has right-to-left words in the order of drawing, no ActualText"
            )
        told += [words.text for words in shown]
        if element.role not in INLINE:
            for before, after in pairwise(_all_words(element, drawn)):
                if runs_together(before, after):
                    yield (
                        f"text: in an element {element.role} a line ends in {before.text[-12:]!r} and the next "
                        f"begins with {after.text[:12]!r}, without a space between"
                    )
    if any(unicodedata.category(character) in _NEVER_SPOKEN for text in told for character in text):
        yield f"text: an element {element.role} has characters that cannot be spoken"


def _language_problems(document: str, tree: StructureTree) -> Iterator[str]:
    for element in tree.elements():
        if element.language is not None and not _LANGUAGE.fullmatch(element.language):
            yield f"structure: the language {element.language!r} of an element {element.role} is none"
        if element.marks and _language(element, document) in _SEVERAL_LANGUAGES:
            yield f"structure: an element {element.role} of a document in several languages does not say its own"


def _language(element: Element, document: str) -> str:
    return next((above.language for above in element.ancestors() if above.language), document)


# Reading aloud


def _all_words(element: Element, drawn: DrawnContent) -> Iterator[Words]:
    """Yield what an element shows, with the inline elements in it."""
    if element.actual_text is not None:
        yield Words(element.actual_text, 0, replaced=True)
        return
    for kid in element.kids:
        if isinstance(kid, Element):
            if kid.role in INLINE:
                yield from _all_words(kid, drawn)
        else:
            yield from drawn.marks.get(kid, [])


def _spoken(element: Element, drawn: DrawnContent, document: str) -> Iterator[Spoken]:
    language = _language(element, document)
    for text in (element.alternative, element.actual_text):
        if text is not None:
            yield Spoken(element.role, text, language)
            return
    text = "".join(words.text for words in _all_words(element, drawn))
    if text or (not element.elements and element.role == "TD"):
        yield Spoken(element.role, text, language)
    for kid in element.elements:
        if kid.role not in INLINE:
            yield from _spoken(kid, drawn, document)
