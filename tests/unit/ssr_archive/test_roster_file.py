"""A chunk's roster as a file says of every student what their rows say."""

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from lea_reports.assessments import GRADES, Assessment, Test, condition_codes, score_scale
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.errors import Invalid
from lea_reports.ssr.results.student_columns import BadRecord
from lea_reports.ssr.results.student_result import SchoolNames, from_rows
from lea_reports.ssr_archive import roster_file as module
from lea_reports.ssr_archive.roster import RosterEntry
from lea_reports.ssr_archive.roster_file import results_of, roster_file, ssrs_in

MAPLE, OAK = "99100010000001", "99100010000002"
SCHOOLS = {
    code: SchoolNames(code, name, "99100010000000", "Demo") for code, name in ((MAPLE, "Maple"), (OAK, "Oak"))
}
CODES = st.sampled_from([None, None, "", *condition_codes(), " NT", "XYZ"])
UNSCORED = {code for code, condition in condition_codes().items() if not condition.scored}
FLAG = st.sampled_from([None, "Y", "N"])
SHOWN = (Test.SB_ELA, Test.SB_MATHEMATICS, Test.CAST)


def numbers(*usual):
    """Draw a number that may be missing or off every scale."""
    return st.sampled_from([None, *usual]) | st.integers(-3, 3000)


@st.composite
def sound_scores(draw, test, grade, year, suffix=""):
    """Draw the columns of a score that a published scale allows."""
    scale = score_scale(test, grade, year)
    if scale is None:
        return {}
    value = draw(st.integers(scale.lowest, scale.highest))
    found = {
        f"scale_score{suffix}": value,
        f"achievement_level{suffix}": scale.level_of(value),
        f"standard_error{suffix}": draw(st.none() | st.integers(0, 90)),
        f"ssr_eligible{suffix}": draw(FLAG),
        f"grade_assessed{suffix}": grade,
    }
    if not suffix:
        found["error_band_min"] = draw(st.none() | st.integers(value - 90, value))
        found["error_band_max"] = draw(st.none() | st.integers(value, value + 90))
    return found


@st.composite
def damages(draw):
    """Draw columns that may contradict whatever else a record says."""
    suffix = draw(st.sampled_from(["", "_minus_1", "_minus_2", "_minus_3"]))
    columns = {
        f"condition_code{suffix}": CODES,
        f"scale_score{suffix}": numbers(2450, 2530, 215),
        f"achievement_level{suffix}": st.sampled_from([None, 0, 1, 2, 3, 4, 5, 9]),
        f"standard_error{suffix}": st.none() | st.integers(0, 900),
        f"grade_assessed{suffix}": st.sampled_from([None, "", *GRADES]),
        "score_status": st.sampled_from([None, "V", "I"]),
        "test_completed_date": st.sampled_from([None, date(2026, 4, 20)]),
        "unlisted_resource_construct_change": FLAG,
        "ssr_eligible": FLAG,
        "writing_conventions": st.sampled_from([None, 0, 2, 3]),
        "writing_evidence_elaboration_condition_code": st.sampled_from([None, "B"]),
        "composite_claim_1_level": st.sampled_from([None, 0, 1, 2, 3]),
        "administration_year": st.sampled_from([2015, 2024, 2026, 1999]),
        "record_type": st.sampled_from(["01", "02", "03", "06"]),
    }
    names = draw(st.lists(st.sampled_from(sorted(columns)), max_size=4, unique=True))
    return {name: draw(columns[name]) for name in names}


@st.composite
def records(draw, year, broken):
    """Draw a student's score rows."""
    grade = draw(st.sampled_from(["03", "05", "08", "11"]))
    rows = []
    for test in draw(st.lists(st.sampled_from(SHOWN), min_size=1, max_size=3, unique=not broken)):
        row = {
            "administration_year": year,
            "record_type": test.value,
            "grade_assessed": grade,
            "test_completed_date": date(2026, 4, 20),
            "lexile_or_quantile_measure": "880L",
            "composite_claim_1_level": 2,
            "composite_claim_2_level": 3,
            "domain_1_level": 1,
            "genre": draw(st.sampled_from([None, "OPIN"])),
            "writing_organization_purpose": draw(st.sampled_from([None, 0, 4])),
            "writing_conventions_condition_code": draw(st.sampled_from([None, "B"])),
        }
        row |= draw(sound_scores(test, grade, year))
        for ago in (1, 2, 3):
            if draw(st.booleans()):
                earlier = GRADES[GRADES.index(grade) - ago]
                row |= draw(sound_scores(test, earlier, year - ago, f"_minus_{ago}"))
        rows.append(row | (draw(damages()) if broken else {}))
    return rows


@st.composite
def students(draw):
    """Draw some students of one year with their rows, some of them damaged."""
    year = draw(st.sampled_from([2019, 2022, 2024, 2025, 2026]))
    drawn = []
    for number in range(draw(st.integers(1, 5))):
        student = {
            "ssid": f"{number:010d}",
            "school": draw(st.sampled_from([MAPLE, OAK])),
            "last_name": draw(st.sampled_from(["Lee", "陳", " Ávila "])),
            "first_name": draw(st.sampled_from([None, "Ana"])),
            "grade": "06",
        }
        drawn.append((student, draw(records(year, draw(st.integers(0, 3)) == 0))))
    return drawn


def tables(drawn, assessment):
    """Return what a roster file is written from."""
    entries, score_rows = [], []
    for at, (student, rows) in enumerate(drawn):
        scores_at = tuple(range(len(score_rows), len(score_rows) + len(rows)))
        score_rows += rows
        entries.append(
            RosterEntry(student["ssid"], student["school"], "05", assessment, "en", "", "", at, scores_at)
        )
    return (
        entries,
        pa.Table.from_pylist([student for student, _ in drawn], STUDENTS.schema),
        pa.Table.from_pylist(score_rows, SCORES.schema),
    )


def printed(row):
    """Return a record without the earlier results that may not be printed; a reason without a result may."""
    row = dict(row)
    for suffix in ("_minus_1", "_minus_2", "_minus_3"):
        eligible, score = row.get(f"ssr_eligible{suffix}"), row.get(f"scale_score{suffix}")
        coded = row.get(f"condition_code{suffix}") in UNSCORED
        if eligible != "Y":
            for name in ("scale_score", "achievement_level", "standard_error"):
                row.pop(f"{name}{suffix}", None)
        if eligible != "Y" and not coded and (eligible is None or score is not None):
            row.pop(f"grade_assessed{suffix}", None)
    return row


def by_rows(student, rows, assessment):
    """Return what the rows of one student say, or what is wrong with them."""
    try:
        rows = [printed(row) for row in rows]
        return from_rows(student, rows, SCHOOLS[student["school"]], assessment=assessment)
    except Invalid as error:
        return BadRecord(student["ssid"], student["school"], "05", str(assessment), "en", str(error))


@settings(max_examples=100)
@given(students(), st.sampled_from([Assessment.SMARTER_BALANCED] * 5 + [Assessment.CAST]))
def test_columns_say_what_rows_say(drawn, assessment):
    """Sound or damaged, a record gives the same result or the same reason either way, of what may be printed."""
    found = list(results_of(roster_file(*tables(drawn, assessment)), SCHOOLS.__getitem__))

    assert found == [by_rows(student, rows, assessment) for student, rows in drawn]


def test_a_roster_is_read_a_part_at_a_time(monkeypatch):
    """Parts hold whole SSRs, and the results come in the order of the roster."""
    monkeypatch.setattr(module, "_SSRS_AT_ONCE", 2)
    drawn = [
        (
            {"ssid": f"{n:010d}", "school": MAPLE, "last_name": "Lee", "grade": "03"},
            [
                {"administration_year": 2026, "record_type": test, "grade_assessed": "03"}
                for test in ("01", "02")
            ],
        )
        for n in range(5)
    ]
    content = roster_file(*tables(drawn, Assessment.SMARTER_BALANCED))

    assert pa.parquet.ParquetFile(pa.BufferReader(content)).num_row_groups == 3
    assert [result.ssid for result in results_of(content, SCHOOLS.__getitem__)] == [
        f"{n:010d}" for n in range(5)
    ]


def test_whose_ssrs_a_roster_holds_is_read_without_their_records():
    """Each once, though it has a row for each record; what is wrong with a record does not matter."""
    drawn = [
        (
            {"ssid": ssid, "school": school, "last_name": "Lee", "grade": "03"},
            [
                {"administration_year": 2026, "record_type": test, "grade_assessed": "03", "scale_score": -1}
                for test in ("01", "02")
            ],
        )
        for ssid, school in (("1", MAPLE), ("2", OAK))
    ]
    content = roster_file(*tables(drawn, Assessment.SMARTER_BALANCED))

    assert list(ssrs_in(content)) == [
        (ssid, school, "05", "smarter-balanced", "en") for ssid, school in (("1", MAPLE), ("2", OAK))
    ]


def test_the_same_roster_gives_the_same_bytes():
    """Planning again overwrites a roster with itself."""
    drawn = [
        (
            {"ssid": "1", "school": MAPLE, "last_name": "Lee", "grade": "03"},
            [{"administration_year": 2026, "record_type": "01"}],
        )
    ]

    assert roster_file(*tables(drawn, Assessment.CAST)) == roster_file(*tables(drawn, Assessment.CAST))
