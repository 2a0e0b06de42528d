"""What a requester can do with a job: stop it at any point, and have its e-mail again."""

from datetime import timedelta

import pytest

from lea_reports.delivery.repeat_notice import PAUSE, repeat_notice
from lea_reports.errors import Conflict, Gone, Transient
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.job import FILES_KEPT, JobState
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.timing import CHECK_SOON, NOTICE_GIVEN_UP

SECOND = timedelta(seconds=1)


def cancel(site, job):
    """Cancel a job as it was seen."""
    return cancel_job(job, jobs=site.jobs, telemetry=site.telemetry, now=site.now)


def repeat(site, job, notices=None):
    """Ask for the e-mail of a job again."""
    repeat_notice(
        site.job(job),
        jobs=site.jobs,
        notices=notices or site.notices,
        telemetry=site.telemetry,
        now=site.now,
    )


@pytest.mark.parametrize("messages_taken", range(6))
def test_a_job_can_be_stopped_after_any_step(site, selection, messages_taken):
    """Whatever is still in the queues then does nothing: no archive, no e-mail, nothing left to look after."""
    job = site.submit(selection)
    for _ in range(messages_taken):
        queue = site.builds
        if queue.sent:
            site.take(queue.sent.pop(0))
    cancelled = site.job(job).state.is_open and cancel(site, job)
    site.run()
    reconcile(site.dependencies, site.now + timedelta(hours=1))
    site.run()

    if cancelled:
        stopped = site.job(job)
        assert (stopped.state, stopped.files, stopped.check_at) == (JobState.CANCELLED, (), None)
        assert stopped.ended_at == site.now
        assert not site.mailer.sent


def test_a_chunk_that_was_being_built_ends_without_a_fault(site, selection):
    """The job is cancelled under its hands; the last chunk of it does not start an assembly."""
    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    engine = site.engine

    class Meanwhile:
        """Has the job cancelled while an SSR is made."""

        def single_files(self, results, *, encryption=None):
            if site.job(job).state.is_open:
                cancel(site, job)
            return engine.single_files(results, encryption=encryption)

    site.engine = Meanwhile()
    site.run()

    assert site.job(job).state is JobState.CANCELLED
    assert not site.mailer.sent


def test_a_job_that_moves_while_it_is_cancelled_is_cancelled_all_the_same(site, selection):
    """The requester saw an older version of it."""
    seen = site.submit(selection)
    site.take(site.builds.sent.pop(0))

    assert cancel(site, seen).state is JobState.CANCELLED
    assert cancel(site, seen).state is JobState.CANCELLED
    assert cancel(site, site.job(seen)).version == site.job(seen).version


def test_a_job_at_its_end_cannot_be_cancelled(site, selection):
    """The archive is there and the e-mail is out."""
    job = site.submit(selection)
    site.run()

    with pytest.raises(Conflict) as refused:
        cancel(site, job)
    assert [problem.rule for problem in refused.value.problems] == ["already_ended"]


def test_a_notice_comes_again_without_another_build(site, selection):
    """A new link, and the job's end stays when it was."""
    job = site.submit(selection)
    site.run()
    ended_at = site.job(job).ended_at
    site.now += timedelta(days=3)
    repeat(site, job)
    assert not site.builds.sent
    site.run()

    again = site.job(job)
    assert len(site.mailer.sent) == 2
    assert (again.ended_at, again.notice.sent_at, again.check_at) == (ended_at, site.now, None)


def test_two_wishes_for_one_notice_send_one(site, selection):
    """An impatient person clicks twice."""
    job = site.submit(selection)
    site.run()
    site.now += PAUSE
    repeat(site, job)
    repeat(site, job)
    site.run()

    assert len(site.mailer.sent) == 2
    with pytest.raises(Conflict) as refused:
        repeat(site, job)
    assert [problem.rule for problem in refused.value.problems] == ["sent_just_now"]


def test_a_notice_whose_message_was_lost_is_sent_by_reconcile(site, selection):
    """Days after the job's end: what counts is when it was asked for."""
    job = site.submit(selection)
    site.run()
    site.now += timedelta(days=5)

    class Away:
        """A queue that nobody reaches."""

        def send(self, messages):
            raise Transient("The queue did not answer.")

    repeat(site, job, Away())
    site.now += CHECK_SOON + SECOND
    reconcile(site.dependencies, site.now)
    site.run()
    assert len(site.mailer.sent) == 2

    site.now += PAUSE
    repeat(site, job, Away())
    site.now += NOTICE_GIVEN_UP + SECOND
    reconcile(site.dependencies, site.now)
    assert not site.notices.sent
    assert site.job(job).check_at is None


def test_no_notice_comes_again_once_the_archive_is_deleted(site, selection):
    """Its link would lead nowhere."""
    job = site.submit(selection)
    site.run()
    site.now += FILES_KEPT

    with pytest.raises(Gone) as refused:
        repeat(site, job)
    assert [problem.rule for problem in refused.value.problems] == ["report_deleted"]


def test_no_notice_comes_again_of_a_job_without_an_archive(site, selection):
    """Open, or cancelled."""
    job = site.submit(selection)

    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            repeat(site, job)
        assert [problem.rule for problem in refused.value.problems] == ["not_ready"]
        cancel(site, job)
