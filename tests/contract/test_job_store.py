"""What every job store promises; runs on the twin in memory and on real tables."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from botocore.awsrequest import AWSResponse
from pynamodb.connection import Connection
from ulid import ULID
from urllib3 import HTTPResponse

from lea_reports.access.identity import Identity
from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.roster import Roster
from lea_reports.datasets.snapshots import Snapshots
from lea_reports.errors import Conflict, Transient
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.job import (
    Chunk,
    ChunkState,
    Job,
    JobSecret,
    JobState,
    Notice,
    NoticeState,
    Pace,
    Progress,
    ReportFile,
    Retry,
)
from lea_reports.jobs.request_key import RequestKey
from lea_reports.jobs.store import MemoryJobStore, submitted
from lea_reports.organizations import CdsCode
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.selection import SsrSelection

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
ROSTER = Roster(AdministrationYear(2026), date(2026, 6, 1))
MINUTE = timedelta(minutes=1)
SELECTION = SsrSelection(
    name="Spring",
    administration_year=AdministrationYear(2026),
    schools=None,
    grades=frozenset({"03"}),
    start=date(2026, 5, 1),
    end=date(2026, 7, 31),
    assessments=None,
    languages=frozenset({LanguageChoice.ENGLISH_ALL}),
    merge=False,
)
SECRET = JobSecret({"key": "value"}, "fingerprint")


@pytest.fixture(params=["memory", "moto", "emulator"])
def jobs(request):
    """A job store."""
    if request.param == "memory":
        return MemoryJobStore()
    return DynamoJobStore(request.getfixturevalue("table" if request.param == "moto" else "emulator_table"))


@pytest.fixture
def new_job() -> Callable[..., Job]:
    """Make jobs of an LEA that nobody else uses."""
    lea = CdsCode(f"99{int(ULID()) % 100_000:05d}0000000")

    def make(**changes):
        job = Job(
            id=str(ULID()),
            lea=lea,
            report="student-score-report-pdfs",
            parameters=SELECTION.to_json(),
            requester=Identity("subject-1", "a@example.org"),
            role=f"lea-caaspp-coordinator@{lea}",
            snapshots=Snapshots(
                {"organizations": "o", "students": "s"}, Roster(AdministrationYear(2026), date(2026, 6, 1))
            ),
            requested_at=NOW,
            check_at=NOW + MINUTE,
        )
        return replace(job, **changes)

    return make


def building(jobs, job, chunks=2):
    """Take a job to the state in which its chunks are built."""
    stored = jobs.submit(job)
    planning = stored.moved(JobState.PLANNING, NOW, check_after=MINUTE)
    jobs.move(stored, planning)
    jobs.add_chunks(planning, [Chunk(number, 10) for number in range(chunks)])
    moved = replace(
        planning.moved(JobState.BUILDING, NOW, check_after=MINUTE),
        progress=Progress(total=10 * chunks, chunks=chunks),
    )
    jobs.move(planning, moved)
    return moved


def test_a_job_comes_back_as_it_was_stored(jobs, new_job):
    """Every field, times and sets included."""
    job = new_job()

    assert jobs.submit(job) == job
    assert jobs.job(job.lea, job.id) == job


def test_the_secret_of_a_job_is_kept_until_its_end_and_no_longer(jobs, new_job):
    """Through every move; in every list."""
    job = building(jobs, new_job(secret=SECRET))

    assert jobs.job(job.lea, job.id).secret == SECRET
    assert [due.secret for due in jobs.due(NOW + MINUTE, 10) if due.id == job.id] == [SECRET]
    jobs.move(job, job.moved(JobState.FAILED, NOW, check_after=None))
    assert jobs.job(job.lea, job.id).secret is None
    assert [listed.secret for listed in jobs.requests_of(job.lea, "subject-1", 10)] == [None]


def test_a_request_with_another_password_is_another_job_while_the_first_is_open(jobs, new_job):
    """The mark tells them apart; at the end of one its reservation goes, and not the other's."""
    first = jobs.submit(new_job(secret=SECRET))
    other = jobs.submit(new_job(secret=replace(SECRET, fingerprint="other")))
    jobs.move(first, first.moved(JobState.CANCELLED, NOW, check_after=None))

    assert jobs.submit(new_job(secret=SECRET)).id not in {first.id, other.id}
    assert jobs.submit(new_job(secret=replace(SECRET, fingerprint="other"))).id == other.id


def test_a_job_of_another_lea_cannot_be_read(jobs, new_job):
    """The LEA is part of the key: a foreign id is an unknown id."""
    job = jobs.submit(new_job())

    assert jobs.job("99999990000000", job.id) is None
    assert jobs.job(job.lea, str(ULID())) is None


def test_nothing_of_a_job_is_read_under_another_lea(jobs, new_job):
    """Neither its chunks nor the list of its requester, who may work for both."""
    job = building(jobs, new_job())
    elsewhere = replace(job, lea=CdsCode("99999990000000"))

    assert [chunk.number for chunk in jobs.chunks(job)] == [0, 1]
    assert list(jobs.chunks(elsewhere)) == []
    assert [listed.id for listed in jobs.requests_of(job.lea, "subject-1", 10)] == [job.id]
    assert list(jobs.requests_of(elsewhere.lea, "subject-1", 10)) == []


def test_an_identical_open_request_gets_the_same_job(jobs, new_job):
    """A double click makes one job."""
    first = jobs.submit(new_job())

    assert jobs.submit(new_job()).id == first.id


@pytest.mark.parametrize(
    "changes",
    [
        {"parameters": replace(SELECTION, merge=True).to_json()},
        {"requester": Identity("subject-2", "b@example.org")},
        {"snapshots": Snapshots({"organizations": "o", "students": "newer"})},
        {"role": "superintendent@99000000000000"},
        {"parameters": replace(SELECTION, merge=True, tagged=True).to_json()},
        {"secret": SECRET},
    ],
)
def test_a_request_that_differs_is_another_job(jobs, new_job, changes):
    """Other parameters, another caller, another role or newer data."""
    first = jobs.submit(new_job())

    assert jobs.submit(new_job(**changes)).id != first.id


def test_an_identical_request_after_the_end_is_a_new_job(jobs, new_job):
    """Asking again makes the report again."""
    first = jobs.submit(new_job())
    jobs.move(first, first.moved(JobState.CANCELLED, NOW, check_after=None))

    assert jobs.submit(new_job()).id != first.id


class Meanwhile:
    """A store in which something happens after a new job was refused, before anybody looks why."""

    def __init__(self, jobs, happens, times=1):
        self._jobs = jobs
        self._happens = iter([happens] * times)

    def add(self, job):
        """Store a new job, or refuse it, and let it happen."""
        stored = self._jobs.add(job)
        if not stored:
            next(self._happens, lambda: None)()
        return stored

    def identical(self, job):
        """Return what stands in the way."""
        return self._jobs.identical(job)


@pytest.mark.parametrize("end", [JobState.CANCELLED, JobState.FAILED])
def test_an_identical_request_whose_twin_ends_this_moment_is_a_new_job(jobs, new_job, end):
    """The twin was open when the new job was refused, and is not when it is looked for."""
    twin, job = jobs.submit(new_job()), new_job()

    def ends():
        jobs.move(twin, twin.moved(end, NOW, check_after=None))

    assert submitted(Meanwhile(jobs, ends), job) == job
    assert jobs.job(job.lea, job.id) == job
    assert jobs.submit(new_job()).id == job.id


def test_a_request_whose_every_twin_ends_this_moment_is_refused_for_now(jobs, new_job):
    """Nobody is that quick; but nothing goes on for ever."""
    twins = [jobs.submit(new_job())]

    def ends():
        jobs.move(twins[-1], twins[-1].moved(JobState.CANCELLED, NOW, check_after=None))

    class EverNew(Meanwhile):
        def identical(self, job):
            found = super().identical(job)
            twins.append(jobs.submit(new_job()))
            return found

    with pytest.raises(Transient):
        submitted(EverNew(jobs, ends, times=100), new_job())


def test_a_job_that_is_stored_already_is_returned_as_it_stands(jobs, new_job):
    """Two requests under one key store the same job; the slower one may find it at its end."""
    job = jobs.submit(new_job())
    cancelled = job.moved(JobState.CANCELLED, NOW, check_after=None)
    jobs.move(job, cancelled)

    assert jobs.submit(job) == cancelled


def test_a_retry_and_the_job_that_it_retries_tell_of_each_other(jobs, new_job):
    """The other one stays as it is; the last retry counts."""
    first = jobs.submit(new_job())
    ended = replace(first.moved(JobState.FAILED, NOW, check_after=None), reason="not_built")
    jobs.move(first, ended)
    second = jobs.submit(new_job(retry=Retry(first.id)))
    repeated = jobs.submit(new_job(retry=Retry(first.id)))

    assert jobs.job(first.lea, first.id) == replace(ended, retried_as=second.id)
    assert jobs.job(second.lea, second.id) == repeated == second
    jobs.move(second, second.moved(JobState.CANCELLED, NOW, check_after=None))
    third = jobs.submit(new_job(retry=Retry(first.id, first.id, after=second.id)))
    assert third.retry == Retry(first.id, first.id, after=second.id)
    assert jobs.job(first.lea, first.id).retried_as == third.id


@pytest.mark.parametrize("ended", [False, True])
def test_of_two_retries_that_were_named_at_once_one_is_stored(jobs, new_job, ended):
    """Whether the first is still open or at its end: the second would bear the same name."""
    first = jobs.submit(new_job())
    second = jobs.submit(new_job(retry=Retry(first.id)))
    if ended:
        jobs.move(second, second.moved(JobState.CANCELLED, NOW, check_after=None))
    other = new_job(retry=Retry(first.id), secret=SECRET)

    with pytest.raises(Conflict):
        jobs.submit(other)
    assert jobs.job(first.lea, first.id).retried_as == second.id
    assert jobs.job(first.lea, other.id) is None
    stored = jobs.submit(replace(other, retry=Retry(first.id, after=second.id)))
    assert jobs.job(first.lea, first.id).retried_as == stored.id == other.id


def test_a_retry_is_another_request_than_the_one_that_it_retries(jobs, new_job):
    """Though all that was chosen is the same."""
    first = jobs.submit(new_job())

    assert jobs.submit(new_job(retry=Retry(first.id))).id != first.id


def test_what_a_plan_left_out_is_counted_before_its_chunks(jobs, new_job):
    """A retry may not find all that it is to make."""
    first = jobs.submit(new_job())
    planning = first.moved(JobState.PLANNING, NOW, check_after=MINUTE)
    jobs.move(first, planning)
    jobs.add_chunks(planning, [Chunk(0, 10)])
    progress = Progress(total=12, not_included=2, chunks=1)
    jobs.move(
        planning, replace(planning.moved(JobState.BUILDING, NOW, check_after=MINUTE), progress=progress)
    )
    chunk = jobs.claim_chunk(first, 0, "worker-1", NOW, NOW + MINUTE)
    done = jobs.complete_chunk(first, replace(chunk, made=9, not_included=1, size=5))

    assert done.progress == Progress(total=12, made=9, not_included=3, chunks=1, chunks_done=1, size=5)


def test_requests_are_listed_newest_first_page_by_page_and_only_the_callers(jobs, new_job):
    """A colleague's requests are not in the list."""
    mine = [
        jobs.submit(new_job(parameters=replace(SELECTION, name=f"n{number}").to_json()))
        for number in range(3)
    ]
    jobs.submit(new_job(requester=Identity("subject-2", "b@example.org")))
    newest_first = [job.id for job in sorted(mine, key=lambda job: job.id, reverse=True)]

    first_page = jobs.requests_of(mine[0].lea, "subject-1", 2)
    second_page = jobs.requests_of(mine[0].lea, "subject-1", 2, before=first_page[-1].id)

    assert [job.id for job in first_page] == newest_first[:2]
    assert [job.id for job in second_page] == newest_first[2:]


def test_chunks_of_a_job_are_not_in_the_list(jobs, new_job):
    """The list holds jobs only."""
    job = building(jobs, new_job())

    assert [listed.id for listed in jobs.requests_of(job.lea, "subject-1", 10)] == [job.id]


def test_of_two_moves_from_one_version_the_second_is_refused(jobs, new_job):
    """Two workers that saw the same job cannot both move it."""
    job = jobs.submit(new_job())
    jobs.move(job, job.moved(JobState.PLANNING, NOW, check_after=MINUTE))

    with pytest.raises(Conflict):
        jobs.move(job, job.moved(JobState.CANCELLED, NOW, check_after=None))
    assert jobs.job(job.lea, job.id).state is JobState.PLANNING


def test_a_move_keeps_what_came_with_it(jobs, new_job):
    """The archives, the reason and the times are stored with the state."""
    job = building(jobs, new_job(), chunks=0)
    assembling = job.moved(JobState.FINISHING, NOW, check_after=MINUTE)
    jobs.move(job, assembling)
    ready = replace(
        assembling.moved(JobState.READY, NOW + MINUTE, check_after=MINUTE),
        files=(ReportFile("archives/a.zip", 5, 2), ReportFile("archives/b.zip", 7, 3, "checksum")),
    )
    jobs.move(assembling, ready)

    assert jobs.job(job.lea, job.id) == ready


@pytest.fixture
def planning(jobs, new_job):
    """Store a job whose plan nobody is at."""
    job = jobs.submit(new_job())
    moved = job.moved(JobState.PLANNING, NOW, check_after=10 * MINUTE)
    jobs.move(job, moved)
    return moved


def test_a_step_is_leased_to_one_worker_at_a_time(jobs, planning):
    """Each claim is an attempt, counted before anything is done; whoever holds it may ask again."""
    held = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)
    refused = jobs.claim_step(planning, "worker-2", NOW, NOW + MINUTE)
    again = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)
    taken_over = jobs.claim_step(planning, "worker-2", NOW + MINUTE, NOW + 2 * MINUTE)

    assert held == replace(
        planning, attempts=1, worker="worker-1", leased_until=NOW + MINUTE, check_at=NOW + MINUTE
    )
    assert refused is None
    assert again.attempts == 2
    assert (taken_over.worker, taken_over.attempts) == ("worker-2", 3)
    assert jobs.job(planning.lea, planning.id) == taken_over


def test_a_claim_does_not_put_off_when_a_job_is_looked_after(jobs, planning):
    """What was to be looked at earlier is."""
    late = NOW + 9 * MINUTE

    assert jobs.claim_step(planning, "worker", late, late + 5 * MINUTE).check_at == planning.check_at


def test_a_step_of_a_job_that_has_moved_on_cannot_be_claimed(jobs, planning):
    """Whoever read it before is too late."""
    jobs.move(planning, planning.moved(JobState.CANCELLED, NOW, check_after=None))

    assert jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE) is None
    assert jobs.job(planning.lea, planning.id).attempts == 0


def test_a_step_is_held_for_longer_by_its_worker_only(jobs, planning):
    """It learns that another took over, and that the job has moved on."""
    first = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)

    assert jobs.renew_step(first, NOW + 3 * MINUTE)
    assert jobs.claim_step(planning, "worker-2", NOW + 2 * MINUTE, NOW + 5 * MINUTE) is None
    second = jobs.claim_step(planning, "worker-2", NOW + 3 * MINUTE, NOW + 5 * MINUTE)
    assert not jobs.renew_step(first, NOW + 9 * MINUTE)
    assert jobs.renew_step(second, NOW + 6 * MINUTE)
    jobs.move(second, second.moved(JobState.CANCELLED, NOW, check_after=None))
    assert not jobs.renew_step(second, NOW + 9 * MINUTE)


@pytest.mark.parametrize("excused", [True, False])
def test_a_step_that_is_given_back_says_whether_its_attempt_counts(jobs, planning, excused):
    """It is free for anybody; who lost it gives nothing back."""
    first = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)
    jobs.release_step(first, excused=excused)
    second = jobs.claim_step(planning, "worker-2", NOW, NOW + MINUTE)
    jobs.release_step(first, excused=excused)

    assert (second.attempts, second.attempts_in_vain) == (2, 1 if excused else 2)
    assert jobs.job(planning.lea, planning.id) == second


def test_attempts_are_counted_from_each_move_on(jobs, planning):
    """A plan that took three has nothing to do with the assembly."""
    held = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)
    jobs.release_step(held, excused=True)
    held = jobs.claim_step(planning, "worker-1", NOW, NOW + MINUTE)
    moved = held.moved(JobState.BUILDING, NOW, check_after=MINUTE)
    jobs.move(held, moved)

    stored = jobs.job(planning.lea, planning.id)
    assert stored == moved
    assert (stored.attempts, stored.excused, stored.worker, stored.leased_until) == (0, 0, None, None)


def test_an_assembly_goes_on_with_the_next_archive_under_its_lease(jobs, new_job):
    """A worker that has joined one is still at work."""
    building_job = building(jobs, new_job(), chunks=0)
    assembling = building_job.moved(JobState.FINISHING, NOW, check_after=MINUTE)
    jobs.move(building_job, assembling)
    held = jobs.claim_step(assembling, "worker-1", NOW, NOW + MINUTE)
    joined = held.joined(ReportFile("archives/a.zip", 5, 2), NOW + MINUTE, held_for=MINUTE)
    jobs.move(held, joined)

    assert jobs.job(held.lea, held.id) == joined
    assert jobs.claim_step(joined, "worker-2", NOW + MINUTE, NOW + 2 * MINUTE) is None
    assert jobs.renew_step(joined, NOW + 3 * MINUTE)


def test_a_chunk_is_leased_to_one_worker_at_a_time(jobs, new_job):
    """While the lease lasts nobody else gets the chunk; afterwards anybody does."""
    job = building(jobs, new_job())

    held = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    refused = jobs.claim_chunk(job, 0, "worker-2", NOW, NOW + MINUTE)
    taken_over = jobs.claim_chunk(job, 0, "worker-2", NOW + MINUTE, NOW + 2 * MINUTE)

    assert (held.state, held.attempts, held.count) == (ChunkState.BUILDING, 1, 10)
    assert refused is None
    assert (taken_over.worker, taken_over.attempts) == ("worker-2", 2)


def test_a_chunk_that_does_not_exist_cannot_be_claimed(jobs, new_job):
    """A message for a chunk that was never planned changes nothing."""
    job = building(jobs, new_job(), chunks=1)

    assert jobs.claim_chunk(job, 7, "worker-1", NOW, NOW + MINUTE) is None
    assert [chunk.number for chunk in jobs.chunks(job)] == [0]


def test_a_worker_that_asks_again_for_its_chunk_gets_it(jobs, new_job):
    """The answer to its first claim was lost on the way, and the client repeated the call."""
    job = building(jobs, new_job())

    assert jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    assert jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)


def test_a_chunk_that_is_given_back_is_free_for_anybody(jobs, new_job):
    """A worker that failed does not keep it until the lease runs out."""
    job = building(jobs, new_job())

    held = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    jobs.release_chunk(job, held, excused=False)

    assert jobs.chunks(job)[0] == Chunk(0, 10, attempts=1)
    assert jobs.claim_chunk(job, 0, "worker-2", NOW, NOW + MINUTE).attempts == 2


def test_an_attempt_that_is_excused_does_not_count(jobs, new_job):
    """Something was away that it needs."""
    job = building(jobs, new_job())
    jobs.release_chunk(job, jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE), excused=True)

    assert jobs.chunks(job)[0] == Chunk(0, 10, attempts=1, excused=1)
    assert jobs.claim_chunk(job, 0, "worker-2", NOW, NOW + MINUTE).attempts_in_vain == 1


def test_chunks_that_are_done_tell_the_pace(jobs, new_job):
    """From the beginning of the first to the end of the last; one that was given up tells nothing."""
    job = building(jobs, new_job(), chunks=3)
    first = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    second = jobs.claim_chunk(job, 1, "worker-2", NOW + MINUTE / 2, NOW + MINUTE)
    jobs.complete_chunk(job, replace(second, made=10, ended_at=NOW + 2 * MINUTE))
    once = jobs.complete_chunk(job, replace(first, made=9, not_included=1, ended_at=NOW + 3 * MINUTE))
    twice = jobs.complete_chunk(job, replace(first, made=10, ended_at=NOW + 4 * MINUTE))
    third = jobs.claim_chunk(job, 2, "died", NOW, NOW + MINUTE)
    ended = jobs.give_up_chunk(job, third, NOW + 5 * MINUTE)

    pace = Pace(NOW + MINUTE / 2, NOW + 3 * MINUTE, chunks=2, items=20, busy=4.5 * MINUTE)
    assert once.pace == twice.pace == ended.pace == pace
    assert once.progressed_at == twice.progressed_at == NOW + 3 * MINUTE
    assert ended.progressed_at == NOW + 5 * MINUTE
    jobs.move(ended, ended.moved(JobState.FINISHING, NOW + 6 * MINUTE, check_after=MINUTE))
    assert jobs.job(job.lea, job.id).pace == pace


def test_a_worker_cannot_give_back_what_another_holds_or_has_done(jobs, new_job):
    """It lost its lease, and what it does later is of no consequence."""
    job = building(jobs, new_job())
    slow = jobs.claim_chunk(job, 0, "slow", NOW, NOW + MINUTE)
    quick = jobs.claim_chunk(job, 0, "quick", NOW + MINUTE, NOW + 2 * MINUTE)

    jobs.release_chunk(job, slow, excused=False)
    assert jobs.chunks(job)[0].worker == "quick"
    jobs.complete_chunk(job, quick)
    jobs.release_chunk(job, quick, excused=False)
    assert jobs.chunks(job)[0].state is ChunkState.DONE


def test_a_slower_plan_does_not_open_chunks_again_that_were_begun(jobs, new_job):
    """Two deliveries plan the same job; workers of the faster one have begun when the slower one stores its plan."""
    job = building(jobs, new_job(), chunks=3)
    jobs.complete_chunk(job, jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE))
    jobs.claim_chunk(job, 1, "worker-2", NOW, NOW + MINUTE)

    jobs.add_chunks(job, [Chunk(number, 10) for number in range(3)])

    states = [chunk.state for chunk in jobs.chunks(job)]
    assert states == [ChunkState.DONE, ChunkState.BUILDING, ChunkState.WAITING]


def test_a_finished_chunk_is_counted_once(jobs, new_job):
    """Completing again, which a redelivered message causes, changes nothing."""
    job = building(jobs, new_job())
    held = jobs.claim_chunk(job, 1, "worker-1", NOW, NOW + MINUTE)
    chunk = replace(held, made=9, not_included=1, size=5000)

    once = jobs.complete_chunk(job, chunk)
    twice = jobs.complete_chunk(job, chunk)

    assert once.progress == Progress(total=20, made=9, not_included=1, chunks=2, chunks_done=1, size=5000)
    assert twice.progress == once.progress
    assert jobs.claim_chunk(job, 1, "worker-2", NOW + 2 * MINUTE, NOW + 3 * MINUTE) is None
    assert [chunk.state for chunk in jobs.chunks(job)] == [ChunkState.WAITING, ChunkState.DONE]


def test_a_worker_that_lost_its_lease_does_not_count(jobs, new_job):
    """The slow worker comes back after another one took over."""
    job = building(jobs, new_job())
    slow = replace(jobs.claim_chunk(job, 0, "slow", NOW, NOW + MINUTE), made=10)
    quick = replace(jobs.claim_chunk(job, 0, "quick", NOW + MINUTE, NOW + 2 * MINUTE), made=10)

    assert jobs.complete_chunk(job, slow).progress.chunks_done == 0
    assert jobs.complete_chunk(job, quick).progress.chunks_done == 1


def test_a_chunk_that_is_given_up_counts_all_its_ssrs_as_not_included(jobs, new_job):
    """Once, however often it is said; and whoever comes back late with it is too late."""
    job = building(jobs, new_job())
    held = jobs.claim_chunk(job, 1, "died", NOW, NOW + MINUTE)

    once = jobs.give_up_chunk(job, held, NOW + MINUTE)
    twice = jobs.give_up_chunk(job, held, NOW + MINUTE)

    assert once.progress == Progress(total=20, made=0, not_included=10, chunks=2, chunks_done=1)
    assert twice.progress == once.progress
    assert jobs.complete_chunk(job, replace(held, made=10)).progress == once.progress
    assert jobs.claim_chunk(job, 1, "next", NOW + 2 * MINUTE, NOW + 3 * MINUTE) is None
    assert [chunk.state for chunk in jobs.chunks(job)] == [ChunkState.WAITING, ChunkState.GIVEN_UP]


def test_a_chunk_that_somebody_is_at_is_not_given_up(jobs, new_job):
    """Neither while its lease runs, nor if it was begun after reconcile had looked."""
    job = building(jobs, new_job())
    seen = jobs.chunks(job)[0]
    held = jobs.claim_chunk(job, 0, "worker", NOW, NOW + MINUTE)

    assert jobs.give_up_chunk(job, held, NOW).progress.chunks_done == 0
    assert jobs.give_up_chunk(job, seen, NOW + MINUTE).progress.chunks_done == 0
    assert jobs.chunks(job)[0] == held


def test_a_chunk_that_was_given_back_can_be_given_up(jobs, new_job):
    """Its last worker failed and said so."""
    job = building(jobs, new_job())
    jobs.release_chunk(job, jobs.claim_chunk(job, 0, "failed", NOW, NOW + MINUTE), excused=False)

    assert jobs.give_up_chunk(job, jobs.chunks(job)[0], NOW).progress.not_included == 10


def test_a_move_does_not_undo_what_chunks_counted(jobs, new_job):
    """The job's counters belong to the chunks; a move from an older copy leaves them alone."""
    job = building(jobs, new_job(), chunks=1)
    jobs.complete_chunk(job, replace(jobs.claim_chunk(job, 0, "w", NOW, NOW + MINUTE), made=10))

    jobs.move(job, job.moved(JobState.FINISHING, NOW, check_after=MINUTE))

    assert jobs.job(job.lea, job.id).progress.made == 10


def test_jobs_are_due_when_their_check_has_passed(jobs, new_job):
    """Reconcile sees them then, and of two runs only one gets each."""
    job = jobs.submit(new_job())

    def due(now):
        return [found for found in jobs.due(now, 100) if found.lea == job.lea]

    assert not due(NOW)
    assert due(NOW + MINUTE) == [job]
    assert jobs.open_jobs(1000) >= 1
    assert jobs.postpone_check(job, NOW + 5 * MINUTE)
    assert not jobs.postpone_check(job, NOW + 6 * MINUTE)
    assert not due(NOW + MINUTE)
    (later,) = due(NOW + 5 * MINUTE)
    assert jobs.postpone_check(later, None)
    assert not due(NOW + 5 * MINUTE)
    assert jobs.job(job.lea, job.id).check_at is None


def test_one_notice_is_sent_at_a_time_and_only_once(jobs, new_job):
    """The claim goes to one sender; once sent, nobody gets it and nothing is due any more."""
    job = jobs.submit(new_job())
    sent = Notice(NoticeState.SENT, sent_at=NOW, link_expires_at=NOW + timedelta(hours=24))

    assert jobs.claim_notice(job, NOW, NOW + MINUTE)
    assert not jobs.claim_notice(job, NOW, NOW + MINUTE)
    jobs.record_notice(job, sent)

    assert not jobs.claim_notice(job, NOW + timedelta(days=1), NOW + timedelta(days=2))
    assert jobs.job(job.lea, job.id).notice == sent
    assert job.id not in [found.id for found in jobs.due(NOW + timedelta(days=1), 100)]


def test_a_released_or_forgotten_claim_can_be_taken_again(jobs, new_job):
    """After a failure, or when the sender died and its claim ran out."""
    job = jobs.submit(new_job())

    assert jobs.claim_notice(job, NOW, NOW + MINUTE)
    jobs.release_notice(job)
    assert jobs.claim_notice(job, NOW, NOW + MINUTE)
    assert jobs.claim_notice(job, NOW + MINUTE, NOW + 2 * MINUTE)


def test_a_notice_that_was_sent_can_be_wanted_again(jobs, new_job):
    """It is due then, can be claimed once more, and what is known of the last one stays until the next is sent."""
    job = jobs.submit(new_job())
    first = Notice(NoticeState.SENT, sent_at=NOW, link_expires_at=NOW + timedelta(hours=24))
    later = NOW + timedelta(days=2)
    jobs.claim_notice(job, NOW, NOW + MINUTE)
    jobs.record_notice(job, first)

    assert jobs.want_notice(job, later, later + MINUTE)
    assert not jobs.want_notice(job, later, later + MINUTE)
    wanted = jobs.job(job.lea, job.id)
    assert wanted.notice == replace(first, state=NoticeState.NONE, wanted_at=later)
    assert job.id in [found.id for found in jobs.due(later + MINUTE, 1000)]

    assert jobs.claim_notice(job, later, later + MINUTE)
    jobs.release_notice(job)
    assert jobs.claim_notice(job, later, later + MINUTE)
    second = Notice(NoticeState.SENT, sent_at=later, link_expires_at=later + timedelta(hours=24))
    jobs.record_notice(job, second)
    assert jobs.job(job.lea, job.id).notice == replace(second, wanted_at=later)
    assert jobs.job(job.lea, job.id).check_at is None


def test_a_notice_that_was_not_sent_yet_cannot_be_wanted_again(jobs, new_job):
    """It is on its way anyway."""
    job = jobs.submit(new_job())

    assert not jobs.want_notice(job, NOW, NOW + MINUTE)
    jobs.claim_notice(job, NOW, NOW + MINUTE)
    assert not jobs.want_notice(job, NOW, NOW + MINUTE)


@pytest.fixture
def new_key(new_job):
    """Make keys of one caller of that LEA."""
    lea = new_job().lea

    def make(**changes):
        key = RequestKey(lea, "digest", "request", str(ULID()), NOW + timedelta(hours=24))
        return replace(key, **changes)

    return make


def test_a_key_stands_for_its_first_request_until_it_expires(jobs, new_key):
    """Whoever comes later with it gets what stands there; afterwards it is free."""
    first, second = new_key(), new_key(request="another")
    late = NOW + timedelta(hours=24)

    assert jobs.keep_key(first, NOW) == first
    assert jobs.keep_key(second, NOW) == first
    assert jobs.keep_key(second, late - MINUTE) == first
    renewed = replace(second, expires_at=late + timedelta(hours=24))
    assert jobs.keep_key(renewed, late) == renewed
    assert jobs.keep_key(first, late + MINUTE) == renewed


def test_keys_of_other_callers_and_leas_are_others(jobs, new_key):
    """One person's words do not stand in another's way."""
    first = jobs.keep_key(new_key(), NOW)

    for other in (new_key(digest="another"), new_key(lea="99999990000000")):
        assert jobs.keep_key(other, NOW) == other
        jobs.forget_key(other)
    assert jobs.keep_key(new_key(), NOW) == first


def test_a_key_can_be_freed_or_pointed_elsewhere_only_by_who_stored_it(jobs, new_key):
    """A slow request must not undo what a later one under the same key did."""
    key, job_id = jobs.keep_key(new_key(), NOW), str(ULID())

    jobs.point_key(key, job_id)
    moved = replace(key, job_id=job_id)
    assert jobs.keep_key(new_key(), NOW) == moved
    jobs.forget_key(key)
    jobs.point_key(key, str(ULID()))
    assert jobs.keep_key(new_key(), NOW) == moved
    jobs.forget_key(moved)
    jobs.forget_key(moved)
    fresh = new_key()
    assert jobs.keep_key(fresh, NOW) == fresh


@pytest.mark.parametrize(("meetings", "done"), [(3, True), (100, False)])
def test_chunks_that_end_at_the_same_moment_are_all_counted(table, new_job, meetings, done):
    """DynamoDB refuses a transaction that meets another at the job's row; the emulators never do, so we do here."""
    connection, pauses = Connection(), []
    jobs = DynamoJobStore(table, connection, pauses.append)
    job = building(jobs, new_job())
    chunk = replace(jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE), made=10)
    left = iter(range(meetings))

    def meet(request, **_):
        return refusal(request.url) if next(left, None) is not None else None

    events = connection.client.meta.events
    events.register_first("before-send.dynamodb.TransactWriteItems", meet)

    if done:
        assert jobs.complete_chunk(job, chunk).progress.chunks_done == 1
        assert pauses == [1, 2, 3]
    else:
        with pytest.raises(Transient):
            jobs.complete_chunk(job, chunk)
    events.unregister("before-send.dynamodb.TransactWriteItems", meet)


def refusal(url):
    """Answer as DynamoDB does when two transactions meet."""
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "ongoing"}],
    }
    raw = HTTPResponse(BytesIO(json.dumps(body).encode()), status=400, preload_content=False)
    return AWSResponse(url, 400, {}, raw)


def test_a_worker_that_holds_a_chunk_keeps_it_for_longer(jobs, new_job):
    """The lease is short and renewed; nobody else gets the chunk meanwhile."""
    job = building(jobs, new_job())
    chunk = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)

    assert jobs.renew_lease(job, chunk, NOW + 3 * MINUTE)
    assert jobs.claim_chunk(job, 0, "worker-2", NOW + 2 * MINUTE, NOW + 4 * MINUTE) is None


def test_a_lease_that_went_to_another_is_not_renewed(jobs, new_job):
    """The first worker is told to stop, and the second keeps its chunk."""
    job = building(jobs, new_job())
    first = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    second = jobs.claim_chunk(job, 0, "worker-2", NOW + 2 * MINUTE, NOW + 3 * MINUTE)

    assert not jobs.renew_lease(job, first, NOW + 9 * MINUTE)
    assert jobs.chunks(job)[0].leased_until == second.leased_until


def test_a_lease_is_not_renewed_for_a_job_that_was_cancelled(jobs, new_job):
    """Nobody works on for a job that nobody waits for."""
    job = building(jobs, new_job())
    chunk = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    jobs.move(job, job.moved(JobState.CANCELLED, NOW, check_after=None))

    assert not jobs.renew_lease(job, chunk, NOW + 2 * MINUTE)


def test_a_chunk_that_was_given_back_is_not_renewed(jobs, new_job):
    """Reconcile took it from a worker that it thought dead."""
    job = building(jobs, new_job())
    chunk = jobs.claim_chunk(job, 0, "worker-1", NOW, NOW + MINUTE)
    jobs.release_chunk(job, chunk, excused=False)

    assert not jobs.renew_lease(job, chunk, NOW + 2 * MINUTE)
