"""Colours and type sizes of the SSR: one visual language for every page.

Every text colour has at least 4.5:1 contrast on every ground it is used on; nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.assessments import Subject
from lea_reports.typesetting.styles import Rgb, Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.assessments import Test

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


TONES: Mapping[Subject, Tones] = {
    Subject.ELA: Tones((10, 88, 100), ((236, 244, 245), (214, 231, 234), (184, 213, 218), (150, 192, 199))),
    Subject.MATHEMATICS: Tones(
        (88, 48, 122), ((244, 239, 247), (231, 221, 238), (213, 197, 224), (192, 170, 208))
    ),
    Subject.SCIENCE: Tones(
        (25, 94, 52), ((238, 245, 239), (218, 234, 221), (190, 217, 196), (156, 197, 165))
    ),
    Subject.SPANISH: Tones(
        (138, 50, 22), ((249, 240, 235), (243, 224, 214), (234, 202, 186), (221, 174, 152))
    ),
    Subject.ENGLISH_PROFICIENCY: Tones(
        (29, 73, 138), ((237, 242, 249), (216, 228, 243), (188, 208, 234), (157, 186, 222))
    ),
}


def tones_of(test: Test) -> Tones:
    """Return the colours of a test's subject, the same on all pages."""
    return TONES[test.subject]


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
