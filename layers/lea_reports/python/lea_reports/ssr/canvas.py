"""A sheet of US Letter pages to draw on: points from the top left corner, baselines for text."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from fpdf import FPDF, ViewerPreferences
from fpdf.drawing_primitives import DeviceRGB
from fpdf.fonts import TTFFont

from lea_reports.ssr.palette import LINE_HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from lea_reports.ssr.fonts import BatchFonts, Run, Typeface
    from lea_reports.ssr.palette import Rgb, Style

PAGE_WIDTH = 612.0
PAGE_HEIGHT = 792.0
Point = tuple[float, float]


class Box(NamedTuple):
    """A rectangle: its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float


_DEVICE_COLORS: dict[Rgb, DeviceRGB] = {}


def _device_color(color: Rgb) -> DeviceRGB:
    if color not in _DEVICE_COLORS:
        red, green, blue = color
        _DEVICE_COLORS[color] = DeviceRGB(red / 255, green / 255, blue / 255)
    return _DEVICE_COLORS[color]


class Canvas:
    """One PDF document being drawn."""

    def __init__(self, fonts: BatchFonts, *, title: str, language: str, created: datetime) -> None:
        self.fonts = fonts
        pdf = FPDF(unit="pt", format="letter")
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

    def add_outline_entry(self, text: str, level: int) -> None:
        """Make the current page a target of the document's outline; level 0 is the top."""
        self._pdf.set_y(0)
        self._pdf.start_section(text, level)

    def text(self, x: float, baseline: float, text: str, style: Style) -> float:
        """Write one line; return where it ends."""
        # With both colours the same the PDF needs no state change around the text.
        color = _device_color(style.color)
        self._pdf.set_text_color(color)
        self._pdf.set_fill_color(color)
        runs = self.fonts.runs(text)
        for run in runs:
            self._use_font(run, style)
            if run.shaped:
                self._shaped(x, baseline, run, style)
            else:
                self._pdf.text(x, baseline, run.text)
            if len(runs) > 1:
                x += self.fonts.width(run.text, style)
        return x if len(runs) > 1 else x + self.fonts.width(text, style)

    def text_right(self, right: float, baseline: float, text: str, style: Style) -> None:
        """Write one line that ends at `right`."""
        self.text(right - self.fonts.width(text, style), baseline, text, style)

    def text_centred(self, centre: float, baseline: float, text: str, style: Style) -> None:
        """Write one line around `centre`."""
        self.text(centre - self.fonts.width(text, style) / 2, baseline, text, style)

    def paragraph(self, x: float, top: float, width: float, text: str, style: Style) -> float:
        """Write a text in lines of at most `width`; return the bottom of its last line."""
        return self.lines(x, top, self.fonts.wrap(text, style, width), style)

    def lines(self, x: float, top: float, lines: Sequence[str], style: Style) -> float:
        """Write ready lines below each other; return the bottom of the last."""
        step = style.size * LINE_HEIGHT
        baseline = top + style.size * 1.07
        for line in lines:
            self.text(x, baseline, line, style)
            baseline += step
        return top + step * len(lines)

    def rectangle(self, box: Box, color: Rgb) -> None:
        """Fill a rectangle."""
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.rect(*box, style="F")

    def frame(self, box: Box, color: Rgb, line: float = 0.75) -> None:
        """Draw the outline of a rectangle."""
        self._pen(color, line)
        self._pdf.rect(*box, style="D")

    def line(self, start: Point, end: Point, color: Rgb, width: float = 0.75) -> None:
        """Draw a straight line."""
        self._pen(color, width)
        self._pdf.line(*start, *end)

    def polygon(self, points: Sequence[Point], color: Rgb) -> None:
        """Fill a polygon."""
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.polygon(points, style="F")

    def disc(self, centre: Point, radius: float, color: Rgb) -> None:
        """Fill a circle."""
        self._pdf.set_fill_color(_device_color(color))
        self._pdf.circle(*centre, radius, style="F")

    def ring(self, centre: Point, radius: float, color: Rgb, width: float = 1.0) -> None:
        """Draw a circle."""
        self._pen(color, width)
        self._pdf.circle(*centre, radius, style="D")

    @contextmanager
    def dashed(self, dash: float, gap: float) -> Iterator[None]:
        """Draw lines dashed within the context."""
        self._pdf.set_dash_pattern(dash, gap)
        yield
        self._pdf.set_dash_pattern()

    def finish(self) -> bytes:
        """Return the document; nothing can be drawn afterwards."""
        content = bytes(self._pdf.output())
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()
        return content

    def _pen(self, color: Rgb, width: float) -> None:
        self._pdf.set_draw_color(_device_color(color))
        self._pdf.set_line_width(width)

    def _use_font(self, run: Run, style: Style) -> None:
        font = (run.typeface, style.bold, style.size)
        if font == self._font:
            return
        emphasis = "B" if style.bold else ""
        if f"{run.typeface.lower()}{emphasis}" not in self._pdf.fonts:
            self._pdf.add_font(run.typeface, emphasis, self.fonts.file(run.typeface, bold=style.bold))
        self._pdf.set_font(run.typeface, emphasis, style.size)
        self._font = font

    def _shaped(self, x: float, baseline: float, run: Run, style: Style) -> None:
        # A cell sets its baseline at half its height and 0.3 of the size.
        self._pdf.set_xy(x, baseline - 0.8 * style.size)
        self._pdf.c_margin = 0
        self._pdf.set_text_shaping(use_shaping_engine=True)
        self._pdf.cell(self.fonts.width(run.text, style) + style.size, style.size, run.text, align="L")
        self._pdf.set_text_shaping(use_shaping_engine=False)
