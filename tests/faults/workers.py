"""Workers that run one at a time: each gives its turn back where it may be interrupted.

The code under test is plain Python that knows nothing of this. Threads give every worker a stack of its own; only the
one that has the turn runs, so the order of events is the controller's choice alone.
"""

from __future__ import annotations

from _thread import allocate_lock, start_new_thread
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType


class Killed(BaseException):
    """The process of a worker is gone: nothing it still does has an effect."""


class Outcome:
    """How a block of code ended: `error` is the exception that ended it, None if it came to its end."""

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        self.error = error
        return kind is not None and issubclass(kind, (Killed, Exception))


def _closed_gate() -> Any:
    gate = allocate_lock()
    gate.acquire()
    return gate


@dataclass(eq=False)
class Worker:
    """One invocation, from its start to its end or death.

    `lea` is whose work it is (None: everybody's). `skew` is how many seconds its clock is ahead, `dies_at` when the
    platform ends it. While it waits, `wakes_at` is when it can go on. `notice_of` is the job whose notice it sends;
    `mailed` is that job once its mail is given away and nothing of that is recorded. `failed_calls` names the calls
    that failed it, `attempts` the job and the state whose step it began, `lost` that another took the step over.
    """

    name: str
    lea: str | None
    skew: float
    dies_at: float
    wakes_at: float
    dead: bool = False
    done: bool = False
    notice_of: str = ""
    mailed: str = ""
    failed_calls: set[str] = field(default_factory=set)
    attempts: tuple[str, Any] | None = None
    lost: bool = False
    error: BaseException | None = None
    gate: Any = field(default_factory=_closed_gate)


class TurnLock:
    """Who runs now: one worker, or (None) the controller."""

    def __init__(self) -> None:
        self.holder: Worker | None = None
        self._controller = _closed_gate()

    def start(self, worker: Worker, body: Callable[[], None]) -> None:
        """Prepare a worker; it begins when it is first given a turn."""
        start_new_thread(self._run, (worker, body))

    def give(self, worker: Worker) -> None:
        """Let a worker run until it waits or ends."""
        self.holder = worker
        worker.gate.release()
        self._controller.acquire()
        self.holder = None

    def hand_back(self, worker: Worker) -> None:
        """Wait, as a worker, until its turn comes again."""
        self._controller.release()
        worker.gate.acquire()

    def _run(self, worker: Worker, body: Callable[[], None]) -> None:
        worker.gate.acquire()
        with Outcome() as outcome:
            body()
        worker.error = worker.error or outcome.error
        worker.done = True
        self._controller.release()
