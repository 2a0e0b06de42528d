"""Blocks that were laid out once, to be used for every student whose SSR has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.content_canvas import ContentCanvas
from lea_reports.ssr.layout import Arguments, Drawn, Pen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from lea_reports.ssr.content_canvas import Fragment, Step
    from lea_reports.ssr.embedded_fonts import EmbeddedFonts
    from lea_reports.ssr.texts import Texts

_MOST_VALUES = 100_000
"""When there are more blocks of values than this, they are forgotten and laid out again where needed."""


class Blocks:
    """The blocks of one language."""

    def __init__(self, fonts: EmbeddedFonts, texts: Texts, *, tags: bool) -> None:
        self._canvas = ContentCanvas(fonts, tags=tags)
        self._canvas.right_to_left = texts.right_to_left
        self._pen = Pen(self._canvas, texts)
        self.fixed: dict[Hashable, Fragment] = {}
        self.variants: dict[Hashable, Fragment] = {}
        self.values: dict[Hashable, Fragment] = {}
        self.forms: list[Fragment] = []
        """A fragment of every form, by its number."""
        self._forms: dict[tuple[Step, ...], int] = {}

    def add_fixed(
        self, draw: Callable[[Pen, *Arguments], Drawn], mark: int, arguments: tuple[*Arguments]
    ) -> Fragment:
        """Lay out a block that many students share as it is; no other has its form.

        Here and below `mark` is the number of the block's first element on its page.
        """
        fragment = self.fixed[draw, mark, arguments] = self._compose(draw, mark, arguments)
        fragment.fixed = True
        fragment.form = len(self.forms)
        self.forms.append(fragment)
        return fragment

    def add_variant(
        self, draw: Callable[[Pen, *Arguments], Drawn], mark: int, arguments: tuple[*Arguments]
    ) -> Fragment:
        """Lay out a block that is used often, and compress it."""
        fragment = self.variants[draw, mark, arguments] = self._compose(draw, mark, arguments)
        fragment.pack()
        self._find_form(fragment)
        return fragment

    def add_value(
        self, draw: Callable[[Pen, *Arguments], Drawn], mark: int, arguments: tuple[*Arguments]
    ) -> Fragment:
        """Lay out a block of a student's values."""
        if len(self.values) >= _MOST_VALUES:
            self.values.clear()
        fragment = self.values[draw, mark, arguments] = self._compose(draw, mark, arguments)
        self._find_form(fragment)
        return fragment

    def _compose(
        self, draw: Callable[[Pen, *Arguments], Drawn], mark: int, arguments: tuple[*Arguments]
    ) -> Fragment:
        self._canvas.begin(mark)
        drawn = draw(self._pen, *arguments)
        fragment = self._canvas.finish()
        fragment.drawn = drawn
        return fragment

    def _find_form(self, fragment: Fragment) -> None:
        form = self._forms.get(fragment.structure)
        if form is None:
            form = self._forms[fragment.structure] = len(self.forms)
            self.forms.append(fragment)
        fragment.form = form
