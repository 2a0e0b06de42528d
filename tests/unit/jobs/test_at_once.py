"""A report that takes a moment: whoever plans it makes it, with one message, one row and one move to its end."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.job import Chunk, Job, JobState, ReportFile, Retry
from lea_reports.jobs.messages import BuildMessage, NoticeMessage, Step
from lea_reports.jobs.plan_job import plan_job
from lea_reports.jobs.producer import Built, Plan
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.submit_request import submit_job
from lea_reports.jobs.timing import CHECK_SOON, LEASE, MOST_STEP_ATTEMPTS
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import JOBS_ENDED, SSRS

from .conftest import COORDINATOR, LEA, NOW


@dataclass
class Greetings:
    """Makes a file that greets some people; `meanwhile` is called while it is built."""

    storage: object
    people: int = 3
    missing: int = 1
    meanwhile: object = lambda: None
    items: object = SSRS
    made: list = field(default_factory=list)

    def plan(self, job, presence):
        """Greet everybody at once."""
        chunks = [Chunk(number=0, count=self.people)] if self.people else []
        return Plan(chunks, not_found=0, at_once=bool(chunks))

    def build(self, job, chunk, presence):
        """Write the file."""
        content = b"Hello. " * (chunk.count - self.missing)
        self.storage.put(f"archives/{job.folder}/greetings.txt", content)
        self.meanwhile()
        self.made.append(job.id)
        return Built(chunk.count - self.missing, self.missing, len(content))

    def finishing(self, job, chunks, presence):
        """Name the file."""
        [chunk] = chunks
        return OneFile(ReportFile(f"archives/{job.folder}/greetings.txt", chunk.size, 1))


@dataclass
class OneFile:
    """The file, which is there."""

    file: ReportFile
    count: int = 1
    concluded: bool = False

    def make(self, number):
        """Return it."""
        return self.file

    def conclude(self):
        """Have nothing to add."""
        self.concluded = True


@pytest.fixture
def greetings(site):
    """Make greetings on the site."""
    return Greetings(site.storage)


@pytest.fixture
def dependencies(site, greetings):
    """Give the worker the producer of greetings."""
    return replace(site.dependencies, producers={"greetings": greetings})


@pytest.fixture
def job(site):
    """Ask for greetings."""
    job = Job(
        id=f"{1:026d}",
        lea=LEA,
        report="greetings",
        parameters={"name": "Spring"},
        requester=COORDINATOR,
        role=f"lea-caaspp-coordinator@{LEA}",
        snapshots=site.datasets.pinned(),
        requested_at=NOW,
        check_at=NOW + CHECK_SOON,
    )
    return submit_job(job, jobs=site.jobs, builds=site.builds, telemetry=site.telemetry)


@pytest.fixture
def take(site, dependencies):
    """Return a function with which a worker takes the message."""

    def take(job, name="worker"):
        plan_job(dependencies, job.lea, job.id, site.worker(name))

    return take


def test_it_is_ready_after_its_first_message(site, job, take):
    """No further message, no row of a chunk; its numbers are those of its items."""
    assert site.builds.sent == [BuildMessage(step=Step.PLAN, lea=LEA, job=job.id)]
    site.builds.sent.clear()

    take(job)

    ready = site.job(job)
    assert ready.state is JobState.READY
    assert site.builds.sent == []
    assert site.jobs.chunks(ready) == []
    assert site.notices.sent == [NoticeMessage(lea=LEA, job=job.id)]
    assert (ready.progress.total, ready.progress.made, ready.progress.not_included) == (3, 2, 1)
    assert (ready.progress.chunks, ready.progress.chunks_done) == (1, 1)
    assert [(file.name, file.size) for file in ready.files] == [("greetings.txt", 14)]
    assert site.storage.objects[ready.files[0].key] == b"Hello. Hello. "


def test_its_items_and_its_end_are_measured(site, job, take):
    """As those of a report that is made in chunks."""
    take(job)

    assert (SSRS.name, 2, "made") in site.telemetry.measures
    assert (JOBS_ENDED.name, 1, "ready") in site.telemetry.measures
    assert Event.JOB_READY in [event for event, _ in site.telemetry.events]


def test_nothing_to_make_is_no_results(site, job, take, greetings):
    """As with every report."""
    greetings.people = 0

    take(job)

    assert site.job(job).state is JobState.NO_RESULTS
    assert len(site.notices.sent) == 1


def test_a_message_that_comes_twice_makes_it_once(site, job, take, greetings):
    """The second finds it at its end."""
    take(job)
    take(job)

    assert greetings.made == [job.id]
    assert len(site.notices.sent) == 1


def test_two_workers_do_not_make_it_together(site, job, take, greetings):
    """The second delivery comes while the first is at it: the lease is held."""
    greetings.meanwhile = lambda: (setattr(greetings, "meanwhile", lambda: None), take(job, "second"))

    take(job, "first")

    assert greetings.made == [job.id]
    assert site.job(job).state is JobState.READY


def test_one_that_was_cancelled_meanwhile_stays_cancelled(site, job, take, greetings):
    """What was made is nobody's: no mail is sent, and nothing is counted as made."""
    greetings.meanwhile = lambda: cancel_job(
        site.job(job), jobs=site.jobs, telemetry=site.telemetry, now=site.now
    )

    take(job)

    assert site.job(job).state is JobState.CANCELLED
    assert site.job(job).files == ()
    assert site.notices.sent == []
    assert SSRS.name not in [name for name, *_ in site.telemetry.measures]


def test_a_worker_whose_lease_went_to_another_leaves_it_alone(site, job, take, greetings):
    """It was away for longer than its lease; the other one finishes the report."""

    def be_away():
        greetings.meanwhile = lambda: None
        site.now += LEASE + timedelta(seconds=1)
        take(job, "second")

    greetings.meanwhile = be_away

    take(job, "first")

    assert site.job(job).state is JobState.READY
    assert len(site.notices.sent) == 1
    assert [value for name, value, _ in site.telemetry.measures if name == JOBS_ENDED.name] == [1]


def test_the_mail_of_a_worker_that_died_after_the_move_is_sent_by_reconcile(site, job, dependencies):
    """The job is ready, and nobody was told."""

    class Dead(BaseException):
        """The process is gone."""

    class DeadQueue:
        def send(self, messages):
            raise Dead

    dying = replace(dependencies, notices=DeadQueue())
    with pytest.raises(Dead):
        plan_job(dying, job.lea, job.id, site.worker("dying"))
    assert site.job(job).state is JobState.READY

    site.now += CHECK_SOON
    reconcile(dependencies, site.now)

    assert site.notices.sent == [NoticeMessage(lea=LEA, job=job.id)]


def test_one_that_cannot_be_made_is_given_up(site, job, take, greetings):
    """After as many attempts as every plan has."""

    def fail():
        raise ValueError("Zhang")

    greetings.meanwhile = fail
    for number in range(MOST_STEP_ATTEMPTS):
        with pytest.raises(ValueError, match="Zhang"):
            take(job, f"worker-{number}")

    assert (site.job(job).state, site.job(job).reason) == (JobState.FAILED, "not_planned")
    assert len(site.notices.sent) == 1


def test_a_retry_of_one_that_was_given_up_makes_it(site, job, take, greetings):
    """It has no list of what it lacks: everything is made."""
    greetings.meanwhile = lambda: 1 / 0
    for number in range(MOST_STEP_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            take(job, f"worker-{number}")
    greetings.meanwhile = lambda: None

    again = replace(job, id=f"{2:026d}", retry=Retry(job.id))
    again = submit_job(again, jobs=site.jobs, builds=site.builds, telemetry=site.telemetry)
    take(again)

    assert site.job(again).state is JobState.READY


def test_only_a_plan_of_one_chunk_is_made_at_once():
    """Several are what the queue is for."""
    with pytest.raises(ValueError, match="one chunk"):
        Plan([Chunk(number=0, count=1), Chunk(number=1, count=1)], at_once=True)
