"""Fonts as people use them: the files of the foundry, added whole; the library cuts them when it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.fonts import BatchFonts, FontFolder

if TYPE_CHECKING:
    from pathlib import Path

    from lea_reports.ssr.fonts import Typeface


class WholeFonts(BatchFonts):
    """The layout's measures are remembered from student to student, which favours the peer that uses it."""

    def __init__(self, folder: Path) -> None:
        layer = FontFolder(folder)
        super().__init__(layer, ())
        self.__exit__(None, None, None)  # nothing is cut, so the folder for cut fonts is not needed
        self._layer = layer

    def file(self, typeface: Typeface, *, bold: bool) -> Path:
        """Return the whole font."""
        return self._layer.file(typeface, bold=bold)
