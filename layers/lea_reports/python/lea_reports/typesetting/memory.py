"""What was made once is kept, until there is too much of it."""

from __future__ import annotations

from typing import TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Memory(dict[_Key, _Value]):
    """Results by what they were asked for. When there are as many as `most`, all are forgotten before the next.

    Whatever is asked for repeatedly comes back at once, and nothing is paid for knowing what was used last.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def make_room(self) -> None:
        """Forget all if nothing more may be kept."""
        if len(self) >= self._most:
            self.clear()

    def keep(self, key: _Key, value: _Value) -> _Value:
        """Keep a result, and return it."""
        if len(self) >= self._most:  # not by `make_room`: names bring new results with every student
            self.clear()
        self[key] = value
        return value
