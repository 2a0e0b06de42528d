"""A build worker in memory with a small district, and a way to run it until its queues are empty."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, Role, RoleAssignment
from lea_reports.assessments import AdministrationYear
from lea_reports.catalog import CATALOG
from lea_reports.catalog.student_score_report_pdfs import REPORT
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import to_parquet
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import partition_key, read_pointer, switch_pointer
from lea_reports.delivery.links import Link
from lea_reports.delivery.mail import MemoryMailer
from lea_reports.delivery.send_notice import send_notice
from lea_reports.jobs.build_chunk import build_chunk
from lea_reports.jobs.dependencies import BuildDependencies, Window
from lea_reports.jobs.finish_job import finish_job
from lea_reports.jobs.messages import BuildMessage, MemoryQueue, NoticeMessage, Step
from lea_reports.jobs.plan_job import plan_job
from lea_reports.jobs.storage import MemoryStorage
from lea_reports.jobs.store import MemoryJobStore
from lea_reports.jobs.submit_request import submit_request
from lea_reports.jobs.timing import INVOCATION
from lea_reports.jobs.worker import Worker
from lea_reports.pdf.encryption import PdfEncryption
from lea_reports.producers import producers_of
from lea_reports.reports.request import ReportRequest, report_request
from lea_reports.ssr.engine.ssr_engine import MergedEntry, MergeOptions, Sink, SsrFailure, SsrFile
from lea_reports.ssr.results.student_result import StudentResult
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.planning import Limits
from lea_reports.ssr_archive.selection import SsrSelection
from lea_reports.storage.objects import MemoryObjects
from lea_reports.telemetry.events import MemoryTelemetry

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
YEAR = AdministrationYear(2026)
LEA, MAPLE, OAK = "99100010000000", "99100010000001", "99100010000002"
COORDINATOR = Identity("subject-1", "coordinator@example.org")


class PlainEngine:
    """An engine whose SSRs say whose they are; English only, as the first engine."""

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: PdfEncryption | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one file per result."""
        under = b"" if encryption is None else encryption.u.hex().encode()
        for result in results:
            if result.language == "en":
                yield SsrFile(result, f"%PDF {result.ssid}".encode() + under, 4)
            else:
                yield SsrFailure(result, "language_not_available")

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        """Make one file of all results."""
        page = 1
        for made in self.single_files(results, encryption=options.encryption):
            if isinstance(made, SsrFailure):
                yield made
            else:
                if page == 1:
                    sink(b"%PDF " + b"tagged " * options.tagged + options.title.encode())
                sink(made.content)
                yield MergedEntry(made.result, page, made.pages)
                page += made.pages


def asked_for(selection: SsrSelection, *, protected: bool = False) -> ReportRequest:
    """Return the request that chooses this."""
    body = {**selection.to_json(), "report": REPORT.code}
    del body["protected"]
    return replace(report_request(body, CATALOG), password="chosen before" if protected else None)


class PlainLinks:
    """Links that lead nowhere."""

    def links(self, job, now):
        """Return links of a day."""
        return [
            Link(f"https://example.org/{archive.key}", NOW + timedelta(hours=24)) for archive in job.files
        ]


@dataclass
class Site:
    """Everything a job needs, in memory."""

    datasets: DatasetReader
    jobs: MemoryJobStore = field(default_factory=MemoryJobStore)
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    builds: MemoryQueue = field(default_factory=MemoryQueue)
    notices: MemoryQueue = field(default_factory=MemoryQueue)
    engine: PlainEngine = field(default_factory=PlainEngine)
    limits: Limits = field(default_factory=lambda: Limits(chunk_ssrs=2, merged_file_ssrs=3))
    window: Window = field(default_factory=Window)
    telemetry: MemoryTelemetry = field(default_factory=MemoryTelemetry)
    mailer: MemoryMailer = field(default_factory=MemoryMailer)
    now: datetime = NOW
    ids: int = 0

    @property
    def dependencies(self) -> BuildDependencies:
        """What a build worker works with."""
        producers = producers_of(
            datasets=self.datasets,
            storage=self.storage,
            engine=self.engine,
            limits=self.limits,
            telemetry=self.telemetry,
        )
        return BuildDependencies(self.jobs, self.builds, self.notices, producers, self.telemetry, self.window)

    def submit(
        self,
        selection: SsrSelection,
        requester: Identity = COORDINATOR,
        role=Role.LEA_CAASPP_COORDINATOR,
        secret=None,
        lea=LEA,
    ):
        """Ask for a report."""
        self.ids += 1
        return submit_request(
            asked=asked_for(selection, protected=secret is not None),
            secret=secret,
            caller=Caller(requester, RoleAssignment(role, lea)),
            job_id=f"{self.ids:026d}",
            now=self.now,
            jobs=self.jobs,
            datasets=self.datasets,
            builds=self.builds,
            telemetry=self.telemetry,
        )

    def worker(self, name: str) -> Worker:
        """Return a worker with all the time it needs, on the site's clock."""
        return Worker(name, lambda: self.now, lambda: INVOCATION)

    def take(self, message: BuildMessage | NoticeMessage, worker: str = "worker") -> None:
        """Do what one message asks for."""
        if isinstance(message, NoticeMessage):
            send_notice(
                self.jobs, PlainLinks(), self.mailer, self.telemetry,
                lea=message.lea, job_id=message.job, now=self.now,
            )  # fmt: skip
        elif message.step is Step.PLAN:
            plan_job(self.dependencies, message.lea, message.job, self.worker(worker))
        elif message.step is Step.CHUNK:
            build_chunk(self.dependencies, message.lea, message.job, message.chunk, self.worker(worker))
        else:
            finish_job(self.dependencies, message.lea, message.job, self.worker(worker))

    def run(self) -> None:
        """Work until both queues are empty."""
        queues = (self.builds, self.notices)
        while any(queue.sent for queue in queues):
            for queue in queues:
                while queue.sent:
                    self.take(queue.sent.pop(0))

    def job(self, job):
        """Return a job as it stands now."""
        return self.jobs.job(job.lea, job.id)


@pytest.fixture
def objects(publish_district):
    """Hold the small district."""
    store = MemoryObjects()
    publish_district(store)
    return store


@pytest.fixture
def new_site(objects):
    """Return a function that makes a site with chunks of two SSRs."""

    def make():
        return Site(DatasetReader(objects))

    return make


@pytest.fixture
def site(new_site):
    """Make one site."""
    return new_site()


@pytest.fixture
def selection():
    """Choose everything, in English."""
    return SsrSelection(
        name="Spring",
        administration_year=YEAR,
        schools=None,
        grades=None,
        start=date(2026, 5, 1),
        end=date(2026, 7, 31),
        assessments=None,
        languages=frozenset({LanguageChoice.ENGLISH_ALL}),
        merge=False,
    )


@pytest.fixture
def with_rows(objects):
    """Return a function that publishes other students and scores."""

    def publish(students, scores):
        for name, snapshot, rows, schema in (
            ("students_by_enrolled", "s2", students, STUDENTS.schema),
            ("scores_by_enrolled", "e2", scores, SCORES.schema),
        ):
            table = pa.Table.from_pylist(rows, schema)
            objects.put(partition_key(name, snapshot, YEAR, LEA), to_parquet(table))
        before = read_pointer(objects)
        switch_pointer(objects, before, {"students_by_enrolled": "s2", "scores_by_enrolled": "e2"}, NOW)

    return publish
