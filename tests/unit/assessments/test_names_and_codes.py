import csv
from importlib.resources import files

import pytest

from lea_reports.assessments import (
    GRADES,
    Assessment,
    Program,
    Subject,
    Test,
    area_level_label,
    areas,
    assessments_of,
    attemptedness_rules,
    comparable,
    composites,
    condition_code,
    condition_codes,
    grade_order,
    include_indicators,
    level_label,
    level_labels,
)
from lea_reports.assessments.score_scale import score_scales

TABLES = sorted(table.name for table in files("lea_reports.assessments").joinpath("tables").iterdir())


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_every_table_names_its_source(name):
    """A domain expert can check each fact."""
    text = files("lea_reports.assessments").joinpath("tables", name).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    assert all(row["source"].strip() for row in rows)
    assert all(None not in row and None not in row.values() for row in rows)


def test_every_test_belongs_to_one_assessment():
    """Smarter Balanced joins ELA and mathematics in one SSR."""
    assert Assessment.SMARTER_BALANCED.tests == (Test.SB_ELA, Test.SB_MATHEMATICS)
    assert [test for assessment in Assessment for test in assessment.tests] == [
        Test.SB_ELA, Test.SB_MATHEMATICS, Test.CAST, Test.CAA_ELA, Test.CAA_MATHEMATICS,
        Test.CAA_SCIENCE, Test.CSA, Test.SUMMATIVE_ELPAC, Test.SUMMATIVE_ALTERNATE_ELPAC, Test.INITIAL_ELPAC,
    ]  # fmt: skip
    assert Test("02").subject is Subject.MATHEMATICS
    assert Test.CAST.full_name == "California Science Test"


def test_grades_sort_from_kindergarten_up():
    """KN comes before 01 although it sorts after it as text."""
    assert sorted(set(GRADES), key=grade_order) == list(GRADES)
    assert GRADES[0] == "KN"
    assert all(set(test.grades) <= set(GRADES) for test in Test)


def test_levels_have_new_names_from_2025_26_on_and_keep_the_old_ones_before():
    """The same level 3 was Standard Met in 2024-25 and is Proficient in 2025-26."""
    assert level_label(Test.SB_ELA, 2025, 3) == "Standard Met"
    assert level_label(Test.SB_ELA, 2026, 3) == "Proficient"
    assert list(level_labels(Test.SB_MATHEMATICS, 2026).values()) == [
        "Minimal", "Developing", "Proficient", "Advanced",
    ]  # fmt: skip
    assert level_label(Test.SB_ELA, 2026, 9) is None


@pytest.mark.parametrize("year", range(2015, 2030))
def test_every_level_of_every_scale_has_a_name_in_every_year(year):
    """No scale has a level that could not be called by name."""
    for scale in score_scales():
        if year in scale.years:
            assert set(level_labels(scale.test, year)) == {level.level for level in scale.levels}


def test_smarter_balanced_areas_follow_the_reporting_rules_of_the_year():
    """Single claims, then none, then two composite claims a subject."""
    assert [area.name for area in areas(Test.SB_ELA, 2019)] == [
        "Reading", "Writing", "Listening", "Research/Inquiry",
    ]  # fmt: skip
    assert areas(Test.SB_ELA, 2022) == ()
    for test in Assessment.SMARTER_BALANCED.tests:
        assert [area.column for area in areas(test, 2026)] == [
            "composite_claim_1_level", "composite_claim_2_level",
        ]  # fmt: skip
    assert area_level_label(Test.SB_ELA, 2026, 2) == "Near Standard"
    assert area_level_label(Test.CAA_ELA, 2026, 2) is None


def test_condition_codes_agree_with_the_include_indicators_of_their_tests():
    """A code's include indicator is one that each of its tests allows."""
    for code in condition_codes().values():
        for test in code.tests:
            allowed = {indicator.code for indicator in include_indicators(test)}
            assert code.include is None or code.include in allowed


def test_loss_is_scored_and_a_parents_exemption_is_not():
    """LOSS gives the lowest score of the scale; PGE gives none."""
    loss, exemption = condition_code("LOSS"), condition_code("PGE")
    assert loss is not None
    assert exemption is not None
    assert (loss.scored, loss.score_above_lowest, loss.include) == (True, 0, "T")
    assert (exemption.scored, exemption.score_above_lowest, exemption.include) == (False, None, "N")
    assert condition_code("XYZ") is None


def test_attemptedness_is_explained_for_each_test_that_has_it():
    """N, P and Y mean something else for each kind of test; the Spanish assessment has no rule."""
    assert [rule.code for rule in attemptedness_rules(Test.SB_ELA)] == ["N", "P", "Y"]
    assert attemptedness_rules(Test.CSA) == ()


def test_each_program_offers_its_own_assessments():
    """ELPAC is no part of the CAASPP reports, and the other way round."""
    assert assessments_of(Program.CAASPP) == (
        Assessment.SMARTER_BALANCED, Assessment.CAST, Assessment.CAA, Assessment.CSA,
    )  # fmt: skip
    assert assessments_of(Program.ELPAC) == (
        Assessment.SUMMATIVE_ELPAC, Assessment.SUMMATIVE_ALTERNATE_ELPAC, Assessment.INITIAL_ELPAC,
    )  # fmt: skip
    assert Assessment.CAA.short_name == "California Alternate Assessments"


def test_codes_of_our_own_cannot_be_taken_for_published_ones():
    """A record type of two digits is the State's; ours are letters."""
    assert {test.name for test in Test if not test.isdigit()} == {
        "SUMMATIVE_ALTERNATE_ELPAC", "INITIAL_ELPAC",
    }  # fmt: skip


def test_the_spanish_assessment_changed_with_its_standard_setting():
    """Ranges without areas before 2024-25; levels, domains and, in high school, composites since."""
    assert level_label(Test.CSA, 2024, 3) == "Range 3"
    assert level_label(Test.CSA, 2025, 3) == "Level 3"
    assert areas(Test.CSA, 2024) == ()
    assert [area.name for area in areas(Test.CSA, 2025, "05")] == ["Reading", "Writing", "Listening"]
    assert [area.name for area in areas(Test.CSA, 2025, "10")] == [
        "Reading", "Writing", "Listening", "Speaking",
    ]  # fmt: skip
    assert [part.name for part in composites(Test.CSA, 2025, "10")] == ["Oral Literacy", "Written Literacy"]
    assert composites(Test.CSA, 2025, "08") == ()
    assert composites(Test.CSA, 2024, "10") == ()


def test_english_proficiency_is_reported_by_composite_and_domain():
    """Two composites with scores and four domains; the initial test has two composites without scores."""
    assert [part.score_column for part in composites(Test.SUMMATIVE_ELPAC, 2026, "KN")] == [
        "oral_language_scale_score", "written_language_scale_score",
    ]  # fmt: skip
    assert [area.name for area in areas(Test.SUMMATIVE_ELPAC, 2026)] == [
        "Listening", "Speaking", "Reading", "Writing",
    ]  # fmt: skip
    assert [area.name for area in areas(Test.INITIAL_ELPAC, 2026)] == ["Oral Language", "Written Language"]
    assert areas(Test.SUMMATIVE_ALTERNATE_ELPAC, 2026) == ()
    assert level_label(Test.SUMMATIVE_ELPAC, 2026, 1) == "Beginning to Develop"


def test_only_the_new_spanish_scale_breaks_with_the_years_before_it():
    """A line through 2023-24 and 2024-25 would compare what cannot be compared."""
    assert not comparable(Test.CSA, 2024, 2025)
    assert not comparable(Test.CSA, 2022, 2026)
    assert comparable(Test.CSA, 2025, 2026)
    assert comparable(Test.CSA, 2022, 2024)
    assert comparable(Test.SB_ELA, 2019, 2022)


def test_every_area_level_and_composite_can_be_named():
    """Each area of each year has words for its levels, each composite for its part."""
    for test in Test:
        for year in range(2015, 2030):
            for area in areas(test, year):
                assert area.column.endswith("_level")
                assert all(area_level_label(test, year, level) for level in (1, 2, 3))
            for grade in test.grades:
                for part in composites(test, year, grade):
                    assert level_labels(test, year)
                    assert part.level_column.endswith("_level")
