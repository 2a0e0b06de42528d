"""Glyphs as a shaping engine places them."""

from __future__ import annotations

from typing import NamedTuple

from lea_reports.errors import Invalid


class NoGlyph(Invalid):
    """A text holds a character that no font of the layer has."""


class Glyph(NamedTuple):
    """One glyph of a shaped run; lengths are those of a text of size 1, so the scale of its font is in them."""

    number: int
    """That of the whole font."""
    letters: str
    """What it spells; empty for a further glyph of the same letters."""
    advance: float
    right: float
    """How far from its place to the right it stands."""
    up: float
    gap: float
    """How much farther it moves on than the font says by itself."""

    @property
    def displaced(self) -> bool:
        """Whether it stands elsewhere than the glyph before it moved on to, as marks do."""
        return self.right != 0 or self.up != 0
