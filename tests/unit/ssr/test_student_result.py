"""What is read out of a student's and their score rows."""

from datetime import date

import pytest

from lea_reports.errors import Invalid
from lea_reports.ssr.results.student_result import NoScore


def test_a_result_joins_the_english_and_the_mathematics_record(make, scores):
    """One SSR tells both subjects of the year."""
    result = make(scores("02", 2509), scores("01", 2530))
    assert (result.ela.score.value, result.mathematics.score.value) == (2530, 2509)
    assert result.administration_year.label == "2025-26"
    assert (result.ela.measure, result.mathematics.measure) == ("1010L", "865Q")


def test_records_of_other_tests_are_passed_over(make, scores):
    """A student's science record says nothing on this SSR."""
    result = make(scores("01"), scores("06", None))
    assert result.ela.score
    assert result.mathematics.reason is NoScore.NO_RECORD


@pytest.mark.parametrize(("year", "value"), [(2023, None), (2024, 215), (2025, 215), (2026, None)])
def test_a_science_record_stands_on_the_ssr_of_the_years_that_show_it_there(make, scores, year, value):
    """2023-24 and 2024-25 show CAST beside both subjects."""
    result = make(
        scores("01", administration_year=year),
        scores("06", 215, administration_year=year, achievement_level=3),
    )
    assert (result.science.points.value if result.science else None) == value
    assert result.outcomes == ()


def test_a_student_without_a_science_record_has_no_science(make, scores):
    """Grades 3, 4, 6 and 7 do not take CAST, and nothing is said about it."""
    assert make(scores("01", administration_year=2025)).science is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("NT", NoScore.NOT_TESTED),
        ("PGE", NoScore.PARENT_EXEMPTION),
        ("NTE", NoScore.MEDICAL_EMERGENCY),
        ("NEL", NoScore.NEW_ENGLISH_LEARNER),
        (None, NoScore.INCOMPLETE),
        ("", NoScore.INCOMPLETE),
    ],
)
def test_a_record_without_score_says_why(make, scores, code, reason):
    """A condition code is the reason; without one the test was not completed."""
    result = make(scores("01", None, condition_code=code), scores("02"))
    assert result.ela.score is None
    assert result.ela.reason is reason
    assert (result.ela.areas, result.ela.measure, result.writing) == ((), None, None)


@pytest.mark.parametrize("code", ["PGE", "NTE", "NEL"])
def test_an_exempt_student_shows_no_score_even_if_the_record_has_one(make, scores, code):
    """An exemption stands above a score that a started test may have left."""
    assert make(scores("01", 2530, condition_code=code)).ela.reason is NoScore(code)


def test_a_test_that_was_not_taken_has_no_date(make, scores):
    """A date beside "excused" would contradict it; an invalidated test was taken on its day."""
    assert make(scores("01", None, condition_code="NT")).ela.tested_on is None
    assert make(scores("01", score_status="I")).ela.tested_on == date(2026, 4, 22)


def test_loss_keeps_its_lowest_score_and_is_marked(make, scores):
    """Too few answers give the lowest score of the scale, which is shown as such."""
    ela = make(scores("01", 2200, condition_code="LOSS")).ela
    assert ela.score.value == ela.score.scale.lowest
    assert ela.too_few_answers


def test_an_invalidated_score_is_not_shown(make, scores):
    """Score status I takes the score away."""
    ela = make(scores("01", score_status="I")).ela
    assert (ela.score, ela.reason) == (None, NoScore.INVALIDATED)


def test_history_keeps_the_scale_of_its_own_year_and_grade(make, scores, earlier):
    """An earlier score is read in the scale it was given in, the latest year last."""
    history = make(scores("01", **earlier("01", 3, "03", 2425), **earlier("01", 1, "04", 2471))).ela.history
    assert [(entry.year, entry.grade) for entry in history] == [(2023, "03"), (2025, "04")]
    assert [entry.score.scale.lowest for entry in history] == [2115, 2140]


def test_history_tells_years_without_score_and_leaves_out_years_without_record(make, scores, earlier):
    """A year that has a reason is told; a year of which nothing is known is not."""
    nothing = earlier("01", 1, "04", None) | {"ssr_eligible_minus_1": None}
    history = make(scores("01", **earlier("01", 2, "03", None, "NT"), **nothing)).ela.history
    assert [(entry.year, entry.reason) for entry in history] == [(2024, NoScore.NOT_TESTED)]


def test_grades_without_this_test_have_no_history(make, scores):
    """Grade 11 looks back at grades 8 to 10, and only grade 8 takes the test."""
    row = scores("01", 2600, grade_assessed="11", grade_assessed_minus_1="10", ssr_eligible_minus_1="Y")
    assert make(row).ela.history == ()


def test_an_error_band_stays_on_the_scale(make, scores):
    """Where the file gives no band it is made of the standard error, cut at the ends of the scale."""
    row = scores("01", 2725) | {"error_band_min": None, "error_band_max": None}
    score = make(row).ela.score
    assert score.band == (2702, 2730)


def test_a_year_without_areas_shows_none(make, scores):
    """2021 and 2022 reported neither claims nor composite claims."""
    assert make(scores("01", administration_year=2021)).ela.areas == ()
    assert [area.level for area in make(scores("01")).ela.areas] == [2, 3]


def test_the_essay_has_points_or_a_code_in_each_dimension(make, scores):
    """A dimension is either scored or says why it is not."""
    row = scores("01", writing_conventions=None, writing_conventions_condition_code="B")
    dimensions = make(row).writing.dimensions
    assert [(each.points, each.most, each.condition_code) for each in dimensions] == [
        (3, 4, None),
        (2, 4, None),
        (None, 2, "B"),
    ]


def test_dates_may_come_as_text(make, scores):
    """Rows may have passed through JSON."""
    assert make(scores("01", test_completed_date="2026-04-22")).ela.tested_on == date(2026, 4, 22)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scale_score": 9999, "achievement_level": 4}, "outside the published scale"),
        ({"achievement_level": None}, "no achievement level"),
        ({"achievement_level": 1}, "contradicts"),
        ({"scale_score": "many"}, "not a whole number"),
        ({"test_completed_date": "spring"}, "not a date"),
        ({"writing_conventions": 3}, "outside 0 to 2"),
        ({"administration_year": None}, "administration year"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(make, scores, change, words):
    """A wrong score on paper is worse than none, so the SSR fails."""
    row = scores("01") | change
    with pytest.raises(Invalid, match=words):
        make(row)


def test_rows_that_do_not_belong_together_are_refused(make, scores):
    """One SSR is one year, with one record a test."""
    with pytest.raises(Invalid, match="exactly one administration year"):
        make(scores("01"), scores("02", administration_year=2025))
    with pytest.raises(Invalid, match="two records"):
        make(scores("01"), scores("01"))
