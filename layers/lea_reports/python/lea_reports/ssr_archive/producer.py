"""Makes archives of SSRs, as the first producer of reports."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lea_reports.assessments import program_day
from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED
from lea_reports.jobs.producer import Built, Plan
from lea_reports.ssr.results.student_columns import COLUMNS_OF_STUDENT
from lea_reports.ssr.results.student_result import SchoolNames
from lea_reports.ssr_archive.assemble import Assembly
from lea_reports.ssr_archive.build import build_fragment
from lea_reports.ssr_archive.not_included import not_included_ssrs
from lea_reports.ssr_archive.planning import only_listed, plan_chunks
from lea_reports.ssr_archive.roster import SCORE_COLUMNS, STUDENT_COLUMNS
from lea_reports.ssr_archive.roster_file import COLUMNS_OF_RECORD
from lea_reports.ssr_archive.roster_of_tables import roster_of_tables
from lea_reports.ssr_archive.selection import SsrSelection
from lea_reports.ssr_archive.work_area import WorkArea
from lea_reports.telemetry.metrics import SSRS, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.storage import Storage
    from lea_reports.organizations import LeaDirectory
    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr_archive.listing import NotIncluded
    from lea_reports.ssr_archive.planning import Limits
    from lea_reports.ssr_archive.roster import RosterEntry
    from lea_reports.telemetry.events import Telemetry

# Whoever plans reads no more than the roster and the SSRs need.
_STUDENT_COLUMNS = tuple(dict.fromkeys((*STUDENT_COLUMNS, *COLUMNS_OF_STUDENT)))
_SCORE_COLUMNS = tuple(dict.fromkeys((*SCORE_COLUMNS, *COLUMNS_OF_RECORD)))


@dataclass(frozen=True, slots=True)
class SsrArchives:
    """Plans the SSRs of a job, builds fragments of the archive and joins them; the items are SSRs."""

    datasets: DatasetReader
    storage: Storage
    engine: SsrEngine
    limits: Limits
    telemetry: Telemetry
    items: Metric = SSRS

    def plan(self, job: Job, presence: Presence) -> Plan:
        """Find the SSRs that a job means and store the roster of each chunk."""
        selection = SsrSelection.from_json(job.parameters)
        year = selection.administration_year
        students = self.datasets.rows(STUDENTS_BY_ENROLLED, job.snapshots, year, job.lea, _STUDENT_COLUMNS)
        scores = self.datasets.rows(SCORES_BY_ENROLLED, job.snapshots, year, job.lea, _SCORE_COLUMNS)
        entries, left_out = self._entries(job, selection, students, scores)
        planned = plan_chunks(entries, self.limits, merge=selection.merge, name=selection.name)
        work = WorkArea(self.storage, job)
        for each in planned:
            presence.look()
            work.write_roster(each.chunk.number, each.entries, students, scores)
        if planned and left_out:
            work.write_left_out(left_out)
        return Plan([each.chunk for each in planned], len(left_out) if planned else 0)

    def build(self, job: Job, chunk: Chunk, presence: Presence) -> Built:
        """Render a chunk into a fragment of the archive."""
        work = WorkArea(self.storage, job)
        directory = self.datasets.directory(job.snapshots, job.lea)
        index = build_fragment(
            work,
            work.results(chunk.number, partial(self._school, job, directory)),
            job,
            chunk,
            engine=self.engine,
            presence=presence,
            telemetry=self.telemetry,
        )
        return Built(len(index.included), len(index.not_included), index.size)

    def finishing(self, job: Job, chunks: Sequence[Chunk], presence: Presence) -> Assembly:
        """Begin to join the archives of a job."""
        return Assembly(self.storage, self.limits, job, chunks, presence)

    def _entries(
        self, job: Job, selection: SsrSelection, students: pa.Table, scores: pa.Table
    ) -> tuple[Iterable[RosterEntry], Sequence[NotIncluded]]:
        """Return the SSRs to make, and the rows of those that a retry was to make and does not find.

        The day is that of the request, not of planning: planning again gives the same plan.
        """
        listed_by, day = job.listed_by, program_day(job.requested_at)
        if listed_by is not None:
            selection = selection.for_retry(day)
        entries = roster_of_tables(selection, students, scores, day=day)
        if listed_by is None:
            return entries, ()
        return only_listed(entries, not_included_ssrs(job.lea, listed_by, self.storage))

    def _school(self, job: Job, directory: LeaDirectory, code: str) -> SchoolNames:
        """Return the names of a school, which may have gone to another LEA since the roster said it is of this one."""
        school = directory.school(code)
        return SchoolNames(
            code=code,
            name=school.name if school else self.datasets.name_of(job.snapshots, code) or code,
            lea_code=directory.lea.cds_code,
            lea_name=directory.lea.name,
        )
