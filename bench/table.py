"""How long a small report takes, whose plan also makes it."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from local.coordinator import Coordinator
from local.seed import seed, synthesize_district
from local.stack import running_stack

_STUDENTS, _SCHOOLS, _SEED = 1000, 4, 2026
_LONGEST = 60.0


def bench_table(requests: int) -> list[float]:
    """Ask for a table so many times on the local stack; return the seconds from each request to ready, in order."""
    with tempfile.TemporaryDirectory(prefix="bench-table-") as folder, running_stack() as stack:
        feeds = Path(folder)
        synthesize_district(feeds, students=_STUDENTS, schools=_SCHOOLS, number=_SEED)
        coordinator = Coordinator.signed_in(stack, seed(stack, feeds).lea_coordinator)
        return [_seconds(coordinator, f"table-{number}") for number in range(requests)]


def _seconds(coordinator: Coordinator, name: str) -> float:
    location = coordinator.ask({"report": "total-enrolled-students", "name": name})
    status = coordinator.watch(location, seconds=_LONGEST)
    requested, ended = (datetime.fromisoformat(status[moment]) for moment in ("requested_at", "ended_at"))
    return (ended - requested).total_seconds()
