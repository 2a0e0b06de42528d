"""What could not be made of a report is made once more: that, and nothing else."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lea_reports.access.roles import Caller, Role, RoleAssignment
from lea_reports.datasets.snapshots import read_pointer, switch_pointer
from lea_reports.errors import Conflict, Gone
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.job import FILES_KEPT, JobState, Progress
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.retry_job import next_name, retry_job
from lea_reports.jobs.timing import DEADLINE
from lea_reports.ssr.engine.ssr_engine import NOT_RENDERED, SsrFailure
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.not_included import not_included_page
from lea_reports.ssr_archive.password import secret_of
from lea_reports.telemetry.fault import Fault
from local.archive_check import MANIFEST, NOT_INCLUDED, read_list

LEA, MAPLE, OAK = "99100010000000", "99100010000001", "99100010000002"
SPANISH_SPEAKER, FIRST, SECOND = "1000000002", "1000000001", "2000000001"


@pytest.fixture
def broken(site):
    """Let the engine break on the SSRs of these students, until it is mended."""
    engine = site.engine

    def break_on(*ssids):
        class Breaking(type(engine)):
            def single_files(self, results, **options):
                for result in results:
                    if result.ssid in ssids:
                        yield SsrFailure(result, NOT_RENDERED, Fault("ZeroDivisionError"))
                    else:
                        yield from super().single_files([result], **options)

        site.engine = Breaking()

    return break_on


def retry(site, job, secret=None, role=Role.LEA_CAASPP_COORDINATOR, seen=None):
    """Ask for what a job lacks, as it stands now or as it was `seen`."""
    site.ids += 1
    stored = seen or site.job(job)
    return retry_job(
        job=stored,
        secret=secret,
        caller=Caller(stored.requester, RoleAssignment(role, LEA)),
        job_id=f"{site.ids:026d}",
        now=site.now,
        jobs=site.jobs,
        datasets=site.datasets,
        builds=site.builds,
        telemetry=site.telemetry,
    )


def run(site, job):
    """Work until nothing is to do; returns the job."""
    site.run()
    return site.job(job)


def lists(site, job):
    """Return the SSIDs in an archive's manifest, and what it lacks as SSID and reason."""
    with zipfile.ZipFile(io.BytesIO(site.storage.objects[site.job(job).files[0].key])) as archive:
        manifest, missing = read_list(archive, MANIFEST), read_list(archive, NOT_INCLUDED)
    return [row["SSID"] for row in manifest], [(row["SSID"], row["Reason"]) for row in missing]


def files(site, job):
    """Return the names of the lists in an archive."""
    with zipfile.ZipFile(io.BytesIO(site.storage.objects[site.job(job).files[0].key])) as archive:
        return {name for name in archive.namelist() if "/" not in name}


def rule(refused):
    """Return the one rule that was broken."""
    (problem,) = refused.value.problems
    return problem.rule


@pytest.mark.parametrize("merge", [False, True])
def test_only_what_failed_is_made_once_more(site, selection, broken, merge):
    """In an archive of its own, under a name of its own, with a mail of its own."""
    broken(FIRST, SECOND)
    first = run(site, site.submit(replace(selection, merge=merge)))
    broken()
    second = run(site, retry(site, first))

    assert lists(site, second) == ([FIRST, SECOND], [])
    assert (second.state, second.progress.total, second.progress.made) == (JobState.READY, 2, 2)
    assert second.files[0].key.endswith("/Spring_retry-1.zip")
    assert len(site.mailer.sent) == 2


def test_both_jobs_tell_of_each_other(site, selection, broken):
    """Until the next retry the first one names the last."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    second = run(site, retry(site, first))

    assert (second.retry.of, site.job(first).retried_as) == (first.id, second.id)
    assert site.job(first).files == first.files


@pytest.mark.parametrize("ended", [False, True])
def test_two_retries_that_are_asked_for_at_once_bear_different_names(site, selection, ended):
    """Both see the job as it was before, whether the faster one is still open or at its end."""
    password = secret_of("correct horse battery", "subject", bytes)
    other = secret_of("battery horse correct", "subject", bytes)
    job = site.submit(selection, secret=password)
    failed = job.moved(JobState.FAILED, site.now, check_after=None)
    site.jobs.move(job, failed)
    seen = site.job(job)
    first = retry(site, job, password)
    if ended:
        cancel_job(first, jobs=site.jobs, telemetry=site.telemetry, now=site.now)
    second = retry(site, job, other, seen=seen)

    assert [each.name for each in (first, second)] == ["Spring_retry-1", "Spring_retry-2"]
    assert site.job(job).retried_as == second.id


def test_what_fails_again_can_be_retried_again(site, selection, broken):
    """Only that: the list is the one of the last archive."""
    broken(FIRST, SECOND)
    first = run(site, site.submit(selection))
    broken(SECOND)
    second = run(site, retry(site, first))
    broken()
    third = run(site, retry(site, second))

    assert lists(site, second) == ([FIRST], [(SECOND, NOT_RENDERED)])
    assert lists(site, third) == ([SECOND], [])
    assert third.files[0].key.endswith("/Spring_retry-1-1.zip")


def test_ssrs_that_all_break_again_are_listed_again(site, selection, broken):
    """That they were chosen because they break says nothing against the engine."""
    broken(FIRST, SPANISH_SPEAKER)
    first = run(site, site.submit(selection))
    second = run(site, retry(site, first))

    assert lists(site, second) == ([], [(SPANISH_SPEAKER, NOT_RENDERED), (FIRST, NOT_RENDERED)])


def test_the_data_of_now_is_used(site, selection, with_rows, student, score):
    """A record was corrected: another one of the same student, which was made, is not made again."""
    students = [student(FIRST, MAPLE, "Zhang"), student(SECOND, OAK, "Brown")]
    bad = [score(FIRST, "01", 9999), score(FIRST, "02"), score(SECOND, "01"), score(SECOND, "02")]
    with_rows(students, bad)
    first = run(site, site.submit(selection))
    moved = student(FIRST, OAK, "Zhang")
    with_rows([moved, students[1]], [score(FIRST, "01"), *bad[1:]])
    second = run(site, retry(site, first))

    assert lists(site, first) == ([SECOND], [(FIRST, "bad_record")])
    assert lists(site, second) == ([FIRST], [])


def test_a_corrected_record_is_found_though_its_date_and_grade_are_others(
    site, selection, with_rows, student, score
):
    """It is available later than the last day that was chosen, and it was the grade that was wrong."""
    chosen = replace(selection, grades=frozenset({"03"}))
    with_rows([student(FIRST, MAPLE, "Zhang")], [score(FIRST, "01", 9999), score(FIRST, "02")])
    first = run(site, site.submit(chosen))
    later = {"ssr_available_date": chosen.end + timedelta(days=30), "grade_assessed": "04"}
    corrected = [score(FIRST, "01", 2500, **later), score(FIRST, "02", 2500, **later)]
    with_rows([student(FIRST, MAPLE, "Zhang")], corrected)
    second = run(site, retry(site, first))

    assert lists(site, first) == ([], [(FIRST, "bad_record")])
    assert lists(site, second) == ([FIRST], [])
    assert second.parameters["end_date"] == chosen.end.isoformat()


@pytest.mark.parametrize(("hour", "found"), [(7, False), (8, True)])
def test_a_retry_has_a_day_of_its_own_and_it_is_the_program_s(
    site, selection, broken, with_rows, student, score, hour, found
):
    """The corrected record is released on 22 November, which begins in California when it is 8 in UTC."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    broken()
    released = {"ssr_available_date": date(2026, 11, 22)}
    corrected = [score(FIRST, "01", 2500, **released), score(FIRST, "02", 2500, **released)]
    with_rows([student(FIRST, MAPLE, "Zhang")], corrected)
    site.now = datetime(2026, 11, 22, hour, 0, tzinfo=UTC)
    second = run(site, retry(site, first))

    assert second.state is (JobState.READY if found else JobState.NO_RESULTS)


def test_what_the_data_does_not_have_any_more_is_listed(site, selection, broken, with_rows, student, score):
    """One who left, and one whose record is made: both are accounted for."""
    broken(FIRST, SECOND)
    first = run(site, site.submit(selection))
    broken()
    with_rows([student(SECOND, OAK, "Brown")], [score(SECOND, "01"), score(SECOND, "02")])
    second = run(site, retry(site, first))

    assert lists(site, second) == ([SECOND], [(FIRST, "no_longer_selected")])
    assert (second.progress.total, second.progress.made, second.progress.not_included) == (2, 1, 1)
    page = not_included_page(second, site.storage, limit=10, after=None, now=site.now)
    assert [(each.ssid, each.school, each.assessment) for each in page.ssrs] == [
        (FIRST, MAPLE, "smarter-balanced")
    ]


def test_a_retry_of_which_nothing_is_left_has_no_results(site, selection, broken, with_rows, student, score):
    """All who were missing have left."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    with_rows([student(SECOND, OAK, "Brown")], [score(SECOND, "01"), score(SECOND, "02")])

    assert run(site, retry(site, first)).state is JobState.NO_RESULTS


def test_the_plan_stays_the_same_when_data_is_published_meanwhile(site, selection, broken, objects):
    """The snapshots are pinned when the retry is asked for."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    second = retry(site, first)
    switch_pointer(objects, read_pointer(objects), {"students": "nobody"}, site.now)

    assert lists(site, run(site, second)) == ([], [(FIRST, NOT_RENDERED)])


def test_a_repeated_retry_is_the_same_open_job(site, selection, broken):
    """A second one is made once the first is at its end."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    second = retry(site, first)

    assert retry(site, first).id == second.id
    assert len(site.builds.sent) == 1
    site.run()
    assert retry(site, first).id != second.id


def test_a_job_that_failed_is_made_again_as_a_whole(site, selection):
    """It made nothing that anybody could have."""
    first = site.submit(selection)
    site.builds.sent.clear()
    site.now += DEADLINE + timedelta(seconds=1)
    reconcile(site.dependencies, site.now)
    assert site.job(first).state is JobState.FAILED
    site.builds.sent.clear()
    second = run(site, retry(site, first))

    assert (second.progress.made, second.progress.not_included) == (5, 0)
    assert second.files[0].key.endswith("/Spring_retry-1.zip")


def test_a_retry_that_failed_is_retried_with_its_list(site, selection, broken):
    """As long as the archive lives whose list it is."""
    broken(FIRST)
    first = run(site, site.submit(selection))
    broken()
    second = retry(site, first)
    site.builds.sent.clear()
    site.now += DEADLINE + timedelta(seconds=1)
    reconcile(site.dependencies, site.now)
    assert site.job(second).state is JobState.FAILED
    third = run(site, retry(site, second))

    assert lists(site, third) == ([FIRST], [])
    assert third.files[0].key.endswith("/Spring_retry-1-1.zip")
    site.now = first.ended_at + FILES_KEPT
    with pytest.raises(Gone) as refused:
        retry(site, second)
    assert rule(refused) == "report_deleted"


def test_there_must_be_something_to_make_once_more(site, selection, broken):
    """Not while it is open, not if nothing failed or somebody stopped it, not after the archive."""
    job = site.submit(selection)
    with pytest.raises(Conflict) as early:
        retry(site, job)
    site.run()
    with pytest.raises(Conflict) as whole:
        retry(site, job)
    stopped = site.submit(selection)
    cancel_job(stopped, jobs=site.jobs, telemetry=site.telemetry, now=site.now)
    with pytest.raises(Conflict) as cancelled:
        retry(site, stopped)
    broken(FIRST)
    lacking = run(site, site.submit(replace(selection, name="Lacking")))
    site.now += FILES_KEPT
    with pytest.raises(Gone) as late:
        retry(site, lacking)

    assert [rule(each) for each in (early, whole, cancelled, late)] == [
        "not_ended",
        "nothing_to_retry",
        "nothing_to_retry",
        "report_deleted",
    ]
    assert cancelled.value.problems[0].detail == "Ask for it again."


def test_a_protected_report_is_retried_with_another_password(site, selection, broken):
    """The one before is kept nowhere."""
    password, other = (secret_of(words, "subject-1", bytes) for words in ("correct horse", "battery staple"))
    broken(FIRST)
    protected = run(site, site.submit(selection, secret=password))
    broken()
    second = retry(site, protected, other)
    assert site.job(second).secret == other

    second = run(site, second)

    assert lists(site, second) == ([FIRST], [])
    assert (second.secret, second.parameters["protected"]) == (None, True)


def test_a_language_that_does_not_exist_is_listed_again(site, selection):
    """By assessment and language: the English SSR of the same student is not made again."""
    first = run(site, site.submit(replace(selection, languages=frozenset({LanguageChoice.ALL}))))
    second = run(site, retry(site, first))

    assert lists(site, second) == ([], [(SPANISH_SPEAKER, "language_not_available")])
    assert second.progress == Progress(
        total=1, made=0, not_included=1, chunks=1, chunks_done=1, size=second.progress.size
    )


@pytest.mark.parametrize(
    ("name", "is_retry", "last", "following"),
    [
        ("Spring", False, None, "Spring_retry-1"),
        ("Spring", False, "Spring_retry-1", "Spring_retry-2"),
        ("Spring_retry-1", True, None, "Spring_retry-1-1"),
        ("Spring_retry-1", True, "Spring_retry-1-9", "Spring_retry-1-10"),
        ("Spring_retry-1", False, None, "Spring_retry-1_retry-1"),
        ("x" * 64, False, None, "x" * 56 + "_retry-1"),
        ("x" * 64, False, "x" * 56 + "_retry-9", "x" * 55 + "_retry-10"),
        ("x" * 56 + "_retry-1", True, None, "x" * 54 + "_retry-1-1"),
    ],
)
def test_names_tell_retries_apart(name, is_retry, last, following):
    """Whoever unpacks all archives into one folder has the files of all."""
    assert next_name(name, is_retry=is_retry, last=last) == following


@pytest.mark.parametrize("name", ["Spring", "x" * 64])
def test_no_two_retries_of_a_report_have_the_same_name(site, selection, broken, name):
    """Neither of the report itself nor of its retries: merged files and lists of all can lie in one folder."""
    broken(FIRST)
    chosen = replace(selection, name=name, languages=frozenset({LanguageChoice.ALL}))
    first = run(site, site.submit(chosen))
    jobs = [first]
    for retried in (first, first, 1, 1, 2, 3):
        jobs.append(run(site, retry(site, jobs[retried] if isinstance(retried, int) else retried)))
    names = [job.name for job in jobs]

    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 64
    entries = [files(site, job) for job in jobs]
    assert len(set().union(*entries)) == sum(map(len, entries))
