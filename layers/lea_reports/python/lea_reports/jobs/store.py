"""Where jobs are kept: the contract, and the twin of the table that lives in memory.

One contract suite (`tests/contract`) runs on this twin, on an in-process table and on the emulator's.
"""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, Protocol

from lea_reports.errors import Conflict, Transient
from lea_reports.jobs.job import ChunkState, Job, JobState, NoticeState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from lea_reports.jobs.job import Chunk, Notice
    from lea_reports.jobs.request_key import RequestKey


_MOST_MEETINGS = 5  # an identical job would have to begin and end between two calls, time and again


def fingerprint(job: Job) -> str:
    """Return what identical requests share.

    These are caller, role, LEA, report, parameters, data, the secret's fingerprint and the job that they retry. The
    name of a retry is no choice: it tells how many there were before.
    """
    chosen = {name: value for name, value in job.parameters.items() if job.retry is None or name != "name"}
    parts = [
        job.requester.subject,
        job.role,
        job.lea,
        job.report,
        chosen,
        job.snapshots.to_json(),
        None if job.secret is None else job.secret.fingerprint,
        None if job.retry is None else job.retry.of,
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class NewJobs(Protocol):
    """What `submitted` needs of a store."""

    def add(self, job: Job) -> bool:
        """Store a new job; False if its id is taken or an identical one is open, and nothing was written.

        The job that a new one retries tells so from then on (`retried_as`); False too if it tells of another retry than
        the one that the new one comes after.
        """

    def job(self, lea: str, job_id: str) -> Job | None:
        """Return a job of the LEA, as it stands now."""

    def identical(self, job: Job) -> Job | None:
        """Return the job of this id, or the identical one of the same caller that is open; None if there is none."""


def submitted(jobs: NewJobs, job: Job) -> Job:
    """Store a new job, or return the identical one that is still open.

    The identical one may come to its end between the two calls: then it is in nobody's way any more.

    Raises:
        Conflict: it is not the next retry of a job: another one was stored since it was named.
        Transient: nothing was stored.
    """
    for _ in range(_MOST_MEETINGS):
        if jobs.add(job):
            return job
        found = jobs.identical(job)
        if found is not None:
            return found
        retried = None if job.retry is None else jobs.job(job.lea, job.retry.of)
        if job.retry is not None and retried is not None and retried.retried_as != job.retry.after:
            raise Conflict("The request was retried once more meanwhile.")
    raise Transient("The request could not be stored; try again.")


class JobStore(NewJobs, Protocol):
    """Jobs and their chunks. Every read names the LEA, so a foreign job cannot be read."""

    def submit(self, job: Job) -> Job:
        """Store a new job, or return the identical one of the same caller that is still open.

        Raises:
            Conflict: it is a retry, and another one of the same job was stored since it was named.
        """

    def requests_of(self, lea: str, subject: str, limit: int, before: str | None = None) -> Sequence[Job]:
        """Return a caller's jobs in an LEA, newest first; `before` is the id of the last one already seen."""

    def move(self, before: Job, after: Job) -> None:
        """Replace a job's state and what came with it.

        Raises:
            Conflict: the job is no longer in the state and version of `before`; nothing was written.
        """

    def claim_step(self, job: Job, worker: str, now: datetime, leased_until: datetime) -> Job | None:
        """Lease the step that a job stands at to a worker, which is an attempt; returns the job as it is held.

        None if the job has moved on since it was read, or another worker may still be at it. The worker that holds it
        gets it again. The job is looked after when the lease runs out, at the latest.
        """

    def renew_step(self, job: Job, leased_until: datetime) -> bool:
        """Hold a leased step for longer; False if the job has moved on or the lease went to another."""

    def release_step(self, job: Job, *, excused: bool) -> None:
        """Give a leased step back unfinished, its attempt `excused` or in vain.

        Nothing happens if the job has moved on or the lease went to another.
        """

    def add_chunks(self, job: Job, chunks: Iterable[Chunk]) -> None:
        """Store the chunks of a job; one that was begun since, by a plan that was faster, stays as it is."""

    def chunks(self, job: Job) -> Sequence[Chunk]:
        """Return the chunks of a job by number."""

    def claim_chunk(
        self, job: Job, number: int, worker: str, now: datetime, leased_until: datetime
    ) -> Chunk | None:
        """Lease a chunk to a worker; None if it is done, or leased to another who may still be at work.

        The worker that holds it gets it again: its first claim may have been answered into the void.
        """

    def renew_lease(self, job: Job, chunk: Chunk, leased_until: datetime) -> bool:
        """Hold a leased chunk for longer; False if the lease went to another, or the job is no longer building.

        A lease that ran out is renewed as long as nobody else has taken the chunk.
        """

    def release_chunk(self, job: Job, chunk: Chunk, *, excused: bool) -> None:
        """Give a leased chunk back unfinished, its attempt `excused` or in vain.

        Nothing happens if the lease went to another.
        """

    def complete_chunk(self, job: Job, chunk: Chunk) -> Job:
        """Mark a leased chunk as done and count its items on the job, both or neither.

        `chunk` carries what was made. A repeat, or a worker whose lease went to another, changes nothing.
        Returns the job as it stands afterwards.
        """

    def give_up_chunk(self, job: Job, chunk: Chunk, now: datetime) -> Job:
        """Mark a chunk as given up and count all its items as not included, both or neither.

        Nothing changes if somebody holds the chunk, or began it since it was read. Whoever comes back late with what
        it would have held cannot complete it. Returns the job as it stands afterwards.
        """

    def postpone_check(self, job: Job, until: datetime | None) -> bool:
        """Move a job's `check_at`, or (None) take it away; False if somebody else moved it first."""

    def due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Return open jobs whose `check_at` has passed, the longest waiting first."""

    def open_jobs(self, limit: int) -> int:
        """Count jobs that are not at their end yet, up to `limit`."""

    def claim_notice(self, job: Job, now: datetime, until: datetime) -> bool:
        """Reserve sending the job's e-mail; False if it was sent or somebody else is at it."""

    def record_notice(self, job: Job, notice: Notice) -> None:
        """Note that the e-mail was accepted for sending; nothing remains to be checked."""

    def release_notice(self, job: Job) -> None:
        """Give a reservation back after a failure that surely sent nothing."""

    def want_notice(self, job: Job, now: datetime, check_at: datetime) -> bool:
        """Have the e-mail sent again that was sent before; False if one is still to be sent."""

    def keep_key(self, key: RequestKey, now: datetime) -> RequestKey:
        """Store a caller's key, or return the one of the same digest that is not expired."""

    def point_key(self, key: RequestKey, job_id: str) -> None:
        """Let a stored key stand for another job; nothing happens if it stands for a third one meanwhile."""

    def forget_key(self, key: RequestKey) -> None:
        """Free a stored key; nothing happens if it stands for another job meanwhile."""


class MemoryJobStore:
    """A job store in memory, for tests; as strict as the table."""

    def __init__(self) -> None:
        self._jobs: dict[tuple[str, str], Job] = {}
        self._chunks: dict[tuple[str, str], dict[int, Chunk]] = {}
        self._open: dict[tuple[str, str], str] = {}
        self._keys: dict[tuple[str, str], RequestKey] = {}
        self._lock = RLock()

    def submit(self, job: Job) -> Job:
        """Store a new job, or return the identical open one."""
        return submitted(self, job)

    def add(self, job: Job) -> bool:
        """Store a new job, unless an identical one is open."""
        with self._lock:
            if (job.lea, job.id) in self._jobs or (job.lea, fingerprint(job)) in self._open:
                return False
            if job.retry is not None:
                retried = self._jobs.get((job.lea, job.retry.of))
                if retried is None:
                    raise Transient("The request could not be stored; try again.")
                if retried.retried_as != job.retry.after:
                    return False
                self._jobs[job.lea, retried.id] = replace(retried, retried_as=job.id)
            self._open[job.lea, fingerprint(job)] = job.id
            self._jobs[job.lea, job.id] = job
            return True

    def identical(self, job: Job) -> Job | None:
        """Return the job of this id, or the identical open one."""
        with self._lock:
            own = self._jobs.get((job.lea, job.id))
            return own or self._jobs.get((job.lea, self._open.get((job.lea, fingerprint(job)), "")))

    def job(self, lea: str, job_id: str) -> Job | None:
        """Return a job of the LEA."""
        return self._jobs.get((lea, job_id))

    def requests_of(self, lea: str, subject: str, limit: int, before: str | None = None) -> Sequence[Job]:
        """Return a caller's jobs, newest first."""
        own = [
            job
            for (of_lea, job_id), job in self._jobs.items()
            if of_lea == lea and job.requester.subject == subject and (before is None or job_id < before)
        ]
        return sorted(own, key=lambda job: job.id, reverse=True)[:limit]

    def move(self, before: Job, after: Job) -> None:
        """Replace a job's state, if nobody else did."""
        with self._lock:
            now = self._jobs[before.lea, before.id]
            if (now.state, now.version) != (before.state, before.version):
                raise Conflict("The job has moved on.")
            chunked = before.state is JobState.PLANNING
            progress = after.progress if chunked else now.progress
            self._jobs[before.lea, before.id] = replace(
                after, progress=progress, pace=now.pace, notice=now.notice
            )
            if not after.state.is_open:
                self._open.pop((before.lea, fingerprint(before)), None)

    def claim_step(self, job: Job, worker: str, now: datetime, leased_until: datetime) -> Job | None:
        """Lease the step that a job stands at to a worker."""
        with self._lock:
            stored = self._jobs[job.lea, job.id]
            if stored.version != job.version or not stored.is_free_for(worker, now):
                return None
            held = replace(stored.claimed(worker, leased_until), check_at=job.check_of_claim(leased_until))
            self._jobs[job.lea, job.id] = held
            return held

    def renew_step(self, job: Job, leased_until: datetime) -> bool:
        """Hold a leased step for longer."""
        with self._lock:
            stored = self._jobs[job.lea, job.id]
            if not _holds(job, stored):
                return False
            self._jobs[job.lea, job.id] = replace(stored, leased_until=leased_until)
            return True

    def release_step(self, job: Job, *, excused: bool) -> None:
        """Give a leased step back unfinished."""
        with self._lock:
            stored = self._jobs[job.lea, job.id]
            if _holds(job, stored):
                self._jobs[job.lea, job.id] = stored.released(excused=excused)

    def add_chunks(self, job: Job, chunks: Iterable[Chunk]) -> None:
        """Store the chunks of a job."""
        with self._lock:
            stored = self._chunks.setdefault((job.lea, job.id), {})
            for chunk in chunks:
                before = stored.get(chunk.number)
                if before is None or before.state is ChunkState.WAITING:
                    stored[chunk.number] = chunk

    def chunks(self, job: Job) -> Sequence[Chunk]:
        """Return the chunks of a job by number."""
        return [chunk for _, chunk in sorted(self._chunks.get((job.lea, job.id), {}).items())]

    def claim_chunk(
        self, job: Job, number: int, worker: str, now: datetime, leased_until: datetime
    ) -> Chunk | None:
        """Lease a chunk to a worker."""
        with self._lock:
            chunk = self._chunks.get((job.lea, job.id), {}).get(number)
            if chunk is None or not chunk.state.is_open:
                return None
            if not chunk.is_free_for(worker, now):
                return None
            claimed = replace(chunk.claimed(worker, leased_until), state=ChunkState.BUILDING, began_at=now)
            self._chunks[job.lea, job.id][number] = claimed
            return claimed

    def renew_lease(self, job: Job, chunk: Chunk, leased_until: datetime) -> bool:
        """Hold a leased chunk for longer."""
        with self._lock:
            stored = self._chunks[job.lea, job.id][chunk.number]
            if stored.state is not ChunkState.BUILDING or stored.worker != chunk.worker:
                return False
            self._chunks[job.lea, job.id][chunk.number] = replace(stored, leased_until=leased_until)
            return self._jobs[job.lea, job.id].state is JobState.BUILDING

    def release_chunk(self, job: Job, chunk: Chunk, *, excused: bool) -> None:
        """Give a leased chunk back unfinished."""
        with self._lock:
            stored = self._chunks[job.lea, job.id][chunk.number]
            if stored.state is ChunkState.BUILDING and stored.worker == chunk.worker:
                free = replace(stored.released(excused=excused), state=ChunkState.WAITING, began_at=None)
                self._chunks[job.lea, job.id][chunk.number] = free

    def complete_chunk(self, job: Job, chunk: Chunk) -> Job:
        """Mark a leased chunk as done and count its items on the job."""
        with self._lock:
            stored = self._chunks[job.lea, job.id][chunk.number]
            current = self._jobs[job.lea, job.id]
            if stored.state is not ChunkState.BUILDING or stored.worker != chunk.worker:
                return current
            return self._count(current, replace(chunk, state=ChunkState.DONE), chunk.ended_at)

    def give_up_chunk(self, job: Job, chunk: Chunk, now: datetime) -> Job:
        """Mark a chunk as given up and count all its items as not included."""
        with self._lock:
            stored = self._chunks[job.lea, job.id][chunk.number]
            current = self._jobs[job.lea, job.id]
            if stored.is_held(now) or not stored.state.is_open or stored.attempts != chunk.attempts:
                return current
            ended = replace(
                stored, state=ChunkState.GIVEN_UP, made=0, not_included=stored.count, began_at=None
            )
            return self._count(current, ended, now)

    def _count(self, job: Job, ended: Chunk, now: datetime | None) -> Job:
        self._chunks[job.lea, job.id][ended.number] = ended
        progress = replace(
            job.progress,
            made=job.progress.made + ended.made,
            not_included=job.progress.not_included + ended.not_included,
            chunks_done=job.progress.chunks_done + 1,
            size=job.progress.size + ended.size,
        )
        counted = self._jobs[job.lea, job.id] = replace(
            job, progress=progress, pace=job.pace.with_chunk(ended), progressed_at=now or job.progressed_at
        )
        return counted

    def postpone_check(self, job: Job, until: datetime | None) -> bool:
        """Move a job's `check_at`, if nobody else did."""
        with self._lock:
            current = self._jobs[job.lea, job.id]
            if current.check_at is None or current.check_at != job.check_at:
                return False
            self._jobs[job.lea, job.id] = replace(current, check_at=until)
            return True

    def due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Return open jobs whose `check_at` has passed."""
        late = [(job.check_at, job) for job in self._jobs.values() if job.check_at and job.check_at <= now]
        return [job for _, job in sorted(late, key=lambda pair: pair[0])[:limit]]

    def open_jobs(self, limit: int) -> int:
        """Count jobs that are not at their end yet."""
        return min(limit, sum(job.check_at is not None for job in self._jobs.values()))

    def claim_notice(self, job: Job, now: datetime, until: datetime) -> bool:
        """Reserve sending the job's e-mail."""
        with self._lock:
            current = self._jobs[job.lea, job.id]
            claimed_until = current.notice.claimed_until
            if current.notice.state is NoticeState.SENT or (claimed_until and claimed_until > now):
                return False
            claimed = replace(current.notice, state=NoticeState.CLAIMED, claimed_until=until)
            self._jobs[job.lea, job.id] = replace(current, notice=claimed)
            return True

    def record_notice(self, job: Job, notice: Notice) -> None:
        """Note that the e-mail was sent."""
        with self._lock:
            current = self._jobs[job.lea, job.id]
            recorded = replace(notice, wanted_at=current.notice.wanted_at)
            self._jobs[job.lea, job.id] = replace(current, notice=recorded, check_at=None)

    def release_notice(self, job: Job) -> None:
        """Give a reservation back."""
        with self._lock:
            current = self._jobs[job.lea, job.id]
            if current.notice.state is NoticeState.CLAIMED:
                free = replace(current.notice, state=NoticeState.NONE, claimed_until=None)
                self._jobs[job.lea, job.id] = replace(current, notice=free)

    def want_notice(self, job: Job, now: datetime, check_at: datetime) -> bool:
        """Have the e-mail sent again."""
        with self._lock:
            current = self._jobs[job.lea, job.id]
            if current.notice.state is not NoticeState.SENT:
                return False
            wanted = replace(current.notice, state=NoticeState.NONE, wanted_at=now)
            self._jobs[job.lea, job.id] = replace(current, notice=wanted, check_at=check_at)
            return True

    def keep_key(self, key: RequestKey, now: datetime) -> RequestKey:
        """Store a caller's key, or return the living one."""
        with self._lock:
            kept = self._keys.get((key.lea, key.digest))
            if kept is None or kept.expires_at <= now:
                kept = self._keys[key.lea, key.digest] = key
            return kept

    def point_key(self, key: RequestKey, job_id: str) -> None:
        """Let a stored key stand for another job."""
        with self._lock:
            if self._keys.get((key.lea, key.digest)) == key:
                self._keys[key.lea, key.digest] = replace(key, job_id=job_id)

    def forget_key(self, key: RequestKey) -> None:
        """Free a stored key."""
        with self._lock:
            if self._keys.get((key.lea, key.digest)) == key:
                del self._keys[key.lea, key.digest]


def _holds(job: Job, stored: Job) -> bool:
    """Whether the step of a job is still the one that its worker held."""
    return (stored.state, stored.worker) == (job.state, job.worker)
