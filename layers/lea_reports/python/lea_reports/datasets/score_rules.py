"""Rules between the columns of a score record.

What the State's tables decide is asked once for each different combination of values instead of once for each row.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import (
    NO_SCORE_LEVEL,
    ScorePart,
    ScoreScale,
    Test,
    areas,
    composites,
    condition_code,
    include_indicators,
    score_scale,
)
from lea_reports.datasets.columns import HISTORY_YEARS, LANGUAGE_DOMAINS
from lea_reports.datasets.dataset import Fault, Rule

_HIGHEST_LEVELS = 4
_SPANISH_PARTS = ("csa_composite_1", "csa_composite_2")
_LANGUAGE_PARTS = {"oral_language": ScorePart.ORAL_LANGUAGE, "written_language": ScorePart.WRITTEN_LANGUAGE}


_SCORED_COLUMNS = (
    "scale_score",
    *(f"{part}_scale_score" for part in (*_SPANISH_PARTS, *_LANGUAGE_PARTS)),
    *(f"{domain}_level" for domain in LANGUAGE_DOMAINS),
)
"""What a record may report without an overall score, and the overall score."""


def grade_and_scale_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that score, error band and level agree with the scale of test, grade and year."""
    combinations = _Combinations(rows, ("record_type", "grade_assessed", "administration_year"))
    tested = [grade in Test(test).grades for test, grade, _ in combinations.values]
    yield Fault(
        "grade_assessed",
        pc.invert(combinations.spread(tested, pa.bool_())),
        "the test is given in this grade",
    )
    scales = _Scales(combinations)
    score, level = rows["scale_score"], rows["achievement_level"]
    yield Fault("scale_score", scales.misses(score), "the score lies on the scale of test, grade and year")
    yield Fault(
        "achievement_level", scales.contradicts(score, level), "the level is the one of the scale score"
    )
    yield Fault(
        "achievement_level",
        pc.and_(pc.is_null(score), pc.not_equal(level, NO_SCORE_LEVEL)),
        "without a scale score the level is 9 or blank",
    )
    low, high = rows["error_band_min"], rows["error_band_max"]
    yield Fault("error_band_min", pc.greater(low, score), "the error band begins at or below the score")
    yield Fault("error_band_max", pc.less(high, score), "the error band ends at or above the score")
    yield Fault(
        "error_band_max",
        pc.xor(pc.is_valid(low), pc.is_valid(high)),
        "an error band has both a low and a high end",
    )
    yield Fault(
        "error_band_min", pc.and_(pc.is_valid(low), pc.is_null(score)), "an error band needs a scale score"
    )


def condition_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that condition code, include indicator and score agree with each other."""
    combinations = _Combinations(rows, ("record_type", "condition_code", "include_indicator"))
    scored: list[bool] = []
    fits: list[bool] = []
    allowed: list[bool] = []
    agrees: list[bool] = []
    for test_code, code, include in combinations.values:
        test = Test(test_code)
        condition = condition_code(code)
        scored.append(condition is None or condition.scored)
        fits.append(condition is None or test in condition.tests)
        allowed.append(include in {indicator.code for indicator in include_indicators(test)})
        agrees.append(condition is None or condition.include in {None, include})
    for column, holds, rule in (
        ("condition_code", fits, "the condition code is used with this test"),
        ("include_indicator", allowed, "the include indicator is used with this test"),
        ("include_indicator", agrees, "the include indicator is the one of the condition code"),
    ):
        yield Fault(column, pc.invert(combinations.spread(holds, pa.bool_())), rule)
    yield Fault(
        "scale_score",
        pc.and_(pc.is_valid(rows["scale_score"]), pc.invert(combinations.spread(scored, pa.bool_()))),
        "the condition code excludes a scale score",
    )
    fixed = _Combinations(rows, ("record_type", "grade_assessed", "administration_year", "condition_code"))
    expected = [_fixed_score(*combination) for combination in fixed.values]
    yield Fault(
        "scale_score",
        pc.not_equal(rows["scale_score"], fixed.spread(expected, pa.int16())),
        "the condition code fixes the scale score",
    )


def reporting_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that what is reported beside the score belongs to the test and its year."""
    yield Fault(
        "ssr_available_date",
        pc.less(rows["ssr_available_date"], rows["test_completed_date"]),
        "an SSR is available on or after the test date",
    )
    combinations = _Combinations(rows, ("record_type", "administration_year"))
    for column in ("composite_claim_1_level", "composite_claim_2_level"):
        reported = [
            any(area.column == column for area in areas(Test(test), int(year)))
            for test, year in combinations.values
        ]
        yield Fault(
            column,
            pc.and_(pc.is_valid(rows[column]), pc.invert(combinations.spread(reported, pa.bool_()))),
            "composite claims are reported for this test and year",
        )
    other_test = pc.not_equal(rows["record_type"], Test.SB_ELA.value)
    for column in (
        "genre",
        "writing_organization_purpose",
        "writing_evidence_elaboration",
        "writing_conventions",
    ):
        yield Fault(
            column,
            pc.and_(pc.is_valid(rows[column]), other_test),
            "essays are part of Smarter Balanced ELA only",
        )


def eligibility_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that what makes an SSR has something to say: else the SSR would tell a family what is not so.

    A student who was not tested, or not wholly, has an SSR without a score: a condition code says why, or parts that
    have scores.
    """
    eligible = pc.equal(rows["ssr_eligible"], "Y")
    yield Fault(
        "score_status",
        pc.and_kleene(eligible, pc.equal(rows["score_status"], "I")),
        "a record with an invalid score is not SSR eligible",
    )
    nothing = reduce(pc.and_, (pc.is_null(rows[column]) for column in (*_SCORED_COLUMNS, "condition_code")))
    yield Fault(
        "ssr_eligible",
        pc.and_kleene(eligible, nothing),
        "an SSR eligible record has a score, or a condition code that says why it has none",
    )


def score_remarks(rows: pa.Table, today: date) -> Iterator[Fault]:
    """Find records that contradict themselves and do no harm: no SSR is made of them, or not yet."""
    eligible, no_date = rows["ssr_eligible"], pc.is_null(rows["ssr_available_date"])
    yield Fault(
        "ssr_available_date",
        pc.and_kleene(pc.equal(eligible, "Y"), no_date),
        "an SSR eligible record has the date of its SSR; without it none is made",
    )
    yield Fault(
        "ssr_available_date",
        pc.and_kleene(pc.equal(eligible, "N"), pc.invert(no_date)),
        "a record that is not SSR eligible has no date of an SSR; none is made",
    )
    yield Fault(
        "test_completed_date",
        pc.greater(rows["test_completed_date"], pa.scalar(today)),
        "a test is completed today or earlier",
    )


def composite_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that composites and domains belong to test, grade and year, and agree with their scales."""
    combinations = _Combinations(rows, ("record_type", "grade_assessed", "administration_year"))
    reported = [_reported_columns(Test(test), int(year), grade) for test, grade, year in combinations.values]
    for column in (
        *(f"{part}_{value}" for part in _SPANISH_PARTS for value in ("scale_score", "level")),
        *(
            f"{part}_{value}"
            for part in _LANGUAGE_PARTS
            for value in ("scale_score", "standard_error", "level")
        ),
        *(f"{domain}_level" for domain in LANGUAGE_DOMAINS),
    ):
        has_it = combinations.spread([column in columns for columns in reported], pa.bool_())
        yield Fault(
            column,
            pc.and_(pc.is_valid(rows[column]), pc.invert(has_it)),
            "it is reported for this test, grade and year",
        )
    for name, part in _LANGUAGE_PARTS.items():
        scales = _Scales(combinations, part=part)
        score, level = rows[f"{name}_scale_score"], rows[f"{name}_level"]
        yield Fault(
            f"{name}_scale_score",
            scales.misses(score),
            "the score lies on the scale of test, grade and year",
        )
        yield Fault(
            f"{name}_level", scales.contradicts(score, level), "the level is the one of the scale score"
        )


def exemption_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that only the Summative ELPAC exempts from domains, and that an exempt domain has no level."""
    other_test = pc.not_equal(rows["record_type"], Test.SUMMATIVE_ELPAC.value)
    for domain in LANGUAGE_DOMAINS:
        exempt = pc.equal(rows[f"{domain}_exempt"], "Y")
        yield Fault(
            f"{domain}_exempt", pc.and_(exempt, other_test), "only the Summative ELPAC exempts from domains"
        )
        yield Fault(
            f"{domain}_level",
            pc.and_(exempt, pc.is_valid(rows[f"{domain}_level"])),
            "an exempt domain has no level",
        )


def history_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that scores of earlier years lie on the scale of their own grade and year."""
    for years in HISTORY_YEARS:
        columns = ("record_type", f"grade_assessed_minus_{years}", "administration_year")
        scales = _Scales(_Combinations(rows, columns), years_before=years)
        score, level = rows[f"scale_score_minus_{years}"], rows[f"achievement_level_minus_{years}"]
        yield Fault(
            f"scale_score_minus_{years}",
            scales.misses(score),
            "the score lies on the scale of test, grade and year",
        )
        yield Fault(
            f"achievement_level_minus_{years}",
            scales.contradicts(score, level),
            "the level is the one of the scale score",
        )


class _Combinations:
    """The different combinations of values of some columns, and which row has which."""

    def __init__(self, rows: pa.Table, columns: Sequence[str]) -> None:
        texts = [pc.fill_null(rows[column].cast(pa.string()), "") for column in columns]
        encoded = pc.binary_join_element_wise(*texts, "|").combine_chunks().dictionary_encode()
        self._indices = encoded.indices
        # An empty part stands for null; no code contains a bar, their patterns see to it.
        self.values: list[list[str]] = [text.split("|") for text in encoded.dictionary.to_pylist()]

    def spread(self, values: Sequence[object], data_type: pa.DataType) -> pa.Array:
        """Give each row the value of its combination."""
        return pa.array(values, data_type).take(self._indices)


class _Scales:
    """The scale of each row; rows whose test, grade and year have no known scale are never at fault."""

    def __init__(
        self, combinations: _Combinations, years_before: int = 0, part: ScorePart = ScorePart.OVERALL
    ) -> None:
        scales = [
            _scale(test, grade, int(year) - years_before, part) for test, grade, year in combinations.values
        ]

        def spread(values: list[int | None]) -> pa.Array:
            return combinations.spread(values, pa.int16())

        self._lowest = spread([scale.lowest if scale else None for scale in scales])
        self._highest = spread([scale.highest if scale else None for scale in scales])
        self._thresholds = [
            spread([_threshold(scale, position) for scale in scales])
            for position in range(_HIGHEST_LEVELS - 1)
        ]

    def misses(self, score: pa.ChunkedArray) -> pa.Array:
        """Tell which scores lie off their scale."""
        return pc.or_(pc.less(score, self._lowest), pc.greater(score, self._highest))

    def contradicts(self, score: pa.ChunkedArray, level: pa.ChunkedArray) -> pa.Array:
        """Tell which levels are not the one of their score; a score without a level contradicts too."""
        expected = pc.add(
            pa.scalar(1, pa.int8()), pc.greater_equal(score, self._thresholds[0]).cast(pa.int8())
        )
        for threshold in self._thresholds[1:]:
            # A scale with three levels has no third threshold.
            reached = pc.fill_null(pc.greater_equal(score, threshold), False)
            expected = pc.add(expected, reached.cast(pa.int8()))
        return pc.not_equal(pc.fill_null(level, 0), expected)


def _scale(test: str, grade: str, year: int, part: ScorePart = ScorePart.OVERALL) -> ScoreScale | None:
    return score_scale(Test(test), grade, year, part) if grade else None


def _reported_columns(test: Test, year: int, grade: str) -> set[str]:
    parts = composites(test, year, grade)
    return {
        *(area.column for area in areas(test, year, grade)),
        *(part.score_column for part in parts),
        *(part.level_column for part in parts),
        *(part.error_column for part in parts if part.error_column),
    }


def _threshold(scale: ScoreScale | None, position: int) -> int | None:
    return scale.thresholds[position] if scale and position < len(scale.thresholds) else None


def _fixed_score(test: str, grade: str, year: str, code: str) -> int | None:
    scale, condition = _scale(test, grade, int(year)), condition_code(code)
    if scale is None or condition is None or condition.score_above_lowest is None:
        return None
    return scale.lowest + condition.score_above_lowest


SCORE_RULES: tuple[Rule, ...] = (
    grade_and_scale_rules,
    condition_rules,
    reporting_rules,
    eligibility_rules,
    composite_rules,
    exemption_rules,
    history_rules,
)
