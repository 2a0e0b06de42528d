"""The structure tree of a tagged document, read into plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.pdf_check.marked_content import Mark, Owner

GROUPING = frozenset(
    ["Document", "Part", "Art", "Sect", "Div", "BlockQuote", "TOC", "Index", "NonStruct", "Private"]
)
INLINE = frozenset(
    ["Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu"]
)
HEADINGS = {f"H{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    [
        "P",
        "H",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Caption",
        "TOCI",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
    ]
)
_ILLUSTRATIONS = frozenset(["Figure", "Formula", "Form"])
STANDARD_ROLES = GROUPING | INLINE | _BLOCKS | _ILLUSTRATIONS | HEADINGS.keys()


@dataclass(slots=True)
class Element:
    """One structure element; texts are None where the file gives none."""

    role: str
    """The standard type, after the role map."""
    identity: Owner
    parent: Element | None
    alternative: str | None = None
    actual_text: str | None = None
    language: str | None = None
    attributes: dict[str, object] = field(default_factory=dict)
    """Of all owners together, by key, such as "/Scope"."""
    kids: list[Element | Mark] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """The kids that are elements."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    @property
    def marks(self) -> list[Mark]:
        """The kids that are marked content."""
        return [kid for kid in self.kids if not isinstance(kid, Element)]

    def walk(self) -> Iterator[Element]:
        """Yield this element and all below it, in reading order."""
        yield self
        for element in self.elements:
            yield from element.walk()

    def ancestors(self) -> Iterator[Element]:
        """Yield this element and those above it."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


class StructureTree:
    """The structure tree of a document; what is malformed stands in `problems`."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.problems: list[str] = []
        self.annotations: list[Owner] = []
        """Annotations that the tree refers to."""
        self._root = pdf.Root.StructTreeRoot
        self._roles = {
            key.removeprefix("/"): str(value).removeprefix("/")
            for key, value in self._root.get("/RoleMap", pikepdf.Dictionary()).items()
        }
        self._seen: set[Owner] = set()
        self.top = [
            element
            for kid in _listed(self._root.get("/K"))
            if isinstance(kid, pikepdf.Dictionary) and (element := self._element(kid, None, self._root))
        ]

    def elements(self) -> Iterator[Element]:
        """Yield every element in reading order."""
        for element in self.top:
            yield from element.walk()

    def _element(
        self, item: pikepdf.Object, parent: Element | None, parent_item: pikepdf.Object
    ) -> Element | None:
        role = self._role(str(item.get("/S", "")).removeprefix("/"))
        if not item.is_indirect:
            self.problems.append(f"structure: an element {role} is not an object of its own")
        elif item.objgen in self._seen:
            self.problems.append(f"structure: an element {role} stands in the tree twice")
            return None
        self._seen.add(item.objgen)
        if "/P" not in item or item.P.objgen != parent_item.objgen:
            self.problems.append(f"structure: an element {role} names another parent than the one it has")
        element = Element(
            role=role,
            identity=item.objgen,
            parent=parent,
            alternative=_text(item, "/Alt"),
            actual_text=_text(item, "/ActualText"),
            language=_text(item, "/Lang"),
            attributes=self._attributes(item),
        )
        page = item.get("/Pg")
        for kid in _listed(item.get("/K")):
            self._add_kid(element, kid, item, page)
        return element

    def _add_kid(
        self, element: Element, kid: object, item: pikepdf.Object, page: pikepdf.Object | None
    ) -> None:
        if isinstance(kid, pikepdf.Dictionary):
            kind = str(kid.get("/Type"))
            if kind == "/OBJR":
                self.annotations.append(kid.Obj.objgen)
            elif kind == "/MCR":
                owner = kid.get("/Stm", kid.get("/Pg", page))
                self._add_mark(element, owner, int(kid.MCID))
            elif (below := self._element(kid, element, item)) is not None:
                element.kids.append(below)
        else:
            self._add_mark(element, page, int(str(kid)))

    def _add_mark(self, element: Element, owner: pikepdf.Object | None, mcid: int) -> None:
        if owner is None:
            self.problems.append(f"structure: content {mcid} of an element {element.role} is on no page")
        else:
            element.kids.append((owner.objgen, mcid))

    def _role(self, role: str) -> str:
        path = [role]
        while path[-1] in self._roles and self._roles[path[-1]] not in path:
            path.append(self._roles[path[-1]])
        if len(path) > 1 and role in STANDARD_ROLES:
            self.problems.append(f"structure: the standard role {role} is mapped to {path[-1]}")
        if path[-1] not in STANDARD_ROLES:
            self.problems.append(f"structure: the role {role} means nothing to a reader")
        return path[-1]

    def _attributes(self, item: pikepdf.Object) -> dict[str, object]:
        attributes: dict[str, object] = {}
        for each in _listed(item.get("/A")):
            if isinstance(each, pikepdf.Dictionary):  # numbers between them are revisions
                attributes.update(each.items())
        classes = self._root.get("/ClassMap", pikepdf.Dictionary())
        for name in _listed(item.get("/C")):
            for each in _listed(classes.get(str(name))):
                if isinstance(each, pikepdf.Dictionary):
                    attributes.update(dict(each.items()) | attributes)
        return attributes

    def parent_tree(self) -> dict[int, pikepdf.Object]:
        """Return the parent tree's entries by their keys."""
        entries: dict[int, pikepdf.Object] = {}
        nodes = [self._root.get("/ParentTree", pikepdf.Dictionary())]
        while nodes:
            node = nodes.pop()
            nodes += list(node.get("/Kids", []))
            numbers = list(node.get("/Nums", []))
            entries.update({int(key): value for key, value in zip(numbers[::2], numbers[1::2], strict=True)})
        following = int(self._root.get("/ParentTreeNextKey", 0))
        if entries and following <= max(entries):
            self.problems.append("structure: ParentTreeNextKey is not beyond the keys of the parent tree")
        return entries


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _text(item: pikepdf.Object, key: str) -> str | None:
    return str(item[key]) if key in item else None
