"""Who does a step of a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Worker:
    """Who does a step: the name of the invocation, its clock (UTC), and how long it may still last."""

    name: str
    now: Callable[[], datetime]
    time_left: Callable[[], timedelta]
