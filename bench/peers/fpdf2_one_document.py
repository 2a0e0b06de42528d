"""fpdf2 with all students in one document: fonts are added and cut once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lea_reports.ssr.pages.student_pages import draw_student
from lea_reports.ssr.results.names import name_in_lists
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.fonts import Fonts
from tests.reference.fpdf_canvas import FpdfCanvas
from tests.reference.plain_sheet import PlainSheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lea_reports.ssr.results.student_result import StudentResult

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
