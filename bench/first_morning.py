"""The whole state on the first morning: every LEA asks at once. A simulation, with measured figures.

What a step takes on AWS is put together of what was measured here (the processor's time, the number of requests, the
bytes) and of what is assumed of AWS (`Cloud`). Jobs then run as the product runs them: one plan, its chunks in a
window, one assembly, one mail; the queue hands out the message of the LEA that has the least under way.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from bench.pipeline.schools import students_of
from infra.stages import PROD
from lea_reports.jobs.dependencies import Window
from lea_reports.ssr_archive.planning import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bench.pipeline.schools import SchoolSize

LANGUAGES = 2
"""English and another language for everybody."""
INVOCATION = 900.0
"""Seconds that an invocation may last."""
_MB = 10**6
_LIMITS = Limits(PROD.chunk_ssrs, PROD.merged_file_limit)
_LEAST_BYTES = 29_700
"""Of a Smarter Balanced SSR in Latin letters, as the planner counts."""
_INDEXES_READ_AT_ONCE, _PARTS_COPIED_AT_ONCE = 8, 12
_WRITES_OF_A_CHUNK = 6
"""Its roster, its index, and the fragment: begun, two parts, completed."""
_NOTICE_SECONDS = 0.5
_TICK = 1.0
PLAN, CHUNK, FINISH = "plan", "chunk", "finish"


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one way: of the largest job, per SSR and per chunk; and what jobs cost."""

    merge: bool
    processor_seconds: Mapping[str, float]
    """Per SSR, by step."""
    requests: Mapping[str, float]
    """To AWS, per chunk, by step."""
    bytes_per_ssr: float
    dollars_per_job: float
    """What the smallest job cost beyond its SSRs."""
    dollars_per_ssr: float

    @classmethod
    def read(cls, path: Path, *, merge: bool) -> Figures:
        """Read what `python -m bench pipeline --json` wrote."""
        way = "merged" if merge else "unmerged"
        rows = [row for row in json.loads(path.read_text(encoding="utf-8"))["rows"] if row["way"] == way]
        least, row = (choose(rows, key=lambda row: int(row["ssrs"])) for choose in (min, max))
        chunks, ssrs = row["steps"][CHUNK]["invocations"], row["ssrs"]
        steps = {step: row["steps"][step] for step in (PLAN, CHUNK, FINISH)}
        return cls(
            merge,
            {step: values["processor_seconds"] / ssrs for step, values in steps.items()},
            {step: values["requests"] / chunks for step, values in steps.items()},
            row["archive_bytes"] / ssrs,
            max(0.0, least["cost_usd_total"] - row["cost_usd_total"] * least["ssrs"] / ssrs),
            row["cost_usd_total"] / ssrs,
        )

    def dollars(self, jobs: int, ssrs: int) -> float:
        """Return what so many jobs with so many SSRs cost together."""
        return jobs * self.dollars_per_job + ssrs * self.dollars_per_ssr


@dataclass(frozen=True, slots=True)
class Cloud:
    """What is assumed of AWS, and its limits.

    `concurrency`: chunks at once, over all LEAs. `processor`: how fast a function's processor is against the one that
    measured. `upload_mb`: megabytes a second from a function to S3. `round_trip`: seconds of a request to S3 or
    DynamoDB. `copy_seconds`: what S3 takes to copy a fragment. `cold_start`: seconds until a new environment works.
    `first_workers`, `more_workers`: invocations with which SQS begins, and those that it adds in a minute. `s3_writes`:
    requests a second that write below one prefix; all jobs are taken to share one. `mails`, `api_rate`: a second.
    """

    concurrency: float = PROD.build_concurrency
    processor: float = 0.7
    upload_mb: float = 70.0
    round_trip: float = 0.03
    copy_seconds: float = 0.5
    cold_start: float = 2.0
    first_workers: float = 5
    more_workers: float = 300.0
    s3_writes: float = 3500.0
    mails: float = 14.0
    api_rate: float = float(PROD.api_rate)

    def workers(self, at: float) -> int:
        """Return how many invocations may run, so many seconds after the first message."""
        return int(min(self.concurrency, self.first_workers + self.more_workers * at / 60))


_RAISED = ("concurrency", "more_workers", "s3_writes", "mails", "api_rate")
"""The limits of `Cloud` of which one binds."""
_LIFTED = 100.0
_NOTICEABLE = 0.05


@dataclass(slots=True)
class _Job:
    """One LEA's request."""

    asked: float
    chunks: Sequence[int]
    sent: int = 0
    done: int = 0
    mailed: float = 0.0

    @property
    def ssrs(self) -> int:
        return sum(self.chunks)


@dataclass(frozen=True, slots=True)
class Morning:
    """How it went; times are seconds after the first request."""

    jobs: int
    ssrs: int
    chunks: int
    archive_bytes: float
    mails: Sequence[float]
    """When each mail was sent, sorted."""
    largest_mail: float
    """When that of the largest LEA was."""
    worker_seconds: float
    longest_invocation: float
    most_workers: int

    @property
    def last_mail(self) -> float:
        """When the last mail was sent."""
        return self.mails[-1]

    def after(self, share: float) -> float:
        """Return when that share of the mails was sent."""
        return self.mails[min(len(self.mails) - 1, int(share * len(self.mails)))]


def chunk_sizes(schools: Sequence[SchoolSize], *, merge: bool) -> list[int]:
    """Return the SSRs of every chunk of an LEA's request, as the planner makes them, in `LANGUAGES` languages."""
    if merge:
        grades: Counter[str] = Counter()
        for school in schools:
            grades.update(school)
        most = _LIMITS.merged_file_ssrs
        return [
            min(most, total - first)
            for _, total in sorted(grades.items())
            for _ in range(LANGUAGES)
            for first in range(0, total, most)
        ]
    ssrs = students_of(schools) * LANGUAGES
    most = max(_LIMITS.chunk_ssrs, -(-2 * ssrs // (_LIMITS.most_chunks - 1)))
    sizes, waiting = [], 0
    for school in schools:
        own = sum(school.values()) * LANGUAGES
        if waiting + own > most and waiting * _LEAST_BYTES >= _LIMITS.smallest_fragment:
            sizes.append(waiting)
            waiting = 0
        waiting += own
        while waiting > most:
            sizes.append(most)
            waiting -= most
    return [*sizes, waiting] if waiting else sizes


class _Rate:
    """A limit of so many a second."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._free_at = 0.0

    def take(self, number: float, at: float) -> float:
        """Take a number from a moment on; return when the last one is there."""
        self._free_at = max(self._free_at, at) + number / self._per_second
        return self._free_at


class _Queue:
    """Messages by LEA; the LEA with the least under way is served first."""

    def __init__(self) -> None:
        self._waiting: defaultdict[int, deque[tuple[str, int]]] = defaultdict(deque)
        self._under_way: Counter[int] = Counter()
        self._order: list[tuple[int, int, int]] = []
        self._turn = count()

    def send(self, lea: int, step: str, size: int) -> None:
        self._waiting[lea].append((step, size))
        self._line_up(lea)

    def receive(self) -> tuple[int, str, int] | None:
        """Return an LEA, a step and the SSRs of its chunk; None if nothing waits."""
        while self._order:
            under_way, _, lea = heapq.heappop(self._order)
            if self._waiting[lea] and under_way == self._under_way[lea]:
                self._under_way[lea] += 1
                self._line_up(lea)
                return (lea, *self._waiting[lea].popleft())
        return None

    def delete(self, lea: int) -> None:
        """Take a message that was done out of what is under way."""
        self._under_way[lea] -= 1
        self._line_up(lea)

    def _line_up(self, lea: int) -> None:
        if self._waiting[lea]:
            heapq.heappush(self._order, (self._under_way[lea], next(self._turn), lea))


class _Simulation:
    """One morning, event by event."""

    def __init__(self, jobs: Sequence[_Job], figures: Figures, cloud: Cloud) -> None:
        self._jobs, self._figures, self._cloud = jobs, figures, cloud
        self._events: list[tuple[float, int, int, str]] = []
        self._number = count()
        self._queue = _Queue()
        self._s3, self._mails = _Rate(cloud.s3_writes), _Rate(cloud.mails)
        self._busy = self.environments = 0
        self._unmailed = len(jobs)
        self.worker_seconds = self.longest = 0.0

    def run(self) -> None:
        for lea, job in enumerate(self._jobs):
            self._at(job.asked, lea, "asked")
        self._at(0.0, -1, "tick")
        while self._events:
            now, _, lea, what = heapq.heappop(self._events)
            if what == "asked":
                self._queue.send(lea, PLAN, 0)
            elif what == "tick":
                if self._unmailed and self._cloud.workers(now) < self._cloud.concurrency:
                    self._at(now + _TICK, -1, "tick")
            else:
                self._busy -= 1
                self._queue.delete(lea)
                self._done(lea, what, now)
            while self._busy < self._cloud.workers(now) and (received := self._queue.receive()):
                self._work(*received, now)

    def _at(self, time: float, lea: int, what: str) -> None:
        heapq.heappush(self._events, (time, next(self._number), lea, what))

    def _work(self, lea: int, step: str, size: int, now: float) -> None:
        self._busy += 1
        seconds = self._seconds(self._jobs[lea], step, size)
        if self._busy > self.environments:
            self.environments = self._busy
            seconds += self._cloud.cold_start
        writes = {PLAN: 0, CHUNK: _WRITES_OF_A_CHUNK, FINISH: len(self._jobs[lea].chunks)}[step]
        end = max(now + seconds, self._s3.take(writes, now))
        self.worker_seconds += end - now
        self.longest = max(self.longest, end - now)
        self._at(end, lea, step)

    def _seconds(self, job: _Job, step: str, size: int) -> float:
        cloud, chunks = self._cloud, len(job.chunks)
        processor = self._figures.processor_seconds[step] / cloud.processor
        trips = self._figures.requests[step] * cloud.round_trip
        if step == PLAN:
            return processor * job.ssrs + trips * chunks
        if step == CHUNK:
            return processor * size + trips + size * self._figures.bytes_per_ssr / _MB / cloud.upload_mb
        reading = cloud.round_trip / _INDEXES_READ_AT_ONCE
        return processor * job.ssrs + chunks * (reading + cloud.copy_seconds / _PARTS_COPIED_AT_ONCE)

    def _done(self, lea: int, step: str, now: float) -> None:
        job = self._jobs[lea]
        if step == PLAN:
            for _ in range(Window().of(len(job.chunks))):
                self._send_next(lea, job)
        elif step == CHUNK:
            job.done += 1
            self._send_next(lea, job)
            if job.done == len(job.chunks):
                self._queue.send(lea, FINISH, 0)
        else:
            self._unmailed -= 1
            job.mailed = self._mails.take(1, now) + _NOTICE_SECONDS

    def _send_next(self, lea: int, job: _Job) -> None:
        if job.sent < len(job.chunks):
            self._queue.send(lea, CHUNK, job.chunks[job.sent])
            job.sent += 1


def first_morning(leas: Sequence[Sequence[SchoolSize]], figures: Figures, cloud: Cloud) -> Morning:
    """Let every LEA ask at once for all its SSRs, and return how it went."""
    asking = _Rate(cloud.api_rate)
    jobs = [_Job(asking.take(1, 0.0), chunk_sizes(schools, merge=figures.merge)) for schools in leas]
    simulation = _Simulation(jobs, figures, cloud)
    simulation.run()
    ssrs = sum(job.ssrs for job in jobs)
    return Morning(
        jobs=len(jobs),
        ssrs=ssrs,
        chunks=sum(len(job.chunks) for job in jobs),
        archive_bytes=ssrs * figures.bytes_per_ssr,
        mails=sorted(job.mailed for job in jobs),
        largest_mail=max(jobs, key=lambda job: job.ssrs).mailed,
        worker_seconds=simulation.worker_seconds,
        longest_invocation=simulation.longest,
        most_workers=simulation.environments,
    )


def binding_limit(leas: Sequence[Sequence[SchoolSize]], figures: Figures, cloud: Cloud) -> str:
    """Return the limit without which the last mail would come soonest; `largest job` if none makes a difference."""
    usual = first_morning(leas, figures, cloud).last_mail
    without = {
        name: first_morning(leas, figures, replace(cloud, **{name: getattr(cloud, name) * _LIFTED})).last_mail
        for name in _RAISED
    }
    soonest = min(without, key=without.__getitem__)
    return soonest if without[soonest] < usual * (1 - _NOTICEABLE) else "largest job"
