"""The structure tree of tagged PDFs: what a screen reader follows from one element to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class StructureStep(NamedTuple):
    """One step of the structure that a screen reader follows."""

    action: str
    """"open" and "close" a group; an "element" has marks of its own.

    So is a "described" one, of which something is said in words that are not the template's.
    """
    tag: str = ""
    words: bytes = b""
    """What is said of an element: entries of its dictionary."""


class Numbered(NamedTuple):
    """The elements of one SSR as PDF objects."""

    kids: bytes
    """References to the elements directly under the document."""
    elements: list[bytes]
    """The bodies of all elements but the described ones, by their numbers."""
    described: list[bytes]
    """The bodies of the described ones, without what is said and without an end."""
    parents: list[bytes]
    """For every page, references to the element of each marked-content identifier."""


class Structure:
    """The elements that SSRs of the same steps have; only the numbers of their objects differ."""

    def __init__(self, pages: Sequence[Iterable[StructureStep]]) -> None:
        """Build the tree of some pages."""
        counted = [step.action for steps in pages for step in steps if step.action != "close"]
        self.described = counted.count("described")
        self.elements = len(counted) - self.described
        # While it is built, pages have the first numbers, then the document; elements and described ones follow.
        document = len(pages)
        number = document + 1
        described_number = number + self.elements
        kids: list[int] = []
        bodies: list[_Text] = [_NOTHING] * self.elements
        described: list[_Text] = []
        parents: list[list[int]] = []
        groups: list[tuple[int, bytes, list[int]]] = []
        for page, steps in enumerate(pages):
            marked: list[int] = []
            parents.append(marked)
            for step in steps:
                parent, members = (groups[-1][0], groups[-1][2]) if groups else (document, kids)
                if step.action == "close":
                    own, tag, held = groups.pop()
                    outer = groups[-1][0] if groups else document
                    within = _references(held)
                    bodies[own - document - 1] = _Text(
                        b"<</S/%b/P %%d 0 R/K[%b]>>" % (tag, within.format), (outer, *within.numbers)
                    )
                    continue
                if step.action == "described":
                    described.append(_Text(_element(step, len(marked)), (parent, page)))
                    members.append(described_number)
                    marked.append(described_number)
                    described_number += 1
                    continue
                if step.action == "open":
                    groups.append((number, step.tag.encode(), []))
                else:
                    bodies[number - document - 1] = _Text(
                        b"%b%b>>" % (_element(step, len(marked)), _on_one_line(step.words)), (parent, page)
                    )
                    marked.append(number)
                members.append(number)
                number += 1
        every = [_references(kids), *bodies, *described, *map(_references, parents)]
        self._format = b"\n".join(text.format for text in every)
        self._numbers = [number for text in every for number in text.numbers]

    def numbered(
        self, pages: Sequence[int], document: int, first: int, first_described: int | None = None
    ) -> Numbered:
        """Return the objects.

        Elements are numbered from `first`, described ones from `first_described` or after the elements.
        """
        described_number = first + self.elements if first_described is None else first_described
        elements, described = (
            range(first, first + self.elements),
            range(described_number, described_number + self.described),
        )
        own = [*pages, document, *elements, *described]
        lines = (self._format % tuple(map(own.__getitem__, self._numbers))).split(b"\n")
        end = 1 + self.elements
        return Numbered(
            lines[0], lines[1:end], lines[end : end + self.described], lines[end + self.described :]
        )


class _Text(NamedTuple):
    """Bytes with a %d for each number of an object."""

    format: bytes
    numbers: tuple[int, ...]


_NOTHING = _Text(b"", ())


def _element(step: StructureStep, mcid: int) -> bytes:
    """Return the dictionary of an element with marks of its own, without its end, as a format."""
    scope = b"/A<</O/Table/Scope/Column>>" if step.tag == "TH" else b""
    return b"<</S/%b/P %%d 0 R/Pg %%d 0 R/K %d%b" % (step.tag.encode(), mcid, scope)


def _on_one_line(words: bytes) -> bytes:
    """Return entries as a part of a format, with the line ends of their strings escaped."""
    return words.replace(b"%", b"%%").replace(b"\n", b"\\n")


def _references(numbers: Sequence[int]) -> _Text:
    return _Text(b" ".join([b"%d 0 R"] * len(numbers)), tuple(numbers))


def references(numbers: Iterable[int]) -> bytes:
    """Return references to objects, with spaces between them."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
