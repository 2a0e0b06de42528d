"""What a feed has less of than what is published: asked about, never published in silence."""

from datetime import UTC, date, datetime

import pytest

from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import read_pointer
from lea_reports.errors import Invalid

AUTUMN = datetime(2026, 11, 26, tzinfo=UTC)
LEA, OTHER_LEA = "99100010000000", "99100020000000"
SCHOOL, OTHER_SCHOOL, CLOSED = "99100016000001", "99100026000001", "99100016000009"


@pytest.fixture
def organizations(good_row):
    """Return rows of two LEAs, each with a school, and of one more school of the first."""
    return [
        good_row("organizations"),
        good_row("organizations", cds_code=OTHER_LEA, lea=OTHER_LEA, name="Other Unified"),
        good_row("organizations", cds_code=SCHOOL, kind="school", name="Maple"),
        good_row("organizations", cds_code=CLOSED, kind="school", name="Closed"),
        good_row("organizations", cds_code=OTHER_SCHOOL, kind="school", lea=OTHER_LEA, name="Oak"),
    ]


@pytest.fixture
def roster(good_row):
    """Return rows of twenty students: nineteen of one LEA, one of the other."""
    places = [{"lea": LEA, "school": SCHOOL}] * 19 + [{"lea": OTHER_LEA, "school": OTHER_SCHOOL}]
    return [good_row("students", ssid=f"90000000{n:02d}", **place) for n, place in enumerate(places)]


@pytest.fixture
def publish(write_csv, take_in, objects):
    """Return a function that takes rows in as the command does: drops are asked about."""

    def take(dataset, rows, **options):
        return take_in(objects, dataset, write_csv(dataset, rows), **{"accept_drop": False} | options)

    return take


def test_what_grows_or_stays_is_never_a_drop(publish, organizations, roster):
    """The same feeds again, a larger one, and one that lost no more than a tenth."""
    for _ in range(2):
        for dataset, rows in (
            ("organizations", organizations),
            ("students", roster[2:]),
            ("students", roster),
        ):
            summary = publish(dataset, rows)
            assert (summary.drops, summary.published is not None) == ((), True)


@pytest.mark.parametrize(
    ("kept", "options", "drops"),
    [
        (slice(2, None), {}, ()),
        (slice(3, None), {}, ("students of 2025-26: 17 rows, where 20 are published.",)),
        (slice(3, None), {"most_dropped": 15}, ()),
        (slice(1, None), {"most_dropped": 0}, ("students of 2025-26: 19 rows, where 20 are published.",)),
        (slice(19), {}, (f"students of 2025-26: no rows any more of {OTHER_LEA} (Other Unified).",)),
    ],
    ids=["a tenth", "more", "a higher limit", "no limit", "an LEA"],
)
def test_a_roster_that_lost_more_than_the_limit_or_an_lea_needs_a_word(
    kept, options, drops, publish, organizations, roster, objects
):
    """The sentence says what dropped; with that word it is published."""
    publish("organizations", organizations)
    publish("students", roster)
    before = {key: objects.get(key).content for key in objects.keys("")}
    summary = publish("students", roster[kept], **options)
    assert summary.drops == drops
    assert (summary.published is None) == bool(drops)
    if drops:
        assert {key: objects.get(key).content for key in objects.keys("")} == before
        assert publish("students", roster[kept], accept_drop=True, **options).published is not None


def test_the_first_roster_of_a_year_is_compared_with_the_newest_one(publish, roster):
    """It would decide from then on; nearly empty it would leave everybody where they were."""
    publish("students", roster, year=2026)
    summary = publish("students", roster[:1], year=2027)
    assert summary.published is None
    assert (
        summary.drops[0] == "students of 2026-27, against those of 2025-26: 1 rows, where 20 are published."
    )
    assert publish("students", roster[:1], year=2025).published is not None


def test_an_older_roster_of_a_year_needs_a_word(publish, roster, objects):
    """Who enrolled since, or moved, would be where they were; the sentence says both dates."""
    options = {"year": 2027, "now": AUTUMN}
    publish("students", roster, as_of=date(2026, 11, 20), **options)
    summary = publish("students", roster, as_of=date(2026, 8, 1), **options)
    assert (summary.published, summary.drops) == (
        None,
        ("students of 2026-27: this roster is as of 2026-08-01, where one as of 2026-11-20 is published.",),
    )
    for as_of in (date(2026, 11, 20), date(2026, 11, 25)):  # the same day: a correction
        assert publish("students", roster, as_of=as_of, **options).drops == ()
    assert publish("students", roster, as_of=date(2026, 8, 1), accept_drop=True, **options).published
    assert read_pointer(objects).rosters == {2027: date(2026, 8, 1)}


def test_a_roster_that_becomes_the_newest_is_compared_with_the_one_that_was(publish, roster):
    """Also if its own year has one already: from now on it decides for everybody."""
    publish("students", roster, year=2027, now=AUTUMN, as_of=date(2026, 9, 1))
    publish("students", roster[:2], year=2026, now=AUTUMN)
    summary = publish("students", roster[:2], year=2026, now=AUTUMN, as_of=date(2026, 9, 2))
    assert summary.published is None
    assert summary.drops[0] == (
        "students of 2025-26, against those of 2026-27: 2 rows, where 20 are published."
    )


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_each_year_of_scores_is_compared_with_itself(year, publish, good_row):
    """A stray row of an earlier year would replace all that is published of it."""
    blank = {"scale_score_minus_1": "", "achievement_level_minus_1": ""}
    rows = [
        good_row("scores", ssid=f"900000000{n}", administration_year=at, **blank)
        for n in range(9)
        for at in ("2025", "2026")
    ]
    publish("scores", rows)
    first = next(row for row in rows if row["administration_year"] == year)
    summary = publish("scores", [row for row in rows if row["administration_year"] != year] + [first])
    assert summary.published is None
    assert len(summary.drops) == 1
    assert "1 rows, where 9 are published" in summary.drops[0]


def test_a_feed_whose_rows_are_nearly_all_left_out_needs_a_word_though_rejects_are_allowed(
    publish, good_row, objects
):
    """59 of 60: nothing was published before, and the one good row would be all there is."""
    rows = [good_row("students", ssid="9000000001"), *(good_row("students", ssid=f"x{n}") for n in range(59))]
    summary = publish("students", rows, allow_rejects=True)
    assert summary.drops == ("students: 59 of 60 rows are left out.",)
    assert summary.published is None
    assert list(objects.keys("")) == []
    assert publish("students", rows, allow_rejects=True, accept_drop=True).published is not None


@pytest.mark.parametrize("last", ["students", "scores"])
def test_a_roster_that_lacks_those_who_have_results_of_its_year_needs_a_word(
    last, publish, good_row, objects
):
    """One student, and results of twenty: whichever comes last is not published."""
    feeds = {
        "students": [good_row("students", ssid="9000000001")],
        "scores": [good_row("scores", ssid=f"90000000{n:02d}") for n in range(20)],
    }
    first, second = sorted(feeds, key=lambda name: name == last)
    publish(first, feeds[first])
    before = list(objects.keys(""))
    summary = publish(second, feeds[second])
    assert summary.drops == (
        "19 of 20 students with scores of 2025-26 are in no roster; nobody can ask for their SSRs.",
    )
    assert summary.published is None
    assert list(objects.keys("")) == before


@pytest.fixture
def autumn(publish, good_row, roster):
    """Return the results of twenty students of 2025-26, published with the roster of 2026-27 that has them all."""
    scores = [good_row("scores", ssid=row["ssid"]) for row in roster]
    publish("students", roster, year=2027, now=AUTUMN, as_of=date(2026, 9, 1))
    publish("scores", scores)
    return scores


def others(rows):
    """Return as many rows of students that nobody knows."""
    return [{**row, "ssid": f"91{row['ssid'][2:]}"} for row in rows]


ALL_IN_NO_ROSTER = (
    "20 of 20 students with scores of 2025-26 are in no roster; nobody can ask for their SSRs.",
)


def test_a_roster_of_other_students_needs_a_word_whatever_its_year(publish, roster, autumn, objects):
    """As many rows of the same LEAs, and none of the students who have results."""
    before = read_pointer(objects)
    options = {"year": 2027, "now": AUTUMN, "as_of": date(2026, 10, 1)}
    summary = publish("students", others(roster), **options)
    assert (summary.published, summary.drops) == (None, ALL_IN_NO_ROSTER)
    assert read_pointer(objects) == before
    assert publish("students", others(roster), accept_drop=True, **options).published is not None


def test_scores_of_other_students_need_a_word_whatever_their_year(publish, autumn, objects):
    """The newest roster is of the year after: it knows none of them."""
    before = read_pointer(objects)
    summary = publish("scores", others(autumn))
    assert (summary.published, summary.drops) == (None, ALL_IN_NO_ROSTER)
    assert read_pointer(objects) == before
    assert publish("scores", others(autumn), accept_drop=True).published is not None


def test_who_was_in_no_roster_before_is_told_and_not_asked_about_again(
    publish, roster, autumn, organizations
):
    """What was accepted once is the state of things; what grows beyond it is not."""
    options = {"year": 2027, "now": AUTUMN, "as_of": date(2026, 9, 1), "most_dropped": 20}
    publish("students", roster[5:], accept_drop=True, **options)
    for dataset, rows in (("organizations", organizations), ("students", roster[5:]), ("scores", autumn)):
        summary = publish(dataset, rows, **options)
        assert (summary.drops, summary.published is not None) == ((), True)
    assert summary.notes == (
        "5 of 20 students with scores of 2025-26 are in no roster; nobody can ask for their SSRs.",
    )
    swapped = [*roster[10:], *others(roster[:5])]
    assert publish("students", swapped, **options).drops == (
        f"10 of 20 {ALL_IN_NO_ROSTER[0].removeprefix('20 of 20 ')} So far they are 5.",
    )


def test_organizations_that_vanish_need_a_word(publish, organizations):
    """Nobody points to them: with the word they are gone."""
    publish("organizations", organizations)
    summary = publish("organizations", organizations[:1] + organizations[2:4])
    assert summary.published is None
    assert summary.drops == (
        "organizations: 3 rows, where 5 are published.",
        f"organizations: no rows any more of {OTHER_LEA} (Other Unified).",
    )
    assert publish("organizations", organizations[:1] + organizations[2:4], accept_drop=True).published


@pytest.mark.parametrize("lacking", [SCHOOL, OTHER_SCHOOL, OTHER_LEA])
@pytest.mark.parametrize("accept_drop", [False, True])
def test_an_organization_that_enrolled_students_are_in_cannot_be_left_out(
    lacking, accept_drop, publish, organizations, roster, objects
):
    """Their SSRs would name no school; the feed has to be corrected, and says which one it lacks."""
    publish("organizations", organizations)
    publish("students", roster)
    before = list(objects.keys(""))
    rows = [row for row in organizations if lacking not in {row["cds_code"], row["lea"]}]
    with pytest.raises(Invalid, match=rf"organizations that the feed lacks: .*{lacking} \("):
        publish("organizations", rows, accept_drop=accept_drop)
    assert list(objects.keys("")) == before


def test_a_school_that_goes_to_another_lea_before_its_students_do_needs_a_word(
    publish, organizations, roster, objects
):
    """Its code is still there, and its students are in the old LEA; a roster that says the new one ends that."""
    publish("organizations", organizations)
    publish("students", roster)
    moved = [row | {"lea": OTHER_LEA} if row["cds_code"] == SCHOOL else row for row in organizations]
    summary = publish("organizations", moved)
    assert summary.published is None
    (sentence,) = summary.drops
    assert sentence.startswith("Students of the newest roster are in schools that now belong to another LEA")
    assert f": {SCHOOL} (Maple). " in sentence
    assert publish("organizations", moved, accept_drop=True).published is not None
    publish("students", [row | {"lea": OTHER_LEA} for row in roster], accept_drop=True)
    assert publish("organizations", moved).drops == ()


def test_scores_of_a_school_that_went_to_another_lea_are_taken_and_named(publish, organizations, good_row):
    """They tell where a student was tested then. Many of a feed are no school that moved, but a wrong feed."""
    moved = [row | {"lea": OTHER_LEA} if row["cds_code"] == CLOSED else row for row in organizations]
    publish("organizations", moved)
    rows = [
        good_row("scores", ssid=f"90000000{n:02d}", tested_lea=LEA, tested_school=CLOSED if n < 4 else SCHOOL)
        for n in range(20)
    ]
    few = publish("scores", rows[3:])
    assert (few.accepted, few.rejected, few.drops) == (17, 0, ())
    remarks = [remark for remark in few.remarks if remark.rule == "the school belongs to the LEA"]
    assert [(remark.column, remark.rows) for remark in remarks] == [("tested_school", 1)]
    many = publish("scores", rows)
    assert many.drops == ("scores: 4 of 20 rows are of schools that belong to another LEA.",)
    assert many.published is None
    assert publish("scores", rows, accept_drop=True).published is not None


def test_a_closed_school_stays_as_long_as_results_name_it(publish, organizations, good_row, objects):
    """No longer in the feed, and nobody enrolled: it is kept, and that is told."""
    publish("organizations", organizations)
    publish("students", [good_row("students")])
    publish("scores", [good_row("scores", tested_school=CLOSED)])
    summary = publish("organizations", [row for row in organizations if row["cds_code"] != CLOSED])
    assert summary.drops == ()
    (kept,) = summary.notes
    assert kept.startswith("Kept, because students or scores of earlier years are in organizations")
    assert kept.endswith(f"{CLOSED} (Closed).")
    datasets = DatasetReader(objects)
    assert datasets.directory(datasets.pinned(), LEA).school(CLOSED).name == "Closed"


def test_a_closed_lea_stays_with_its_schools(publish, organizations, roster, good_row, objects):
    """Its students are elsewhere now; those who left California are still its own."""
    publish("organizations", organizations)
    publish("students", roster, year=2026)
    publish(
        "students", [{**row, "lea": LEA, "school": SCHOOL} for row in roster], year=2027, accept_drop=True
    )
    summary = publish("organizations", [row for row in organizations if row["lea"] == LEA])
    assert summary.published is not None
    datasets = DatasetReader(objects)
    assert datasets.directory(datasets.pinned(), OTHER_LEA).school(OTHER_SCHOOL).name == "Oak"


def test_the_first_organizations_have_to_name_what_is_already_pointed_to(publish, organizations, good_row):
    """Nobody has ever known the school of these scores."""
    publish("scores", [good_row("scores", tested_school="99100016000007")])
    with pytest.raises(Invalid, match="neither the feed has nor an earlier one: 99100016000007"):
        publish("organizations", organizations)


def test_no_more_than_ten_are_named(publish, good_row):
    """A sentence stays a sentence."""
    leas = [f"9910{n:03d}0000000" for n in range(30)]
    publish(
        "students", [good_row("students", ssid=f"90000000{n:02d}", lea=lea) for n, lea in enumerate(leas)]
    )
    summary = publish("students", [good_row("students", lea=leas[0])])
    assert summary.drops[1].endswith("and 19 more.")
    assert summary.drops[1].count("9910") == 10
