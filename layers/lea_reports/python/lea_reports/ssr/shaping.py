"""Setting letters that join and marks that are placed, by HarfBuzz."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uharfbuzz

from lea_reports.ssr.fonts import Glyph, NoGlyph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Shaper:
    """One font. Lengths are given `scale` times as large as in a text of size 1."""

    def __init__(self, path: Path, scale: float) -> None:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))
        self._font = uharfbuzz.Font(face)
        self._scale = scale / face.upem

    def glyphs(self, text: str) -> Iterator[Glyph]:
        """Yield the glyphs of a text of one script, from left to right."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.flags = (
            uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        )  # else joiners get glyphs that say nothing
        uharfbuzz.shape(self._font, buffer)
        scale = self._scale
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        spelled: set[int] = set()
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            number = info.codepoint
            if number == 0:  # it would be left out silently
                raise NoGlyph("A shaped text needs a glyph that its font lacks.")
            letters = "" if info.cluster in spelled else text[info.cluster : ends[info.cluster]]
            spelled.add(info.cluster)
            own_place = (
                position.x_offset != 0
                or position.y_offset != 0
                or position.x_advance != self._font.get_glyph_h_advance(number)
            )
            yield Glyph(
                number,
                letters,
                position.x_advance * scale,
                position.x_offset * scale,
                position.y_offset * scale,
                own_place,
            )
