"""A plan or an assembly that nobody can do: the job fails with a reason and its mail, within the half hour."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from lea_reports.errors import Transient
from lea_reports.jobs.job import JobState
from lea_reports.jobs.reconcile import reconcile
from lea_reports.telemetry.events import Event

HALF_AN_HOUR = timedelta(minutes=30)
DELIVERIES = 5
FIRST_PAUSE = timedelta(seconds=30)
HIDDEN = timedelta(minutes=90)
TICK = timedelta(seconds=10)


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Clockwork:
    """The queues with their pauses, and reconcile each minute, around a site."""

    site: object
    hidden: list = field(default_factory=list)
    dead_letters: int = 0
    workers: int = 0

    def run_until(self, done, most):
        """Let time pass until something is true; returns how long it took, `most` at the longest."""
        began = self.site.now
        while not done() and self.site.now - began < most:
            self._deliver()
            if not (self.site.now - began) % timedelta(minutes=1):
                reconcile(self.site.dependencies, self.site.now)
            self.site.now += TICK
        return self.site.now - began

    def _deliver(self):
        for queue in (self.site.builds, self.site.notices):
            self.hidden += [(self.site.now, message, 1) for message in queue.sent]
            queue.sent.clear()
        ready = [each for each in self.hidden if each[0] <= self.site.now]
        self.hidden = [each for each in self.hidden if each[0] > self.site.now]
        for _, message, receives in ready:
            self._take(message, receives)

    def _take(self, message, receives):
        self.workers += 1
        try:
            self.site.take(message, worker=f"worker-{self.workers}")
        except Killed:
            del self.site.jobs.release_step
            pause = HIDDEN
        except (AttributeError, MemoryError, Transient):
            pause = FIRST_PAUSE * 2 ** (receives - 1)
        else:
            return
        if receives == DELIVERIES:
            self.dead_letters += 1
        else:
            self.hidden.append((self.site.now + pause, message, receives + 1))


@pytest.fixture
def clockwork(site):
    """Put the site into its queues."""
    return Clockwork(site)


@pytest.fixture
def broken(site):
    """Return a function that breaks a step of every job from now on, with an error; without one it is whole again."""
    datasets, storage = site.datasets, site.storage
    whole = (datasets.rows, storage.join)

    def breaks(step, error):
        def fail(*_args, **_options):
            if isinstance(error, Killed):
                site.jobs.release_step = fail
            raise error

        datasets.rows, storage.join = whole
        if error is not None and step is JobState.PLANNING:
            datasets.rows = fail
        elif error is not None:
            storage.join = fail

    return breaks


REASONS = {JobState.PLANNING: "not_planned", JobState.FINISHING: "not_finished"}


@pytest.mark.parametrize("step", REASONS)
@pytest.mark.parametrize("error", [AttributeError("Zhang"), MemoryError(), Killed()])
def test_a_step_that_nobody_can_do_ends_the_job_within_half_an_hour(
    site, selection, clockwork, broken, step, error
):
    """Whether it raises, or kills its worker, who cannot say so: with its reason, and the requester is told."""
    broken(step, error)
    job = site.submit(selection)

    taken = clockwork.run_until(lambda: site.mailer.sent, HALF_AN_HOUR)

    assert taken < HALF_AN_HOUR
    assert (site.job(job).state, site.job(job).reason) == (JobState.FAILED, REASONS[step])
    assert [mail.subject.partition(":")[0] for mail in site.mailer.sent] == ["Not made"]
    assert (Event.JOB_FAILED, {"job": job.id, "lea": job.lea, "rule": REASONS[step]}) in (
        site.telemetry.events
    )


@pytest.mark.parametrize("error", [AttributeError("Zhang"), Killed()])
def test_it_is_half_an_hour_even_if_the_first_message_was_lost(site, selection, clockwork, broken, error):
    """Or if whoever took it died before it held anything."""
    broken(JobState.PLANNING, error)
    job = site.submit(selection)
    site.builds.sent.clear()

    assert clockwork.run_until(lambda: site.mailer.sent, HALF_AN_HOUR) < HALF_AN_HOUR
    assert site.job(job).reason == "not_planned"


@pytest.mark.parametrize("step", REASONS)
def test_a_fault_that_goes_away_in_time_fails_nothing(site, selection, clockwork, broken, step):
    """Five deliveries are in vain; a quarter of an hour later somebody has mended it."""
    broken(step, AttributeError("Zhang"))
    job = site.submit(selection)
    clockwork.run_until(lambda: clockwork.dead_letters == 1, HALF_AN_HOUR)
    assert clockwork.dead_letters == 1

    broken(step, None)
    clockwork.run_until(lambda: site.mailer.sent, HALF_AN_HOUR)

    assert site.job(job).state is JobState.READY


@pytest.mark.parametrize("step", [JobState.PLANNING, JobState.BUILDING, JobState.FINISHING])
def test_what_is_away_for_an_hour_fails_no_job(site, selection, clockwork, broken, step):
    """Every job that is under way meets a throttled bucket; what is asked of it says nothing of the job."""
    if step is JobState.BUILDING:
        upload, site.storage.upload = site.storage.upload, None
        site.storage.upload = lambda key: (_ for _ in ()).throw(Transient(key))
    else:
        broken(step, Transient("away"))
    job = site.submit(selection)
    clockwork.run_until(lambda: site.mailer.sent, 2 * HALF_AN_HOUR)
    assert site.job(job).state is step

    if step is JobState.BUILDING:
        site.storage.upload = upload
    else:
        broken(step, None)
    clockwork.run_until(lambda: site.mailer.sent, HALF_AN_HOUR)

    assert site.job(job).state is JobState.READY
    assert (site.job(job).progress.made, site.job(job).progress.not_included) == (5, 0)


def test_a_job_that_failed_for_a_reason_can_be_asked_for_again(site, selection, clockwork, broken):
    """Once the reason is gone the same request is a new job."""
    broken(JobState.PLANNING, AttributeError("Zhang"))
    first = site.submit(selection)
    clockwork.run_until(lambda: site.mailer.sent, HALF_AN_HOUR)

    broken(JobState.PLANNING, None)
    second = site.submit(selection)
    clockwork.run_until(lambda: len(site.mailer.sent) > 1, HALF_AN_HOUR)

    assert second.id != first.id
    assert site.job(second).state is JobState.READY


def test_a_plan_that_runs_for_longer_than_its_lease_keeps_it(site, selection):
    """It is heard of after each roster; whoever gets the message again finds it taken."""
    job = site.submit(selection)
    (plan,) = site.builds.sent
    storage, claims = site.storage, []
    put = storage.put

    def slow_put(key, content):
        site.now += timedelta(minutes=2)
        stored = site.job(job)
        claims.append(site.jobs.claim_step(stored, "another", site.now, site.now + timedelta(minutes=3)))
        put(key, content)

    site.storage = storage
    storage.put = slow_put
    site.take(plan)

    assert len(claims) == 3
    assert claims == [None] * 3
    assert site.job(job).state is JobState.BUILDING
