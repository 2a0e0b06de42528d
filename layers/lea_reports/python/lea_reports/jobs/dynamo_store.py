"""Jobs in the DynamoDB table.

Partition key `LEA#<14-digit CDS code>`: a foreign id cannot be read by construction. Sort keys: `JOB#<id>`,
`CHUNK#<id>#<number>`, `OPEN#<fingerprint>` for a job that identical requests get as long as it is open, and
`KEY#<digest>` for one that requests under the same Idempotency-Key get.
The sparse index `due_index` holds what reconcile has to look after; `caller_index` a person's own requests.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from secrets import randbelow
from time import sleep
from typing import TYPE_CHECKING

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from lea_reports.access.identity import Identity
from lea_reports.datasets.snapshots import Snapshots
from lea_reports.errors import Conflict, Transient
from lea_reports.jobs.job import (
    Chunk,
    ChunkState,
    Job,
    JobSecret,
    JobState,
    Notice,
    NoticeState,
    Pace,
    Progress,
    ReportFile,
    Retry,
)
from lea_reports.jobs.store import fingerprint, submitted
from lea_reports.organizations import CdsCode
from lea_reports.table import bound, cancellation_codes, condition_failed, in_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pynamodb.exceptions import PynamoDBException
    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from lea_reports.jobs.request_key import RequestKey

_KEEP_JOBS = timedelta(days=400)
_KEEP_CHUNKS = timedelta(days=7)
_DUE = "open"
_BUSY_UNIT = timedelta(milliseconds=1)
_MOST_MEETINGS = 12  # of transactions; the pauses between them add up to seconds


class CallerIndex(GlobalSecondaryIndex["JobRow"]):
    """A person's own jobs, by id."""

    class Meta:
        """What pynamodb wants to know of an index."""

        index_name = "caller_index"
        projection = AllProjection()

    caller = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["JobRow"]):
    """Jobs that somebody has to look after, by time."""

    class Meta:
        """What pynamodb wants to know of an index."""

        index_name = "due_index"
        projection = AllProjection()

    due = UnicodeAttribute(hash_key=True)
    next_check_at = UnicodeAttribute(range_key=True)


class JobRow(Model):
    """A job."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    caller = UnicodeAttribute()
    due = UnicodeAttribute(null=True)
    next_check_at = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()
    report = UnicodeAttribute()
    parameters = JSONAttribute()
    requester = JSONAttribute()
    role = UnicodeAttribute()
    snapshots = JSONAttribute()
    requested_at = UnicodeAttribute()
    state = UnicodeAttribute()
    version = NumberAttribute()
    total = NumberAttribute(default=0)
    made = NumberAttribute(default=0)
    not_included = NumberAttribute(default=0)
    chunks = NumberAttribute(default=0)
    chunks_done = NumberAttribute(default=0)
    size = NumberAttribute(default=0)
    attempts = NumberAttribute(default=0)
    excused = NumberAttribute(default=0)
    worker = UnicodeAttribute(null=True)
    leased_until = UnicodeAttribute(null=True)
    progressed_at = UnicodeAttribute(null=True)
    pace_began_at = UnicodeAttribute(null=True)
    pace_ended_at = UnicodeAttribute(null=True)
    pace_chunks = NumberAttribute(default=0)
    pace_items = NumberAttribute(default=0)
    pace_busy = NumberAttribute(default=0)
    ended_at = UnicodeAttribute(null=True)
    files = JSONAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    secret = JSONAttribute(null=True)
    retry = JSONAttribute(null=True)
    retried_as = UnicodeAttribute(null=True)
    notice_state = UnicodeAttribute(default=NoticeState.NONE.value)
    notice_claimed_until = UnicodeAttribute(null=True)
    notice_sent_at = UnicodeAttribute(null=True)
    link_expires_at = UnicodeAttribute(null=True)
    notice_wanted_at = UnicodeAttribute(null=True)
    by_caller = CallerIndex()
    by_check = DueIndex()


class ChunkRow(Model):
    """A chunk of a job."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute()
    number = NumberAttribute()
    items = NumberAttribute()
    name = UnicodeAttribute(default="")
    state = UnicodeAttribute()
    attempts = NumberAttribute(default=0)
    excused = NumberAttribute(default=0)
    worker = UnicodeAttribute(null=True)
    leased_until = UnicodeAttribute(null=True)
    began_at = UnicodeAttribute(null=True)
    ended_at = UnicodeAttribute(null=True)
    made = NumberAttribute(default=0)
    not_included = NumberAttribute(default=0)
    size = NumberAttribute(default=0)


class OpenRequestRow(Model):
    """Which open job identical requests get."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    job_id = UnicodeAttribute()
    expires_at = NumberAttribute()


class RequestKeyRow(Model):
    """Which job requests under the same Idempotency-Key get."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    request = UnicodeAttribute()
    job_id = UnicodeAttribute()
    expires_at = NumberAttribute()


@in_table
class DynamoJobStore:
    """The job store on DynamoDB; `table` is the table's name, `pause` waits longer with each attempt."""

    def __init__(
        self, table: str, connection: Connection | None = None, pause: Callable[[int], None] | None = None
    ) -> None:
        self._jobs = bound(JobRow, table)
        self._chunks = bound(ChunkRow, table)
        self._open = bound(OpenRequestRow, table)
        self._keys = bound(RequestKeyRow, table)
        self._connection = connection or Connection()
        self._pause = pause or _pause

    def submit(self, job: Job) -> Job:
        """Store a new job, or return the identical open one."""
        return submitted(self, job)

    def add(self, job: Job) -> bool:
        """Store a new job, unless an identical one is open."""
        row = self._job_row(job)
        reservation = self._open(row.pk, f"OPEN#{fingerprint(job)}", job_id=job.id, expires_at=row.expires_at)

        def both(write: TransactWrite) -> None:
            write.save(row, condition=self._jobs.pk.does_not_exist())
            write.save(reservation, condition=self._open.pk.does_not_exist())
            if job.retry is not None:
                rows, after = self._jobs, job.retry.after
                is_last = rows.retried_as.does_not_exist() if after is None else rows.retried_as == after
                write.update(
                    rows(row.pk, f"JOB#{job.retry.of}"),
                    actions=[rows.retried_as.set(job.id)],
                    condition=rows.pk.exists() & is_last,
                )

        try:
            self._write_together(both)
        except TransactWriteError as error:
            _check_lost(error)
            return False
        return True

    def identical(self, job: Job) -> Job | None:
        """Return the job of this id, or the identical open one."""
        own = self.job(job.lea, job.id)
        if own is not None:
            return own
        rows = self._open
        place = f"OPEN#{fingerprint(job)}"
        reserved = next(iter(rows.query(f"LEA#{job.lea}", rows.sk == place, consistent_read=True)), None)
        found = self.job(job.lea, reserved.job_id) if reserved else None
        # Its reservation goes in the same write that ends it, but after it was read.
        return found if found is not None and found.state.is_open else None

    def job(self, lea: str, job_id: str) -> Job | None:
        """Return a job of the LEA."""
        rows = self._jobs.query(f"LEA#{lea}", self._jobs.sk == f"JOB#{job_id}", consistent_read=True)
        return next(map(_job, rows), None)

    def requests_of(self, lea: str, subject: str, limit: int, before: str | None = None) -> Sequence[Job]:
        """Return a caller's jobs, newest first."""
        index = self._jobs.by_caller
        range_ = self._jobs.sk.startswith("JOB#") if before is None else self._jobs.sk < f"JOB#{before}"
        rows = index.query(f"{lea}#{subject}", range_, scan_index_forward=False, limit=limit)
        return [_job(row) for row in rows]

    def move(self, before: Job, after: Job) -> None:
        """Replace a job's state, if nobody else did."""
        rows = self._jobs
        row = self._job_row(after)
        actions: list[Action] = [
            rows.state.set(row.state),
            rows.version.set(row.version),
            rows.attempts.set(row.attempts),
            rows.excused.set(row.excused),
            rows.snapshots.set(row.snapshots),
            *(
                attribute.set(value) if value is not None else attribute.remove()
                for attribute, value in (
                    (rows.due, row.due),
                    (rows.next_check_at, row.next_check_at),
                    (rows.worker, row.worker),
                    (rows.leased_until, row.leased_until),
                    (rows.progressed_at, row.progressed_at),
                    (rows.ended_at, row.ended_at),
                    (rows.files, row.files),
                    (rows.reason, row.reason),
                    (rows.secret, row.secret),
                )
            ),
        ]
        if before.state is JobState.PLANNING:
            actions += [
                rows.total.set(row.total),
                rows.not_included.set(row.not_included),
                rows.chunks.set(row.chunks),
                rows.made.set(row.made),
                rows.chunks_done.set(row.chunks_done),
                rows.size.set(row.size),
            ]
        condition = (rows.state == before.state.value) & (rows.version == before.version)

        def both(write: TransactWrite) -> None:
            write.update(row, actions=actions, condition=condition)
            if not after.state.is_open:
                write.delete(self._open(row.pk, f"OPEN#{fingerprint(before)}"))

        try:
            self._write_together(both)
        except TransactWriteError as error:
            _check_lost(error)
            raise Conflict("The job has moved on.") from error

    def claim_step(self, job: Job, worker: str, now: datetime, leased_until: datetime) -> Job | None:
        """Lease the step that a job stands at to a worker."""
        rows = self._jobs
        free = (
            rows.leased_until.does_not_exist() | (rows.leased_until <= _text(now)) | (rows.worker == worker)
        )
        row = rows(f"LEA#{job.lea}", f"JOB#{job.id}")
        actions: list[Action] = [
            rows.due.set(_DUE),
            rows.next_check_at.set(_text(job.check_of_claim(leased_until))),
            rows.worker.set(worker),
            rows.leased_until.set(_text(leased_until)),
            rows.attempts.add(1),
        ]
        try:
            row.update(actions=actions, condition=(rows.version == job.version) & free)
        except UpdateError as error:
            _check_lost(error)
            return None
        return _job(row)

    def renew_step(self, job: Job, leased_until: datetime) -> bool:
        """Hold a leased step for longer."""
        return self._update(job, [self._jobs.leased_until.set(_text(leased_until))], self._step_held(job))

    def release_step(self, job: Job, *, excused: bool) -> None:
        """Give a leased step back unfinished."""
        rows = self._jobs
        actions: list[Action] = [rows.worker.remove(), rows.leased_until.remove()]
        if excused:
            actions.append(rows.excused.add(1))
        self._update(job, actions, self._step_held(job))

    def _step_held(self, job: Job) -> Condition:
        held: Condition = (self._jobs.state == job.state.value) & (self._jobs.worker == job.worker)
        return held

    def add_chunks(self, job: Job, chunks: Iterable[Chunk]) -> None:
        """Store the chunks of a job."""
        rows = self._chunks
        expires_at = _epoch(job.requested_at + _KEEP_CHUNKS)
        # A batch write knows no conditions: it would open again what workers of a faster plan have done.
        not_begun = rows.pk.does_not_exist() | (rows.state == ChunkState.WAITING.value)
        for chunk in chunks:
            row = rows(
                *_chunk_key(job, chunk.number),
                expires_at=expires_at,
                number=chunk.number,
                items=chunk.count,
                name=chunk.name,
                state=chunk.state.value,
            )
            try:
                row.save(condition=not_begun)
            except PutError as error:
                _check_lost(error)

    def chunks(self, job: Job) -> Sequence[Chunk]:
        """Return the chunks of a job by number."""
        rows = self._chunks.query(
            f"LEA#{job.lea}", self._chunks.sk.startswith(f"CHUNK#{job.id}#"), consistent_read=True
        )
        return [_chunk(row) for row in rows]

    def claim_chunk(
        self, job: Job, number: int, worker: str, now: datetime, leased_until: datetime
    ) -> Chunk | None:
        """Lease a chunk to a worker."""
        rows = self._chunks
        row = rows(*_chunk_key(job, number))
        free = (rows.state == ChunkState.WAITING.value) | (
            (rows.state == ChunkState.BUILDING.value)
            & ((rows.leased_until <= _text(now)) | (rows.worker == worker))
        )
        actions: list[Action] = [
            rows.state.set(ChunkState.BUILDING.value),
            rows.worker.set(worker),
            rows.leased_until.set(_text(leased_until)),
            rows.began_at.set(_text(now)),
            rows.attempts.add(1),
        ]
        try:
            row.update(actions=actions, condition=free)
        except UpdateError as error:
            _check_lost(error)
            return None
        return _chunk(row)

    def renew_lease(self, job: Job, chunk: Chunk, leased_until: datetime) -> bool:
        """Hold a leased chunk for longer."""
        rows = self._chunks
        held = (rows.state == ChunkState.BUILDING.value) & (rows.worker == chunk.worker)
        try:
            rows(*_chunk_key(job, chunk.number)).update(
                actions=[rows.leased_until.set(_text(leased_until))], condition=held
            )
        except UpdateError as error:
            _check_lost(error)
            return False
        # Looked at apart: a transaction would meet every chunk of the job that ends just now.
        stored = self.job(job.lea, job.id)
        return stored is not None and stored.state is JobState.BUILDING

    def release_chunk(self, job: Job, chunk: Chunk, *, excused: bool) -> None:
        """Give a leased chunk back unfinished."""
        rows = self._chunks
        actions: list[Action] = [
            rows.state.set(ChunkState.WAITING.value),
            rows.worker.remove(),
            rows.leased_until.remove(),
            rows.began_at.remove(),
        ]
        if excused:
            actions.append(rows.excused.add(1))
        held = (rows.state == ChunkState.BUILDING.value) & (rows.worker == chunk.worker)
        try:
            rows(*_chunk_key(job, chunk.number)).update(actions=actions, condition=held)
        except UpdateError as error:
            _check_lost(error)

    def complete_chunk(self, job: Job, chunk: Chunk) -> Job:
        """Mark a leased chunk as done and count its items on the job."""
        rows = self._chunks
        held = (rows.state == ChunkState.BUILDING.value) & (rows.worker == chunk.worker)
        return self._end_chunk(job, replace(chunk, state=ChunkState.DONE), held, chunk.ended_at)

    def give_up_chunk(self, job: Job, chunk: Chunk, now: datetime) -> Job:
        """Mark a chunk as given up and count all its items as not included."""
        rows = self._chunks
        free = (rows.state == ChunkState.WAITING.value) | (
            (rows.state == ChunkState.BUILDING.value) & (rows.leased_until <= _text(now))
        )
        ended = replace(chunk, state=ChunkState.GIVEN_UP, made=0, not_included=chunk.count, began_at=None)
        return self._end_chunk(job, ended, free & (rows.attempts == chunk.attempts), now)

    def _end_chunk(self, job: Job, ended: Chunk, condition: Condition, now: datetime | None) -> Job:
        rows = self._chunks

        def both(write: TransactWrite) -> None:
            write.update(
                rows(*_chunk_key(job, ended.number)),
                actions=[
                    rows.state.set(ended.state.value),
                    rows.made.set(ended.made),
                    rows.not_included.set(ended.not_included),
                    rows.size.set(ended.size),
                    rows.ended_at.remove()
                    if ended.ended_at is None
                    else rows.ended_at.set(_text(ended.ended_at)),
                ],
                condition=condition,
            )
            write.update(
                self._jobs(f"LEA#{job.lea}", f"JOB#{job.id}"),
                actions=[
                    *self._counting(ended),
                    *([] if now is None else [self._jobs.progressed_at.set(_text(now))]),
                ],
            )

        try:
            self._write_together(both)
        except TransactWriteError as error:
            _check_lost(error)
        stored = self.job(job.lea, job.id)
        if stored is None:
            raise Transient("The job cannot be read back; try again.")
        return stored

    def _counting(self, ended: Chunk) -> list[Action]:
        """Return what a chunk that came to its end adds to its job."""
        rows = self._jobs
        actions: list[Action] = [
            rows.made.add(ended.made),
            rows.not_included.add(ended.not_included),
            rows.chunks_done.add(1),
            rows.size.add(ended.size),
        ]
        if ended.began_at is not None and ended.ended_at is not None:
            actions += [
                rows.pace_began_at.set(rows.pace_began_at | _text(ended.began_at)),
                rows.pace_ended_at.set(_text(ended.ended_at)),
                rows.pace_chunks.add(1),
                rows.pace_items.add(ended.count),
                rows.pace_busy.add(round((ended.ended_at - ended.began_at) / _BUSY_UNIT)),
            ]
        return actions

    def postpone_check(self, job: Job, until: datetime | None) -> bool:
        """Move a job's `check_at`, if nobody else did."""
        if job.check_at is None:
            return False
        rows = self._jobs
        never: list[Action] = [rows.due.remove(), rows.next_check_at.remove()]
        return self._update(
            job,
            never if until is None else [rows.next_check_at.set(_text(until))],
            rows.next_check_at == _text(job.check_at),
        )

    def due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Return open jobs whose `check_at` has passed."""
        rows = self._jobs.by_check.query(_DUE, self._jobs.next_check_at <= _text(now), limit=limit)
        return [_job(row) for row in rows]

    def open_jobs(self, limit: int) -> int:
        """Count jobs that are not at their end yet."""
        return self._jobs.by_check.count(_DUE, limit=limit)

    def claim_notice(self, job: Job, now: datetime, until: datetime) -> bool:
        """Reserve sending the job's e-mail."""
        rows = self._jobs
        free = (rows.notice_state == NoticeState.NONE.value) | (
            (rows.notice_state == NoticeState.CLAIMED.value) & (rows.notice_claimed_until <= _text(now))
        )
        return self._update(
            job,
            [
                rows.notice_state.set(NoticeState.CLAIMED.value),
                rows.notice_claimed_until.set(_text(until)),
            ],
            free,
        )

    def record_notice(self, job: Job, notice: Notice) -> None:
        """Note that the e-mail was sent."""
        rows = self._jobs
        actions: list[Action] = [
            rows.notice_state.set(notice.state.value),
            rows.notice_claimed_until.remove(),
            rows.due.remove(),
            rows.next_check_at.remove(),
        ]
        if notice.sent_at is not None:
            actions.append(rows.notice_sent_at.set(_text(notice.sent_at)))
        if notice.link_expires_at is not None:
            actions.append(rows.link_expires_at.set(_text(notice.link_expires_at)))
        self._update(job, actions, rows.pk.exists())

    def release_notice(self, job: Job) -> None:
        """Give a reservation back."""
        rows = self._jobs
        self._update(
            job,
            [rows.notice_state.set(NoticeState.NONE.value), rows.notice_claimed_until.remove()],
            rows.notice_state == NoticeState.CLAIMED.value,
        )

    def want_notice(self, job: Job, now: datetime, check_at: datetime) -> bool:
        """Have the e-mail sent again."""
        rows = self._jobs
        return self._update(
            job,
            [
                rows.notice_state.set(NoticeState.NONE.value),
                rows.notice_wanted_at.set(_text(now)),
                rows.due.set(_DUE),
                rows.next_check_at.set(_text(check_at)),
            ],
            rows.notice_state == NoticeState.SENT.value,
        )

    def keep_key(self, key: RequestKey, now: datetime) -> RequestKey:
        """Store a caller's key, or return the living one."""
        rows = self._keys
        row = rows(*_key_of(key), request=key.request, job_id=key.job_id, expires_at=_epoch(key.expires_at))
        # DynamoDB deletes what has expired some day later.
        free = rows.pk.does_not_exist() | (rows.expires_at <= _epoch(now))
        for _ in range(_MOST_MEETINGS):
            try:
                row.save(condition=free)
            except PutError as error:
                _check_lost(error)
            else:
                return key
            kept = self._key(key)
            if kept is not None:
                return kept
        raise Transient("The key could not be stored; try again.")

    def _key(self, key: RequestKey) -> RequestKey | None:
        """Return what stands under a key; None if it was freed."""
        rows = self._keys
        place, name = _key_of(key)
        row = next(iter(rows.query(place, rows.sk == name, consistent_read=True)), None)
        if row is None:
            return None
        return replace(
            key,
            request=row.request,
            job_id=row.job_id,
            expires_at=datetime.fromtimestamp(int(row.expires_at), tz=UTC),
        )

    def point_key(self, key: RequestKey, job_id: str) -> None:
        """Let a stored key stand for another job."""
        rows = self._keys
        try:
            rows(*_key_of(key)).update(actions=[rows.job_id.set(job_id)], condition=rows.job_id == key.job_id)
        except UpdateError as error:
            _check_lost(error)

    def forget_key(self, key: RequestKey) -> None:
        """Free a stored key."""
        rows = self._keys
        try:
            rows(*_key_of(key)).delete(condition=rows.job_id == key.job_id)
        except DeleteError as error:
            _check_lost(error)

    def _write_together(self, writes: Callable[[TransactWrite], None]) -> None:
        """Write all or nothing.

        Chunks that end at the same moment meet at their job's row. DynamoDB then refuses one transaction without
        having written anything, and nobody below repeats it; so it is tried again here.
        """
        for attempt in count(1):
            try:
                with TransactWrite(connection=self._connection) as write:
                    writes(write)
            except TransactWriteError as error:
                if attempt == _MOST_MEETINGS or not _only_met_another(error):
                    raise
                self._pause(attempt)
            else:
                return

    def _update(self, job: Job, actions: list[Action], condition: Condition) -> bool:
        try:
            self._jobs(f"LEA#{job.lea}", f"JOB#{job.id}").update(actions=actions, condition=condition)
        except UpdateError as error:
            _check_lost(error)
            return False
        return True

    def _job_row(self, job: Job) -> JobRow:
        return self._jobs(
            f"LEA#{job.lea}",
            f"JOB#{job.id}",
            caller=f"{job.lea}#{job.requester.subject}",
            due=None if job.check_at is None else _DUE,
            next_check_at=_text_or_none(job.check_at),
            expires_at=_epoch(job.requested_at + _KEEP_JOBS),
            report=job.report,
            parameters=dict(job.parameters),
            requester=asdict(job.requester),
            role=job.role,
            snapshots=job.snapshots.to_json(),
            requested_at=_text(job.requested_at),
            state=job.state.value,
            version=job.version,
            total=job.progress.total,
            made=job.progress.made,
            not_included=job.progress.not_included,
            chunks=job.progress.chunks,
            chunks_done=job.progress.chunks_done,
            size=job.progress.size,
            attempts=job.attempts,
            excused=job.excused,
            worker=job.worker,
            leased_until=_text_or_none(job.leased_until),
            progressed_at=_text_or_none(job.progressed_at),
            ended_at=_text_or_none(job.ended_at),
            files=[asdict(file) for file in job.files] or None,
            reason=job.reason,
            secret=None if job.secret is None else asdict(job.secret),
            retry=None if job.retry is None else asdict(job.retry),
        )


def _job(row: JobRow) -> Job:
    return Job(
        id=row.sk.removeprefix("JOB#"),
        lea=CdsCode(row.pk.removeprefix("LEA#")),
        report=row.report,
        parameters=row.parameters,
        requester=Identity(**row.requester),
        role=row.role,
        snapshots=Snapshots.from_json(row.snapshots),
        requested_at=datetime.fromisoformat(row.requested_at),
        state=JobState(row.state),
        version=int(row.version),
        progress=Progress(
            total=int(row.total),
            made=int(row.made),
            not_included=int(row.not_included),
            chunks=int(row.chunks),
            chunks_done=int(row.chunks_done),
            size=int(row.size),
        ),
        attempts=int(row.attempts),
        excused=int(row.excused),
        worker=row.worker,
        leased_until=_time(row.leased_until),
        pace=Pace(
            began_at=_time(row.pace_began_at),
            ended_at=_time(row.pace_ended_at),
            chunks=int(row.pace_chunks),
            items=int(row.pace_items),
            busy=int(row.pace_busy) * _BUSY_UNIT,
        ),
        progressed_at=_time(row.progressed_at),
        ended_at=_time(row.ended_at),
        check_at=_time(row.next_check_at),
        files=tuple(ReportFile(**file) for file in row.files or ()),
        reason=row.reason,
        secret=None if row.secret is None else JobSecret(**row.secret),
        retry=None if row.retry is None else Retry(**row.retry),
        retried_as=row.retried_as,
        notice=Notice(
            state=NoticeState(row.notice_state),
            claimed_until=_time(row.notice_claimed_until),
            sent_at=_time(row.notice_sent_at),
            link_expires_at=_time(row.link_expires_at),
            wanted_at=_time(row.notice_wanted_at),
        ),
    )


def _chunk(row: ChunkRow) -> Chunk:
    return Chunk(
        number=int(row.number),
        count=int(row.items),
        name=row.name,
        state=ChunkState(row.state),
        attempts=int(row.attempts),
        excused=int(row.excused),
        worker=row.worker,
        leased_until=_time(row.leased_until),
        began_at=_time(row.began_at),
        ended_at=_time(row.ended_at),
        made=int(row.made),
        not_included=int(row.not_included),
        size=int(row.size),
    )


def _chunk_key(job: Job, number: int) -> tuple[str, str]:
    return f"LEA#{job.lea}", f"CHUNK#{job.id}#{number:06d}"


def _key_of(key: RequestKey) -> tuple[str, str]:
    return f"LEA#{key.lea}", f"KEY#{key.digest}"


def _text(time: datetime) -> str:
    """Return a time so that text order is time order."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _text_or_none(time: datetime | None) -> str | None:
    return None if time is None else _text(time)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _epoch(time: datetime) -> int:
    return int(time.timestamp())


def _check_lost(error: PynamoDBException) -> None:
    """Return if a condition failed; raise anything else again."""
    if not condition_failed(error):
        raise error


def _only_met_another(error: TransactWriteError) -> bool:
    """Tell whether another transaction was at the same rows, and nothing else was wrong."""
    return cancellation_codes(error) == {"TransactionConflict"}


def _pause(attempt: int) -> None:
    """Wait for a moment that is longer with each attempt, and not as long as the others wait."""
    sleep(randbelow(min(20 * 2**attempt, 1000)) / 1000)
