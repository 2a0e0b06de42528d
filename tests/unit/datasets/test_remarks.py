"""Rows that contradict themselves, and those that are held back."""

from datetime import UTC, datetime

import pytest

UNTESTED = {
    "scale_score": "",
    "standard_error": "",
    "error_band_min": "",
    "error_band_max": "",
    "achievement_level": "",
    "composite_claim_1_level": "",
    "composite_claim_2_level": "",
    "genre": "",
    "writing_organization_purpose": "",
    "writing_evidence_elaboration": "",
    "writing_conventions": "",
    "lexile_or_quantile_measure": "",
}
"""What makes the good row one without a score."""


@pytest.fixture
def take(good_row, write_csv, take_in, objects):
    """Return a function that takes one row of scores in."""

    def one(now=datetime(2026, 7, 11, tzinfo=UTC), **changes):
        return take_in(objects, "scores", write_csv("scores", [good_row("scores", **changes)]), now=now)

    return one


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"score_status": "I"}, "score_status", "an invalid score is not SSR eligible"),
        (UNTESTED, "ssr_eligible", "has a score, or a condition code"),
    ],
)
def test_a_record_of_which_an_ssr_would_mislead_is_a_reject(changes, column, rule, take):
    """A family would be told what is not so."""
    summary = take(**changes)
    ((found, sentence, rows),) = summary.reasons
    assert (found, rows, summary.published) == (column, 1, None)
    assert rule in sentence


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"ssr_available_date": ""}, "ssr_available_date", "without it none is made"),
        ({"ssr_eligible": "N"}, "ssr_available_date", "none is made"),
        (
            {"test_completed_date": "2026-07-12", "ssr_available_date": "2026-07-20"},
            "test_completed_date",
            "today",
        ),
    ],
)
def test_a_record_that_contradicts_itself_and_does_no_harm_is_named(changes, column, words, take):
    """It is taken in; how many there are, and where, is told."""
    summary = take(**changes)
    (remark,) = summary.remarks
    assert (remark.column, remark.rows) == (column, 1)
    assert words in remark.rule
    assert remark.places[0].endswith(":2")
    assert (summary.rejected, summary.published is None) == (0, False)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"ssr_eligible": "", "ssr_available_date": "", "condition_code": "NT", "include_indicator": "N"}
        | UNTESTED,
        {"condition_code": "PGE", "include_indicator": "N"} | UNTESTED,
        {"condition_code": "NTE", "include_indicator": "N"} | UNTESTED,
        {"ssr_eligible": "N", "ssr_available_date": "", "score_status": "I", "include_indicator": "R"},
        {"ssr_eligible": "N", "ssr_available_date": "", "attemptedness": "P", "include_indicator": "T"}
        | UNTESTED,
    ],
    ids=["scored", "not tested", "a parent's wish", "an emergency", "invalidated", "partly"],
)
def test_what_the_program_s_files_hold_is_neither_rejected_nor_remarked_on(changes, take):
    """An SSR may say that a student was not tested, and a record without an SSR needs no date of it."""
    summary = take(**changes)
    assert (summary.rejected, summary.remarks) == (0, ())


def test_an_unfinished_english_proficiency_test_has_an_ssr_with_its_parts(
    good_row, write_csv, take_in, objects, rejects
):
    """No overall score, and levels of the domains that were taken."""
    row = good_row(
        "scores", record_type="21", listening_level="2", scale_score_minus_1="", achievement_level_minus_1="",
        **UNTESTED,
    )  # fmt: skip
    take_in(objects, "scores", write_csv("scores", [row]))
    assert rejects() == []


@pytest.mark.parametrize(
    ("now", "embargoed"),
    [(datetime(2026, 6, 1, 6, tzinfo=UTC), 1), (datetime(2026, 6, 1, 8, tzinfo=UTC), 0)],
    ids=["still 31 May in California", "1 June"],
)
def test_records_whose_ssr_appears_later_are_counted(now, embargoed, take):
    """The day is the program's, wherever the ingest runs."""
    assert take(now=now).embargoed == embargoed


def test_the_places_of_the_first_ten_are_named(good_row, write_csv, take_in, objects):
    """The lines are those of the files, and no value of a student is in it."""
    rows = [good_row("scores", ssid=f"90000000{n:02d}", ssr_available_date="") for n in range(12)]
    first, second = write_csv("scores", rows[:9]), write_csv("scores", rows[9:])
    (remark,) = take_in(objects, "scores", first, second).remarks
    assert remark.rows == 12
    assert remark.places == (*(f"{first.name}:{line}" for line in range(2, 11)), f"{second.name}:2")


@pytest.mark.parametrize(("born", "rows"), [("2026-07-10", 0), ("2026-07-11", 1)])
def test_a_student_who_is_not_born_yet_is_named(born, rows, good_row, write_csv, take_in, objects):
    """At the program's midnight: it is still the tenth there. Whoever feeds the program has mistaken a century."""
    path = write_csv("students", [good_row("students", birth_date=born, enrollment_date="")])
    summary = take_in(objects, "students", path, now=datetime(2026, 7, 11, 6, 59, tzinfo=UTC))
    assert [remark.rows for remark in summary.remarks] == [rows] * (rows > 0)
    assert (summary.accepted, summary.rejected) == (1, 0)
