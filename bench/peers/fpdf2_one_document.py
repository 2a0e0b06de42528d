"""fpdf2 with all students in one document: fonts are added and cut once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.ssr.fonts import Fonts
from lea_reports.ssr.fpdf_canvas import FpdfCanvas
from lea_reports.ssr.names import name_in_lists
from lea_reports.ssr.pages import draw_student
from lea_reports.ssr.plain_sheet import PlainSheet
from lea_reports.ssr.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lea_reports.ssr.student_result import StudentResult

_CREATED = datetime(2026, 7, 1, tzinfo=UTC)


class OneDocumentOfFpdf2:
    """Draws with the layout code of our engine."""

    def __init__(self, fonts: Path, language: str) -> None:
        self._fonts, self._texts = Fonts(fonts), LANGUAGES[language]

    def merged(self, results: Iterable[StudentResult]) -> bytes:
        """Return one document of all students, with an outline."""
        canvas = FpdfCanvas(self._fonts, title="Merged", language=self._texts.language, created=_CREATED)
        for result in results:
            sheet = PlainSheet(canvas, self._texts, result)
            sheet.begin_page()
            canvas.add_outline_entry(name_in_lists(result), 0)
            draw_student(sheet)
        return canvas.finish()


def merger(fonts: Path, language: str) -> OneDocumentOfFpdf2:
    """Make the peer."""
    return OneDocumentOfFpdf2(fonts, language)
