"""Sections that pages of several assessments have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.pages.grid import LEFT, RIGHT, WIDTH, draw_heading, draw_panel
from lea_reports.ssr.pages.palette import BODY, RULE, tones_of
from lea_reports.typesetting.canvas import Box
from lea_reports.typesetting.styles import Style

if TYPE_CHECKING:
    from lea_reports.assessments import Test
    from lea_reports.typesetting.sheet import Pen
    from lea_reports.typesetting.texts import Texts

_LINE_FOR_NOTES = 23.0


def draw_no_score(pen: Pen, top: float, test: Test, reason: str) -> float:
    """Draw in place of a score why there is none; return the bottom."""
    canvas, texts = pen.canvas, pen.texts
    strong = tones_of(test).strong
    draw_panel(pen, Box(LEFT, top, WIDTH, 84), strong)
    canvas.text(LEFT + 20, top + 27, texts(f"{reason}.title"), Style(15, bold=True, color=strong), tag="H2")
    canvas.paragraph(LEFT + 20, top + 36, WIDTH - 40, texts(f"{reason}.text"), BODY)
    return top + 84


def draw_no_history(pen: Pen, top: float) -> float:
    """Draw that there are no earlier results; return the bottom."""
    y = draw_heading(pen, top, pen.texts("history.title"))
    return pen.canvas.paragraph(LEFT, y, WIDTH, pen.texts("history.none"), BODY)


def draw_notes(pen: Pen, top: float, bottom: float) -> None:
    """Leave lines to write on, as many as there is room for."""
    y = draw_heading(pen, top, pen.texts("notes.title")) - 7 + _LINE_FOR_NOTES
    while y <= bottom:
        pen.canvas.line((LEFT, y), (RIGHT, y), RULE, 0.5)
        y += _LINE_FOR_NOTES


def shown_band(texts: Texts, low: int, high: int, error: int | None = None) -> str:
    """Write the error band; with `error` if it reaches equally far to both sides."""
    if error is None:
        return texts("subject.error_band", low=low, high=high)
    return texts("subject.even_error_band", low=low, high=high, error=error)
