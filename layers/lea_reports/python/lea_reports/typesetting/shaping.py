"""Setting letters that join and marks that are placed, by HarfBuzz, which is loaded for these only."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from lea_reports.typesetting.glyphs import Glyph, NoGlyph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import uharfbuzz


class Shaper:
    """One font. Lengths are given `scale` times as large as in a text of size 1."""

    def __init__(self, path: Path, scale: float) -> None:
        import uharfbuzz

        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path))
        self._font = uharfbuzz.Font(face)
        self._scale = scale / face.upem

    def glyphs(self, text: str) -> Iterator[Glyph]:
        """Yield the glyphs of a text of one script, from left to right."""
        import uharfbuzz

        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS  # a mark spells itself
        buffer.flags = (
            uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        )  # else joiners get glyphs that say nothing
        uharfbuzz.shape(self._font, buffer)
        scale = self._scale
        letters = self._letters(text, buffer)
        for info, position, spelled in zip(buffer.glyph_infos, buffer.glyph_positions, letters, strict=True):
            number = info.codepoint
            if number == 0:  # it would be left out silently
                raise NoGlyph("A shaped text needs a glyph that its font lacks.")
            yield Glyph(
                number,
                spelled,
                position.x_advance * scale,
                position.x_offset * scale,
                position.y_offset * scale,
                (position.x_advance - self._font.get_glyph_h_advance(number)) * scale,
            )

    def _letters(self, text: str, buffer: uharfbuzz.Buffer) -> list[str]:
        """Return what each glyph spells.

        Where several glyphs stand for the same letters, those that are letters or marks of the text spell themselves;
        of the others each spells a mark from the end of what is left, and the widest the rest. A glyph must say the
        same wherever it is used, since all names of a document may share it.
        """
        letters = [""] * len(buffer.glyph_infos)
        starts = sorted({info.cluster for info in buffer.glyph_infos})
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            members = [place for place, info in enumerate(buffer.glyph_infos) if info.cluster == start]
            if len(members) == 1:
                letters[members[0]] = text[start:end]
                continue
            rest = text[start:end]
            apart = unicodedata.normalize("NFD", rest)  # the font may have taken a letter and its mark apart
            own = {self._font.get_nominal_glyph(ord(character)): character for character in apart + rest}
            others = []
            for place in members:
                letter = own.get(buffer.glyph_infos[place].codepoint)
                if letter is None:
                    others.append(place)
                    continue
                rest = rest if letter in rest else unicodedata.normalize("NFD", rest)
                rest = rest.replace(letter, "", 1)
                letters[place] = letter
            others.sort(key=lambda place: buffer.glyph_positions[place].x_advance)
            for place in others[:-1]:
                rest, letters[place] = rest[:-1], rest[-1:]
            if others:
                letters[others[-1]] = rest
        return letters
