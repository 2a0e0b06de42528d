"""How a text looks."""

from __future__ import annotations

from dataclasses import dataclass

Rgb = tuple[int, int, int]

INK: Rgb = (27, 38, 49)
"""The colour of a text that has no other."""
WHITE: Rgb = (255, 255, 255)
LINE_HEIGHT = 1.42
"""Times the size; below 1.4 Vietnamese marks touch the line above."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; `size` in points."""

    size: float
    bold: bool = False
    color: Rgb = INK

    def in_color(self, color: Rgb) -> Style:
        """Return the same style in another colour."""
        return Style(self.size, self.bold, color)
