"""Our layout code, drawing at once on whatever canvas a peer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

from lea_reports.ssr.layout import Pen, Sheet
from lea_reports.ssr.pages import draw_student

if TYPE_CHECKING:
    from collections.abc import Callable

    from lea_reports.ssr.canvas import Canvas
    from lea_reports.ssr.student_result import StudentResult
    from lea_reports.ssr.texts import Texts

Arguments = TypeVarTuple("Arguments")
Drawn = TypeVar("Drawn")


class DirectSheet(Sheet):
    """Draws every block anew for every student, as a program does that knows nothing of templates."""

    def __init__(self, canvas: Canvas, texts: Texts, result: StudentResult) -> None:
        super().__init__(texts, result)
        canvas.right_to_left = texts.right_to_left
        self._pen = Pen(canvas, texts)

    def draw(self) -> None:
        """Draw all pages."""
        self.begin_page()
        draw_student(self)

    def begin_page(self) -> None:
        """Begin a new page."""
        self._pen.canvas.add_page()

    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Draw a block."""
        return draw(self._pen, *arguments)

    variant = value = fixed
