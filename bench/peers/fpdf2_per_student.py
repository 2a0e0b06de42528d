"""fpdf2 as people write it: a new `FPDF` for every student, with the font files added to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.fonts import Fonts
from tests.reference.fpdf_canvas import FpdfCanvas
from tests.reference.plain_sheet import PlainSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lea_reports.ssr.results.student_result import StudentResult

_CREATED = datetime(2026, 7, 1, tzinfo=UTC)


class PerStudent:
    """Draws with the layout code of our engine, so that the pages are the same to the pixel."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = Fonts(fonts)

    def files(self, results: Iterable[StudentResult]) -> Iterator[bytes]:
        """Yield one document after the other."""
        for result in results:
            texts = LANGUAGES[result.language]
            canvas = FpdfCanvas(self._fonts, title=result.ssid, language=texts.language, created=_CREATED)
            PlainSheet(canvas, texts, result).draw()
            yield canvas.finish()


def printer(fonts: Path, _language: str) -> PerStudent:
    """Make the peer."""
    return PerStudent(fonts)
