"""The core of each font: the glyphs that nearly every SSR of a kind and language needs.

They are embedded in all of its files alike; what else a student's name needs comes in extra fonts. The table
`cores.json` is made by `make cores` from the SSRs of an invented state, so a glyph that is missing in it costs a few
bytes where it is used, and nothing else.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lea_reports.ssr.fonts import Typeface

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Core = dict[tuple[Typeface, bool], frozenset[int]]
"""The numbers of glyphs by font and whether it is bold."""


def core_of(assessment: str, language: str) -> Core:
    """Return the core of a kind of SSR in a language."""
    cores: Core = {}
    for name, numbers in _table().get(assessment, {}).get(language, {}).items():
        typeface, _, weight = name.partition("-")
        cores[Typeface(typeface), weight == "Bold"] = frozenset(_numbers(numbers))
    return cores


def written(core: Core) -> dict[str, str]:
    """Return a core as the table has it."""
    return {
        f"{typeface}-{'Bold' if bold else 'Regular'}": _ranges(numbers)
        for (typeface, bold), numbers in sorted(core.items())
    }


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = files("lea_reports.ssr").joinpath("cores.json").read_text(encoding="ascii")
    table: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(text)
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
