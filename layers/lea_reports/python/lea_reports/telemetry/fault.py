"""What a log may know of an exception: its class, and the module and line of ours at which it came out.

Never its text: that may quote a student's row.
"""

from __future__ import annotations

from traceback import walk_tb
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

OUR_PACKAGES = frozenset({"build_report", "lea_reports", "notify", "open_link", "request_report"})


class Fault(NamedTuple):
    """An exception as it may stand in a log: its class, and the module and line at which it came out of our code.

    These are None if none of it was under way.
    """

    error: str
    raised_in: str | None = None
    line: int | None = None

    @classmethod
    def of(cls, error: BaseException) -> Fault:
        """Return the class of an exception, with its module unless it is Python's own, and the place in our code."""
        error_class = type(error)
        home = "" if error_class.__module__ == "builtins" else f"{error_class.__module__}."
        ours = [
            (str(frame.f_globals["__name__"]), line)
            for frame, line in walk_tb(error.__traceback__)
            if str(frame.f_globals.get("__name__", "")).partition(".")[0] in OUR_PACKAGES
        ]
        module, line = ours[-1] if ours else (None, None)
        return cls(f"{home}{error_class.__qualname__}", module, line)

    @property
    def fields(self) -> Mapping[str, object]:
        """Return what stands in the log line, by name."""
        return {name: value for name, value in self._asdict().items() if value is not None}
