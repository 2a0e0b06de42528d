"""Makes reports that are one table, as a producer of reports: each is one chunk that is made at once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.assessments import program_day
from lea_reports.datasets.lea_data import LeaData
from lea_reports.file_names import report_word
from lea_reports.jobs.job import Chunk, ReportFile
from lea_reports.jobs.producer import Built, Plan
from lea_reports.local_time import day_spelled_out, spelled_out
from lea_reports.reports.table import FileFormat, Table
from lea_reports.tabular.delimited import write_csv
from lea_reports.tabular.workbook import About, write_workbook
from lea_reports.telemetry.metrics import ROWS, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.storage import Storage
    from lea_reports.reports.definition import ReportDefinition
    from lea_reports.reports.table import Cell

_LOOKED_AFTER = 1000  # rows


@dataclass(frozen=True, slots=True)
class Tables:
    """Writes the table of a job as one file; the items are its rows. `reports` has them by code."""

    reports: Mapping[str, ReportDefinition]
    datasets: DatasetReader
    storage: Storage
    items: Metric = ROWS

    def plan(self, job: Job, presence: Presence) -> Plan:
        """Count the rows."""
        count = sum(1 for _ in self._rows(job, presence))
        return Plan([Chunk(number=0, count=count)] if count else [], at_once=bool(count))

    def build(self, job: Job, chunk: Chunk, presence: Presence) -> Built:
        """Write the file; it is small enough to be held in memory."""
        table, file = self._table(job), io.BytesIO()
        rows = self._rows(job, presence)
        match FileFormat(str(job.parameters["format"])):
            case FileFormat.CSV:
                write_csv(file, table.columns, rows)
            case FileFormat.XLSX:
                write_workbook(file, self._about(job), table.columns, rows)
        content = file.getvalue()
        self.storage.put(_key(job), content)
        return Built(chunk.count, 0, len(content))

    def finishing(self, job: Job, chunks: Sequence[Chunk], _presence: Presence) -> WrittenFile:
        """Return the file, which is finished."""
        return WrittenFile(job, chunks)

    def _rows(self, job: Job, presence: Presence) -> Iterator[Sequence[Cell]]:
        """Yield the rows as they were on the day of the request, whenever they are made."""
        data, day = LeaData(self.datasets, job.snapshots, job.lea), program_day(job.requested_at)
        rows: Iterable[Sequence[Cell]] = self._table(job).rows(data, job.parameters, day)
        for number, row in enumerate(rows):
            if number % _LOOKED_AFTER == 0:
                presence.look()
            yield row

    def _table(self, job: Job) -> Table:
        match self.reports[job.report].output:
            case Table() as table:
                return table
            case other:
                raise TypeError(f"{other} is no table")

    def _about(self, job: Job) -> About:
        report = self.reports[job.report]
        data = LeaData(self.datasets, job.snapshots, job.lea)
        lea = data.directory.lea
        facts = [
            ("Report", report.title),
            ("LEA", f"{lea.name} ({lea.cds_code})"),
            ("Requested", spelled_out(job.requested_at, job.requester.time_zone)),
        ]
        if data.roster is not None:
            facts.append(("Students enrolled as of", day_spelled_out(data.roster.as_of)))
        facts += report.choices(job.parameters)
        return About(report.title, job.requested_at, facts)


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The one file of a table, written when its chunk was built."""

    job: Job
    chunks: Sequence[Chunk]
    count: int = 1

    def continues(self, _files: Sequence[ReportFile]) -> bool:
        """Return True: it is the same file however often it is made."""
        return True

    def pass_over(self, _number: int) -> None:
        """Do nothing: there is no other file."""

    def make(self, _number: int) -> ReportFile:
        """Return the file."""
        return ReportFile(_key(self.job), self.chunks[0].size, 1)

    def conclude(self) -> None:
        """Do nothing: a table lists nothing that it lacks."""


def _key(job: Job) -> str:
    return f"archives/{job.folder}/{report_word(job.name)}.{job.parameters['format']}"
