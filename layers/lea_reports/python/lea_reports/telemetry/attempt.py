"""Going on after a failure, with nothing of it but its kind: its text may quote what must not reach a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType


class Attempt:
    """A block of code whose failure does not stop what comes after it.

    `error` is the class name of the exception that ended the block, None if it came to its end. What ends the whole
    process (an interrupt, an exit) is not held up.
    """

    def __init__(self) -> None:
        self.error: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.error = kind.__name__
        return True
