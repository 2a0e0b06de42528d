"""Chunks that nobody can build: the job comes to an end all the same, and says what is missing."""

import io
import zipfile
from collections import Counter

import pytest

from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.timing import CHECK_BUILD, CHECK_SOON, DEADLINE, LEASE, MOST_ATTEMPTS
from lea_reports.telemetry.events import Event
from local.archive_check import NOT_INCLUDED, read_list

DELIVERIES = 5


@pytest.fixture
def poisoned(site):
    """Let every build of a chunk with one of these SSIDs fail, as if its memory were not enough."""

    def poison(*ssids):
        engine = site.engine

        class Starved(type(engine)):
            def single_files(self, results, **options):
                for result in results:
                    if result.ssid in ssids:
                        raise MemoryError
                    yield from super().single_files([result], **options)

        site.engine = Starved()

    return poison


def run_with_dead_letters(site, until):
    """Work as the queue does: five deliveries of a message, and reconcile each few minutes."""
    dead_letters = 0
    while site.now < until:
        for queue in (site.builds, site.notices):
            while queue.sent:
                message = queue.sent.pop(0)
                dead_letters += not any(_taken(site, message, delivery) for delivery in range(DELIVERIES))
        site.now += CHECK_SOON
        reconcile(site.dependencies, site.now)
    return dead_letters


def _taken(site, message, delivery):
    try:
        site.take(message, worker=f"worker-{site.now}-{delivery}")
    except MemoryError:
        return False
    return True


def missing(site, job):
    """Return the reasons in an archive's list of what is not included."""
    content = site.storage.objects[site.job(job).files[0].key]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return Counter(row["Reason"] for row in read_list(archive, NOT_INCLUDED))


def test_a_chunk_that_always_fails_is_given_up_and_the_others_are_delivered(site, selection, poisoned):
    """Two messages with five deliveries each were in vain: its SSRs are listed, nobody waits until the deadline."""
    poisoned("1000000002", "1000000003")
    job = site.submit(selection)

    dead_letters = run_with_dead_letters(site, site.now + 4 * CHECK_BUILD)

    assert dead_letters == MOST_ATTEMPTS / DELIVERIES
    done = site.job(job)
    assert done.state is JobState.READY
    assert (done.progress.total, done.progress.made, done.progress.not_included) == (5, 3, 2)
    assert missing(site, job) == {"not_built": 2}
    assert [mail.subject.partition(":")[0] for mail in site.mailer.sent] == ["Ready"]
    assert Event.CHUNK_GIVEN_UP in [event for event, _ in site.telemetry.events]


def test_a_job_of_which_nothing_can_be_built_fails_with_a_reason(site, selection, poisoned):
    """An archive that holds nobody would hide that something is wrong."""
    poisoned(*(f"{number}00000000{place}" for number in (1, 2) for place in (1, 2, 3)))
    job = site.submit(selection)

    run_with_dead_letters(site, site.now + 4 * CHECK_BUILD)

    assert (site.job(job).state, site.job(job).reason) == (JobState.FAILED, "not_built")
    assert site.job(job).files == ()
    assert [mail.subject.partition(":")[0] for mail in site.mailer.sent] == ["Not made"]


def test_a_chunk_that_is_built_just_now_is_not_given_up(site, selection):
    """The eleventh worker may be the one that makes it."""
    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    jobs = site.jobs
    for attempt in range(MOST_ATTEMPTS):
        jobs.claim_chunk(job, 0, f"worker-{attempt}", site.now, site.now + LEASE)
        site.now += LEASE
    jobs.claim_chunk(job, 0, "the last", site.now, site.now + 2 * LEASE)
    site.now += LEASE

    reconcile(site.dependencies, site.now)

    assert jobs.chunks(job)[0].state is ChunkState.BUILDING


def test_a_message_that_is_sent_again_after_its_chunk_was_given_up_changes_nothing(site, selection, poisoned):
    """An operator who sends the dead letters again cannot count an SSR twice."""
    poisoned("1000000002", "1000000003")
    job = site.submit(selection)
    run_with_dead_letters(site, site.now + 4 * CHECK_BUILD)
    ended = site.job(job)

    for number in range(ended.progress.chunks):
        site.take(BuildMessage(step=Step.CHUNK, lea=job.lea, job=job.id, chunk=number))

    assert site.job(job) == ended
    assert site.now - job.requested_at < DEADLINE
