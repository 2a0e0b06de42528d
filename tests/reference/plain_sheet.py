"""A sheet that remembers nothing, for canvases of any library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.pages.grid import StudentSheet
from lea_reports.ssr.pages.student_pages import draw_student
from lea_reports.typesetting.sheet import Arguments, Drawn, Pen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.canvas import Canvas
    from lea_reports.typesetting.texts import Texts


class PlainSheet(StudentSheet):
    """A sheet that draws every block at once, anew for every student."""

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

    def part(
        self, compose: Callable[..., Drawn], arguments: tuple[Hashable, ...], *values: int | str
    ) -> Drawn:
        """Draw the blocks of a part."""
        return compose(self, *arguments, *values)
