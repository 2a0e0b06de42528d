"""No check that cannot fail: bugs that people write are planted, and the simulator finds each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lea_reports.datasets.lea_data import LeaData
from lea_reports.jobs import reconcile, store
from lea_reports.jobs import step as given_up
from lea_reports.jobs.job import ChunkState
from lea_reports.jobs.store import MemoryJobStore, fingerprint
from lea_reports.ssr_archive import assemble, producer, roster_of_tables
from lea_reports.ssr_archive import roster as roster_module
from lea_reports.ssr_archive.listing import Lists
from lea_reports.ssr_archive.planning import only_listed
from lea_reports.ssr_archive.roster import roster
from lea_reports.tabular import producer as tables
from lea_reports.tabular.producer import Tables
from tests.faults import simulation
from tests.faults.districts import DISTRICTS, PUBLICATIONS
from tests.faults.profile import DIES, HARSH, POISONS
from tests.faults.runs import check_seed, faultless
from tests.faults.watch import Violation

MOST_SEEDS = 600


@pytest.fixture(autouse=True)
def _what_a_bug_made_is_forgotten():
    """Nothing that was made with a bug is compared with what is made without it."""
    yield
    faultless.cache_clear()


class CountsARepeat(MemoryJobStore):
    """Completes a chunk without looking who holds it."""

    def complete_chunk(self, job, chunk):
        current = self._jobs[job.lea, job.id]
        self._chunks[job.lea, job.id][chunk.number] = replace(chunk, state=ChunkState.DONE)
        progress = replace(
            current.progress,
            made=current.progress.made + chunk.made,
            not_included=current.progress.not_included + chunk.not_included,
            chunks_done=current.progress.chunks_done + 1,
        )
        counted = self._jobs[job.lea, job.id] = replace(current, progress=progress)
        return counted


class MovesWithoutACondition(MemoryJobStore):
    """Writes what the worker saw, whoever wrote since."""

    def move(self, before, after):
        self._jobs[before.lea, before.id] = after
        if not after.state.is_open:
            self._open.pop((before.lea, fingerprint(before)), None)


class LeasesToEverybody(MemoryJobStore):
    """Leases a chunk that another holds, or that is done."""

    def claim_chunk(self, job, number, worker, now, leased_until):
        chunk = self._chunks[job.lea, job.id][number]
        leased = replace(chunk, state=ChunkState.BUILDING, worker=worker, leased_until=leased_until)
        self._chunks[job.lea, job.id][number] = leased
        return leased


class OverwritesChunks(MemoryJobStore):
    """Opens chunks again that a faster plan's workers have begun."""

    def add_chunks(self, job, chunks):
        self._chunks.setdefault((job.lea, job.id), {}).update({chunk.number: chunk for chunk in chunks})


class ForgetsOpenRequests(MemoryJobStore):
    """Stores every request as a job of its own."""

    def add(self, job):
        return self._jobs.setdefault((job.lea, job.id), job) is job


class ClaimsEveryNotice(MemoryJobStore):
    """Lets every delivery send the mail."""

    def claim_notice(self, job, now, until):
        return True


class CountsNoAttempt(MemoryJobStore):
    """Leaves it to the worker to say that its attempt was in vain, and the dead say nothing."""

    def claim_step(self, job, worker, now, leased_until):
        held = super().claim_step(job, worker, now, leased_until)
        if held is not None:
            held = self._jobs[job.lea, job.id] = replace(held, attempts=job.attempts)
        return held


@pytest.mark.parametrize("step", ["plan", "assembly"])
def test_attempts_that_are_counted_at_their_end_are_found(monkeypatch, step):
    """A poisoned step that kills its workers keeps its job open for hours."""
    monkeypatch.setattr(simulation, "MemoryJobStore", CountsNoAttempt)

    with pytest.raises(Violation):
        run_seeds(HARSH._replace(poison=step + DIES))


@pytest.mark.parametrize("step", ["plan", "assembly"])
def test_a_step_that_is_never_given_up_is_found(monkeypatch, step):
    """So it was: a plan that fails for a reason that does not go away waited for the deadline."""
    monkeypatch.setattr(given_up, "is_last_attempt", lambda job: False)
    monkeypatch.setattr(reconcile, "is_last_attempt", lambda job: False)

    with pytest.raises(Violation):
        run_seeds(HARSH._replace(poison=step))


@pytest.mark.parametrize("poison", POISONS)
def test_what_finds_bugs_of_given_up_steps_finds_nothing_without_them(poison):
    """A poisoned step ends its jobs in time under every other fault."""
    for seed in range(20):
        check_seed(seed, HARSH._replace(poison=poison))


@pytest.mark.parametrize(
    "buggy",
    [
        CountsARepeat,
        MovesWithoutACondition,
        LeasesToEverybody,
        OverwritesChunks,
        ForgetsOpenRequests,
        ClaimsEveryNotice,
    ],
)
def test_a_bug_in_the_store_is_found(monkeypatch, buggy):
    """Each condition of the table is there for a fault that the simulator makes."""
    monkeypatch.setattr(simulation, "MemoryJobStore", buggy)

    with pytest.raises(Violation):
        run_seeds()


class ForgetfulLists(Lists):
    """Lists what is in an archive, and not what is not."""

    def add(self, included, not_included):
        super().add(included, [])


def prints_every_record(*args, **options):
    """Choose SSRs by the rules, and print all of them: every student has two records, one after the other."""
    for entry in roster(*args, **options):
        first = entry.scores_at[0]
        yield replace(entry, scores_at=(first, first + 1))


def tells_no_size(written, number):
    """Finish a table without saying how large it is."""
    return replace(FILE_OF_TABLE(written, number), size=0)


def counts_one_row_less(maker, job, presence):
    """Plan a table with a row less than it has."""
    plan = PLAN_OF_TABLES(maker, job, presence)
    [chunk] = plan.chunks
    return replace(plan, chunks=[replace(chunk, count=chunk.count - 1)])


PLAN_OF_TABLES, FILE_OF_TABLE = Tables.plan, tables.WrittenFile.make


@pytest.mark.parametrize(
    ("step", "part", "bug"),
    [
        (reconcile, "_set_chunks_going", lambda dependencies, job, now: False),
        (store, "_MOST_MEETINGS", 1),
        (reconcile, "MOST_ATTEMPTS", 1),
        (reconcile, "_set_step_going", lambda dependencies, job, step, now: False),
        (given_up, "MOST_STEP_ATTEMPTS", 1),
        (given_up, "Transient", ZeroDivisionError),
        (assemble, "Lists", ForgetfulLists),
        (assemble.Assembly, "pass_over", lambda assembly, number: None),
        (assemble, "plan_archives", lambda sizes, most: [range(len(sizes))]),
        (producer, "only_listed", lambda roster, listed: (list(roster), ())),
        (producer, "only_listed", lambda roster, listed: (only_listed(roster, listed)[0], ())),
        (producer, "program_day", lambda now: date.max),
        (producer, "program_day", lambda now: now.date() - timedelta(days=1)),
        (roster_module, "has_come", lambda record, day: True),
        (roster_of_tables, "roster", prints_every_record),
        (tables, "LeaData", lambda reader, snapshots, lea: LeaData(reader, PUBLICATIONS[1], lea)),
        (tables, "LeaData", lambda reader, snapshots, lea: LeaData(reader, snapshots, DISTRICTS[0].lea)),
        (tables.WrittenFile, "make", tells_no_size),
        (Tables, "plan", counts_one_row_less),
    ],
)
def test_a_bug_in_a_step_is_found(monkeypatch, step, part, bug):
    """A step that forgets what it is there for breaks a promise."""
    monkeypatch.setattr(step, part, bug)

    with pytest.raises(Violation):
        run_seeds()


def test_what_finds_the_bugs_finds_nothing_without_them():
    """The same harsh runs keep every promise when nothing is planted."""
    for seed in range(30):
        check_seed(seed, HARSH)


def run_seeds(profile=HARSH):
    """Run seeds until one breaks a promise."""
    for seed in range(MOST_SEEDS):
        check_seed(seed, profile)
