"""How long a job still takes: nothing is said until it holds, and nothing once it does not hold any more."""

import heapq
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.jobs.job import Chunk, JobState, Pace, Progress
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.timing import LEASE
from tests.faults.random_source import RandomSource
from tests.unit.jobs.conftest import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
LOOK_EVERY = 2
"""Seconds; how often a page asks."""


@dataclass(frozen=True)
class Timeline:
    """The chunks of a job as workers built them, in the order in which they were done."""

    chunks: tuple[Chunk, ...]

    @classmethod
    def of(cls, random, *, chunks, workers, seconds, cold_start, uneven):
        """Let workers start cold, one after the other, and build chunks that take about so many seconds each."""
        free = [(cold_start * random.between(1, 2), worker) for worker in range(workers)]
        heapq.heapify(free)
        built = []
        for number in range(chunks):
            began, worker = heapq.heappop(free)
            ended = began + seconds * random.between(1 - uneven, 1 + uneven)
            heapq.heappush(free, (ended, worker))
            built.append(Chunk(number, 1000, began_at=NOW + began * SECOND, ended_at=NOW + ended * SECOND))
        return cls(tuple(sorted(built, key=lambda chunk: chunk.ended_at)))

    def estimates(self):
        """Yield, for every look at the job, what it says and what is true, in seconds."""
        total = sum(chunk.count for chunk in self.chunks)
        end, pace, done, waiting = self.chunks[-1].ended_at, Pace(), 0, list(self.chunks)
        now = NOW
        while now < end:
            while waiting and waiting[0].ended_at <= now:
                chunk = waiting.pop(0)
                pace, done = pace.with_chunk(chunk), done + chunk.count
            left = pace.time_left(total - done, now)
            yield (None if left is None else left / SECOND), (end - now) / SECOND
            now += LOOK_EVERY * SECOND


TIMELINES = st.builds(
    lambda seed, **options: Timeline.of(RandomSource(seed), **options),
    st.integers(0, 2**32),
    chunks=st.integers(1, 400),
    workers=st.sampled_from((1, 2, 8, 40, 200)),
    seconds=st.sampled_from((2, 15, 60, 300)),
    cold_start=st.sampled_from((1, 10)),
    uneven=st.sampled_from((0.0, 0.1, 0.5)),
)


@given(TIMELINES)
def test_every_estimate_is_within_a_factor_of_two_and_a_chunk(timeline):
    """Many workers, one, cold starts, uneven chunks: from the first that is given to the last.

    What is in the middle of being built cannot be seen, nor workers that have not started yet: the time of one chunk
    and one start. When all workers end a round together, the last chunks seem to be a whole round still.
    """
    unseen = 10 + max((chunk.ended_at - chunk.began_at) / SECOND for chunk in timeline.chunks)

    for told, true in timeline.estimates():
        if told is not None:
            assert true / 2 - unseen <= told <= 2 * (true + unseen)


@pytest.mark.parametrize(("chunks", "workers"), [(3, 1), (30, 8), (200, 40), (400, 40)])
def test_an_estimate_is_given_while_there_is_something_to_wait_for(chunks, workers):
    """From the second round of the workers on, and without gaps but for the last moments."""
    timeline = Timeline.of(
        RandomSource(0), chunks=chunks, workers=workers, seconds=60, cold_start=10, uneven=0.1
    )
    told = [given for given, _ in timeline.estimates()]
    first = next(place for place, given in enumerate(told) if given is not None)

    assert first * LOOK_EVERY <= 10 * 2 + 3 * 60
    assert sum(given is None for given in told[first:]) * LOOK_EVERY <= 60


def test_the_first_chunk_of_many_workers_tells_nothing():
    """Eight are at it, and one has finished: by its pace alone all would take eight times as long."""
    timeline = Timeline.of(RandomSource(0), chunks=64, workers=8, seconds=60, cold_start=10, uneven=0.1)

    assert [told for told, _ in timeline.estimates()][: 120 // LOOK_EVERY] == [None] * (120 // LOOK_EVERY)


def test_a_pace_that_does_not_hold_any_more_is_not_told():
    """The next chunk is late by as much as two take: its worker died, or the queue serves others."""
    chunks = [
        Chunk(number, 10, began_at=NOW + number * MINUTE, ended_at=NOW + (number + 1) * MINUTE)
        for number in range(4)
    ]
    pace = Pace()
    for chunk in chunks:
        pace = pace.with_chunk(chunk)

    assert pace.time_left(100, NOW + 4 * MINUTE) == 10 * MINUTE
    assert pace.time_left(100, NOW + 6 * MINUTE) == 8 * MINUTE
    assert pace.time_left(100, NOW + 6.5 * MINUTE) is None
    assert pace.time_left(10, NOW + 5.5 * MINUTE) is None


@pytest.fixture
def half_built(site, selection):
    """Return a job of which one chunk of three is built and nobody is at the others."""
    job = site.submit(selection)
    while site.job(job).progress.chunks_done == 0:
        site.take(site.builds.sent.pop(0))
    site.builds.sent.clear()
    return job


def test_an_estimate_does_not_stand_still_while_nothing_moves(site, half_built):
    """A worker died before it held anything: nothing is claimed meanwhile."""
    pace = Pace(NOW - MINUTE, NOW, chunks=2, items=4, busy=MINUTE)
    job = replace(site.job(half_built), pace=pace)

    told = [job.seconds_left(NOW + minute * MINUTE) for minute in (0, 1, 2, 4)]

    assert told[0] is not None
    assert told[1:] == [None, None, None]


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.BUILDING])
def test_only_a_job_that_is_built_has_an_estimate(site, half_built, state):
    """How long a plan or an assembly takes is not known before."""
    pace = Pace(NOW - MINUTE, NOW, chunks=2, items=4, busy=MINUTE)
    job = replace(site.job(half_built), pace=pace, state=state, progress=Progress(total=5, made=5))

    assert job.seconds_left(NOW) is None


def test_a_worker_that_died_before_it_held_its_chunk_costs_minutes(site, half_built):
    """Its message is hidden for an hour and a half; one chunk that nobody has begun is sent again soon."""
    began = site.now
    while not site.builds.sent:
        site.now += MINUTE
        reconcile(site.dependencies, site.now)

    assert site.now - began <= LEASE + MINUTE
    assert [message.chunk for message in site.builds.sent] == [1]


def test_every_chunk_whose_worker_died_early_is_found_one_after_the_other(site, half_built):
    """Each that is built shows that the queue moves on; the next one is looked for as soon."""
    began = site.now
    while site.job(half_built).state is not JobState.READY and site.now - began < timedelta(minutes=20):
        site.now += MINUTE
        reconcile(site.dependencies, site.now)
        site.run()

    assert site.job(half_built).state is JobState.READY
    assert site.now - began <= 2 * (LEASE + MINUTE)
