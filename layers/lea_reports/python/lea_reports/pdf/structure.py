"""The structure tree of tagged PDFs: what a screen reader follows from one element to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Step(NamedTuple):
    """One step of the structure that a screen reader follows."""

    kind: str
    """"open" and "close" a group; a "mark" is an element with marks of its own.

    So is a "told" one, of which something is said in words that are not the template's.
    """
    tag: str = ""
    words: bytes = b""
    """What is said of a mark: entries of its dictionary."""


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
        bodies: list[_Text] = [_NOTHING] * self.elements
        told: list[_Text] = []
        parents: list[list[int]] = []
        groups: list[tuple[int, bytes, list[int]]] = []
        for page, steps in enumerate(pages):
            marked: list[int] = []
            parents.append(marked)
            for step in steps:
                parent, members = (groups[-1][0], groups[-1][2]) if groups else (document, kids)
                if step.kind == "close":
                    own, tag, held = groups.pop()
                    outer = groups[-1][0] if groups else document
                    within = _references(held)
                    bodies[own - document - 1] = _Text(
                        b"<</S/%b/P %%d 0 R/K[%b]>>" % (tag, within.format), (outer, *within.numbers)
                    )
                    continue
                if step.kind == "told":
                    told.append(_Text(_mark(step, len(marked)), (parent, page)))
                    members.append(told_number)
                    marked.append(told_number)
                    told_number += 1
                    continue
                if step.kind == "open":
                    groups.append((number, step.tag.encode(), []))
                else:
                    bodies[number - document - 1] = _Text(
                        b"%b%b>>" % (_mark(step, len(marked)), _on_one_line(step.words)), (parent, page)
                    )
                    marked.append(number)
                members.append(number)
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


class _Text(NamedTuple):
    """Bytes with a %d for each number of an object."""

    format: bytes
    numbers: tuple[int, ...]


_NOTHING = _Text(b"", ())


def _mark(step: Step, mark: int) -> bytes:
    """Return the dictionary of an element with marks of its own, without its end, as a format."""
    scope = b"/A<</O/Table/Scope/Column>>" if step.tag == "TH" else b""
    return b"<</S/%b/P %%d 0 R/Pg %%d 0 R/K %d%b" % (step.tag.encode(), mark, scope)


def _on_one_line(words: bytes) -> bytes:
    """Return entries as a part of a format, with the line ends of their strings escaped."""
    return words.replace(b"%", b"%%").replace(b"\n", b"\\n")


def _references(numbers: Sequence[int]) -> _Text:
    return _Text(b" ".join([b"%d 0 R"] * len(numbers)), tuple(numbers))


def references(numbers: Iterable[int]) -> bytes:
    """Return references to objects, with spaces between them."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
