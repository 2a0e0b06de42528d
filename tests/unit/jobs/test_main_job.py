"""The way of a request, from the coordinator's choice to the e-mail, over stores in memory."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Role
from lea_reports.errors import Forbidden, Invalid, Transient
from lea_reports.jobs.job import ChunkState, JobState
from lea_reports.jobs.messages import BuildMessage, MemoryQueue, Step
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.storage import MemoryStorage
from lea_reports.jobs.timing import CHECK_BUILD, CHECK_NOTICE, CHECK_SOON, DEADLINE, LEASE, NOTICE_GIVEN_UP
from lea_reports.ssr.engine.ssr_engine import NOT_RENDERED, SsrFailure
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from local.archive_check import read_list

MAPLE, OAK = "99100010000001", "99100010000002"
FOLDER = f"{MAPLE}_Maple/grade-03"


def archive_of(site, job):
    """Open the archive of a finished job."""
    stored = site.job(job)
    return zipfile.ZipFile(io.BytesIO(site.storage.objects[stored.files[0].key]))


def rows(archive, name):
    """Read one of the archive's lists."""
    return read_list(archive, f"_{name}")


def test_a_request_ends_with_an_archive_and_one_mail(site, selection):
    """The main job: five SSRs, each in its school's folder, and the requester is told."""
    job = site.submit(selection)

    site.run()

    done = site.job(job)
    assert done.state is JobState.READY
    assert (done.progress.total, done.progress.made, done.progress.not_included) == (5, 5, 0)
    with archive_of(site, job) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            f"{FOLDER}/Ávila_Ana_1000000002_smarter-balanced_en.pdf",
            f"{FOLDER}/Lee_Ana_1000000003_smarter-balanced_en.pdf",
            f"{FOLDER}/Zhang_Ana_1000000001_smarter-balanced_en.pdf",
            f"{OAK}_Oak/grade-03/Adams_Ana_2000000002_smarter-balanced_en.pdf",
            f"{OAK}_Oak/grade-03/Brown_Ana_2000000001_smarter-balanced_en.pdf",
            "Spring_manifest.csv",
            "Spring_manifest.xlsx",
            "Spring_not_included.csv",
            "Spring_not_included.xlsx",
        ]
    (mail,) = site.mailer.sent
    assert mail.to == "coordinator@example.org"
    assert mail.subject == "Ready: CAASPP Student Score Report PDFs “Spring”"


def test_the_manifest_lists_every_file_with_its_digest(site, selection):
    """Whoever has the archive can check it against its own list."""
    job = site.submit(selection)
    site.run()

    with archive_of(site, job) as archive:
        listed = {row["File"]: row["SHA256"] for row in rows(archive, "manifest.csv")}
        files = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert listed == {name: sha256(archive.read(name)).hexdigest() for name in files}


def test_merged_files_are_batched_by_grade_and_split_at_the_limit(site, selection):
    """The limit is three here: five SSRs of one grade are two files, in the order of schools and names."""
    job = site.submit(replace(selection, merge=True))
    site.run()

    with archive_of(site, job) as archive:
        listed = rows(archive, "manifest.csv")
    assert Counter(row["File"] for row in listed) == {
        "Spring_grade-03_en_001.pdf": 3,
        "Spring_grade-03_en_002.pdf": 2,
    }
    assert [row["SSID"] for row in listed] == [
        "1000000002", "1000000003", "1000000001", "2000000002", "2000000001",
    ]  # fmt: skip
    assert [row["FirstPage"] for row in listed] == ["1", "5", "9", "1", "5"]


@pytest.mark.parametrize("merge", [False, True])
def test_an_ssr_that_cannot_be_made_is_listed_with_its_reason(site, selection, merge):
    """The Spanish SSR does not exist yet; everything else is delivered."""
    job = site.submit(replace(selection, languages=frozenset({LanguageChoice.ALL}), merge=merge))
    site.run()

    assert site.job(job).state is JobState.READY
    assert (site.job(job).progress.made, site.job(job).progress.not_included) == (5, 1)
    with archive_of(site, job) as archive:
        (missing,) = rows(archive, "not_included.csv")
    assert (missing["SSID"], missing["Language"], missing["Reason"]) == (
        "1000000002",
        "es",
        "language_not_available",
    )


def test_a_bad_record_fails_one_ssr_and_not_the_job(site, selection, with_rows, student, score):
    """A score outside its scale is no reason to withhold the others."""
    with_rows(
        [student("1000000001", MAPLE, "Zhang"), student("1000000003", MAPLE, "Lee")],
        [score("1000000001", "01", 9999), score("1000000003", "01")],
    )
    job = site.submit(selection)
    site.run()

    with archive_of(site, job) as archive:
        assert [row["SSID"] for row in rows(archive, "manifest.csv")] == ["1000000003"]
        assert [(row["SSID"], row["Reason"]) for row in rows(archive, "not_included.csv")] == [
            ("1000000001", "bad_record")
        ]


def test_nothing_found_is_an_end_of_its_own(site, selection):
    """No empty zip: a state and a mail of its own."""
    job = site.submit(replace(selection, start=date(2026, 7, 1)))
    site.run()

    assert site.job(job).state is JobState.NO_RESULTS
    assert site.job(job).files == ()
    assert [mail.subject.partition(":")[0] for mail in site.mailer.sent] == ["Nothing found"]
    assert not site.storage.objects


def test_the_day_of_the_request_decides_what_is_handed_out_however_late_it_is_planned(
    site, selection, with_rows, student, score
):
    """Planning again gives the same plan; what was released meanwhile is another request's."""
    tomorrow = site.now.date() + timedelta(days=1)
    with_rows(
        [student("1000000001", MAPLE, "Zhang"), student("1000000002", MAPLE, "Lee")],
        [score("1000000001", "01"), score("1000000002", "01", ssr_available_date=tomorrow)],
    )
    ahead = replace(selection, end=tomorrow)
    early = site.submit(ahead)
    site.now += timedelta(days=2)
    site.run()
    late = site.submit(ahead)
    site.run()

    assert [site.job(job).progress.total for job in (early, late)] == [1, 2]


def test_a_role_without_the_right_is_refused_and_nothing_is_stored(site, selection):
    """The site coordinator has site reports, not LEA reports."""
    with pytest.raises(Forbidden):
        site.submit(selection, role=Role.SITE_CAASPP_COORDINATOR)

    assert not site.builds.sent


def test_a_school_of_another_lea_is_refused_and_nothing_is_stored(site, selection):
    """The school is unknown in this LEA, whoever has it."""
    with pytest.raises(Invalid):
        site.submit(replace(selection, schools=frozenset({"01611920000001"})))

    assert not site.builds.sent


def test_the_identical_request_of_the_same_person_is_the_same_job(site, selection):
    """A double click makes one archive and one mail."""
    first, second = site.submit(selection), site.submit(selection)
    site.run()

    assert first.id == second.id
    assert len(site.mailer.sent) == 1


def test_another_persons_request_is_their_own_job(site, selection):
    """Each requester gets a mail of their own."""
    site.submit(selection)
    site.submit(selection, Identity("subject-2", "second@example.org"))
    site.run()

    assert sorted(mail.to for mail in site.mailer.sent) == ["coordinator@example.org", "second@example.org"]


def test_data_published_after_the_request_does_not_change_the_job(site, selection, with_rows):
    """The snapshot is pinned when the report is asked for."""
    job = site.submit(selection)
    with_rows([], [])
    site.run()

    assert site.job(job).progress.made == 5


def test_the_same_request_over_the_same_data_gives_the_same_bytes(site, selection):
    """A repeat overwrites itself because nothing in an archive depends on when or by whom it was made."""
    first = site.submit(selection)
    site.run()
    second = site.submit(selection)
    site.run()

    assert first.id != second.id
    objects = site.storage.objects
    assert objects[site.job(first).files[0].key] == objects[site.job(second).files[0].key]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_messages_delivered_twice_and_in_any_order_change_nothing(new_site, selection, random):
    """SQS delivers at least once and in any order; the archive and the one mail stay the same."""
    site = new_site()
    job = site.submit(selection)
    delivered = []
    queues = (site.builds, site.notices)
    while any(queue.sent for queue in queues):
        waiting = [(queue, message) for queue in queues for message in queue.sent]
        queue, message = random.choice(waiting)
        queue.sent.remove(message)
        site.take(message, worker=f"worker-{len(delivered)}")
        delivered.append(message)
        site.take(random.choice(delivered), worker=f"again-{len(delivered)}")

    assert site.job(job).state is JobState.READY
    assert site.job(job).progress.made == 5
    assert len(site.mailer.sent) == 1
    with archive_of(site, job) as archive:
        assert len(archive.namelist()) == 9


def test_a_lost_message_is_sent_again_by_reconcile(site, selection):
    """The job was stored and its message never arrived."""
    job = site.submit(selection)
    site.builds.sent.clear()

    site.now = job.check_at
    reconcile(site.dependencies, site.now)
    site.run()

    assert site.job(job).state is JobState.READY


def test_reconcile_leaves_alone_what_is_not_late(site, selection):
    """A job that is on time gets no second message."""
    site.submit(selection)
    sent = list(site.builds.sent)

    reconcile(site.dependencies, site.now)

    assert site.builds.sent == sent


def test_a_chunk_whose_worker_died_is_taken_over_after_its_lease(site, selection):
    """The lease is longer than an invocation can last, so a slow worker is never overtaken."""
    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    site.jobs.claim_chunk(job, 0, "died", site.now, site.now + timedelta(minutes=15))
    site.run()
    assert site.job(job).state is JobState.BUILDING

    site.now += CHECK_BUILD
    reconcile(site.dependencies, site.now)
    site.run()

    assert site.job(job).state is JobState.READY


@pytest.mark.parametrize("lost", [Step.FINISH, "notice"])
def test_a_job_that_lost_its_last_messages_is_finished_by_reconcile(site, selection, lost):
    """Every chunk is done and nobody was told."""
    job = site.submit(selection)
    while site.builds.sent:
        message = site.builds.sent.pop(0)
        if message.step is not lost:
            site.take(message)
    if lost == "notice":
        site.notices.sent.clear()
    assert not site.mailer.sent

    site.now += CHECK_BUILD
    reconcile(site.dependencies, site.now)
    site.run()

    assert site.job(job).state is JobState.READY
    assert len(site.mailer.sent) == 1


def test_a_job_past_its_deadline_is_given_up_and_its_requester_told(site, selection):
    """A job does not stay open for ever."""
    job = site.submit(selection)
    site.builds.sent.clear()

    site.now += DEADLINE + timedelta(seconds=1)
    reconcile(site.dependencies, site.now)
    site.run()

    assert (site.job(job).state, site.job(job).reason) == (JobState.FAILED, "deadline_passed")
    assert [mail.subject.partition(":")[0] for mail in site.mailer.sent] == ["Not made"]


def test_a_chunk_whose_worker_failed_is_free_for_the_next_delivery(site, selection):
    """The bucket is away for a moment; the lease of the failed worker keeps nobody waiting."""

    class FullStorage(MemoryStorage):
        def upload(self, key):
            raise OSError(key)

    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    message, working = site.builds.sent[0], site.storage
    site.storage = FullStorage()
    site.storage.objects = working.objects
    with pytest.raises(OSError, match="fragment"):
        site.take(message)

    site.storage = working
    site.run()

    assert site.job(job).state is JobState.READY


@pytest.mark.parametrize("merge", [False, True])
def test_an_ssr_on_which_the_engine_breaks_is_listed_and_the_others_are_made(site, selection, merge):
    """A fault of ours in one SSR does not withhold the archive from the whole LEA."""
    engine = site.engine

    class BrittleEngine(type(engine)):
        def single_files(self, results, *, encryption=None):
            for result in results:
                if result.ssid == "1000000002":
                    yield SsrFailure(result, NOT_RENDERED, Fault("ZeroDivisionError"))
                else:
                    yield from super().single_files([result], encryption=encryption)

    site.engine = BrittleEngine()
    job = site.submit(replace(selection, merge=merge))
    site.run()

    with archive_of(site, job) as archive:
        assert len(rows(archive, "manifest.csv")) == 4
        (missing,) = rows(archive, "not_included.csv")
    assert (missing["SSID"], missing["Reason"]) == ("1000000002", "not_rendered")
    assert (Event.SSR_FAILED, {"job": job.id, "lea": job.lea, "error": "ZeroDivisionError"}) in (
        site.telemetry.events
    )


def test_a_fault_that_is_not_of_one_ssr_fails_the_chunk(site, selection):
    """An engine that is broken as a whole must not give an archive without SSRs."""
    engine = site.engine

    class BrokenMerge(type(engine)):
        def merge(self, results, options, sink):
            raise ZeroDivisionError

    site.engine = BrokenMerge()
    site.submit(replace(selection, merge=True))

    with pytest.raises(ZeroDivisionError):
        site.run()


def test_an_engine_that_takes_no_ssr_at_all_fails_the_chunk(site, selection):
    """Missing fonts are no fault of the students: no archive is delivered that holds nobody."""

    class NoFonts:
        def single_files(self, results, **options):
            raise FileNotFoundError

    site.engine = NoFonts()
    job = site.submit(selection)

    with pytest.raises(FileNotFoundError):
        site.run()
    assert site.job(job).progress.done == 0


def test_the_slower_of_two_plans_that_begin_together_is_skipped(site, selection):
    """Both saw the job as requested; one move decides."""
    job = site.submit(selection)
    plan = site.builds.sent.pop(0)
    jobs = site.jobs

    class SeesItAsRequested(type(jobs)):
        def job(self, lea, job_id):
            return job

        def __getattribute__(self, name):
            return object.__getattribute__(self, name) if name == "job" else getattr(jobs, name)

    jobs.move(job, job.moved(JobState.PLANNING, site.now, check_after=CHECK_BUILD))
    site.jobs = SeesItAsRequested()
    site.take(plan)

    assert not site.builds.sent


def looked_after(site, seconds):
    """Let reconcile run each minute for a while, with nobody at the queue; returns what it sent."""
    until = site.now + timedelta(seconds=seconds)
    site.builds.sent.clear()
    while site.now < until:
        site.now += timedelta(minutes=1)
        reconcile(site.dependencies, site.now)
    return list(site.builds.sent)


def test_a_dead_workers_chunk_is_sent_once_soon_after_its_lease(site, selection):
    """It began long before the first look at the build; nobody waits for a second one."""
    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    site.now += timedelta(minutes=10)
    site.jobs.claim_chunk(job, 1, "died", site.now, site.now + LEASE)

    assert not looked_after(site, LEASE.total_seconds() - 60)
    sent = looked_after(site, CHECK_SOON.total_seconds() + 120)

    assert [message.chunk for message in sent] == [1]
    assert site.jobs.chunks(job)[1].state is ChunkState.WAITING


def test_chunks_that_wait_in_a_long_queue_are_not_sent_again_and_again(site, selection):
    """A slow hour adds few messages: all waiting ones each quarter, before that two probes; none while one is built."""
    job = site.submit(selection)
    site.take(site.builds.sent.pop(0))
    chunks = len(site.jobs.chunks(job))

    assert len(looked_after(site, 3600)) <= 3 * chunks + 2
    site.jobs.claim_chunk(job, 0, "slow", site.now, site.now + timedelta(hours=2))
    assert not looked_after(site, 3600)
    slow = [fields for event, fields in site.telemetry.events if event is Event.JOB_RECONCILED]
    assert len(slow) <= 3 + 2


def test_a_job_that_cannot_be_looked_after_does_not_stop_the_others(site, selection):
    """The queue refuses one message; the next job gets its own all the same."""

    class ForgetfulQueue(MemoryQueue):
        def send(self, messages):
            if messages[0].job == refused.id:
                raise Transient("away")
            super().send(messages)

    refused, other = site.submit(selection), site.submit(replace(selection, name="Other"))
    site.builds = ForgetfulQueue()
    site.now = other.check_at
    reconcile(site.dependencies, site.now)

    assert [message.job for message in site.builds.sent] == [other.id]
    assert "lea_reports.errors.Transient" in [fields.get("error") for _, fields in site.telemetry.events]


def test_a_notice_that_nobody_accepts_is_given_up_after_a_day(site, selection):
    """An address that does not exist is not written to every two minutes for ever; the job is open no more."""
    job = site.submit(selection)
    while site.builds.sent:
        site.take(site.builds.sent.pop(0))
    notices = 0
    while site.job(job).check_at is not None:
        site.notices.sent.clear()
        site.now = site.job(job).check_at
        reconcile(site.dependencies, site.now)
        notices += len(site.notices.sent)

    assert notices <= NOTICE_GIVEN_UP / CHECK_NOTICE + 1
    assert NOTICE_GIVEN_UP < site.now - site.job(job).ended_at <= NOTICE_GIVEN_UP + CHECK_NOTICE
    assert site.jobs.open_jobs(10) == 0
    assert Event.NOTICE_GIVEN_UP in [event for event, _ in site.telemetry.events]


def test_a_message_for_a_job_that_does_not_exist_is_ignored(site):
    """Old messages of a table that was restored do no harm."""
    for step in Step:
        site.take(BuildMessage(step=step, lea="99100010000000", job="0" * 26, chunk=0))

    assert not site.builds.sent


def test_a_request_is_accepted_even_if_the_queue_is_away(site, selection):
    """The job is stored first; reconcile sends what could not be sent."""

    class BrokenQueue:
        def send(self, messages):
            raise Transient("away")

    working, site.builds = site.builds, BrokenQueue()
    job = site.submit(selection)
    site.builds, site.now = working, job.check_at
    reconcile(site.dependencies, site.now)
    site.run()

    assert site.job(job).state is JobState.READY


def test_a_refused_mail_is_sent_by_the_next_delivery(site, selection):
    """SES said no; the claim is given back."""

    class BrokenMailer:
        def send(self, mail):
            raise Transient("not accepted")

    job = site.submit(selection)
    mailer, site.mailer = site.mailer, BrokenMailer()
    with pytest.raises(Transient):
        site.run()
    site.mailer = mailer
    reconcile(site.dependencies, site.job(job).check_at)
    site.run()

    assert len(site.mailer.sent) == 1
