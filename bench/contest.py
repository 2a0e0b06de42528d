"""Contenders side by side: each in a process of its own, all on one core, their rounds interleaved.

A process of its own tells the memory of each; only one works at a time, and a slow minute of the machine meets all.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import resource
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, overload

from bench.students import Entry, read_students

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection
    from types import TracebackType

_LARGEST_STEP = 8
P = TypeVar("P")
"""What a contender prepares for itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one round made."""

    ssrs: int
    size: int
    """Bytes of all of them."""


class Contender(Protocol[P]):
    """One way of making SSRs."""

    def prepare(self, entries: Sequence[Entry]) -> P:
        """Return what `run` takes; this is not timed. Called anew for every round."""
        ...

    def run(self, prepared: P) -> Made:
        """Make the SSRs; this is timed."""
        ...

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        """Return the PDFs of these students, to look at; this is not timed."""
        ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a contender is told before it begins."""

    fonts: Path
    """The folder of the fonts layer."""
    students: Path
    """The folder that `invent_students` wrote."""
    count: int
    language: str


@dataclass(frozen=True, slots=True)
class Way:
    """A contender that can be chosen by name."""

    name: str
    make: Callable[[Setting], Contender[Any]]
    """Raises `ModuleNotFoundError` if the peer is not installed, `OSError` if a program or library is missing."""
    most: int | None = None
    """More students than this, of all rounds together, show nothing new, and take too long."""


@dataclass(slots=True)
class Measured:
    """The rounds of one contender."""

    name: str
    language: str
    speeds: list[float] = field(default_factory=list)
    """SSRs a second, one for each round."""
    ssrs: int = 0
    """Of all rounds together."""
    size: int = 0
    """Bytes of all rounds together."""
    rss_mb: float = 0.0
    """The most memory its process held, the students included."""
    most_at_once: int = 0
    """SSRs of the largest round."""

    @property
    def per_second(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.speeds)

    @property
    def bytes_per_ssr(self) -> float:
        """The mean of all SSRs."""
        return self.size / self.ssrs


class NotHere(Exception):
    """A contender cannot take part: something is not installed."""


class ContenderFailed(Exception):
    """The process of a contender ended before its time."""


class Contest:
    """Some contenders of one table, ready to work."""

    def __init__(self, table: str, names: Sequence[str], setting: Setting) -> None:
        """`table` is the module whose `WAYS` names the contenders."""
        self.setting = setting
        self.missing: dict[str, str] = {}
        """Who does not take part, and why."""
        self._workers: dict[str, _Worker] = {}
        core = one_core()
        called = [_Worker(table, name, setting, core) for name in names]
        for name, worker in zip(names, called, strict=True):
            try:
                worker.wait()
            except NotHere as missing:
                self.missing[name] = str(missing)
            else:
                self._workers[name] = worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers.values():
            worker.dismiss()

    @property
    def present(self) -> tuple[str, ...]:
        """The names of those who take part."""
        return tuple(self._workers)

    def measure(self, rounds: int, seconds: float) -> list[Measured]:
        """Let everyone work in turn, `rounds` times, about `seconds` each time.

        The students of a round are new to all, as in a large job: what a contender remembers of names is of little
        use to it. As many as those of one round warm it up before.
        """
        shares = {name: max(1, worker.most // (rounds + 1)) for name, worker in self._workers.items()}
        counts = {name: worker.pace(seconds, shares[name]) for name, worker in self._workers.items()}
        return self._measure(rounds, counts, shares)

    def measure_at_once(self, rounds: int) -> list[Measured]:
        """Let everyone make all students at once, `rounds` times in turn."""
        everyone = {name: worker.most for name, worker in self._workers.items()}
        return self._measure(rounds, everyone, everyone)

    def _measure(self, rounds: int, counts: Mapping[str, int], shares: Mapping[str, int]) -> list[Measured]:
        """Let each make `counts` students of its share for the round; the first share warmed it up."""
        measured = {name: Measured(name, self.setting.language) for name in self._workers}
        for number in range(1, rounds + 1):
            for name, worker in self._workers.items():
                took, made = worker.round(number * shares[name], counts[name])
                row = measured[name]
                row.speeds.append(made.ssrs / took)
                row.ssrs += made.ssrs
                row.size += made.size
                row.most_at_once = max(row.most_at_once, made.ssrs)
        for name, worker in self._workers.items():
            measured[name].rss_mb = worker.memory()
        return list(measured.values())

    def sample(self, name: str, count: int) -> list[bytes]:
        """Return what a contender makes of the first students."""
        return self._workers[name].sample(count)


def one_core() -> int | None:
    """Return the core that everyone works on; None where processes cannot be bound to one."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


class _Worker:
    """The process of one contender, seen from outside."""

    def __init__(self, table: str, name: str, setting: Setting, core: int | None) -> None:
        self._name = name
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, table, name, setting, core), daemon=True)
        self._process.start()
        theirs.close()
        self.most = 0
        """The students that it knows."""

    def wait(self) -> None:
        """Wait until it is ready. Raises `NotHere` if it cannot take part."""
        answer = self._receive()
        if not isinstance(answer, int):
            self._process.join()
            raise NotHere(str(answer))
        self.most = answer

    def _ask(self, *question: object) -> object:
        self._connection.send(question)
        return self._receive()

    def _receive(self) -> object:
        try:
            return self._connection.recv()
        except EOFError:
            raise ContenderFailed(f"{self._name} ended early; its own message stands above") from None

    def pace(self, seconds: float, most: int) -> int:
        """Find how many SSRs take about so long, `most` at most; this warms up as well."""
        count = 1
        while True:
            took, _ = self.round(0, count)
            if count == most or took >= seconds:  # sooner, and what is done once would decide
                return max(1, min(most, int(count * seconds / took)))
            count = min(most, count * _LARGEST_STEP)

    def round(self, first: int, count: int) -> tuple[float, Made]:
        """Let it make some SSRs; return how many seconds it took."""
        answer = self._ask("round", first, count)
        if not isinstance(answer, tuple):
            raise TypeError("a round is answered by its time and what was made")
        return answer

    def sample(self, count: int) -> list[bytes]:
        answer = self._ask("sample", count)
        if not isinstance(answer, list):
            raise TypeError("a sample is a list of files")
        return answer

    def memory(self) -> float:
        return float(str(self._ask("memory")))

    def dismiss(self) -> None:
        """End its process, which ends when nobody asks any more."""
        self._connection.close()
        self._process.join()


def _work(connection: Connection, table: str, name: str, setting: Setting, core: int | None) -> None:
    """Be the process of one contender."""
    ways: Mapping[str, Way] = importlib.import_module(table).WAYS
    try:
        contender = ways[name].make(setting)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(__package__ or ""):
            raise
        connection.send(f"{error.name} is not installed; the extra `bench` has it")
        return
    except OSError as error:
        connection.send(str(error))
        return
    count = min(setting.count, ways[name].most or setting.count)
    read = cache(partial(read_students, setting.students, count))
    if core is not None:
        os.sched_setaffinity(0, {core})
    connection.send(count)
    while True:
        try:
            question = connection.recv()
        except EOFError:
            return
        connection.send(_answer(contender, _Chosen(read, range(count)), *question))


class _Chosen(Sequence[Entry]):
    """Some of the students, who are read when one is asked for: who works on files need not hold them."""

    def __init__(self, read: Callable[[], Sequence[Entry]], places: Sequence[int]) -> None:
        self._read, self._places = read, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Entry: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...

    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(place, slice):
            return self.at(self._places[place])
        return self._read()[self._places[place]]

    def at(self, places: Sequence[int]) -> _Chosen:
        return _Chosen(self._read, places)


def _answer(contender: Contender[P], students: _Chosen, question: str, *numbers: int) -> object:
    if question == "memory":
        return _most_memory()
    if question == "sample":
        return contender.sample(students[: numbers[0]])
    first, count = numbers
    places = [(first + place) % len(students) for place in range(count)]
    prepared = contender.prepare(students.at(places))
    gc.collect()
    gc.freeze()  # nobody is charged for looking through the students, which stay
    start = perf_counter()
    made = contender.run(prepared)
    return perf_counter() - start, made


def _most_memory() -> float:
    """Return the most memory this process and the programs it started held, in MB."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # a new process begins with its parent's
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return max(own, programs) * 1024 / 1e6
