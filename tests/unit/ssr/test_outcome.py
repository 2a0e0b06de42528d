"""What the tests beside Smarter Balanced say about a student."""

from __future__ import annotations

from datetime import date

import pytest

from lea_reports.assessments import Assessment, Test, score_scale
from lea_reports.errors import Invalid
from lea_reports.ssr.results.outcome import Missing, Note
from lea_reports.ssr.results.student_result import NoScore, SchoolNames, from_rows

SCHOOL = SchoolNames("19123450000001", "Manzanita Elementary", "19123450000000", "Laguna Verde Unified")
STUDENT = {"ssid": "1234567890", "last_name": "Rivera", "first_name": "Maya", "grade": "05"}
DOMAINS = {"listening_level": 3, "speaking_level": 3, "reading_level": 2, "writing_level": 1}


def row(test: Test, score: int | None, grade: str = "05", **values: object) -> dict[str, object]:
    """Return a record whose level is the one of its score, where a scale is known."""
    year = int(str(values.get("administration_year", 2026)))
    scale = score_scale(test, grade, year)
    level = scale.level_of(score) if scale and score is not None and score in scale else None
    return {
        "administration_year": year,
        "record_type": test.value,
        "grade_assessed": grade,
        "test_completed_date": date(year, 4, 22),
        "scale_score": score,
        "achievement_level": level,
        "ssr_eligible": "Y",
    } | values


def proficiency(**values: object) -> dict[str, object]:
    """Return a record of the Summative ELPAC with composites and domains."""
    whole: dict[str, object] = {
        "oral_language_scale_score": 1540,
        "oral_language_level": 4,
        "oral_language_standard_error": 21,
        "written_language_scale_score": 1500,
        "written_language_level": 2,
    }
    return row(Test.SUMMATIVE_ELPAC, 1520, **(whole | DOMAINS | values))


def outcomes(assessment: Assessment, *rows: dict[str, object]):
    """Return the outcomes of one student."""
    return from_rows(STUDENT, rows, SCHOOL, assessment=assessment).outcomes


def test_science_has_a_score_with_its_band_and_areas():
    """Level and areas are those of the record, in the scale of the grade."""
    record = row(
        Test.CAST,
        215,
        standard_error=8,
        error_band_min=207,
        error_band_max=223,
        domain_1_level=1,
        domain_2_level=3,
    )
    (science,) = outcomes(Assessment.CAST, record)
    assert science.points is not None
    assert (science.points.value, science.points.level, science.points.band) == (215, 3, (207, 223))
    assert [area.level for area in science.areas] == [1, 3, None]
    assert science.tested_on == date(2026, 4, 22)
    assert (science.missing, science.notes, science.composites, science.history) == (None, (), (), ())


def test_smarter_balanced_stands_where_it_always_stood():
    """Its records make no outcomes, and the others' records no subjects."""
    result = from_rows(STUDENT, [row(Test.CAST, 215)], SCHOOL, assessment=Assessment.CAST)
    assert (result.ela.reason, result.mathematics.reason) == (NoScore.NO_RECORD, NoScore.NO_RECORD)
    assert outcomes(Assessment.SMARTER_BALANCED, row(Test.SB_ELA, 2530)) == ()


def test_the_alternate_report_has_the_tests_of_the_grade():
    """Science in grade five, none in grade four, and science alone in grade ten."""
    five = outcomes(Assessment.CAA, row(Test.CAA_ELA, 550), row(Test.CAA_SCIENCE, 540, achievement_level=2))
    assert [one.test for one in five] == [Test.CAA_ELA, Test.CAA_MATHEMATICS, Test.CAA_SCIENCE]
    assert [one.missing for one in five] == [None, Missing.NO_RECORD, None]
    four = outcomes(Assessment.CAA, row(Test.CAA_ELA, 450, "04"))
    assert [one.test for one in four] == [Test.CAA_ELA, Test.CAA_MATHEMATICS]
    ten = outcomes(Assessment.CAA, row(Test.CAA_SCIENCE, 940, "10", achievement_level=1))
    assert [one.test for one in ten] == [Test.CAA_SCIENCE]


def test_a_score_without_a_published_scale_keeps_its_level():
    """Nothing is made up around it: no thresholds, no ends, no check."""
    record = row(Test.CAA_SCIENCE, 540, achievement_level=2, error_band_min=530, error_band_max=550)
    science = outcomes(Assessment.CAA, record)[-1]
    assert science.points is not None
    assert (science.points.value, science.points.level, science.points.scale) == (540, 2, None)
    assert science.points.band == (530, 550)


@pytest.mark.parametrize(("code", "score"), [("INC0", 500), ("INC1", 501)])
def test_scores_given_by_rule_are_noted(code, score):
    """Nothing or little answered: the lowest score, or the one above it."""
    english = outcomes(Assessment.CAA, row(Test.CAA_ELA, score, condition_code=code))[0]
    assert english.points is not None
    assert (english.points.level, english.notes) == (1, (Note(code),))


@pytest.mark.parametrize(
    ("assessment", "test", "code"),
    [
        (Assessment.CAST, Test.CAST, "NT"),
        (Assessment.CAST, Test.CAST, "PGE"),
        (Assessment.CAST, Test.CAST, "NTE"),
        (Assessment.CAA, Test.CAA_ELA, "NEL"),
        (Assessment.SUMMATIVE_ELPAC, Test.SUMMATIVE_ELPAC, "NT"),
        (Assessment.SUMMATIVE_ELPAC, Test.SUMMATIVE_ELPAC, "ALT"),
        (Assessment.SUMMATIVE_ALTERNATE_ELPAC, Test.SUMMATIVE_ALTERNATE_ELPAC, "NT"),
    ],
)
def test_a_test_not_taken_has_its_reason_and_no_date(assessment, test, code):
    """Even if a score stands in the record by mistake."""
    english = outcomes(assessment, row(test, None, condition_code=code))[0]
    assert (english.points, english.missing, english.tested_on) == (None, Missing(code), None)


def test_too_few_tasks_make_no_score_but_were_taken():
    """NER: the student began, so there is a date."""
    science = outcomes(Assessment.CAA, row(Test.CAA_SCIENCE, None, condition_code="NER"))[-1]
    assert (science.missing, science.tested_on) == (Missing.TOO_FEW_TASKS, date(2026, 4, 22))


def test_an_incomplete_test_shows_the_parts_that_have_results():
    """The whole has no score, but one composite and two domains have."""
    record = proficiency(
        scale_score=None,
        achievement_level=9,
        written_language_scale_score=None,
        written_language_level=None,
        reading_level=None,
        writing_level=None,
    )
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, record)
    assert (english.points, english.missing) == (None, Missing.INCOMPLETE)
    assert [one.points is not None for one in english.composites] == [True, False]
    assert [area.level for area in english.areas] == [3, 3, None, None]


def test_an_invalidated_test_shows_nothing_of_its_results():
    """Neither the score nor its parts."""
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, proficiency(score_status="I"))
    assert (english.points, english.missing) == (None, Missing.INVALIDATED)
    assert (english.composites, english.areas) == ((), ())


def test_english_proficiency_has_composites_on_scales_of_their_own():
    """Each composite has its score, its level and, where the error is known, its band."""
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, proficiency())
    oral, written = (one.points for one in english.composites)
    assert oral is not None
    assert written is not None
    assert (oral.value, oral.level, oral.band) == (1540, 4, (1519, 1561))
    assert (written.value, written.level, written.band) == (1500, 2, None)
    assert oral.scale is not None
    assert written.scale is not None
    assert oral.scale.thresholds != written.scale.thresholds
    assert [(area.area.name, area.level) for area in english.areas] == [
        ("Listening", 3), ("Speaking", 3), ("Reading", 2), ("Writing", 1),
    ]  # fmt: skip


def test_an_exempt_domain_says_so_and_has_no_level():
    """The composite stands on the other domain."""
    record = proficiency(condition_code="EXD", speaking_exempt="Y", speaking_level=None)
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, record)
    assert [area.exempt for area in english.areas] == [False, True, False, False]
    assert english.areas[1].level is None
    assert english.notes == (Note.DOMAIN_EXEMPT,)


def test_the_initial_test_has_levels_of_composites_without_scores():
    """Oral and written language are its areas."""
    record = row(Test.INITIAL_ELPAC, 450, "01", oral_language_level=3, written_language_level=2)
    (english,) = outcomes(Assessment.INITIAL_ELPAC, record)
    assert english.points is not None
    assert (english.points.level, english.points.band) == (3, None)
    assert [(area.area.name, area.level) for area in english.areas] == [
        ("Oral Language", 3), ("Written Language", 2),
    ]  # fmt: skip


def test_spanish_in_high_school_has_composites_and_speaking():
    """Lower grades have neither; no numbers are known for its new scale."""
    record = row(
        Test.CSA,
        955,
        "10",
        achievement_level=2,
        domain_4_level=3,
        csa_composite_1_scale_score=960,
        csa_composite_1_level=3,
    )
    (spanish,) = outcomes(Assessment.CSA, record)
    assert [area.level for area in spanish.areas] == [None, None, None, 3]
    first, second = spanish.composites
    assert first.points is not None
    assert (first.points.value, first.points.level, first.points.scale) == (960, 3, None)
    assert second.points is None
    (younger,) = outcomes(Assessment.CSA, row(Test.CSA, 555, achievement_level=2, domain_1_level=2))
    assert [area.area.name for area in younger.areas] == ["Reading", "Writing", "Listening"]


def test_history_on_another_scale_says_that_it_cannot_be_compared():
    """CSA of 2023-24 stands on the scale before the standard setting, 2024-25 on the one of today."""
    record = row(
        Test.CSA,
        755,
        "07",
        achievement_level=2,
        grade_assessed_minus_1="06",
        scale_score_minus_1=655,
        achievement_level_minus_1=2,
        grade_assessed_minus_2="05",
        scale_score_minus_2=555,
        achievement_level_minus_2=2,
    )
    (spanish,) = outcomes(Assessment.CSA, record)
    assert [(past.year, past.comparable) for past in spanish.history] == [(2024, False), (2025, True)]
    assert [past.points.scale is None for past in spanish.history if past.points] == [False, True]


def test_history_keeps_what_happened_in_each_year():
    """Not tested, incomplete, exempt from a composite, and a year without a record."""
    record = proficiency(
        grade_assessed_minus_1="04",
        condition_code_minus_1="NT",
        grade_assessed_minus_2="03",
        ssr_eligible_minus_2="N",
    )
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, record)
    assert [past.missing for past in english.history] == [Missing.INCOMPLETE, Missing.NOT_TESTED]
    record = proficiency(
        grade_assessed_minus_1="04",
        condition_code_minus_1="EXO",
        scale_score_minus_1=1500,
        achievement_level_minus_1=3,
        grade_assessed_minus_2="03",
    )
    (english,) = outcomes(Assessment.SUMMATIVE_ELPAC, record)
    (past,) = english.history
    assert (past.notes, past.grade) == ((Note.ORAL_EXEMPT,), "04")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scale_score": 251, "achievement_level": 4}, "outside the published scale"),
        ({"scale_score": 215, "achievement_level": 4}, "contradicts"),
        ({"scale_score": 215, "achievement_level": None}, "contradicts"),
        ({"scale_score": "many"}, "not a whole number"),
        ({"test_completed_date": "soon"}, "not a date"),
    ],
)
def test_a_record_that_contradicts_the_published_scale_is_refused(values, words):
    """The row fails its SSR; it is never printed."""
    with pytest.raises(Invalid, match=words):
        outcomes(Assessment.CAST, row(Test.CAST, 215, **values))


def test_a_special_resource_is_noted_beside_a_score_only():
    """Without a score there is nothing to compare with care."""
    changed = {"unlisted_resource_construct_change": "Y"}
    (science,) = outcomes(Assessment.CAST, row(Test.CAST, 215, **changed))
    assert science.notes == (Note.CHANGED_CONSTRUCT,)
    (science,) = outcomes(Assessment.CAST, row(Test.CAST, None, condition_code="NT", **changed))
    assert science.notes == ()
