"""A worker that is at work: it keeps its lease, and learns when it has to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.jobs.timing import HEARTBEAT, LEASE, TIME_TO_STOP

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from lea_reports.jobs.worker import Worker


class OutOfTime(Exception):
    """The time of an invocation is nearly up: what it does is given back, and may need less time or smaller parts."""


class Stopped(Exception):
    """Nobody waits for what this worker makes."""


class Presence:
    """Keeps a worker's lease while it works; `renew` holds it until a time, and tells whether it is still held."""

    def __init__(self, worker: Worker, renew: Callable[[datetime], bool]) -> None:
        self._worker = worker
        self._renew = renew
        self._renewed = worker.now()

    def look(self) -> None:
        """Look after the lease; to be called every few seconds.

        Raises:
            OutOfTime: the invocation ends soon.
            Stopped: the work is no longer wanted, or went to another.
        """
        if self._worker.time_left() < TIME_TO_STOP:
            raise OutOfTime
        now = self._worker.now()
        if now - self._renewed < HEARTBEAT:
            return
        if not self._renew(now + LEASE):
            raise Stopped
        self._renewed = now
