"""The job: one request for a report, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lea_reports.access.identity import Identity
    from lea_reports.datasets.snapshots import Snapshots
    from lea_reports.organizations import CdsCode


class JobState(StrEnum):
    """Where a job stands; a job only ever moves forward."""

    REQUESTED = "requested"
    PLANNING = "planning"
    BUILDING = "building"
    FINISHING = "finishing"
    READY = "ready"
    NO_RESULTS = "no_results"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether work is still to be done."""
        return self in _NEXT_STATES

    def may_become(self, other: JobState) -> bool:
        """Whether a job may move from this state to the other."""
        return other in _NEXT_STATES.get(self, frozenset())


_STOPPED = frozenset({JobState.FAILED, JobState.CANCELLED})
_NEXT_STATES = {
    JobState.REQUESTED: _STOPPED | {JobState.PLANNING},
    JobState.PLANNING: _STOPPED | {JobState.BUILDING, JobState.NO_RESULTS, JobState.READY},
    JobState.BUILDING: _STOPPED | {JobState.FINISHING},
    JobState.FINISHING: _STOPPED | {JobState.READY},
}

NOTICED_STATES = frozenset({JobState.READY, JobState.NO_RESULTS, JobState.FAILED})
"""States of which an e-mail is sent to the requester."""


LONGEST_NAME = 64
"""Characters of the name that a requester gives to a report; the files that are downloaded bear it."""

FILES_KEPT = timedelta(days=30)
"""How long finished files are kept; the bucket's lifecycle rule uses the same number."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file on S3: its key, its size in bytes, and how many files it holds itself (1 unless it is a zip)."""

    key: str
    size: int
    entries: int
    checksum: str | None = None
    """S3's own of the whole object, CRC-64/NVME in Base64."""
    chunks: int = 1
    """How many chunks it holds."""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.key.rpartition("/")[2]


class NoticeState(StrEnum):
    """Where the e-mail of a job stands."""

    NONE = "none"
    CLAIMED = "claimed"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Notice:
    """The e-mail about a job's end.

    A sender first claims it for a while (`claimed_until`), so that two deliveries of one message send one mail.
    `wanted_at` is when the requester asked for it again; `sent_at` and `link_expires_at` are those of the last one that
    was accepted for sending, which does not say that it arrived.
    """

    state: NoticeState = NoticeState.NONE
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    link_expires_at: datetime | None = None
    wanted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many items (and chunks of them) a job has to make, and what became of those that were tried.

    `size` counts the bytes of the finished chunks: the file's own lists are not among them.
    """

    total: int = 0
    made: int = 0
    not_included: int = 0
    chunks: int = 0
    chunks_done: int = 0
    size: int = 0

    @property
    def done(self) -> int:
        """Items that were tried, with or without success."""
        return self.made + self.not_included


@dataclass(frozen=True, slots=True)
class JobSecret:
    """What a job keeps of a secret that came with its request, and only as long as it is open.

    `content` are plain JSON values that the job's producer understands; `fingerprint` tells whether two requests of one
    person have the same secret.
    """

    content: Mapping[str, Any] = field(repr=False)
    fingerprint: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Retry:
    """What a job makes once more.

    `of` is the job that it retries. `listed_by` is the job whose list names the items; None if all that was chosen is
    made, since nothing of it ever was. `after` is the last retry before this one, by which it is named.
    """

    of: str
    listed_by: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leased:
    """Work that one worker does at a time, under a lease, named by `worker`, which it renews while it works.

    An attempt counts from its beginning, so that one counts too whose worker died. `excused` are those that came to
    nothing because something they need was away: they say nothing of the work.
    """

    attempts: int = 0
    excused: int = 0
    worker: str | None = None
    leased_until: datetime | None = None

    @property
    def attempts_in_vain(self) -> int:
        """Attempts that count, the present one among them."""
        return self.attempts - self.excused

    def is_held(self, now: datetime) -> bool:
        """Whether a worker may be at it."""
        return self.leased_until is not None and self.leased_until > now

    def is_free_for(self, worker: str, now: datetime) -> bool:
        """Whether a worker may begin: nobody else is at it."""
        return not self.is_held(now) or self.worker == worker

    def claimed(self, worker: str, until: datetime) -> Self:
        """Return it held by a worker, who begins an attempt."""
        return replace(self, attempts=self.attempts + 1, worker=worker, leased_until=until)

    def released(self, *, excused: bool) -> Self:
        """Return it free for the next attempt."""
        return replace(self, excused=self.excused + excused, worker=None, leased_until=None)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast chunks are built, from those that are done; those that were given up tell nothing.

    `began_at` is when the first of them was begun, `ended_at` when the last one was finished, `busy` the time that
    their workers took together.
    """

    began_at: datetime | None = None
    ended_at: datetime | None = None
    chunks: int = 0
    items: int = 0
    busy: timedelta = timedelta()

    def with_chunk(self, chunk: Chunk) -> Pace:
        """Return the pace with one more chunk that is done."""
        if chunk.began_at is None or chunk.ended_at is None:
            return self
        return Pace(
            self.began_at or chunk.began_at,
            chunk.ended_at,
            self.chunks + 1,
            self.items + chunk.count,
            self.busy + (chunk.ended_at - chunk.began_at),
        )

    def time_left(self, items: int, now: datetime) -> timedelta | None:
        """Return how long so many more items take; None while the pace is not known, or does not hold any more.

        How many workers are at it shows when all have started and have had the time for two chunks each: before, those
        that are not finished yet are overlooked. If the next chunk is late by as much, something is wrong that the
        pace before knows nothing of.
        """
        if self.began_at is None or self.ended_at is None or not self.items:
            return None
        elapsed, quiet, usual = self.ended_at - self.began_at, now - self.ended_at, self.busy / self.chunks
        if elapsed < _STARTED or elapsed * self.chunks < _TELLING * self.busy or quiet > _TELLING * usual:
            return None
        # The last chunk takes its time, however many workers there are.
        left = max(elapsed * (items / self.items), usual / 2) - quiet
        return left if left > timedelta() else None


_TELLING = 2
_STARTED = timedelta(seconds=20)
"""Workers that start cold are at work by then; who waits for less needs no estimate."""


@dataclass(frozen=True, slots=True)
class Job(Leased):
    """One request for a report of one LEA.

    `report` is the report's code, `parameters` what was chosen: plain JSON values that are equal for equal choices.
    `snapshots` names the data it is made from, fixed when it was requested. `version` counts its moves, and every
    move is conditional on it. `check_at` is when somebody should look whether it is stuck; None once nothing is
    left to do. What is leased is the step that it stands at, if that is one worker's: planning or finishing; its
    attempts are counted from each move on. `progressed_at` is when it moved or a chunk of it came to its end. All
    times are UTC.
    """

    id: str
    lea: CdsCode
    report: str
    parameters: Mapping[str, object]
    requester: Identity
    role: str
    snapshots: Snapshots
    requested_at: datetime
    state: JobState = JobState.REQUESTED
    version: int = 1
    progress: Progress = field(default_factory=Progress)
    pace: Pace = field(default_factory=Pace)
    progressed_at: datetime | None = None
    ended_at: datetime | None = None
    check_at: datetime | None = None
    files: tuple[ReportFile, ...] = ()
    """In order; more than one if what is made does not fit into one. While it is finishing, those that are made."""
    reason: str | None = None
    notice: Notice = field(default_factory=Notice)
    secret: JobSecret | None = None
    retry: Retry | None = None
    retried_as: str | None = None
    """The last job that retries this one."""

    @property
    def listed_by(self) -> str | None:
        """The job whose list names the items that this one makes; None if the parameters do."""
        return None if self.retry is None else self.retry.listed_by

    @property
    def name(self) -> str:
        """What the requester calls it; empty if its report has no such parameter."""
        return str(self.parameters.get("name", ""))

    @property
    def folder(self) -> str:
        """The part of its S3 keys that is its own."""
        return f"{self.lea}/{self.id}"

    @property
    def files_kept_until(self) -> datetime | None:
        """Until when its files are kept; None if there are none, or not yet."""
        return self.ended_at + FILES_KEPT if self.files and self.ended_at is not None else None

    def seconds_left(self, now: datetime) -> int | None:
        """Estimate the seconds until every item is made, from the pace so far; None while unknown."""
        if self.state is not JobState.BUILDING:
            return None
        left = self.pace.time_left(self.progress.total - self.progress.done, now)
        return None if left is None else max(1, round(left.total_seconds()))

    def check_of_claim(self, leased_until: datetime) -> datetime:
        """Return when to look after its step once a worker holds it: when the lease runs out, or earlier."""
        return leased_until if self.check_at is None else min(self.check_at, leased_until)

    def quiet_for(self, now: datetime) -> timedelta:
        """Return how long nothing was seen of it."""
        return now - (self.progressed_at or self.requested_at)

    def moved(self, state: JobState, now: datetime, *, check_after: timedelta | None) -> Job:
        """Return the job one move further.

        Raises:
            ValueError: there is no such move; the caller is wrong about what it does.
        """
        if not self.state.may_become(state):
            raise ValueError(f"a job does not move from {self.state} to {state}")
        return replace(
            self,
            state=state,
            version=self.version + 1,
            attempts=0,
            excused=0,
            worker=None,
            leased_until=None,
            progressed_at=now,
            ended_at=None if state.is_open else now,
            check_at=None if check_after is None else now + check_after,
            files=self.files if state not in _STOPPED else (),
            secret=self.secret if state.is_open else None,
        )

    def joined(self, file: ReportFile, now: datetime, *, held_for: timedelta) -> Job:
        """Return the job with one more file, not finished yet: a move, so that of two workers one records it.

        Its worker goes on with the next file, which is an attempt of its own.
        """
        return replace(
            self,
            version=self.version + 1,
            attempts=1,
            excused=0,
            leased_until=now + held_for,
            progressed_at=now,
            check_at=now + held_for,
            files=(*self.files, file),
        )


class ChunkState(StrEnum):
    """Where a chunk stands."""

    WAITING = "waiting"
    BUILDING = "building"
    DONE = "done"
    GIVEN_UP = "given_up"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be built."""
        return self in {ChunkState.WAITING, ChunkState.BUILDING}


@dataclass(frozen=True, slots=True)
class Chunk(Leased):
    """Some consecutive items of a job, `count` of them, that one invocation makes.

    `name` is that of the file which the chunk becomes, empty if it becomes several.
    `began_at` is when the worker began that holds it, `ended_at` when it had made what it says.
    """

    number: int
    count: int
    name: str = ""
    state: ChunkState = ChunkState.WAITING
    began_at: datetime | None = None
    ended_at: datetime | None = None
    made: int = 0
    not_included: int = 0
    size: int = 0
