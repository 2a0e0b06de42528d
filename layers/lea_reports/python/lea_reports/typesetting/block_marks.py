"""One block laid out, ready to stand on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.pdf.structure import StructureStep
    from lea_reports.typesetting.embedded_fonts import ExtraGlyph
    from lea_reports.typesetting.placeholders import Piece


@dataclass(slots=True)
class BlockMarks:
    """The marks of one block, ready to stand on a page."""

    content: tuple[Piece, ...]
    structure: tuple[StructureStep, ...]
    described: tuple[tuple[Piece, ...], ...]
    """What is said of each described element of the structure: entries of its dictionary."""
    fonts: int
    """The fonts that are used, one bit each."""
    glyphs: frozenset[ExtraGlyph]
    """The glyphs of extra fonts."""
    mcids: int
    """How many marked-content identifiers are used up."""
    drawn: object = None
    """What the block returned."""
