"""A worker that builds for long: it is heard of, it stops when it has to, and it holds back nobody."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from lea_reports.errors import Transient
from lea_reports.jobs.build_chunk import build_chunk
from lea_reports.jobs.dependencies import Window
from lea_reports.jobs.finish_job import finish_job, send_finish
from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import Step
from lea_reports.jobs.presence import OutOfTime
from lea_reports.jobs.storage import SENT_AT_ONCE
from lea_reports.jobs.timing import HEARTBEAT, INVOCATION, LEASE, TIME_TO_STOP
from lea_reports.jobs.worker import Worker
from lea_reports.ssr.engine.ssr_engine import NOT_RENDERED, SsrFailure
from lea_reports.ssr_archive.build import EngineBroken
from lea_reports.ssr_archive.listing import Included
from lea_reports.ssr_archive.planning import Limits
from lea_reports.ssr_archive.work_area import FragmentIndex, WorkArea
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault


@dataclass
class SlowEngine:
    """An engine that takes a minute for each SSR, and lets something happen meanwhile."""

    engine: object
    site: object
    meanwhile: Callable[[], None] = field(default=lambda: None)

    def single_files(self, results, *, encryption=None):
        """Make one file per result."""
        for made in self.engine.single_files(results, encryption=encryption):
            self.site.now += timedelta(minutes=1)
            self.meanwhile()
            yield made


@pytest.fixture
def slow(site, selection):
    """Return a site with one chunk of five SSRs, planned, whose engine is slow."""
    site.limits, site.engine = Limits(chunk_ssrs=10), SlowEngine(site.engine, site)
    site.submit(selection)
    site.take(site.builds.sent.pop(0))
    return site


def the_job(site):
    """Return the only job of a site."""
    (message, *_) = site.builds.sent
    return site.jobs.job(message.lea, message.job)


def test_a_worker_longer_at_work_than_a_lease_keeps_its_chunk(slow):
    """It is heard of after every SSR here; whoever gets the message again finds the chunk taken."""
    job = the_job(slow)
    assert timedelta(minutes=5) > LEASE
    claims = []
    slow.engine.meanwhile = lambda: claims.append(
        slow.jobs.claim_chunk(job, 0, "another", slow.now, slow.now + LEASE)
    )

    slow.run()

    assert claims == [None] * 5
    assert slow.job(job).state is JobState.READY
    assert slow.jobs.chunks(job)[0].attempts == 1


def test_a_worker_stops_soon_after_its_job_was_cancelled(slow):
    """The chunk is given back and nothing of it is stored; the message is done with."""
    job = the_job(slow)
    made = []

    def cancel():
        made.append(slow.now)
        if len(made) == 2:
            stored = slow.job(job)
            slow.jobs.move(stored, stored.moved(JobState.CANCELLED, slow.now, check_after=None))

    slow.engine.meanwhile = cancel
    slow.take(slow.builds.sent.pop(0))

    assert len(made) == 2
    assert slow.jobs.chunks(job)[0].state is ChunkState.WAITING
    assert not [key for key in slow.storage.objects if "fragment" in key]
    assert Event.CHUNK_STOPPED in [event for event, _ in slow.telemetry.events]


def test_a_worker_that_lost_its_chunk_stops_and_leaves_it_to_the_other(slow):
    """It was away for longer than its lease, and another is at it."""
    job = the_job(slow)

    def lose():
        slow.now += LEASE + HEARTBEAT
        slow.jobs.claim_chunk(job, 0, "another", slow.now, slow.now + LEASE)
        slow.engine.meanwhile = lambda: None

    slow.engine.meanwhile = lose
    slow.take(slow.builds.sent.pop(0))

    (chunk,) = slow.jobs.chunks(job)
    assert (chunk.state, chunk.worker) == (ChunkState.BUILDING, "another")
    assert slow.job(job).progress.done == 0


def test_a_worker_whose_time_is_nearly_up_gives_its_chunk_back(slow):
    """The queue delivers the message again, and the next one has all its time."""
    job, message, ends = (
        the_job(slow),
        slow.builds.sent[0],
        slow.now + timedelta(minutes=3, seconds=15),
    )
    worker = Worker("short", lambda: slow.now, lambda: ends - slow.now)

    with pytest.raises(OutOfTime):
        build_chunk(slow.dependencies, message.lea, message.job, message.chunk, worker)

    assert ends - slow.now == timedelta(seconds=15) < TIME_TO_STOP
    assert slow.jobs.chunks(job)[0].state is ChunkState.WAITING
    slow.run()
    assert slow.job(job).state is JobState.READY


def test_an_engine_that_breaks_on_every_ssr_of_a_chunk_is_broken_itself(slow):
    """No archive is delivered that holds nobody because of a fault of ours."""

    class BrokenEngine:
        def single_files(self, results, *, encryption=None):
            return (SsrFailure(result, NOT_RENDERED, Fault("ZeroDivisionError")) for result in results)

    slow.engine = BrokenEngine()
    job = the_job(slow)

    with pytest.raises(EngineBroken):
        slow.run()
    assert slow.job(job).progress.done == 0


@pytest.fixture
def chunks_of_one(site, selection):
    """Return a site with a job of five chunks, of which two may be open at once."""
    site.limits, site.window = Limits(chunk_ssrs=1), Window(2)
    site.submit(selection)
    site.take(site.builds.sent.pop(0))
    return site


def test_a_chunk_that_is_done_sends_the_one_that_waited_for_it(chunks_of_one):
    """Never more than two chunks are open, and every one gets its turn."""
    builds, job, most, taken = chunks_of_one.builds, the_job(chunks_of_one), 0, []
    while builds.sent[0].step is Step.CHUNK:
        most = max(most, len(builds.sent))
        message = builds.sent.pop(0)
        taken.append(message.chunk)
        chunks_of_one.take(message)
    chunks_of_one.run()

    assert (most, taken) == (2, [0, 1, 2, 3, 4])
    assert chunks_of_one.job(job).state is JobState.READY


def test_a_chunk_that_was_done_and_could_not_send_the_next_sends_it_when_it_is_delivered_again(chunks_of_one):
    """The worker died between its two last steps."""

    class DeafQueue:
        def send(self, messages):
            raise Transient("away")

    working, message = chunks_of_one.builds, chunks_of_one.builds.sent.pop(0)
    chunks_of_one.builds = DeafQueue()
    with pytest.raises(Transient):
        chunks_of_one.take(message)
    chunks_of_one.builds = working
    chunks_of_one.take(message, worker="again")

    assert [sent.chunk for sent in working.sent] == [1, 2]


def test_what_waits_for_a_chunk_that_fails_is_sent_all_the_same(chunks_of_one):
    """A chunk that fails again and again does not hold back the others."""

    class NoFonts:
        def single_files(self, results, **options):
            raise FileNotFoundError

    message = chunks_of_one.builds.sent.pop(0)
    chunks_of_one.engine = NoFonts()
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            chunks_of_one.take(message)

    assert [sent.chunk for sent in chunks_of_one.builds.sent] == [1, 2]


@pytest.mark.parametrize("chunks", [1, 40, 41, 1062, 10_000])
def test_no_chain_of_chunks_is_long_enough_to_look_like_a_loop(chunks):
    """Lambda stops what follows from itself sixteen times; plan and assembly are links too."""
    assert chunks / Window().of(chunks) <= 8


def test_a_worker_has_the_time_that_lambda_gives():
    """The lease is shorter, and what is left to stop is shorter still."""
    assert HEARTBEAT < TIME_TO_STOP < LEASE < INVOCATION


def test_an_archive_whose_lists_are_long_is_whole(slow):
    """They are sent in several parts, and S3 refuses a part that is too small."""
    job = the_job(slow)
    rows = tuple(
        Included("a.pdf", f"{number:010d}", "99100010000001", "03", "cast", "en", 1, 4, "ab" * 32)
        for number in range(150_000)
    )
    stored = slow.jobs.claim_chunk(job, 0, "worker", slow.now, slow.now + LEASE)
    WorkArea(slow.storage, job).write_index(0, FragmentIndex(0, (), rows, ()))
    done = slow.jobs.complete_chunk(job, stored)
    send_finish(slow.dependencies, done, slow.now)
    finish_job(slow.dependencies, job.lea, job.id, slow.worker("worker"))

    archive = slow.storage.objects[slow.job(job).files[0].key]
    assert len(archive) > SENT_AT_ONCE
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert opened.read("Spring_manifest.csv").count(b"\r\n") == 150_001
