"""The third step: render the SSRs of one chunk and write them as a fragment of the archive."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.listing import Included, NotIncluded
from lea_reports.archive.naming import school_folder, ssr_path
from lea_reports.errors import Transient
from lea_reports.jobs.assemble_archive import send_assembly
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import Step
from lea_reports.jobs.work_area import FragmentIndex, WorkArea
from lea_reports.jobs.workshop import LEASE
from lea_reports.ssr.engine import SsrFailure
from lea_reports.ssr.student_columns import BadRecord
from lea_reports.ssr.student_result import SchoolNames, StudentResult
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import SSRS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.workshop import Workshop
    from lea_reports.organizations import LeaDirectory
    from lea_reports.ssr.engine import MergedFile, SsrEngine, SsrFile

NOT_RENDERED = "not_rendered"
"""The reason of an SSR that the engine breaks on."""


def build_chunk(
    workshop: Workshop, lea: str, job_id: str, number: int, *, worker: str, now: datetime
) -> None:
    """Build a chunk, count it on its job, and have the archive assembled if it was the last one.

    `worker` names this invocation. A bad row, or one that the engine breaks on, fails one SSR, which then stands in
    `not_included.csv`; any other error gives the chunk back for the next delivery. Building again gives the same bytes
    under the same keys.
    """
    job = workshop.jobs.job(lea, job_id)
    if job is None or job.state is not JobState.BUILDING:
        workshop.telemetry.event(Event.STEP_SKIPPED, lea=lea, job=job_id, step=Step.CHUNK.value)
        return
    chunk = workshop.jobs.claim_chunk(job, number, worker, now, now + LEASE)
    if chunk is None:
        workshop.telemetry.event(Event.CHUNK_SKIPPED, lea=lea, job=job_id, chunk=number)
        if _is_last(job):
            send_assembly(workshop, job, now)
        return
    try:
        fragment = _render(workshop, job, chunk)
        index = fragment.index()
        WorkArea(workshop.storage, job).write_fragment(number, fragment.files.content, index)
        built = replace(chunk, made=len(index.included), not_included=len(index.not_included))
        job = workshop.jobs.complete_chunk(job, built)
    except BaseException:
        with suppress(Transient):  # then the lease runs out by itself
            workshop.jobs.release_chunk(job, chunk)
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
    if _is_last(job):
        send_assembly(workshop, job, now)


def _is_last(job: Job) -> bool:
    return job.progress.chunks_done == job.progress.chunks


@dataclass(slots=True)
class _Fragment:
    """A fragment while it is written."""

    files: FragmentWriter = field(default_factory=FragmentWriter)
    included: list[Included] = field(default_factory=list)
    not_included: list[NotIncluded] = field(default_factory=list)

    def add_ssr(self, made: SsrFile) -> None:
        """Add the file of one SSR."""
        path = path_in_archive(made.result)
        self.files.add(path, made.prefix.content, made.tail, crc=made.crc)
        self._include(path, made.sha256, [(made.result, 1, made.pages)])

    def add_merged(self, path: str, merged: MergedFile) -> None:
        """Add a file of many SSRs."""
        self.files.add(path, merged.content)
        rows = [(entry.result, entry.first_page, entry.pages) for entry in merged.entries]
        self._include(path, sha256(merged.content).hexdigest(), rows)

    def _include(self, path: str, digest: str, rows: Sequence[tuple[StudentResult, int, int]]) -> None:
        """List the results of a file, each with its first page and number of pages."""
        for result, first_page, pages in rows:
            self.included.append(
                Included(
                    path,
                    result.ssid,
                    result.school.code,
                    result.grade_assessed,
                    result.language,
                    first_page,
                    pages,
                    digest,
                )
            )

    def add_failure(self, failure: SsrFailure) -> None:
        """Note that an SSR could not be made."""
        self.not_included.append(_missing(failure.result, failure.reason))

    def index(self) -> FragmentIndex:
        """Return what the fragment holds."""
        return FragmentIndex(
            size=self.files.size,
            entries=tuple(self.files.entries),
            included=tuple(self.included),
            not_included=tuple(self.not_included),
        )


def _render(workshop: Workshop, job: Job, chunk: Chunk) -> _Fragment:
    directory = workshop.lake.directory(job.snapshots, job.lea)
    results, missing = [], []
    for result in WorkArea(workshop.storage, job).results(chunk.number, partial(school_names, directory)):
        if isinstance(result, BadRecord):
            missing.append(
                NotIncluded(result.ssid, result.school, result.grade, result.language, "bad_record")
            )
        else:
            results.append(result)
    try:
        return _fragment(workshop.engine, job, chunk, results, missing)
    except Exception:
        sound = _those_that_render(workshop, job, results)
        if len(sound) == len(results) or (not sound and len(results) > 1):
            raise  # the fault is not of single SSRs: an archive without any would hide it
        kept = {id(result) for result in sound}
        broken = [_missing(result, NOT_RENDERED) for result in results if id(result) not in kept]
        return _fragment(workshop.engine, job, chunk, sound, [*missing, *broken])


def _fragment(
    engine: SsrEngine,
    job: Job,
    chunk: Chunk,
    results: Sequence[StudentResult],
    missing: Sequence[NotIncluded],
) -> _Fragment:
    fragment = _Fragment(not_included=list(missing))
    if job.selection.merge:
        title = chunk.name.removesuffix(".pdf")
        merged = engine.merged_file(results, title, tagged=job.selection.tagged, protection=job.protection)
        if merged.entries:
            fragment.add_merged(chunk.name, merged)
        for failure in merged.failures:
            fragment.add_failure(failure)
        return fragment
    for made in engine.single_files(results, protection=job.protection):
        if isinstance(made, SsrFailure):
            fragment.add_failure(made)
        else:
            fragment.add_ssr(made)
    return fragment


def _those_that_render(workshop: Workshop, job: Job, results: Sequence[StudentResult]) -> list[StudentResult]:
    """Return the results that the engine does not break on, by halves: few are broken, and few renders find them."""
    with Attempt() as attempt:
        for _ in workshop.engine.single_files(results):
            pass
    if attempt.error is None:
        return list(results)
    if len(results) == 1:
        workshop.telemetry.event(Event.SSR_FAILED, job=job.id, lea=job.lea, error=attempt.error)
        return []
    middle = len(results) // 2
    halves = (results[:middle], results[middle:])
    return [sound for half in halves for sound in _those_that_render(workshop, job, half)]


def _missing(result: StudentResult, reason: str) -> NotIncluded:
    return NotIncluded(result.ssid, result.school.code, result.grade_assessed, result.language, reason)


def school_names(directory: LeaDirectory, code: str) -> SchoolNames:
    """Return what an SSR says of a school; the code alone stands for one that the LEA no longer has."""
    school = directory.school(code)
    return SchoolNames(
        code=code,
        name=school.name if school else code,
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
