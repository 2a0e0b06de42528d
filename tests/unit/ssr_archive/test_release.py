"""Nothing is handed out before its day, and only what may be printed: the rule, written a second time."""

from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import AdministrationYear, Assessment, Test
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.ssr.results.outcome import Missing
from lea_reports.ssr.results.student_result import NoScore, SchoolNames, from_rows
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.roster import roster
from lea_reports.ssr_archive.roster_file import results_of, roster_file
from lea_reports.ssr_archive.roster_of_tables import roster_of_tables
from lea_reports.ssr_archive.selection import SsrSelection

MAPLE = "99100010000001"
NAMES = SchoolNames(MAPLE, "Maple", "99100010000000", "Demo")
TODAY = date(2026, 6, 10)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
SHARED, ALONE = 2025, 2026
"""A year whose SSR of Smarter Balanced shows CAST too, and one whose SSR does not."""


def choice(year, **changes):
    """Choose everything of a year whose dates lie around the day, in English."""
    everything = SsrSelection(
        name="Spring",
        administration_year=AdministrationYear(year),
        schools=None,
        grades=None,
        start=date(2026, 1, 1),
        end=date(2027, 12, 31),
        assessments=None,
        languages=frozenset({LanguageChoice.ENGLISH_ALL}),
        merge=False,
    )
    return replace(everything, **changes)


# The rule once more, as plainly as it can be said.


def plain_ssrs(chosen, day, records):
    """Return the SSRs of a student as (assessment, grade, tests with a result, tests without)."""
    there = {}
    for record in records:
        available = record["ssr_available_date"]
        if record["ssr_eligible"] == "Y" and available is None:
            continue  # it was never released
        if available is not None and available > day:
            continue  # it is not released yet
        there[record["record_type"]] = record
    if chosen.administration_year == SHARED and {"01", "02"} & there.keys():
        groups = {"smarter-balanced": ["01", "02", "06"]}
    else:
        groups = {"smarter-balanced": ["01", "02"], "cast": ["06"]}
    groups |= {"caa": ["03", "04", "05"], "csa": ["09"]}
    found = []
    for assessment, tests in groups.items():
        own = [there[test] for test in tests if test in there]
        printed = [record for record in own if record["ssr_eligible"] == "Y"]
        if not printed:
            continue
        if not chosen.start <= max(record["ssr_available_date"] for record in printed) <= chosen.end:
            continue
        if chosen.grades is not None and printed[0]["grade_assessed"] not in chosen.grades:
            continue
        names = {ASSESSMENT_OF[record["record_type"]] for record in printed}
        if chosen.assessments is not None and not names & set(chosen.assessments):
            continue
        shown = [record["record_type"] for record in printed]
        others = [record["record_type"] for record in own if record not in printed]
        found.append((assessment, printed[0]["grade_assessed"], shown, others))
    return found


ASSESSMENT_OF = {
    "01": "smarter-balanced", "02": "smarter-balanced", "03": "caa", "04": "caa", "05": "caa", "06": "cast",
    "09": "csa", "21": "summative-elpac",
}  # fmt: skip

DAYS = st.none() | st.sampled_from([date(2026, 5, 20), YESTERDAY, TODAY, TOMORROW, date(2027, 6, 1)])
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "ssid": st.just("1"),
            "record_type": st.sampled_from(sorted(ASSESSMENT_OF)),
            "grade_assessed": st.sampled_from(["05", "08"]),
            "ssr_eligible": st.sampled_from(["Y", "Y", "Y", "N", None]),
            "ssr_available_date": DAYS,
        }
    ),
    max_size=5,
    unique_by=lambda record: record["record_type"],
).map(lambda records: sorted(records, key=lambda record: record["record_type"]))
CHOICES = st.builds(
    choice,
    st.sampled_from([SHARED, ALONE]),
    grades=st.none() | st.just(frozenset({"05"})),
    start=st.sampled_from([date(2026, 1, 1), TODAY]),
    end=st.sampled_from([YESTERDAY, TODAY, TOMORROW, date(2027, 12, 31)]),
    assessments=st.none() | st.frozensets(st.sampled_from(Assessment), min_size=1, max_size=3),
)


@given(CHOICES, RECORDS, st.sampled_from([TODAY, TOMORROW, date(2027, 7, 1)]))
def test_the_roster_is_what_the_plain_rule_says(chosen, records, day):
    """Which SSRs there are, of which grade, and which of its records each one may print."""
    person = {"ssid": "1", "school": MAPLE, "last_name": "Lee", "first_name": None, "primary_language": None}
    entries = roster(chosen, [person], records, day=day)

    tests = [record["record_type"] for record in records]
    assert [
        (
            str(entry.assessment),
            entry.grade,
            [tests[at] for at in entry.scores_at],
            [tests[at] for at in entry.withheld_at],
        )
        for entry in entries
    ] == plain_ssrs(chosen, day, records)


@pytest.mark.parametrize(
    ("available", "found"), [(YESTERDAY, True), (TODAY, True), (TOMORROW, False), (None, False)]
)
def test_an_ssr_is_there_from_its_day_on(student, score, available, found):
    """An end date that lies ahead means until today."""
    rows = [score("1", available=available)]

    assert bool([*roster(choice(ALONE), [student("1")], rows, day=TODAY)]) is found


def test_a_record_whose_day_is_to_come_is_as_if_it_did_not_exist(student, score):
    """The SSR is that of the other record, and of its day; when the second is released it is a new one."""
    rows = [score("1", "01", available=YESTERDAY), score("1", "02", available=TOMORROW)]
    until_today = choice(ALONE, end=TODAY)

    (early,) = roster(until_today, [student("1")], rows, day=TODAY)
    (late,) = roster(choice(ALONE, start=TOMORROW), [student("1")], rows, day=TOMORROW)

    assert (early.scores_at, early.withheld_at) == ((0,), ())
    assert (late.scores_at, late.withheld_at) == ((0, 1), ())
    assert not [*roster(until_today, [student("1")], rows, day=TOMORROW)]


def test_science_whose_smarter_balanced_is_to_come_has_its_own_ssr_until_then(student, score):
    """The SSR that shows both is made when there is something of both."""
    rows = [score("1", "01", available=TOMORROW), score("1", "06", available=YESTERDAY)]

    assert [
        [str(entry.assessment) for entry in roster(choice(SHARED), [student("1")], rows, day=day)]
        for day in (TODAY, TOMORROW)
    ] == [["cast"], ["smarter-balanced"]]


def test_the_grade_of_an_ssr_is_that_of_a_record_that_it_shows(student, score):
    """Nothing comes from a record that may not be printed, a grade neither."""
    rows = [score("1", "01", "04", eligible="N", available=None), score("1", "02", "05", available=TODAY)]

    (entry,) = roster(choice(ALONE), [student("1")], rows, day=TODAY)

    assert entry.grade == "05"


# What an SSR says in the place of a record that may not be printed.


def record(test, year=ALONE, **changes):
    """Return a record with everything that an SSR shows of it: numbers that stand nowhere else."""
    number = Test(test)
    values = {
        "administration_year": year,
        "record_type": test,
        "ssid": "1",
        "grade_assessed": "05",
        "tested_lea": "99100010000000",
        "tested_school": MAPLE,
        "test_completed_date": date(year, 4, 20),
        "score_status": "V",
        "include_indicator": "Y",
        "ssr_eligible": "Y",
        "ssr_available_date": YESTERDAY,
        "scale_score": {"01": 2530, "02": 2509, "06": 215, "03": 550, "04": 550}.get(test, 540),
        "achievement_level": {"01": 3, "02": 2, "06": 3, "03": 2, "04": 2}.get(test, 2),
        "standard_error": 11,
        "domain_1_level": 3,
    }
    if number.assessment is Assessment.SMARTER_BALANCED:
        values |= {"lexile_or_quantile_measure": "977L", "composite_claim_1_level": 3, **past(1)}
    if test == "01":
        values |= {"genre": "OPIN", "writing_conventions": 2}
    return values | changes


def past(ago, eligible="Y", score=2471, code=None, grade="04"):
    """Return the columns of an earlier year."""
    values = (eligible, grade, 13, score, None if score is None else 2, code)
    names = (
        "ssr_eligible", "grade_assessed", "standard_error", "scale_score", "achievement_level", "condition_code",
    )  # fmt: skip
    return {f"{name}_minus_{ago}": value for name, value in zip(names, values, strict=True)}


def ssrs(*records, year=ALONE, day=TODAY):
    """Plan the SSRs of a student and read them back as a worker does."""
    person = {"ssid": "1", "last_name": "Lee", "grade": "06", "school": MAPLE}
    students = pa.Table.from_pylist([person], STUDENTS.schema)
    scores = pa.Table.from_pylist(list(records), SCORES.schema)
    entries = list(roster_of_tables(choice(year), students, scores, day=day))
    return list(results_of(roster_file(entries, students, scores), lambda _: NAMES)) if entries else []


def ssr(*records, **when):
    """Return the only SSR."""
    (found,) = ssrs(*records, **when)
    return found


def ssr_of_rows(*rows, assessment="smarter-balanced"):
    """Return what rows say without any rule of release."""
    person = {"ssid": "1", "last_name": "Lee", "grade": "06"}
    return from_rows(person, rows, NAMES, assessment=assessment)


WITHHELD = {
    "not eligible": {"ssr_eligible": "N", "ssr_available_date": None},
    "not eligible, with a date": {"ssr_eligible": "N"},
    "not tested": {"ssr_eligible": None, "ssr_available_date": None},
    "too few answers": {"ssr_eligible": "N", "ssr_available_date": None, "condition_code": "LOSS"},
    "without a date": {"ssr_available_date": None},
    "embargoed": {"ssr_available_date": TOMORROW},
    "embargoed, excused": {"ssr_available_date": TOMORROW, "condition_code": "PGE"},
    "not eligible, embargoed": {"ssr_eligible": "N", "ssr_available_date": TOMORROW, "score_status": "I"},
}


@pytest.mark.parametrize("why", WITHHELD)
@pytest.mark.parametrize(
    ("shown", "other", "assessment"),
    [
        ("01", "02", "smarter-balanced"),
        ("02", "01", "smarter-balanced"),
        ("03", "04", "caa"),
        ("04", "03", "caa"),
        ("04", "05", "caa"),
    ],
)
def test_an_ssr_says_nothing_of_a_record_that_may_not_be_printed(shown, other, assessment, why):
    """No score, level, measure, essay, area, date or earlier year of it: as if the student had no such record."""
    found = ssr(*sorted((record(shown), record(other, **WITHHELD[why])), key=lambda row: row["record_type"]))

    assert found == ssr_of_rows(record(shown), assessment=assessment)


@pytest.mark.parametrize("why", WITHHELD)
def test_science_that_may_not_be_printed_beside_smarter_balanced_says_that_there_is_no_result(why):
    """Its page stays where there is a record; one whose day is to come is not there yet."""
    withheld = record("06", SHARED, **WITHHELD[why])
    found = ssr(record("01", SHARED), withheld, year=SHARED)

    there = withheld["ssr_eligible"] != "Y" and withheld["ssr_available_date"] in {None, YESTERDAY}
    assert (found.science is not None) is there
    assert replace(found, science=None) == ssr_of_rows(record("01", SHARED))
    if there:
        parts = found.science
        assert parts.missing is Missing.NO_RECORD
        assert (parts.points, parts.tested_on, parts.areas, parts.history, parts.notes) == (
            None,
            None,
            (),
            (),
            (),
        )


def test_smarter_balanced_that_may_not_be_printed_leaves_its_place_to_no_result_beside_science():
    """The SSR of both is the science result with two places that say that there is none."""
    not_eligible = WITHHELD["not eligible"]
    rows = [record("01", SHARED, **not_eligible), record("02", SHARED, **not_eligible), record("06", SHARED)]

    found = ssr(*rows, year=SHARED)

    assert [subject.reason for subject in found.subjects] == [NoScore.NO_RECORD, NoScore.NO_RECORD]
    assert (found.science.points.value, found.writing) == (215, None)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ssr_eligible": None, "condition_code": "PGE"}, NoScore.PARENT_EXEMPTION),
        ({"ssr_eligible": "N", "condition_code": "NT"}, NoScore.NOT_TESTED),
        ({"ssr_eligible": "N", "score_status": "I"}, NoScore.INVALIDATED),
        ({"ssr_eligible": "N", "scale_score": None}, NoScore.INCOMPLETE),
        ({"ssr_eligible": None, "scale_score": None}, NoScore.NO_RECORD),
    ],
)
def test_a_code_tells_why_there_is_no_result_and_nothing_else_of_its_record(values, reason):
    """Families of excused students read that they were excused, but no score that the record may have, nor its past."""
    found = ssr(record("01"), record("02", ssr_available_date=None, **values))

    mathematics = found.mathematics
    assert mathematics.reason is reason
    assert (mathematics.score, mathematics.tested_on, mathematics.measure) == (None, None, None)
    assert (mathematics.areas, mathematics.history) == ((), ())
    assert replace(found, mathematics=None) == replace(ssr_of_rows(record("01")), mathematics=None)


@pytest.mark.parametrize(
    ("earlier", "shown"),
    [
        (past(1), (2471, None)),
        (past(1, eligible="N"), None),
        (past(1, eligible=None), None),
        (past(1, eligible="N", code="LOSS"), None),
        (past(1, eligible="N", code="PGE"), (None, NoScore.PARENT_EXEMPTION)),
        (past(1, eligible=None, score=None, code="NTE"), (None, NoScore.MEDICAL_EMERGENCY)),
        (past(1, eligible="N", score=None), (None, NoScore.INCOMPLETE)),
        (past(1, eligible=None, score=None), None),
    ],
)
def test_an_earlier_year_is_shown_by_the_same_rule(earlier, shown):
    """A score of a year without an SSR is no point of the history; why a year has none may be told."""
    found = ssr(record("01", **earlier)).ela.history

    assert [(year.score and year.score.value, year.reason) for year in found] == ([shown] if shown else [])


@pytest.mark.parametrize(("test", "grade"), [("03", "04"), ("06", "05")])
@pytest.mark.parametrize("eligible", ["N", None])
def test_earlier_years_of_the_other_kinds_follow_it_too(test, grade, eligible):
    """One rule for all tests."""
    score = {"03": 448, "06": 215}[test]
    level = {"03": 2, "06": 3}[test]
    earlier = past(2, eligible=eligible, score=score, grade=grade) | {"achievement_level_minus_2": level}
    grade_assessed = {"03": "06", "06": "08"}[test]
    row = record(
        test, grade_assessed=grade_assessed, scale_score=None, achievement_level=9, domain_1_level=None
    )

    (known,) = ssr(row | earlier | {"ssr_eligible_minus_2": "Y"}).outcomes[0].history
    assert known.points.value == score
    assert ssr(row | earlier).outcomes[0].history == ()


def test_a_roster_file_holds_nothing_that_may_not_be_printed():
    """What nobody may see does not leave the datasets."""
    secret = record("02", **WITHHELD["not eligible"], **past(2)) | {"scale_score": 2777, "standard_error": 77}
    earlier = past(2, eligible="N", score=2333)
    students = pa.Table.from_pylist([{"ssid": "1", "last_name": "Lee", "school": MAPLE}], STUDENTS.schema)
    scores = pa.Table.from_pylist([record("01", **earlier), secret], SCORES.schema)
    entries = list(roster_of_tables(choice(ALONE), students, scores, day=TODAY))

    table = pa.parquet.read_table(pa.BufferReader(roster_file(entries, students, scores)))
    ela, mathematics = table.to_pylist()

    assert {name for name, value in mathematics.items() if value is not None} == {
        *("ssr", "school", "listed_grade", "assessment", "language", "ssid", "last_name"),
        *("administration_year", "record_type", "grade_assessed"),
    }
    assert ela["scale_score"] == 2530
    assert 2333 not in ela.values()
