"""The structure tree of tagged PDFs: what a screen reader follows from one element to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lea_reports.ssr.content_canvas import Step


class Numbered(NamedTuple):
    """The elements of one SSR as PDF objects."""

    kids: bytes
    """References to the elements directly under the document."""
    elements: list[bytes]
    """The bodies of all elements but the told ones, by their numbers."""
    told: list[bytes]
    """The bodies of the told ones, without what is said and without an end."""
    parents: list[bytes]
    """For every page, references to the element of each marked-content identifier."""


class Structure:
    """The elements that SSRs of the same steps have; only the numbers of their objects differ."""

    def __init__(self, pages: Sequence[Iterable[Step]]) -> None:
        """Build the tree of some pages."""
        counted = [step.kind for steps in pages for step in steps if step.kind != "close"]
        self.told = counted.count("told")
        self.elements = len(counted) - self.told
        # While it is built, pages have the first numbers, then the document; elements and told ones follow.
        document = len(pages)
        number = document + 1
        told_number = number + self.elements
        kids: list[int] = []
        bodies: list[_Text] = [_Text()] * self.elements
        told: list[_Text] = []
        parents: list[list[int]] = []
        groups: list[tuple[int, _Text, list[int]]] = []
        for page, steps in enumerate(pages):
            marked: list[int] = []
            parents.append(marked)
            for step in steps:
                parent, members = (groups[-1][0], groups[-1][2]) if groups else (document, kids)
                if step.kind == "close":
                    own, body, closed = groups.pop()
                    bodies[own - document - 1] = body + _Text(b"/K[") + _references(closed) + _Text(b"]>>")
                    continue
                opening = _Text(b"<</S/%b/P %%d 0 R" % step.tag.encode(), (parent,))
                if step.kind == "open":
                    groups.append((number, opening, []))
                else:
                    scope = b"/A<</O/Table/Scope/Column>>" if step.tag == "TH" else b""
                    opening += _Text(b"/Pg %%d 0 R/K %d%b" % (len(marked), scope), (page,))
                    marked.append(told_number if step.kind == "told" else number)
                if step.kind == "told":
                    members.append(told_number)
                    told.append(opening)
                    told_number += 1
                    continue
                members.append(number)
                if step.kind == "mark":
                    bodies[number - document - 1] = opening + _Text(_on_one_line(step.words) + b">>")
                number += 1
        every = [_references(kids), *bodies, *told, *map(_references, parents)]
        self._format = b"\n".join(text.format for text in every)
        self._numbers = [number for text in every for number in text.numbers]

    def numbered(
        self, pages: Sequence[int], document: int, first: int, first_told: int | None = None
    ) -> Numbered:
        """Return the objects: elements are numbered from `first`, told ones from `first_told` or after the elements."""
        told_number = first + self.elements if first_told is None else first_told
        elements, told = range(first, first + self.elements), range(told_number, told_number + self.told)
        own = [*pages, document, *elements, *told]
        lines = (self._format % tuple(map(own.__getitem__, self._numbers))).split(b"\n")
        end = 1 + self.elements
        return Numbered(lines[0], lines[1:end], lines[end : end + self.told], lines[end + self.told :])


@dataclass(frozen=True, slots=True)
class _Text:
    """Bytes with a %d for each number of an object."""

    format: bytes = b""
    numbers: tuple[int, ...] = ()

    def __add__(self, other: _Text) -> _Text:
        return _Text(self.format + other.format, self.numbers + other.numbers)


def _on_one_line(words: bytes) -> bytes:
    """Return entries as a part of a format, with the line ends of their strings escaped."""
    return words.replace(b"%", b"%%").replace(b"\n", b"\\n")


def _references(numbers: Sequence[int]) -> _Text:
    return _Text(b" ".join([b"%d 0 R"] * len(numbers)), tuple(numbers))


def references(numbers: Iterable[int]) -> bytes:
    """Return references to objects, with spaces between them."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
