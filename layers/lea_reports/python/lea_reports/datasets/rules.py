"""Rules that hold between the columns of a row.

Each rule is a generator of faults over a whole batch: the column to name, a mask of the rows that break the
rule, and the rule in words. Rules see only rows whose single values are already right. What the State's
tables decide is asked once for each different combination of values instead of once for each row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import (
    NO_SCORE_LEVEL,
    Part,
    ScoreScale,
    Test,
    areas,
    composites,
    condition_code,
    include_indicators,
    score_scale,
)
from lea_reports.datasets.schema import HISTORY_YEARS, LANGUAGE_DOMAINS
from lea_reports.organizations import OrganizationKind

_HIGHEST_LEVELS = 4
_SPANISH_PARTS = ("csa_composite_1", "csa_composite_2")
_LANGUAGE_PARTS = {"oral_language": Part.ORAL_LANGUAGE, "written_language": Part.WRITTEN_LANGUAGE}


_SCORED_COLUMNS = (
    "scale_score",
    *(f"{part}_scale_score" for part in (*_SPANISH_PARTS, *_LANGUAGE_PARTS)),
    *(f"{domain}_level" for domain in LANGUAGE_DOMAINS),
)
"""What a record may report without an overall score, and the overall score."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows that break one rule."""

    column: str
    broken: pa.BooleanArray
    rule: str


@dataclass(frozen=True, slots=True)
class KnownOrganizations:
    """The LEAs and schools that are published, for checking codes against them."""

    codes: pa.StringArray
    leas: pa.StringArray
    lea_codes: pa.StringArray

    @classmethod
    def from_table(cls, organizations: pa.Table) -> "KnownOrganizations":
        """Keep what is needed of the `organizations` dataset."""
        table = organizations.combine_chunks()
        lea_kinds = pa.array([kind.value for kind in OrganizationKind if kind.is_lea])
        leas = table.filter(pc.is_in(table["kind"], value_set=lea_kinds))
        return cls(_flat(table["cds_code"]), _flat(table["lea"]), _flat(leas["cds_code"]))


Rule = Callable[[pa.Table], Iterator[Fault]]


def rules_of(dataset: str, organizations: KnownOrganizations | None) -> Iterator[Rule]:
    """Return the rules of a dataset; those about organizations only if some are known."""
    yield from _RULES[dataset]
    if organizations is not None and dataset in _PLACES:
        lea, school = _PLACES[dataset]
        yield lambda rows: _place_rules(rows, organizations, lea, school)
        if dataset not in WHERE_TESTED:
            yield lambda rows: _membership_rule(rows, organizations, lea, school)


def remarks_of(dataset: str, organizations: KnownOrganizations | None, today: date) -> Iterator[Rule]:
    """Return what is said of rows of a dataset that are taken in all the same."""
    for remarks in _REMARKS.get(dataset, ()):
        yield _on_day(remarks, today)
    if organizations is not None and dataset in WHERE_TESTED:
        lea, school = _PLACES[dataset]
        yield lambda rows: _membership_rule(rows, organizations, lea, school)


def _on_day(remarks: Callable[[pa.Table, date], Iterator[Fault]], day: date) -> Rule:
    return lambda rows: remarks(rows, day)


def organization_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that an LEA belongs to itself, a school to another organization; and the testing window."""
    lea_kinds = pa.array([kind.value for kind in OrganizationKind if kind.is_lea])
    is_lea = pc.is_in(rows["kind"], value_set=lea_kinds)
    own = pc.equal(rows["lea"], rows["cds_code"])
    yield Fault("lea", pc.and_(is_lea, pc.invert(own)), "an LEA belongs to itself")
    yield Fault("lea", pc.and_(pc.invert(is_lea), own), "a school belongs to an LEA, not to itself")
    yield Fault(
        "window_end",
        pc.less(rows["window_end"], rows["window_start"]),
        "the testing window ends on or after its start",
    )
    yield Fault(
        "window_end",
        pc.xor(pc.is_valid(rows["window_start"]), pc.is_valid(rows["window_end"])),
        "a testing window has both a start and an end",
    )


def student_rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that nobody enrolls before birth."""
    yield Fault(
        "enrollment_date",
        pc.less_equal(rows["enrollment_date"], rows["birth_date"]),
        "enrollment comes after birth",
    )


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
            "composite claims are reported for Smarter Balanced from 2022-23 on",
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


def student_remarks(rows: pa.Table, today: date) -> Iterator[Fault]:
    """Find students who cannot be: a date of birth is not why an SSR is withheld."""
    yield Fault(
        "birth_date", pc.greater(rows["birth_date"], pa.scalar(today)), "a student was born today or earlier"
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


def broken_memberships(organizations: pa.Table) -> Fault:
    """Find schools whose LEA is in no row: a rule over all rows of the organizations dataset."""
    known = KnownOrganizations.from_table(organizations)
    return Fault(
        "lea",
        pc.invert(pc.is_in(organizations["lea"], value_set=known.lea_codes)),
        "the LEA is a row of its own",
    )


def _place_rules(rows: pa.Table, organizations: KnownOrganizations, lea: str, school: str) -> Iterator[Fault]:
    yield Fault(
        lea, pc.invert(pc.is_in(rows[lea], value_set=organizations.lea_codes)), "the LEA is a known one"
    )
    position = pc.index_in(rows[school], value_set=organizations.codes)
    yield Fault(school, pc.is_null(position), "the school is a known one")


def _membership_rule(
    rows: pa.Table, organizations: KnownOrganizations, lea: str, school: str
) -> Iterator[Fault]:
    position = pc.index_in(rows[school], value_set=organizations.codes)
    yield Fault(school, pc.not_equal(organizations.leas.take(_flat(position)), rows[lea]), SCHOOL_OF_THE_LEA)


class _Combinations:
    """The different combinations of values of some columns, and which row has which."""

    def __init__(self, rows: pa.Table, columns: Sequence[str]) -> None:
        texts = [pc.fill_null(rows[column].cast(pa.string()), "") for column in columns]
        encoded = _flat(pc.binary_join_element_wise(*texts, "|")).dictionary_encode()
        self._indices = encoded.indices
        # An empty part stands for null; no code contains a bar, their patterns see to it.
        self.values: list[list[str]] = [text.split("|") for text in encoded.dictionary.to_pylist()]

    def spread(self, values: Sequence[object], data_type: pa.DataType) -> pa.Array:
        """Give each row the value of its combination."""
        return pa.array(values, data_type).take(self._indices)


class _Scales:
    """The scale of each row; rows whose test, grade and year have no known scale are never at fault."""

    def __init__(self, combinations: _Combinations, years_before: int = 0, part: Part = Part.OVERALL) -> None:
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


def _scale(test: str, grade: str, year: int, part: Part = Part.OVERALL) -> ScoreScale | None:
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


def _flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


_RULES: dict[str, tuple[Rule, ...]] = {
    "organizations": (organization_rules,),
    "students": (student_rules,),
    "scores": (
        grade_and_scale_rules,
        condition_rules,
        reporting_rules,
        eligibility_rules,
        composite_rules,
        exemption_rules,
        history_rules,
    ),
}
_PLACES = {"students": ("lea", "school"), "scores": ("tested_lea", "tested_school")}
WHERE_TESTED = {"scores"}
"""Datasets that tell where students were, not where they are: a school may have gone to another LEA since."""
SCHOOL_OF_THE_LEA = "the school belongs to the LEA"
_REMARKS: dict[str, tuple[Callable[[pa.Table, date], Iterator[Fault]], ...]] = {
    "students": (student_remarks,),
    "scores": (score_remarks,),
}
