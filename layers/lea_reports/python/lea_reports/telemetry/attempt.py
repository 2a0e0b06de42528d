"""Going on after a failure, with nothing of it but what a log may know: its text may quote what must not reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from lea_reports.telemetry.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType


class Attempt:
    """A block of code whose failure does not stop what comes after it.

    `fault` is what ended the block, None if it came to its end; `fields` are those of a log line. What ends the whole
    process (an interrupt, an exit) is not held up.
    """

    def __init__(self) -> None:
        self.fault: Fault | None = None

    @property
    def fields(self) -> Mapping[str, object]:
        """Return what stands in a log line of the fault, by name."""
        return self.fault.fields if self.fault else {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        self.fault = Fault.of(error)
        return True
