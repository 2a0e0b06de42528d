"""Glyphs that many documents embed alike, so that what was set with them can stand in every one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lea_reports.typesetting.fonts import Typeface

    Font = tuple[Typeface, bool]


class SharedGlyphs(NamedTuple):
    """The shared glyphs of every font, which is known by its family and whether it is bold."""

    glyphs: dict[Font, frozenset[int]]
    """The numbers of the glyphs."""
    letters: dict[Font, dict[int, str]]
    """What those glyphs spell that come from shaping."""


NO_SHARED_GLYPHS = SharedGlyphs({}, {})
