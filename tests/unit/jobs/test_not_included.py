"""What an archive lacks is listed page by page, as it stands in the archive."""

from dataclasses import replace

import pytest

from lea_reports.errors import Conflict, Gone, Invalid
from lea_reports.jobs.job import FILES_KEPT, JobState, Progress
from lea_reports.jobs.storage import MemoryStorage
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.listing import NotIncluded, explained, not_included_list
from lea_reports.ssr_archive.not_included import not_included_key, not_included_page

ROWS = [
    NotIncluded(f"{number:010d}", "99100010000001", "03", "smarter-balanced", "zh-Hant", reason)
    for number, reason in enumerate(
        ["no_glyph", "language_not_available", "not_rendered", "bad_record"] * 250
    )
]


@pytest.fixture
def listed(site, selection):
    """A finished job, and a storage with a long list of what it lacks."""
    job = site.submit(selection)
    site.run()
    job = replace(site.job(job), progress=Progress(total=1005, made=5, not_included=1000))
    lists, storage = not_included_list(), MemoryStorage()
    lists.add(explained(ROWS))
    storage.put(not_included_key(job.lea, job.id), lists.content)
    return job, storage


@pytest.mark.parametrize("limit", [1, 3, 250, 999, 1000])
def test_the_pages_together_are_the_list(site, listed, limit):
    """Every row once and in order; the last page says that it is."""
    found, place = [], None
    while True:
        page = not_included_page(*listed, limit=limit, after=place, now=site.now)
        assert len(page.ssrs) <= limit
        found += page.ssrs
        place = page.next
        if place is None or len(found) > len(ROWS):
            break

    assert found == ROWS


@pytest.mark.parametrize("after", [2, 70, 10**9])
def test_a_place_that_no_page_told_is_refused(site, listed, after):
    """In the middle of a row, or behind the end."""
    with pytest.raises(Invalid) as refused:
        not_included_page(*listed, limit=10, after=after, now=site.now)
    assert [problem.rule for problem in refused.value.problems] == ["unknown_place"]


def test_what_an_archive_lacks_is_stored_beside_it(site, selection):
    """English exists; the other language of this engine does not."""
    job = site.submit(replace(selection, languages=frozenset({LanguageChoice.ALL})))
    site.run()
    ended = site.job(job)

    page = not_included_page(ended, site.storage, limit=100, after=None, now=site.now)

    assert len(page.ssrs) == ended.progress.not_included > 0
    assert {each.reason for each in page.ssrs} == {"language_not_available"}


def test_a_full_archive_lacks_nothing(site, selection):
    """Then there is no list either."""
    job = site.submit(selection)
    site.run()
    page = not_included_page(site.job(job), site.storage, limit=10, after=None, now=site.now)

    assert (page.ssrs, page.next) == ((), None)
    assert not [key for key in site.storage.objects if key.startswith("not-included/")]


def test_there_is_no_list_before_the_end_and_after_the_archive(site, listed):
    """409 and 410."""
    job, storage = listed

    with pytest.raises(Conflict):
        not_included_page(replace(job, state=JobState.BUILDING), storage, limit=1, after=None, now=site.now)
    with pytest.raises(Gone):
        not_included_page(job, storage, limit=1, after=None, now=site.now + FILES_KEPT)


@pytest.mark.parametrize("state", list(JobState))
def test_a_job_without_a_list_says_why(site, selection, state):
    """While it is open the list comes; at another end than ready it never does, and what to do depends on the end."""
    job = replace(site.submit(selection), state=state)

    with pytest.raises(Conflict) as refused:
        not_included_page(job, site.storage, limit=10, after=None, now=site.now)

    (problem,) = refused.value.problems
    waits = state.is_open or state is JobState.READY
    assert ("is known when the report is ready" in problem.detail) is waits
