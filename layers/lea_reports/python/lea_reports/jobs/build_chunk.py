"""The third step: render the SSRs of one chunk and write them as a fragment of the archive."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lea_reports.archive.fragment import FragmentWriter, GrowingFile
from lea_reports.archive.listing import Included, NotIncluded
from lea_reports.archive.naming import school_folder, ssr_path
from lea_reports.errors import Transient
from lea_reports.jobs.assemble_archive import send_assembly
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.presence import Presence, Stopped
from lea_reports.jobs.work_area import FragmentIndex, WorkArea
from lea_reports.jobs.workshop import LEASE
from lea_reports.ssr.engine.ssr_engine import MergeOptions, SsrFailure
from lea_reports.ssr.results.student_columns import BadRecord
from lea_reports.ssr.results.student_result import SchoolNames, StudentResult
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import SSRS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.archive.zip_format import ZipEntry
    from lea_reports.datasets import Lake
    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.storage import Upload
    from lea_reports.jobs.workshop import Worker, Workshop
    from lea_reports.organizations import LeaDirectory


class EngineBroken(Exception):
    """The engine broke on every SSR of a chunk: the fault is not of single SSRs."""


def build_chunk(workshop: Workshop, lea: str, job_id: str, number: int, worker: Worker) -> None:
    """Build a chunk, count it on its job, and have the archive assembled if it was the last one.

    A bad row, or one that the engine breaks on, fails one SSR, which then stands in the list of those; any other error
    gives the chunk back for the next delivery, and so does an invocation whose time is nearly up. The worker stops
    early if the job was cancelled. Building again gives the same bytes under the same keys.

    Raises:
        OutOfTime: the time of the invocation is nearly up.
        EngineBroken: the engine broke on every SSR.
    """
    job = workshop.jobs.job(lea, job_id)
    if job is None or job.state is not JobState.BUILDING:
        workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.CHUNK.value)
        return
    now = worker.now()
    chunk = workshop.jobs.claim_chunk(job, number, worker.name, now, now + LEASE)
    if chunk is None:
        workshop.telemetry.event(Event.CHUNK_SKIPPED, lea=lea, job=job_id, chunk=number)
        _go_on(workshop, job, number, worker)
        return
    try:
        index = _build(workshop, job, chunk, worker)
        built = replace(
            chunk,
            made=len(index.included),
            not_included=len(index.not_included),
            size=index.size,
            ended_at=worker.now(),
        )
        job = workshop.jobs.complete_chunk(job, built)
    except Stopped:
        workshop.jobs.release_chunk(job, chunk, excused=True)
        workshop.telemetry.event(Event.CHUNK_STOPPED, lea=lea, job=job_id, chunk=number)
        return
    except BaseException as error:
        with suppress(Transient):  # then the lease runs out by itself
            workshop.jobs.release_chunk(job, chunk, excused=isinstance(error, Transient))
        if chunk.attempts == 1:  # what waits for this chunk does not wait for its next attempt
            with suppress(Transient):
                _send_next(workshop, job, number)
        raise
    workshop.telemetry.event(
        Event.CHUNK_BUILT,
        job=job.id,
        lea=job.lea,
        chunk=number,
        attempt=chunk.attempts,
        made=built.made,
        not_included=built.not_included,
        bytes=index.size,
    )
    workshop.telemetry.measure(SSRS, built.made, "made")
    workshop.telemetry.measure(SSRS, built.not_included, "not_included")
    _go_on(workshop, job, number, worker)


def _go_on(workshop: Workshop, job: Job, number: int, worker: Worker) -> None:
    """Have the archive assembled if every chunk is done; else send the chunk that waited for this one."""
    if job.state is not JobState.BUILDING:
        return
    if job.progress.chunks_done == job.progress.chunks:
        send_assembly(workshop, job, worker.now())
    else:
        _send_next(workshop, job, number)


def _send_next(workshop: Workshop, job: Job, number: int) -> None:
    chunks = job.progress.chunks
    follower = number + workshop.limits.window(chunks)
    if follower < chunks:
        workshop.builds.send([BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=follower)])


def _build(workshop: Workshop, job: Job, chunk: Chunk, worker: Worker) -> FragmentIndex:
    """Render a chunk into its fragment, which is sent while it grows, and store what it holds."""
    work = WorkArea(workshop.storage, job)
    directory = workshop.lake.directory(job.snapshots, job.lea)
    presence = Presence(worker, lambda until: workshop.jobs.renew_lease(job, chunk, until))
    listed = _Listed(workshop, job)
    records = work.results(chunk.number, partial(_school, workshop.lake, job, directory))
    results = listed.sound(_watched(records, presence))
    with work.fragment(chunk.number) as upload:
        if job.selection.merge:
            entries, front = _write_merged(workshop, job, chunk.name, results, listed, upload)
        else:
            entries, front = _write_singles(workshop, job, results, listed, upload)
        listed.check()
        size = upload.complete(front)
    index = FragmentIndex(size, tuple(entries), tuple(listed.included), tuple(listed.not_included))
    work.write_index(chunk.number, index)
    return index


def _watched(
    records: Iterable[StudentResult | BadRecord], presence: Presence
) -> Iterator[StudentResult | BadRecord]:
    """Hand on records, and look after the lease before each one and after the last."""
    for record in records:
        presence.look()
        yield record
    presence.look()


class _Listed:
    """What becomes of the SSRs of a chunk, for the lists of the archive."""

    def __init__(self, workshop: Workshop, job: Job) -> None:
        self._telemetry = workshop.telemetry
        self._job = job
        self._broken = 0
        self.included: list[Included] = []
        self.not_included: list[NotIncluded] = []

    def sound(self, records: Iterable[StudentResult | BadRecord]) -> Iterator[StudentResult]:
        """Hand on the results, and list the records that are none."""
        for record in records:
            if isinstance(record, BadRecord):
                which = (record.ssid, record.school, record.grade, record.assessment, record.language)
                self.not_included.append(NotIncluded(*which, "bad_record"))
            else:
                yield record

    def add_failure(self, failure: SsrFailure) -> None:
        """Note that an SSR could not be made."""
        result = failure.result
        self.not_included.append(
            NotIncluded(
                result.ssid,
                result.school.code,
                result.grade_assessed,
                result.assessment,
                result.language,
                failure.reason,
            )
        )
        if failure.fault is not None:
            self._broken += 1
            self._telemetry.event(
                Event.SSR_FAILED, job=self._job.id, lea=self._job.lea, **failure.fault.fields
            )

    def add(self, path: str, result: StudentResult, first_page: int, pages: int, digest: str) -> None:
        """Note where an SSR stands."""
        self.included.append(
            Included(
                path,
                result.ssid,
                result.school.code,
                result.grade_assessed,
                result.assessment,
                result.language,
                first_page,
                pages,
                digest,
            )
        )

    def complete(self, digest: str) -> None:
        """Note the SHA-256 of the one file in which every SSR stands."""
        self.included = [row._replace(sha256=digest) for row in self.included]

    def check(self) -> None:
        """Raise `EngineBroken` if it broke on all of several SSRs: an archive without any would hide it.

        SSRs that are made once more because they failed may all fail again: that says nothing of the engine.
        """
        if self._broken > 1 and not self.included and self._job.listed_by is None:
            raise EngineBroken


def _write_singles(
    workshop: Workshop, job: Job, results: Iterable[StudentResult], listed: _Listed, upload: Upload
) -> tuple[Sequence[ZipEntry], bytes]:
    files = FragmentWriter(upload.write)
    for made in workshop.engine.single_files(results, encryption=job.protection):
        if isinstance(made, SsrFailure):
            listed.add_failure(made)
            continue
        path = path_in_archive(made.result)
        files.add(path, made.prefix.content, made.tail, crc=made.crc)
        listed.add(path, made.result, 1, made.pages, made.sha256)
    return files.entries, b""


def _write_merged(
    workshop: Workshop,
    job: Job,
    path: str,
    results: Iterable[StudentResult],
    listed: _Listed,
    upload: Upload,
) -> tuple[Sequence[ZipEntry], bytes]:
    file = GrowingFile(upload.write)
    outcomes = workshop.engine.merge(
        results,
        MergeOptions(path.removesuffix(".pdf"), tagged=job.selection.tagged, encryption=job.protection),
        file.write,
    )
    for outcome in outcomes:
        if isinstance(outcome, SsrFailure):
            listed.add_failure(outcome)
        else:
            listed.add(path, outcome.result, outcome.first_page, outcome.pages, "")
    if not listed.included:
        return (), b""
    listed.complete(file.sha256)
    return [file.entry(path)], file.header(path)


def _school(lake: Lake, job: Job, directory: LeaDirectory, code: str) -> SchoolNames:
    """Return the names of a school, which may have gone to another LEA since the roster said that it is of this one."""
    school = directory.school(code)
    return SchoolNames(
        code=code,
        name=school.name if school else lake.name_of(job.snapshots, code) or code,
        lea_code=directory.lea.cds_code,
        lea_name=directory.lea.name,
    )


def path_in_archive(result: StudentResult) -> str:
    """Return where the single file of an SSR stands in its archive."""
    return ssr_path(
        school=school_folder(result.school.code, result.school.name),
        grade=result.grade_assessed,
        last_name=result.last_name,
        first_name=result.first_name,
        ssid=result.ssid,
        test=result.assessment,
        language=result.language,
    )
