"""`lea-reports report`: make a report on this machine, from a folder that `ingest --to` wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click
from ulid import ULID

from cli.place import Place
from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, RoleAssignment
from lea_reports.assessments import program_day
from lea_reports.catalog import CATALOG
from lea_reports.datasets.reader import DatasetReader
from lea_reports.errors import Invalid
from lea_reports.jobs.build_chunk import build_chunk
from lea_reports.jobs.dependencies import BuildDependencies
from lea_reports.jobs.finish_job import finish_job
from lea_reports.jobs.folder_storage import FolderStorage
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import BuildMessage, MemoryQueue, Step
from lea_reports.jobs.plan_job import plan_job
from lea_reports.jobs.store import MemoryJobStore
from lea_reports.jobs.submit_request import submit_request
from lea_reports.jobs.timing import INVOCATION
from lea_reports.jobs.worker import Worker
from lea_reports.organizations import CdsCode
from lea_reports.producers import producers_of
from lea_reports.reports.request import report_request
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr_archive.planning import Limits
from lea_reports.telemetry.events import MemoryTelemetry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from lea_reports.jobs.job import Job

FONTS = Path(__file__).parents[1] / "build" / "layers" / "fonts" / "fonts"
"""Where `make setup` builds the fonts of a checkout."""

_CHUNK = 500  # SSRs that are held at once
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("code")
@click.option("--lea", required=True, help="The LEA, by CDS code.")
@click.option(
    "--parameters",
    default="{}",
    show_default=True,
    metavar="JSON",
    help="The body of the API's request without `report`; see docs/api/openapi.json.",
)
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(),
    help="The folder that `lea-reports ingest --to` wrote.",
)
@click.option("--to", "target", required=True, type=_FOLDER, help="Where the files are written.")
@click.option(
    "--fonts",
    type=_FOLDER,
    default=FONTS,
    envvar="FONTS_DIR",
    show_envvar=True,
    help="The folder of the fonts layer; that of the checkout, if it is not given.",
)
def report(code: str, lea: str, parameters: str, source: str, target: Path, fonts: Path) -> None:
    """Make the report CODE for an LEA on this machine, through the same code that makes it on AWS.

    `lea-reports reports` lists the codes. No e-mail is sent, and nothing is kept but the files.
    """
    place = Place.of(source, None, "where the datasets are")
    place.require()
    now = datetime.now(UTC)
    asked = report_request({**_body(parameters), "report": code}, CATALOG)
    with TemporaryDirectory() as work:
        site = _Site(DatasetReader(place.objects), FolderStorage(Path(work)), fonts)
        # Program staff may ask for every report, of every LEA.
        role = RoleAssignment(min(asked.report.roles), CdsCode(lea))
        person = Identity("program-staff", "program-staff")
        job = submit_request(
            asked=asked,
            secret=asked.secret(person.subject, token_bytes),
            caller=Caller(person, role),
            job_id=str(ULID()),
            now=now,
            jobs=site.jobs,
            datasets=site.datasets,
            builds=site.builds,
            telemetry=site.telemetry,
        )
        job = site.made(job)
        if job.state is JobState.NO_RESULTS:
            hints = asked.report.hints(job.parameters, program_day(now))
            raise click.ClickException("\n".join(["Nothing was found.", *hints]))
        if job.state is not JobState.READY:
            raise click.ClickException(f"The report could not be made: {job.reason}.")
        _deliver(job, site.storage, target)


@click.command()
def reports() -> None:
    """List the codes and titles of all reports."""
    widest = max(map(len, CATALOG))
    for code, definition in CATALOG.items():
        click.echo(f"{code:<{widest}}  {definition.title}")


@dataclass
class _Site:
    """What makes a job in this process: its stores, and the messages that wait."""

    datasets: DatasetReader
    storage: FolderStorage
    fonts: Path
    jobs: MemoryJobStore = field(default_factory=MemoryJobStore)
    builds: MemoryQueue = field(default_factory=MemoryQueue)
    telemetry: MemoryTelemetry = field(default_factory=MemoryTelemetry)

    def made(self, job: Job) -> Job:
        """Do the steps of a job until it is at its end, and return it."""
        dependencies = BuildDependencies(
            jobs=self.jobs,
            builds=self.builds,
            notices=MemoryQueue(),
            producers=producers_of(
                datasets=self.datasets,
                storage=self.storage,
                engine=CompiledEngine(self.fonts),
                limits=Limits(chunk_ssrs=_CHUNK),
                telemetry=self.telemetry,
            ),
            telemetry=self.telemetry,
        )
        worker = Worker("this process", lambda: datetime.now(UTC), lambda: INVOCATION)
        while self.builds.sent:
            message = self.builds.sent.pop(0)
            if isinstance(message, BuildMessage):
                _do(message, dependencies, worker)
        return self.jobs.job(job.lea, job.id) or job


def _do(message: BuildMessage, dependencies: BuildDependencies, worker: Worker) -> None:
    match message.step:
        case Step.PLAN:
            plan_job(dependencies, message.lea, message.job, worker)
        case Step.CHUNK:
            build_chunk(dependencies, message.lea, message.job, message.chunk or 0, worker)
        case Step.FINISH:
            finish_job(dependencies, message.lea, message.job, worker)


def _body(parameters: str) -> Mapping[str, Any]:
    """Read the option `--parameters`. Raises `Invalid`."""
    try:
        body = json.loads(parameters)
    except ValueError as error:
        raise Invalid(f"--parameters is no JSON: {error}.") from None
    if not isinstance(body, dict):
        raise Invalid("--parameters is a JSON object, in braces.")
    return body


def _deliver(job: Job, storage: FolderStorage, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for file in job.files:
        storage.move(file.key, target / file.name)
        click.echo(f"{target / file.name}: {file.size:,} bytes")
    words = CATALOG[job.report].words
    click.echo(f"{words.made}: {job.progress.made:,}")
    if words.not_included is not None:
        click.echo(f"{words.not_included}: {job.progress.not_included:,}")
