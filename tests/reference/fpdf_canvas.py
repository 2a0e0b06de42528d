"""The canvas that fpdf2 writes: a whole document, laid out as it is drawn."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from fpdf import FPDF, ViewerPreferences
from fpdf.drawing_primitives import DeviceRGB
from fpdf.fonts import TTFFont
from fpdf.line_break import Fragment

from lea_reports.typesetting.canvas import Canvas
from lea_reports.typesetting.fonts import SCALE
from lea_reports.typesetting.styles import WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from lea_reports.typesetting.canvas import Box, Point
    from lea_reports.typesetting.fonts import Fonts, Run, Typeface
    from lea_reports.typesetting.styles import Rgb, Style
    from tests.reference.fpdf_fonts import CutFonts

_DEVICE_COLORS: dict[Rgb, DeviceRGB] = {}


def _device_color(color: Rgb) -> DeviceRGB:
    if color not in _DEVICE_COLORS:
        red, green, blue = color
        _DEVICE_COLORS[color] = DeviceRGB(red / 255, green / 255, blue / 255)
    return _DEVICE_COLORS[color]


class _Document(FPDF):
    def shaped_text(self, x: float, baseline: float, text: str) -> None:
        """Write a text of one direction by the shaping engine.

        fpdf2's own cells order directions themselves and cut Arabic words at their vowel marks.
        """
        if not self.current_font_is_set_on_page and self.current_font:
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        self.set_text_shaping(use_shaping_engine=True)
        fragment = Fragment(text, self._get_current_graphics_state(), self.k)
        shown = fragment.render_with_text_shaping(x, baseline, self.h, 0)
        self._out(f"BT {x * self.k:.2f} {(self.h - baseline) * self.k:.2f} Td {shown} ET")
        self.set_text_shaping(use_shaping_engine=False)


class FpdfCanvas(Canvas):
    """One PDF document being drawn. Fonts are added as `cut` has them; without it, whole."""

    def __init__(
        self, fonts: Fonts, cut: CutFonts | None = None, *, title: str, language: str, created: datetime
    ) -> None:
        super().__init__(fonts)
        self._cut = cut
        pdf = _Document(unit="pt", format="letter")
        pdf.set_auto_page_break(auto=False)
        pdf.set_margin(0)
        pdf.alias_nb_pages("")  # else "{nb}" in a name would become the number of pages
        pdf.set_title(title)
        pdf.set_lang(language)
        pdf.set_creation_date(created)
        pdf.set_producer("LEA Reports")
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self._pdf = pdf
        self._font: tuple[Typeface, bool, float] | None = None

    @property
    def page(self) -> int:
        """The number of the current page, from 1; 0 before the first."""
        return self._pdf.page

    def add_page(self) -> None:
        """Begin a new page."""
        self._pdf.add_page()

    def tagged(self, tag: str | None, words: str) -> AbstractContextManager[None]:
        """Pass over the tag: fpdf2 tags pictures and links only."""
        del tag, words
        return nullcontext()

    def figure(self, words: str, box: Box) -> AbstractContextManager[None]:
        """Pass over the words."""
        del words, box
        return nullcontext()

    def open_group(self, tag: str) -> None:
        """Pass over the group."""

    def close_group(self) -> None:
        """Pass over the group."""

    def add_outline_entry(self, text: str, level: int) -> None:
        """Make the current page a target of the document's outline; level 0 is the top."""
        self._pdf.set_y(0)
        self._pdf.start_section(text, level)

    def finish(self) -> bytes:
        """Return the document; nothing can be drawn afterwards."""
        content = bytes(self._pdf.output())
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
        return content

    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None:
        # With both colours the same the PDF needs no state change around the text.
        color = _device_color(style.color)
        self._pdf.set_text_color(color)
        self._pdf.set_fill_color(color)
        self._use_font(run, style)
        if run.shaped:
            self._pdf.shaped_text(x, baseline, run.text)
        else:
            self._pdf.text(x, baseline, run.text)

    def _rectangle(self, box: Box, color: Rgb) -> None:
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.rect(*box, style="F")

    def _frame(self, box: Box, color: Rgb, line: float) -> None:
        self._pen(color, line)
        self._pdf.rect(*box, style="D")

    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None:
        self._pen(color, width)
        self._pdf.line(*start, *end)

    def _polygon(self, points: Sequence[Point], color: Rgb) -> None:
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.polygon(points, style="F")

    def _disc(self, centre: Point, radius: float, color: Rgb) -> None:
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.circle(*centre, radius, style="F")

    def _dot(self, centre: Point, radius: float, color: Rgb) -> None:
        self._pen(WHITE, 1)
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.circle(*centre, radius + 0.5, style="DF")

    def _dash(self, dash: float, gap: float) -> None:
        self._pdf.set_dash_pattern(dash, gap)

    def _pen(self, color: Rgb, width: float) -> None:
        self._pdf.set_draw_color(_device_color(color))
        self._pdf.set_line_width(width)

    def _use_font(self, run: Run, style: Style) -> None:
        font = (run.typeface, style.bold, style.size)
        if font == self._font:
            return
        emphasis = "B" if style.bold else ""
        if f"{run.typeface.lower()}{emphasis}" not in self._pdf.fonts:
            self._pdf.add_font(run.typeface, emphasis, self._path(run.typeface, bold=style.bold))
        self._pdf.set_font(run.typeface, emphasis, style.size * SCALE[run.typeface])
        self._font = font

    def _path(self, typeface: Typeface, *, bold: bool) -> Path:
        if self._cut:
            return self._cut.path(typeface, bold=bold)
        return self.fonts.file(typeface, bold=bold).path
