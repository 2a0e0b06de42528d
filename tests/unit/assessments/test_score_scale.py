from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import ScorePart, Test, score_scale
from lea_reports.assessments.score_scale import score_scales

SCALES = st.sampled_from(score_scales())


@pytest.mark.parametrize(
    "scale", score_scales(), ids=lambda scale: f"{scale.test}-{scale.grade}-{scale.lowest}"
)
def test_levels_partition_the_scale(scale):
    """Levels are numbered from 1 and each begins right where the one below ends."""
    assert [level.level for level in scale.levels] == list(range(1, len(scale.levels) + 1))
    assert all(level.minimum <= level.maximum for level in scale.levels)
    assert all(above.minimum == below.maximum + 1 for below, above in pairwise(scale.levels))


@given(SCALES, st.data())
def test_every_score_on_the_scale_has_exactly_one_level(scale, data):
    """Its level is the only range that holds it, and rises with the score."""
    score = data.draw(st.integers(scale.lowest, scale.highest))
    assert [level.level for level in scale.levels if score in level] == [scale.level_of(score)]
    assert scale.level_of(score) == 1 + sum(score >= threshold for threshold in scale.thresholds)


@given(SCALES, st.integers(0, 5000))
def test_a_score_off_the_scale_has_no_level(scale, score):
    """Asking for it is an error instead of a guess."""
    if score in scale:
        return
    with pytest.raises(ValueError, match="outside"):
        scale.level_of(score)


@given(st.sampled_from(Test), st.sampled_from(range(2015, 2030)), st.sampled_from(ScorePart), st.data())
def test_a_test_grade_year_and_part_have_at_most_one_scale(test, year, part, data):
    """The years of two scales of one test, part and grade never overlap."""
    grade = data.draw(st.sampled_from(test.grades))
    found = [
        scale
        for scale in score_scales()
        if (scale.test, scale.grade, scale.part) == (test, grade, part) and year in scale.years
    ]
    scale = score_scale(test, grade, year, part)
    assert found == ([scale] if scale else [])


@pytest.mark.parametrize("test", [Test.SB_ELA, Test.SB_MATHEMATICS])
@pytest.mark.parametrize("year", range(2015, 2030))
def test_smarter_balanced_has_a_scale_in_every_tested_grade_and_year(test, year):
    """The ends of the scale moved in 2020-21, the thresholds did not."""
    for grade in test.grades:
        scale = score_scale(test, grade, year)
        now = score_scale(test, grade, 2026)
        assert scale is not None
        assert now is not None
        assert scale.thresholds == now.thresholds


def test_the_ends_of_the_scale_are_those_of_the_year():
    """Grade 3 ELA ran from 2114 to 2623 up to 2019-20 and runs from 2115 to 2650 since."""
    before, since = score_scale(Test.SB_ELA, "03", 2020), score_scale(Test.SB_ELA, "03", 2021)
    assert before is not None
    assert since is not None
    assert (before.lowest, before.highest) == (2114, 2623)
    assert (since.lowest, since.highest) == (2115, 2650)


def test_no_scale_is_made_up():
    """Untested grades and years whose numbers were never published have none."""
    assert score_scale(Test.SB_ELA, "09", 2026) is None
    assert score_scale(Test.CAA_SCIENCE, "05", 2022) is None
    assert score_scale(Test.CAA_SCIENCE, "05", 2026) is None
    assert score_scale(Test.CSA, "05", 2025) is None
    assert score_scale(Test.SUMMATIVE_ELPAC, "05", 2018) is None
    assert score_scale(Test.INITIAL_ELPAC, "05", 2026, ScorePart.ORAL_LANGUAGE) is None


def test_scales_that_no_later_table_replaced_hold_on():
    """The science test kept its thresholds when its levels got new names."""
    assert score_scale(Test.CAST, "08", 2019) == score_scale(Test.CAST, "08", 2026)
    assert score_scale(Test.CAA_ELA, "03", 2026) is not None


@pytest.mark.parametrize(
    ("part", "thresholds"),
    [
        (ScorePart.OVERALL, (1448, 1488, 1535)),
        (ScorePart.ORAL_LANGUAGE, (1435, 1466, 1512)),
        (ScorePart.WRITTEN_LANGUAGE, (1461, 1509, 1557)),
    ],
)
def test_english_proficiency_has_a_scale_for_the_whole_and_for_each_composite(part, thresholds):
    """Grade 3 begins at 1150 and ends at 1800, whatever the part."""
    scale = score_scale(Test.SUMMATIVE_ELPAC, "03", 2026, part)
    assert scale is not None
    assert (scale.lowest, scale.highest, scale.thresholds) == (1150, 1800, thresholds)


def test_grades_of_one_span_share_a_scale():
    """Nine and ten do; so do three to five in the alternate test."""
    for test, grades in (
        (Test.SUMMATIVE_ELPAC, ("09", "10")),
        (Test.SUMMATIVE_ALTERNATE_ELPAC, ("03", "05")),
    ):
        first, second = (score_scale(test, grade, 2026) for grade in grades)
        assert first is not None
        assert second is not None
        assert first.levels == second.levels
