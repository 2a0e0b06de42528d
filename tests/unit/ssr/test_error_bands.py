"""Where no error of measurement is known there is no error band: not in numbers, not in the picture, not in words."""

from __future__ import annotations

import pytest

from lea_reports.assessments import Assessment, Test, condition_codes, languages_of, score_scale
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.student_result import from_rows
from lea_reports.ssr.words.texts import LANGUAGES
from tests.pdf_check.tagged_pdf import spoken_text
from tests.unit.ssr.conftest import SCHOOL, past, score_row, student_row

NO_ERROR = {"standard_error": None, "error_band_min": None, "error_band_max": None}

BY_RULE = [
    (test, code.code, code.score_above_lowest)
    for code in condition_codes().values()
    if code.score_above_lowest is not None
    for test in code.tests
]
AREAS = {
    **{f"composite_claim_{number}_level": 3 for number in (1, 2)},
    **{f"domain_{number}_level": 3 for number in (1, 2, 3, 4)},
}


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    return CompiledEngine(fonts_folder)


@pytest.fixture(params=["compiled", "plain"])
def words(request, compiled, engine, read):
    """Make a student's SSR, and collect the words of its pages; of tagged ones also what is heard."""

    def make(result):
        (made,) = (compiled if request.param == "compiled" else engine).single_files([result])
        assert isinstance(made, SsrFile)
        told = " ".join(spoken_text(made.content)) if request.param == "compiled" else ""
        reader = read(made.content)
        return " ".join([*(reader.text(page) for page in range(1, len(reader) + 1)), told])

    return make


def result_of(*rows, assessment=Assessment.SMARTER_BALANCED, language="en"):
    return from_rows(student_row(), rows, SCHOOL, language=language, assessment=assessment)


def earlier(test):
    """Return an earlier year's score without a known error."""
    return past(test, 1, "04", 2471) | {"standard_error_minus_1": None}


def test_a_score_without_a_known_error_is_not_printed_as_exact(words):
    """No "2530 to 2530 (± 0)", and no bracket to explain."""
    rows = [score_row(test, **NO_ERROR, **earlier(test)) for test in ("01", "02")]
    told = words(result_of(*rows))
    assert "2530" in told
    for said in (
        "±",
        "Error band",
        "2530 to 2530",
        "2530–2530",
        "2471–2471",
        "The bracket shows",
    ):
        assert said not in told
    assert "The dot is your child’s score." in told


def test_an_earlier_score_without_a_known_error_is_a_dot_alone(words):
    """The years with an error keep their band, and the words that explain it."""
    rows = [score_row(test, **earlier(test)) for test in ("01", "02")]
    told = words(result_of(*rows))
    assert "Error band: 2507 to 2553" in told
    assert "2471–2471" not in told
    assert "the line through it is the error band" in told


@pytest.mark.parametrize("half", [{"error_band_min": None}, {"error_band_max": None}])
def test_half_a_band_is_none(half):
    """The other end is not guessed from the score, but made of the error where it is known."""
    known = score_row("01", **half)
    unknown = score_row("01", **half) | {"standard_error": None}
    assert result_of(known).ela.score.band == (2507, 2553)
    assert result_of(unknown).ela.score.band is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_prints_a_band_of_nothing(compiled, language):
    """The sentences with and without a band are a catalog's own."""
    rows = [score_row(test, **NO_ERROR, **earlier(test)) for test in ("01", "02")]
    (made,) = compiled.single_files([result_of(*rows, language=language)])
    texts, told = LANGUAGES[language], spoken_text(made.content)
    assert texts("history.words_without_bands") in told
    assert not {texts("history.words"), texts("subject.band_words")} & set(told)
    assert not any("±" in said for said in told)


def by_rule(test, code, above):
    """Return a record with a score given by rule, though a band and levels of areas were sent along."""
    grade = "05" if "05" in test.grades else test.grades[0]
    scale = score_scale(test, grade, 2026)
    value = scale.lowest + above if scale else 555
    level = scale.level_of(value) if scale else 1
    return score_row(test.value, value) | {
        "grade_assessed": grade,
        "condition_code": code,
        "achievement_level": level,
        "standard_error": 20,
        "error_band_min": value,
        "error_band_max": value + 20,
        **AREAS,
        **{f"{key}_minus_1": None for key in ("scale_score", "achievement_level", "standard_error")},
    }


@pytest.mark.parametrize(("test", "code", "above"), BY_RULE, ids=str)
def test_a_score_given_by_rule_has_neither_band_nor_areas(words, test, code, above):
    """It says nothing about what was measured, so what was measured must not contradict it."""
    told = words(result_of(by_rule(test, code, above), assessment=test.assessment))
    for said in ("±", "Error band", "The bracket shows", "Above Standard", "Well Developed"):
        assert said not in told


@pytest.mark.parametrize(("test", "code", "above"), BY_RULE, ids=str)
def test_so_has_one_of_an_earlier_year(test, code, above):
    """Its dot stands alone in the chart."""
    row = by_rule(test, code, above)
    before = {
        f"{key}_minus_1": row[key]
        for key in ("grade_assessed", "scale_score", "achievement_level", "condition_code")
    }
    scale = score_scale(test, row["grade_assessed"], 2025)
    if scale:
        value = scale.lowest + above
        before |= {"scale_score_minus_1": value, "achievement_level_minus_1": scale.level_of(value)}
    result = result_of(
        row | before | {"standard_error_minus_1": 20, "ssr_eligible_minus_1": "Y"},
        assessment=test.assessment,
    )
    if test.assessment is Assessment.SMARTER_BALANCED:
        (subject,) = (each for each in result.subjects if each.test is test)
        bands = [each.score.band for each in (subject, *subject.history)]
    else:
        (outcome,) = (each for each in result.outcomes if each.test is test)
        bands = [each.points.band for each in (outcome, *outcome.history)]
    assert bands == [None, None]


def test_every_kind_of_the_table_is_among_them():
    """Those of Smarter Balanced, CAST, the CAAs and the CSA."""
    assert {test for test, _, _ in BY_RULE} >= {Test.SB_ELA, Test.SB_MATHEMATICS, Test.CAST, Test.CAA_ELA}
    assert {code for _, code, _ in BY_RULE} == {"LOSS", "INC0", "INC1"}
    assert all(
        "en" in languages_of(test.assessment)
        for test, _, _ in BY_RULE
        if test not in {Test.SB_ELA, Test.SB_MATHEMATICS}
    )
