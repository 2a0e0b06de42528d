"""reportlab: its canvas, with the fonts registered once; it draws what our layout code says, untagged."""

from __future__ import annotations

import io
from contextlib import nullcontext
from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as Pages

from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.canvas import PAGE_HEIGHT, PAGE_WIDTH, Canvas
from lea_reports.typesetting.fonts import Fonts, Typeface
from tests.reference.plain_sheet import PlainSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.canvas import Box, Point
    from lea_reports.typesetting.fonts import Run
    from lea_reports.typesetting.styles import Rgb, Style


class ReportlabCanvas(Canvas):
    """One document; reportlab counts heights from the bottom."""

    def __init__(self, fonts: Fonts, *, title: str, language: str) -> None:
        super().__init__(fonts)
        self._target = io.BytesIO()
        self._pages = Pages(self._target, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=True, lang=language)
        self._pages.setTitle(title)
        self._begun = False

    def add_page(self) -> None:
        """Begin a new page."""
        if self._begun:
            self._pages.showPage()
        self._begun = True

    def tagged(self, tag: str | None, words: str) -> AbstractContextManager[None]:
        """Pass over the tag: reportlab writes none."""
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

    def finish(self) -> bytes:
        """Return the document."""
        self._pages.save()
        return self._target.getvalue()

    def _show(self, x: float, baseline: float, run: Run, style: Style) -> None:
        self._pages.setFillColorRGB(*_shares(style.color))
        self._pages.setFont(_name(run.typeface, bold=style.bold), style.size)
        self._pages.drawString(x, PAGE_HEIGHT - baseline, run.text)

    def _rectangle(self, box: Box, color: Rgb) -> None:
        self._pages.setFillColorRGB(*_shares(color))
        self._pages.rect(box.x, PAGE_HEIGHT - box.y - box.height, box.width, box.height, stroke=0, fill=1)

    def _frame(self, box: Box, color: Rgb, line: float) -> None:
        self._pen(color, line)
        self._pages.rect(box.x, PAGE_HEIGHT - box.y - box.height, box.width, box.height)

    def _line(self, start: Point, end: Point, color: Rgb, width: float) -> None:
        self._pen(color, width)
        self._pages.line(start[0], PAGE_HEIGHT - start[1], end[0], PAGE_HEIGHT - end[1])

    def _polygon(self, points: Sequence[Point], color: Rgb) -> None:
        path = self._pages.beginPath()
        path.moveTo(points[0][0], PAGE_HEIGHT - points[0][1])
        for x, y in points[1:]:
            path.lineTo(x, PAGE_HEIGHT - y)
        path.close()
        self._pages.setFillColorRGB(*_shares(color))
        self._pages.drawPath(path, stroke=0, fill=1)

    def _disc(self, centre: Point, radius: float, color: Rgb) -> None:
        self._pages.setFillColorRGB(*_shares(color))
        self._pages.circle(centre[0], PAGE_HEIGHT - centre[1], radius, stroke=0, fill=1)

    def _dash(self, dash: float, gap: float) -> None:
        self._pages.setDash([dash, gap] if dash else [])

    def _pen(self, color: Rgb, width: float) -> None:
        self._pages.setStrokeColorRGB(*_shares(color))
        self._pages.setLineWidth(width)


class PerStudent:
    """One document after the other."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = Fonts(fonts)
        for bold in (False, True):
            file = self._fonts.file(Typeface.LATIN, bold=bold)
            registerFont(TTFont(_name(Typeface.LATIN, bold=bold), str(file.path)))

    def files(self, results: Iterable[StudentResult]) -> Iterator[bytes]:
        """Yield the PDFs."""
        for result in results:
            texts = LANGUAGES[result.language]
            canvas = ReportlabCanvas(self._fonts, title=result.ssid, language=texts.language)
            PlainSheet(canvas, texts, result).draw()
            yield canvas.finish()


def printer(fonts: Path, _language: str) -> PerStudent:
    """Make the peer."""
    return PerStudent(fonts)


def _name(typeface: Typeface, *, bold: bool) -> str:
    return f"{typeface}{'-Bold' if bold else ''}"


def _shares(color: Rgb) -> tuple[float, float, float]:
    red, green, blue = color
    return red / 255, green / 255, blue / 255
