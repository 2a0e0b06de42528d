"""Fonts cut for fpdf2, which parses a font anew for every document."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from fontTools import subset

from lea_reports.ssr.results.names import clean
from lea_reports.typesetting.fonts import ELLIPSIS, Typeface

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from lea_reports.typesetting.fonts import Fonts


class CutFonts:
    """Fonts with the characters of some texts only, in a folder of their own while they are in use.

    Adding a whole font to a document costs more than everything else about an SSR, so the cut is made once
    for all of them.
    """

    def __init__(self, fonts: Fonts, texts: Iterable[str]) -> None:
        self._fonts = fonts
        self._characters: dict[Typeface, set[str]] = {
            Typeface.LATIN: {ELLIPSIS, *map(chr, range(0x20, 0x7F))}
        }
        self._shaped: set[Typeface] = set()
        for text in texts:
            for run in fonts.runs(clean(text)):
                self._characters.setdefault(run.typeface, set()).update(run.text)
                if run.shaped:
                    self._shaped.add(run.typeface)
        self._directory = tempfile.TemporaryDirectory(prefix="ssr-fonts-")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        raised: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._directory.cleanup()

    def path(self, typeface: Typeface, *, bold: bool) -> Path:
        """Return where a cut font lies; it is made at the first use."""
        whole = self._fonts.file(typeface, bold=bold).path
        path = Path(self._directory.name) / whole.name
        if not path.exists():
            self._cut(typeface, whole, path)
        return path

    def _cut(self, typeface: Typeface, whole: Path, path: Path) -> None:
        shaped = typeface in self._shaped
        options = subset.Options(
            hinting=False,
            recalc_timestamp=False,
            notdef_outline=True,
            recommended_glyphs=True,
            layout_features=["*"] if shaped else [],
        )
        if not shaped:
            options.drop_tables += ["GDEF", "GPOS", "GSUB"]
        font = subset.load_font(whole, options, lazy=True)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text="".join(sorted(self._characters[typeface])))
        subsetter.subset(font)
        subset.save_font(font, path, options)
        font.close()
