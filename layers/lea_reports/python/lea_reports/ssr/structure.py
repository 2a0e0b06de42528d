"""The structure tree of tagged PDFs: what a screen reader follows from one element to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lea_reports.ssr.content_canvas import Step


@dataclass(slots=True)
class Structure:
    """The elements of one SSR as PDF objects."""

    kids: list[int] = field(default_factory=list)
    """The numbers of the elements directly under the document."""
    elements: list[tuple[int, bytes]] = field(default_factory=list)
    """Number and body of every element but the figures."""
    figures: list[bytes] = field(default_factory=list)
    """The bodies of the figures, without their words and without an end."""
    parents: list[list[int]] = field(default_factory=list)
    """For every page the element of each marked-content identifier."""


def build_structure(
    pages: Iterable[Iterable[Step]], page_numbers: Sequence[int], document: int, first: int, first_figure: int
) -> Structure:
    """Build the elements under `document`, numbered from `first` and, if they are figures, `first_figure`."""
    structure = Structure()
    number = first
    groups: list[tuple[int, bytes, list[int]]] = []
    for page, steps in zip(page_numbers, pages, strict=True):
        parents: list[int] = []
        structure.parents.append(parents)
        for step in steps:
            parent, kids = (groups[-1][0], groups[-1][2]) if groups else (document, structure.kids)
            if step.kind == "open":
                kids.append(number)
                groups.append((number, b"<</S/%b/P %d 0 R" % (step.tag.encode(), parent), []))
                number += 1
            elif step.kind == "close":
                own, body, members = groups.pop()
                structure.elements.append((own, b"%b/K[%b]>>" % (body, references(members))))
            elif step.kind == "figure":
                figure = first_figure + len(structure.figures)
                kids.append(figure)
                structure.figures.append(
                    b"<</S/Figure/P %d 0 R/Pg %d 0 R/K %d" % (parent, page, len(parents))
                )
                parents.append(figure)
            else:
                kids.append(number)
                scope = b"/A<</O/Table/Scope/Column>>" if step.tag == "TH" else b""
                body = b"<</S/%b/P %d 0 R/Pg %d 0 R/K %d%b>>"
                structure.elements.append(
                    (number, body % (step.tag.encode(), parent, page, len(parents), scope))
                )
                parents.append(number)
                number += 1
    structure.elements.sort()
    return structure


def references(numbers: Iterable[int]) -> bytes:
    """Return references to objects, with spaces between them."""
    return b" ".join(b"%d 0 R" % number for number in numbers)
