"""Colours and type sizes of the SSR: one visual language for every page.

Every text colour has at least 4.5:1 contrast on every ground it is used on; nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from lea_reports.typesetting.styles import Rgb, Style

MUTED: Rgb = (70, 84, 99)
NAVY: Rgb = (18, 51, 86)
PAPER: Rgb = (243, 246, 249)
RULE: Rgb = (196, 206, 216)
AMBER: Rgb = (242, 178, 60)
"""For ornaments only, never for text."""
PALE_BLUE: Rgb = (206, 222, 238)
"""For text on navy."""


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one subject: a strong one, and one tint per achievement level, light to dark."""

    strong: Rgb
    tints: tuple[Rgb, Rgb, Rgb, Rgb]


ELA_TONES = Tones((10, 88, 100), ((236, 244, 245), (214, 231, 234), (184, 213, 218), (150, 192, 199)))
MATHEMATICS_TONES = Tones((88, 48, 122), ((244, 239, 247), (231, 221, 238), (213, 197, 224), (192, 170, 208)))


BODY = Style(10)
SMALL = Style(8.5)
CAPTION = Style(8.5, color=MUTED)
LABEL = Style(8, color=MUTED)
STRONG = Style(10, bold=True)
HEADING = Style(13, bold=True, color=NAVY)
TITLE = Style(22, bold=True)
NEUTRAL_TINTS: tuple[Rgb, Rgb, Rgb, Rgb] = (
    (237, 242, 247),
    (220, 229, 238),
    (200, 214, 228),
    (178, 197, 216),
)
"""For a bar that belongs to no subject."""
