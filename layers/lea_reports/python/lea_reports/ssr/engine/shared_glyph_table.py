"""The shared glyphs of each font: those that nearly every SSR of a kind and language needs.

They are embedded in all of its files alike; what else a student's name needs comes in extra fonts. The table
`shared_glyphs.json` is made by `make shared-glyphs` from the SSRs of an invented state, so a glyph that is missing in
it costs a few bytes where it is used, and nothing else.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lea_reports.typesetting.fonts import Typeface
from lea_reports.typesetting.shared_glyphs import SharedGlyphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Written = Mapping[str, tuple[str, Mapping[str, str]]]


def shared_glyphs_of(edition: str, language: str) -> SharedGlyphs:
    """Return the shared glyphs of an edition of SSRs, by its name and language."""
    shared = SharedGlyphs({}, {})
    for name, (numbers, letters) in _table().get(edition, {}).get(language, {}).items():
        typeface, _, weight = name.partition("-")
        font = Typeface(typeface), weight == "Bold"
        shared.glyphs[font] = frozenset(_numbers(numbers))
        shared.letters[font] = {int(number): text for number, text in letters.items()}
    return shared


def written(shared: SharedGlyphs) -> Written:
    """Return shared glyphs as the table has them."""
    return {
        f"{typeface}-{'Bold' if bold else 'Regular'}": (
            _ranges(numbers),
            {str(number): text for number, text in sorted(shared.letters.get((typeface, bold), {}).items())},
        )
        for (typeface, bold), numbers in sorted(shared.glyphs.items())
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
