"""The core of each font: the glyphs that nearly every SSR of a kind and language needs.

They are embedded in all of its files alike; what else a student's name needs comes in extra fonts. The table
`cores.json` is made by `make cores` from the SSRs of an invented state, so a glyph that is missing in it costs a few
bytes where it is used, and nothing else.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.typesetting.fonts import Typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Written = Mapping[str, tuple[str, Mapping[str, str]]]

Font = tuple[Typeface, bool]
"""A family and whether it is bold."""


class Core(NamedTuple):
    """The core of every font."""

    glyphs: dict[Font, frozenset[int]]
    """The numbers of the glyphs."""
    letters: dict[Font, dict[int, str]]
    """What those glyphs spell that come from shaping."""


NO_CORE = Core({}, {})


def core_of(edition: str, language: str) -> Core:
    """Return the core of an edition of SSRs, by its name and language."""
    core = Core({}, {})
    for name, (numbers, letters) in _table().get(edition, {}).get(language, {}).items():
        typeface, _, weight = name.partition("-")
        font = Typeface(typeface), weight == "Bold"
        core.glyphs[font] = frozenset(_numbers(numbers))
        core.letters[font] = {int(number): text for number, text in letters.items()}
    return core


def written(core: Core) -> Written:
    """Return a core as the table has it."""
    return {
        f"{typeface}-{'Bold' if bold else 'Regular'}": (
            _ranges(numbers),
            {str(number): text for number, text in sorted(core.letters.get((typeface, bold), {}).items())},
        )
        for (typeface, bold), numbers in sorted(core.glyphs.items())
    }


@cache
def _table() -> Mapping[str, Mapping[str, Written]]:
    text = files("lea_reports.ssr.engine").joinpath("shared_glyphs.json").read_text(encoding="ascii")
    table: Mapping[str, Mapping[str, Written]] = json.loads(text)
    return table


def _numbers(ranges: str) -> Iterable[int]:
    for each in ranges.split():
        first, _, last = each.partition("-")
        yield from range(int(first), int(last or first) + 1)


def _ranges(numbers: Iterable[int]) -> str:
    """Write numbers as ranges: "3-5 9"."""
    ranges: list[list[int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
