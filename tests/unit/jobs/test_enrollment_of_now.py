"""From two rosters to archives: who gets the SSRs of a student who moved, and of one who left."""

import io
import json
import zipfile
from datetime import UTC, date, datetime
from itertools import count

import pyarrow as pa
import pytest
from pyarrow import parquet

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.ingest import IngestDependencies, IngestOrder, ingest
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import POINTER
from lea_reports.jobs.job import JobState
from lea_reports.storage.objects import MemoryObjects
from local.archive_check import read_list

A, B = "99100010000000", "99100020000000"
OLD_SCHOOL, NEW_SCHOOL = "99100010000001", "99100020000001"
MOVED, LEFT, STAYED = "1000000001", "1000000002", "1000000003"
JUNE, OCTOBER, NOVEMBER = (datetime(2026, month, 20, 20, tzinfo=UTC) for month in (6, 10, 11))


@pytest.fixture
def objects():
    """Nothing is published yet."""
    return MemoryObjects()


@pytest.fixture
def feed(objects, tmp_path):
    """Return a function that takes rows of a feed in at a moment, as program staff do."""
    ids = count(1)

    def take_in(dataset, rows, now, **options):
        path = tmp_path / f"{dataset}.parquet"
        parquet.write_table(pa.Table.from_pylist(rows, FEEDS[dataset].schema), path)
        order = IngestOrder(FEEDS[dataset], (path,), options.pop("year", None), tmp_path / "r.csv", **options)
        summary = ingest(order, IngestDependencies(objects, lambda: now, lambda: f"{next(ids):026d}"))
        assert summary.published is not None, summary.drops
        return summary

    return take_in


@pytest.fixture
def results(score):
    """Return a function that makes the results of 2025-26 of three students, tested at LEA A."""

    def make(value=2450):
        places = {"tested_lea": A, "tested_school": OLD_SCHOOL}
        return [score(ssid, "01", value, uin=f"{ssid}000001", **places) for ssid in (MOVED, LEFT, STAYED)]

    return make


@pytest.fixture
def roster_of_june(feed, student, results):
    """Publish the roster and the results of 2025-26: three students of LEA A."""
    feed(
        "organizations",
        [
            {"cds_code": code, "kind": kind, "lea": lea, "name": f"Sample {code}", "county_name": "Sample"}
            for code, kind, lea in (
                (A, "district", A), (B, "district", B), (OLD_SCHOOL, "school", A), (NEW_SCHOOL, "school", B),
            )
        ],
        JUNE,
    )  # fmt: skip
    rows = [student(ssid, OLD_SCHOOL, "Before", lea=A) for ssid in (MOVED, LEFT, STAYED)]
    feed("students", rows, JUNE)
    feed("scores", results(), JUNE)
    return rows


@pytest.fixture
def roster_of_october(feed, student, roster_of_june):
    """Publish the roster of 2026-27: one student moved to LEA B, one left California."""
    rows = [
        student(MOVED, NEW_SCHOOL, "After", lea=B, primary_language="01"),
        student(STAYED, OLD_SCHOOL, "Before", lea=A),
    ]
    feed("students", rows, OCTOBER, accept_drop=True)


@pytest.fixture
def delivered(new_site, selection):
    """Return a function that has the SSRs of 2025-26 made for an LEA, and returns the rows of the manifest."""

    def deliver(lea, site=None):
        site = site or new_site()
        job = site.submit(selection, lea=lea)
        site.run()
        done = site.job(job)
        if done.state is JobState.NO_RESULTS:
            return {}
        content = site.storage.objects[done.files[0].key]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {row["SSID"]: row for row in read_list(archive, "_manifest.csv")}

    return deliver


@pytest.mark.usefixtures("roster_of_october")
def test_the_newest_roster_decides_about_the_ssrs_of_an_earlier_year(delivered):
    """B gets the SSRs of last year of the student who came, under the name and school of now; A no longer does."""
    theirs = delivered(B)
    assert list(theirs) == [MOVED]
    assert theirs[MOVED]["School"] == NEW_SCHOOL
    assert "After" in theirs[MOVED]["File"]
    assert MOVED not in delivered(A)


@pytest.mark.usefixtures("roster_of_october")
def test_who_left_every_lea_stays_with_that_of_the_year_of_the_results(delivered):
    """In no roster of now: the LEA of that year keeps the student."""
    assert set(delivered(A)) == {LEFT, STAYED}


@pytest.mark.usefixtures("roster_of_october")
def test_last_years_roster_taken_in_once_more_moves_nobody_back(feed, roster_of_june, delivered):
    """How new a roster is, its date says, and not the day on which it was taken in."""
    feed("students", roster_of_june, NOVEMBER, as_of=date(2026, 6, 20))
    assert list(delivered(B)) == [MOVED]
    feed("students", roster_of_june, NOVEMBER, year=AdministrationYear(2026))
    assert list(delivered(B)) == [MOVED]


@pytest.mark.usefixtures("roster_of_october")
def test_results_that_come_later_go_to_the_lea_of_now(feed, results, delivered):
    """It does not matter which feed came last."""
    feed("scores", results(), NOVEMBER)
    assert list(delivered(B)) == [MOVED]
    assert set(delivered(A)) == {LEFT, STAYED}


@pytest.mark.usefixtures("roster_of_june")
def test_a_school_that_goes_to_another_lea_keeps_its_name_in_the_ssrs_of_the_old_one(feed, delivered):
    """Until a roster moves its students they are of the LEA that the roster says; no code stands for the name."""
    feed(
        "organizations",
        [
            {
                "cds_code": code,
                "kind": kind,
                "lea": B if code != A else A,
                "name": "Oak",
                "county_name": "Sample",
            }
            for code, kind in (
                (A, "district"),
                (B, "district"),
                (OLD_SCHOOL, "school"),
                (NEW_SCHOOL, "school"),
            )
        ],
        OCTOBER,
        accept_drop=True,
    )
    theirs = delivered(A)
    assert set(theirs) == {MOVED, LEFT, STAYED}
    assert all(f"{OLD_SCHOOL}_Oak/" in row["File"] for row in theirs.values())


def test_by_tested_keeps_everybody(objects, feed, roster_of_october):
    """The records by tested LEA are where the tests were given, whoever moves."""
    datasets = DatasetReader(objects)
    assert datasets.rows(SCORES, datasets.pinned(), 2026, A)["ssid"].to_pylist() == [MOVED, LEFT, STAYED]


def test_a_job_that_was_asked_for_before_the_roster_keeps_what_it_pinned(
    feed, student, roster_of_june, new_site, selection
):
    """A new roster between request and plan changes nothing about the job."""
    site = new_site()
    job = site.submit(selection, lea=A)
    feed("students", [student(MOVED, NEW_SCHOOL, "After", lea=B)], OCTOBER, accept_drop=True)
    site.run()
    assert site.job(job).progress.made == 3


@pytest.mark.usefixtures("roster_of_october")
def test_the_ingest_after_a_pointer_of_before_there_was_one_enrollment_brings_it(
    objects, feed, results, delivered
):
    """Rosters without a recorded date are as new as their years."""
    pointer = json.loads(objects.get(POINTER).content)
    del pointer["rosters"], pointer["former"], pointer["snapshots"]["students_by_enrolled"]
    objects.put(POINTER, json.dumps(pointer).encode())
    feed("scores", results(), NOVEMBER)
    assert list(delivered(B)) == [MOVED]
