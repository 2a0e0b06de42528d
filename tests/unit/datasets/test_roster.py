from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.roster import newest_roster, roster_of
from lea_reports.datasets.snapshots import read_pointer
from lea_reports.errors import Invalid
from lea_reports.storage.objects import MemoryObjects

TODAY = date(2026, 11, 26)
DAYS = st.dates(date(2016, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("year", "as_of", "expected"),
    [
        (None, None, (2027, TODAY)),
        (2027, None, (2027, TODAY)),
        (2026, None, (2026, date(2026, 6, 30))),
        (None, date(2026, 6, 20), (2026, date(2026, 6, 20))),
        (2026, date(2026, 8, 1), (2026, date(2026, 8, 1))),
    ],
    ids=["today's", "this year's", "last year's", "by its date", "drawn after its year"],
)
def test_a_roster_has_a_year_and_a_day(year, as_of, expected):
    """What is not said follows from the day on which it is taken in."""
    roster = roster_of(year and AdministrationYear(year), as_of, TODAY)
    assert (roster.year, roster.as_of) == expected


@pytest.mark.parametrize(
    ("year", "as_of", "words"),
    [
        (None, date(2026, 11, 27), "today is 2026-11-26"),
        (2027, date(2026, 6, 30), "begins on 2026-07-01"),
        (2028, None, "begins on 2027-07-01"),
    ],
    ids=["a later day", "before its year", "a year ahead"],
)
def test_a_roster_of_a_day_that_cannot_be_is_refused(year, as_of, words):
    """The sentence says what is wrong."""
    with pytest.raises(Invalid, match=words):
        roster_of(year and AdministrationYear(year), as_of, TODAY)


@given(first=DAYS, second=DAYS)
def test_an_earlier_year_taken_in_later_is_never_the_newest(first, second):
    """Whatever days the two are taken in: the roster of the present school year stays the newest."""
    now, later = sorted((first, second))
    present = roster_of(None, None, now)
    again = roster_of(present.year.before(1), None, later)
    dates = {present.year: present.as_of, again.year: again.as_of}
    assert newest_roster(dates, dates) == present


def test_rosters_whose_dates_nobody_recorded_are_as_new_as_their_years():
    """Lakes of before there were dates have them in the order of years."""
    assert newest_roster([2024, 2026, 2025], {}).year == 2026
    assert newest_roster([], {}) is None


@pytest.mark.parametrize("said", ["column", "option"])
def test_the_date_of_a_roster_is_kept_beside_its_snapshot(said, good_row, write_csv, take_in, objects):
    """In the column of the feed or beside it; the year follows."""
    row = good_row("students", **({"as_of_date": "2026-05-01"} if said == "column" else {}))
    as_of = {"as_of": date(2026, 5, 1)} if said == "option" else {}
    summary = take_in(objects, "students", write_csv("students", [row]), year=None, **as_of)
    assert (summary.roster.year, summary.roster.as_of) == (2026, date(2026, 5, 1))
    assert read_pointer(objects).rosters == {2026: date(2026, 5, 1)}
    datasets = DatasetReader(objects)
    assert len(datasets.rows(STUDENTS, datasets.pinned(), 2026, row["lea"])) == 1


@pytest.mark.parametrize(
    ("dates", "as_of", "words"),
    [
        (("2026-05-01", "2026-05-02"), None, "all rows of a roster have one date"),
        (("2026-05-01", ""), None, "another nothing"),
        (("2026-05-01", "2026-05-01"), date(2026, 5, 3), "2026-05-03 was given beside it"),
        (("2026-08-01", "2026-08-01"), None, "today is 2026-07-10"),
    ],
    ids=["two", "some", "another option", "ahead"],
)
def test_a_roster_that_is_not_of_one_day_is_refused(
    dates, as_of, words, good_row, write_csv, take_in, objects
):
    """Nothing is published, and the sentence says why."""
    rows = [good_row("students", ssid=f"900000000{n}", as_of_date=day) for n, day in enumerate(dates)]
    with pytest.raises(Invalid, match=words):
        take_in(objects, "students", write_csv("students", rows), year=None, as_of=as_of)
    assert list(objects.keys("")) == []


def test_today_is_the_program_s(good_row, write_csv, take_in, objects):
    """At 1 July, 3 o'clock in London, the old school year goes on in California."""
    now = datetime(2026, 7, 1, 3, tzinfo=UTC)
    summary = take_in(objects, "students", write_csv("students", [good_row("students")]), year=None, now=now)
    assert (summary.roster.year, summary.roster.as_of) == (2026, date(2026, 6, 30))


def test_who_nobody_may_ask_for_is_told(good_row, write_csv, take_in, objects):
    """Scores of students that no roster knows are counted; some left, and few need no word."""
    known = [good_row("students", ssid=f"90000000{n:02d}") for n in range(9)]
    take_in(objects, "students", write_csv("students", known))
    rows = [
        good_row(
            "scores",
            administration_year=year,
            ssid=f"90000000{n:02d}",
            scale_score_minus_1="",
            achievement_level_minus_1="",
        )
        for year, tested in (("2026", 9), ("2025", 10))
        for n in range(tested)
    ]
    summary = take_in(objects, "scores", write_csv("scores", rows), accept_drop=False)
    assert summary.notes == (
        "1 of 10 students with scores of 2024-25 are in no roster; nobody can ask for their SSRs.",
    )
    assert summary.published is not None


LEAS = tuple(f"9910{number:03d}0000000" for number in range(3))
PLACES = st.dictionaries(st.integers(0, 9), st.sampled_from(LEAS), min_size=1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rosters=st.dictionaries(st.sampled_from((2024, 2025, 2026)), PLACES, min_size=1),
    scores=st.sets(st.tuples(st.integers(0, 9), st.sampled_from((2024, 2025, 2026))), min_size=1),
    order=st.permutations(("scores", 2024, 2025, 2026)),
)
def test_every_student_with_scores_is_where_the_newest_roster_has_them_or_else_that_of_the_year(
    rosters, scores, order, good_row, write_csv, take_in
):
    """In whatever order the feeds come: students and scores of each LEA are those that a plain rule gives."""
    objects = MemoryObjects()
    blank = {"scale_score_minus_1": "", "achievement_level_minus_1": ""}
    for feed in order:
        if feed == "scores":
            rows = [
                good_row("scores", ssid=f"900000000{n}", administration_year=str(year), **blank)
                for n, year in scores
            ]
            take_in(objects, "scores", write_csv("scores", rows))
        elif feed in rosters:
            rows = [good_row("students", ssid=f"900000000{n}", lea=lea) for n, lea in rosters[feed].items()]
            take_in(objects, "students", write_csv("students", rows), year=feed)
    datasets, newest = DatasetReader(objects), rosters[max(rosters)]
    pinned = datasets.pinned()
    for year in (2024, 2025, 2026):
        tested = sorted(n for n, at in scores if at == year)
        place = {n: newest.get(n) or rosters.get(year, {}).get(n) for n in tested}
        for lea in LEAS:
            expected = [f"900000000{n}" for n in tested if place[n] == lea]
            for dataset in (STUDENTS_BY_ENROLLED, SCORES_BY_ENROLLED):
                assert datasets.rows(dataset, pinned, year, lea)["ssid"].to_pylist() == expected
