"""One huge LEA and fifty small ones share the workers: the small ones hardly notice.

The real steps run in memory, over a queue that prefers the message group with the fewest messages in flight, as SQS
does for a standard queue with message groups. Workers and arrivals are simulated, and each step takes its time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import count

import pyarrow as pa
import pytest

from lea_reports.access.identity import Identity
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import to_parquet
from lea_reports.datasets.snapshots import partition_key, read_pointer, switch_pointer, whole_key
from lea_reports.jobs.dependencies import Window
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import Step
from lea_reports.ssr_archive.planning import Limits
from tests.unit.jobs.conftest import NOW, YEAR

HUGE, SMALL = "99200000000000", [f"9921{number:03d}0000000" for number in range(50)]
CHUNKS = {HUGE: 400} | dict.fromkeys(SMALL, 3)
WORKERS = 10
SECONDS = {Step.PLAN: 2, Step.CHUNK: 5, Step.FINISH: 2}
ARRIVE_WITHIN = 150
LIMITS, WINDOW = Limits(chunk_ssrs=1), Window()


def chances(seed):
    """Yield numbers from 0 to 1 that are the same for the same seed."""
    for number in count():
        yield int.from_bytes(sha256(f"{seed} {number}".encode()).digest()[:6]) / 2**48


@pytest.fixture
def many_leas(new_site, objects, student, score):
    """Return a site with one school in each LEA, and one student for each chunk of it."""
    organizations = []
    for lea, chunks in CHUNKS.items():
        school = f"{lea[:-1]}1"
        organizations += [
            {"cds_code": lea, "kind": "district", "lea": lea, "name": lea, "county_name": "Demo"},
            {"cds_code": school, "kind": "school", "lea": lea, "name": school, "county_name": "Demo"},
        ]
        students = [student(f"{number:010d}", school, "Lee", lea=lea) for number in range(1, chunks + 1)]
        scores = [score(row["ssid"], test, tested_lea=lea) for row in students for test in ("01", "02")]
        for name, snapshot, rows, schema in (
            ("students_by_enrolled", "t", students, STUDENTS.schema),
            ("scores_by_enrolled", "e", scores, SCORES.schema),
        ):
            objects.put(
                partition_key(name, snapshot, YEAR, lea), to_parquet(pa.Table.from_pylist(rows, schema))
            )
    objects.put(
        whole_key("organizations", "many"),
        to_parquet(pa.Table.from_pylist(organizations, ORGANIZATIONS.schema)),
    )
    switch_pointer(objects, read_pointer(objects), {"organizations": "many"}, NOW)
    site = new_site()
    site.limits, site.window = LIMITS, WINDOW
    return site


@dataclass
class Morning:
    """Workers at a queue, and LEAs that ask one after the other."""

    site: object
    selection: object
    chance: Iterator[float]
    jobs: dict[str, object] = field(default_factory=dict)
    asked: dict[str, float] = field(default_factory=dict)
    ready: dict[str, float] = field(default_factory=dict)
    most_open: Counter = field(default_factory=Counter)

    def pass_by(self, arrivals):
        """Let the LEAs arrive (seconds by LEA) and everybody work until all are served; returns the seconds taken."""
        waiting = sorted(arrivals.items(), key=lambda arrival: arrival[1])
        in_flight: list[tuple[float, object]] = []
        clock = 0.0
        queue = self.site.builds.sent
        while waiting or queue or in_flight:
            while queue and len(in_flight) < WORKERS:
                message = self._next(queue, Counter(each.lea for _, each in in_flight))
                in_flight.append((clock + SECONDS[message.step] * (0.8 + 0.4 * next(self.chance)), message))
            ends = [end for end, _ in in_flight]
            clock = min([*ends, *(at for _, at in waiting[:1])])
            self.site.now = NOW + timedelta(seconds=clock)
            while waiting and waiting[0][1] <= clock:
                self._ask(*waiting.pop(0))
            for done in [each for each in in_flight if each[0] <= clock]:
                in_flight.remove(done)
                self.site.take(done[1], worker=f"worker-{clock}")
                self._look(done[1].lea, clock, [*queue, *(message for _, message in in_flight)])
        return {lea: self.ready[lea] - self.asked[lea] for lea in arrivals}

    def _next(self, queue, in_flight):
        """Take a message of the group that has the fewest in flight, the oldest of those."""
        message = min(queue, key=lambda each: in_flight[each.lea])
        queue.remove(message)
        return message

    def _ask(self, lea, at):
        self.asked[lea] = at
        requester = Identity(f"subject-{lea}", "a@example.org")
        self.jobs[lea] = self.site.submit(self.selection, requester, lea=lea)

    def _look(self, lea, clock, unfinished):
        self.most_open[lea] = max(self.most_open[lea], sum(message.lea == lea for message in unfinished))
        if self.site.job(self.jobs[lea]).state is JobState.READY:
            self.ready.setdefault(lea, clock)


@pytest.mark.parametrize("seed", range(3))
def test_a_small_lea_waits_at_most_three_times_as_long_as_alone(many_leas, new_site, selection, seed):
    """Median LEAs ask all the while, and the huge one is built beside them."""
    chance = chances(seed)
    arrivals = {HUGE: 0.0} | {lea: ARRIVE_WITHIN * next(chance) for lea in SMALL}
    alone = new_site()
    alone.limits, alone.window = LIMITS, WINDOW
    (undisturbed,) = Morning(alone, selection, chances(seed)).pass_by({SMALL[0]: 0.0}).values()

    morning = Morning(many_leas, selection, chance)
    taken = morning.pass_by(arrivals)

    assert max(taken[lea] for lea in SMALL) <= 3 * undisturbed
    assert all(many_leas.job(job).progress.made == CHUNKS[lea] for lea, job in morning.jobs.items())
    assert morning.most_open[HUGE] <= WINDOW.of(CHUNKS[HUGE]) == 50
