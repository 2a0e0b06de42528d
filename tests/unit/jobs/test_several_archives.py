"""A report that is too large for one archive comes as several, each of which stands alone."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from lea_reports.archive.fragment import FragmentWriter
from lea_reports.archive.zip_format import CentralDirectory, ZipEntry
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.finish_job import finish_job
from lea_reports.jobs.job import JobState
from lea_reports.jobs.messages import Step
from lea_reports.jobs.presence import OutOfTime
from lea_reports.jobs.timing import LEASE
from lea_reports.jobs.worker import Worker
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.listing import MOST_BYTES_LISTED, MOST_BYTES_OF_EMPTY_LISTS, Lists
from lea_reports.ssr_archive.naming import merged_name, school_folder, ssr_path
from lea_reports.ssr_archive.not_included import not_included_page
from local.archive_check import read_list

TWO_SSRS = 2 * MOST_BYTES_LISTED + 500 + MOST_BYTES_OF_EMPTY_LISTS
"""Room for a chunk of this site, not for two."""


@pytest.fixture
def small(site):
    """A site whose archives hold a chunk each."""
    site.limits = replace(site.limits, archive_bytes=TWO_SSRS)
    return site


def archives(site, job):
    """Open the archives of a job."""
    return [zipfile.ZipFile(io.BytesIO(site.storage.objects[archive.key])) for archive in site.job(job).files]


def rows(archive, name):
    """Read a list of an archive."""
    return read_list(archive, f"_{name}")


def until_assembly(site, job):
    """Work until only the assembly is left."""
    queue = site.builds
    while queue.sent and queue.sent[0].step is not Step.FINISH:
        site.take(queue.sent.pop(0))
    assert site.job(job).state is JobState.FINISHING
    queue.sent.clear()


@pytest.mark.parametrize("merge", [False, True])
def test_every_ssr_is_in_one_archive_which_lists_its_own(small, selection, merge):
    """Whoever has one of them knows what is in it without the others."""
    job = small.submit(replace(selection, merge=merge, languages=frozenset({LanguageChoice.ALL})))
    small.run()
    opened = archives(small, job)
    done = small.job(job)

    assert len(opened) == done.progress.chunks > 1
    for archive in opened:
        files = [name for name in archive.namelist() if name.endswith(".pdf")]
        assert archive.testzip() is None
        assert sorted({row["File"] for row in rows(archive, "manifest.csv")}) == sorted(files)
    assert sum(len(rows(archive, "manifest.csv")) for archive in opened) == done.progress.made
    missing = [row["SSID"] for archive in opened for row in rows(archive, "not_included.csv")]
    listed = not_included_page(done, small.storage, limit=10, after=None, now=small.now).ssrs
    assert missing == [row.ssid for row in listed] == ["1000000002"]


def test_the_names_say_which_of_how_many_and_the_mail_has_a_link_to_each(small, selection):
    """In order; one mail."""
    job = small.submit(selection)
    small.run()
    done = small.job(job)

    assert [archive.name for archive in done.files] == [
        "Spring_1-of-3.zip",
        "Spring_2-of-3.zip",
        "Spring_3-of-3.zip",
    ]
    (mail,) = small.mailer.sent
    assert re.findall(r"https://\S+", mail.text) == [
        f"https://example.org/{archive.key}" for archive in done.files
    ]


def test_one_archive_bears_the_name_of_the_report(site, selection):
    """Nothing is counted where there is nothing to count."""
    job = site.submit(selection)
    site.run()

    assert [archive.name for archive in site.job(job).files] == ["Spring.zip"]


def until_archives(site, job, count):
    """Return a worker whose time is up when so many archives are joined."""

    def time_left():
        return timedelta(minutes=10) if len(site.job(job).files) < count else timedelta()

    return Worker("first", lambda: site.now, time_left)


def test_an_assembly_goes_on_after_the_last_archive(small, selection):
    """Its time was up; what is recorded is not joined again, and the list of what is not included is whole."""
    job = small.submit(replace(selection, languages=frozenset({LanguageChoice.ALL})))
    until_assembly(small, job)
    with pytest.raises(OutOfTime):
        finish_job(small.dependencies, job.lea, job.id, until_archives(small, job, 2))
    half = small.job(job)
    assert (half.state, len(half.files), half.files_kept_until) == (JobState.FINISHING, 2, None)
    written = dict(small.storage.objects)
    for archive in half.files:
        del small.storage.objects[archive.key]
    finish_job(small.dependencies, job.lea, job.id, small.worker("second"))
    done = small.job(job)

    assert (done.state, done.files[:2]) == (JobState.READY, half.files)
    assert all(archive.key not in small.storage.objects for archive in half.files)
    small.storage.objects.update(written)
    missing = [row["SSID"] for archive in archives(small, job) for row in rows(archive, "not_included.csv")]
    listed = not_included_page(done, small.storage, limit=10, after=None, now=small.now).ssrs
    assert missing == [row.ssid for row in listed] != []


def test_an_assembly_begins_anew_when_the_limit_was_changed_meanwhile(small, selection):
    """A deployment came between: what is recorded holds other chunks than the archives would now."""
    job = small.submit(selection)
    until_assembly(small, job)
    with pytest.raises(OutOfTime):
        finish_job(small.dependencies, job.lea, job.id, until_archives(small, job, 1))
    limits = replace(small.limits, archive_bytes=2 * TWO_SSRS - MOST_BYTES_OF_EMPTY_LISTS)
    small.limits = limits
    finish_job(small.dependencies, job.lea, job.id, small.worker("second"))

    assert [archive.name for archive in small.job(job).files] == ["Spring_1-of-2.zip", "Spring_2-of-2.zip"]
    listed = [row["SSID"] for archive in archives(small, job) for row in rows(archive, "manifest.csv")]
    assert len(listed) == len(set(listed)) == 5


def test_an_archive_is_not_begun_that_would_take_longer_than_there_is_time(small, selection):
    """The one before took ten minutes; what is left is less, though it is enough to stop."""
    job = small.submit(selection)
    until_assembly(small, job)
    began = small.now

    def time_left():
        return timedelta(minutes=15) - (small.now - began)

    storage = small.storage
    join = storage.join

    def slow_join(key, parts):
        small.now += timedelta(minutes=10)
        return join(key, parts)

    storage.join = slow_join
    with pytest.raises(OutOfTime):
        finish_job(small.dependencies, job.lea, job.id, Worker("slow", lambda: small.now, time_left))

    assert len(small.job(job).files) == 1
    assert small.job(job).check_at == small.now + LEASE


def test_a_second_assembly_at_the_same_time_gives_way(small, selection):
    """Each archive is recorded once."""
    job = small.submit(selection)
    until_assembly(small, job)
    storage = small.storage
    join = storage.join

    def meanwhile(key, parts):
        storage.join = join
        finish_job(small.dependencies, job.lea, job.id, small.worker("faster"))
        return join(key, parts)

    storage.join = meanwhile
    finish_job(small.dependencies, job.lea, job.id, small.worker("slower"))
    small.run()

    assert [archive.name for archive in small.job(job).files] == [f"Spring_{n}-of-3.zip" for n in (1, 2, 3)]
    assert len(small.mailer.sent) == 1


def test_a_job_that_is_cancelled_between_two_archives_has_none(small, selection):
    """Nobody gets a part of a report."""
    job = small.submit(selection)
    until_assembly(small, job)
    storage = small.storage
    join = storage.join

    def cancelling(key, parts):
        if key.endswith("_2-of-3.zip"):
            cancel_job(small.job(job), jobs=small.jobs, telemetry=small.telemetry, now=small.now)
        return join(key, parts)

    storage.join = cancelling
    finish_job(small.dependencies, job.lea, job.id, small.worker("worker"))

    assert (small.job(job).state, small.job(job).files) == (JobState.CANCELLED, ())
    assert not small.notices.sent


def test_the_lists_never_need_more_room_than_is_left_for_them():
    """With names of the longest words, which are of four bytes a letter."""
    word = "𝔐" * 60
    path = ssr_path(
        school=school_folder("9" * 14, word),
        grade="03",
        last_name=word,
        first_name=word,
        ssid="9" * 10,
        test="summative-alternate-elpac",
        language="zh-Hant",
    )
    directory = CentralDirectory()
    directory.add([ZipEntry(path, 0, 2**32 - 1, 2**40)])
    entry = len(directory.content(0)) - len(CentralDirectory().content(0))
    in_csv, in_workbook = len(path.encode()) + 200, len(path.encode()) + 400

    assert entry + in_csv + in_workbook < MOST_BYTES_LISTED
    empty = CentralDirectory()
    files = FragmentWriter(lambda piece: None)
    for name, content in Lists().files("x" * 75):
        files.add(name, content)
    empty.add(files.entries)
    assert files.size + len(empty.content(files.size)) < MOST_BYTES_OF_EMPTY_LISTS
    assert len(merged_name(name="x" * 72, grade="03", language="zh-Hant", number=999)) < len(path)
