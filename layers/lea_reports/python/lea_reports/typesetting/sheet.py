"""Pages as blocks: functions that draw what their few arguments say, so that it can be kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from lea_reports.typesetting.canvas import Canvas
    from lea_reports.typesetting.texts import Texts

Arguments = TypeVarTuple("Arguments")
Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Pen:
    """What a block draws with: somewhere to draw, and the words of a language. It knows no student."""

    canvas: Canvas
    texts: Texts


class Sheet(ABC):
    """Pages being composed of blocks.

    A block is a function that draws with a `Pen` what its arguments say, and nothing else: the same
    arguments give the same marks, so they can be kept. Arguments are few and hashable. A block is composed
    as one of three kinds, which say how often its arguments change from student to student. Blocks of a
    page may be painted in the order of their kinds, so one lies only over blocks of earlier kinds.

    Several blocks make a part. It is composed once for its arguments; its values, of which nearly every
    student has others, are placeholders meanwhile (`lea_reports.typesetting.placeholders`).
    """

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    @abstractmethod
    def fixed(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that is the same for nearly all students of a grade."""

    @abstractmethod
    def variant(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block with few possible arguments, such as an achievement level."""

    @abstractmethod
    def value(self, draw: Callable[[Pen, *Arguments], Drawn], *arguments: *Arguments) -> Drawn:
        """Compose a block that shows a student's own values, such as a name or a score."""

    @abstractmethod
    def part(
        self, compose: Callable[..., Drawn], arguments: tuple[Hashable, ...], *values: int | str
    ) -> Drawn:
        """Compose several blocks by `compose(sheet, *arguments, *values)`.

        Values are whole numbers, which a block writes and takes to places (`derived`), and texts, each for
        a line of its own (`Canvas.words`). What is returned may depend on the arguments only.
        """
