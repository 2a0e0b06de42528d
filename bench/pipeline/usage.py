"""What a job used, added up from the notes of its invocations."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.pipeline.worker import DYNAMODB, OTHER, READING, RENDERING, S3, SQS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

KINDS = (RENDERING, S3, DYNAMODB, SQS, READING, OTHER)
BUILDER = "build_report"
_CAUSED_BY_THE_JOB = frozenset({"POST /v1/report-requests", "plan", "chunk", "finish", "notice"})
"""Steps of a job; whoever looks at it and the schedule cause others."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the invocations of one job did together."""

    notes: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, notes: Iterable[Mapping[str, Any]]) -> Usage:
        """Keep what the job caused."""
        return cls([note for note in notes if note["step"] in _CAUSED_BY_THE_JOB])

    @property
    def seconds(self) -> dict[str, float]:
        """How long the invocations of each function took together."""
        seconds: defaultdict[str, float] = defaultdict(float)
        for note in self.notes:
            seconds[note["function"]] += note["seconds"]
        return dict(seconds)

    @property
    def steps(self) -> Counter[str]:
        """How many invocations took each step."""
        return Counter(note["step"] for note in self.notes)

    def seconds_of_step(self, step: str) -> float:
        """Return how long the invocations of a step took together."""
        return float(sum(note["seconds"] for note in self.notes if note["step"] == step))

    def processor_seconds_of_step(self, step: str) -> float:
        """Return the processor's seconds in the main threads of a step's invocations."""
        return float(sum(sum(note["processor"].values()) for note in self.notes if note["step"] == step))

    def requests_of_step(self, step: str) -> int:
        """Return how many requests to AWS the invocations of a step made."""
        return sum(sum(note["calls"].values()) for note in self.notes if note["step"] == step)

    def shares(self) -> dict[str, float]:
        """Return the shares of the build workers' time, by kind of work."""
        return _shares(self._build("wall"))

    def processor_seconds(self) -> dict[str, float]:
        """Return the processor's seconds in the build workers' main threads, by kind of work."""
        return self._build("processor")

    def _build(self, clock: str) -> dict[str, float]:
        builds = [note[clock] for note in self.notes if note["function"] == BUILDER]
        return {kind: sum(note.get(kind, 0.0) for note in builds) for kind in KINDS}

    def total(self, count: str) -> Counter[str]:
        """Add up one of the notes' tables: `calls`, `sent`, `received`, `writes` or `transacted`."""
        total: Counter[str] = Counter()
        for note in self.notes:
            total.update(note[count])
        return total

    @property
    def messages(self) -> int:
        """Messages that were sent."""
        return sum(note["messages"] for note in self.notes)

    @property
    def items_written(self) -> int:
        """Items written to DynamoDB, those in transactions included."""
        return self.total("writes").total() + self.total("transacted").total()

    @property
    def bytes_sent(self) -> int:
        """Bytes of all objects that were sent to S3, intermediate ones included."""
        return self.total("sent").total()

    @property
    def peak_bytes(self) -> int:
        """The most memory that a build worker held."""
        return max((note["peak_kb"] for note in self.notes if note["function"] == BUILDER), default=0) * 1024

    def peak_bytes_of_step(self, step: str) -> int:
        """Return the most memory that a worker held while it took a step."""
        return max((note["peak_kb"] for note in self.notes if note["step"] == step), default=0) * 1024


def _shares(seconds: Mapping[str, float]) -> dict[str, float]:
    whole = sum(seconds.values()) or 1.0
    return {kind: part / whole for kind, part in seconds.items()}


class Notes:
    """The folder into which the workers write."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: defaultdict[Path, int] = defaultdict(int)

    def fresh(self) -> list[Mapping[str, Any]]:
        """Return the notes that were written since the last call."""
        return [json.loads(line) for line in self._fresh_lines()]

    def _fresh_lines(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("*.jsonl")):
            with path.open("rb") as notes:
                notes.seek(self._read[path])
                written = notes.read()
            whole = written.rfind(b"\n") + 1
            self._read[path] += whole
            yield from written[:whole].decode().splitlines()
