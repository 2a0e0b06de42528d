"""What one SSR says about one student: values only, no words and no layout."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lea_reports.assessments import (
    NO_SCORE_LEVEL,
    AdministrationYear,
    Area,
    Assessment,
    ScoreScale,
    Test,
    areas,
    score_scale,
    ssr_tests,
)
from lea_reports.errors import Invalid
from lea_reports.ssr.outcome import Outcome, outcome_of
from lea_reports.ssr.row_values import Row, date_of, integer_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

YEARS_OF_HISTORY = 3


class NoScore(StrEnum):
    """Why a subject, or an earlier year of it, has no score to show."""

    NOT_TESTED = "NT"
    PARENT_EXEMPTION = "PGE"
    MEDICAL_EMERGENCY = "NTE"
    NEW_ENGLISH_LEARNER = "NEL"
    INVALIDATED = "invalidated"
    INCOMPLETE = "incomplete"
    """A record without score and without a condition code: started, or not finished."""
    NO_RECORD = "no_record"
    """There is no record of this test for the student in this year."""


_UNTESTED = frozenset(
    (
        NoScore.NOT_TESTED,
        NoScore.PARENT_EXEMPTION,
        NoScore.MEDICAL_EMERGENCY,
        NoScore.NEW_ENGLISH_LEARNER,
    )
)
_EXEMPT = _UNTESTED - {NoScore.NOT_TESTED}


@dataclass(frozen=True, slots=True)
class SchoolNames:
    """The school an SSR is filed under and the LEA it belongs to."""

    code: str
    """14 digits."""
    name: str
    lea_code: str
    """14 digits."""
    lea_name: str


@dataclass(frozen=True, slots=True)
class Score:
    """A scale score, its error band and its achievement level, in the scale of its own year and grade."""

    value: int
    level: int
    """1 to 4."""
    band_low: int
    """The lowest score of the error band, never below the scale."""
    band_high: int
    """The highest score of the error band, never above the scale."""
    scale: ScoreScale


@dataclass(frozen=True, slots=True)
class AreaResult:
    """The level of one area of a subject."""

    area: Area
    level: int
    """1 below, 2 near, 3 above."""


@dataclass(frozen=True, slots=True)
class PastResult:
    """An earlier year's result of the same subject, in that year's grade."""

    year: AdministrationYear
    grade: str
    score: Score | None
    reason: NoScore | None
    """Why there is no score; None if there is one."""
    too_few_answers: bool
    """The score is the lowest of the scale because too few items were answered (LOSS)."""


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """One subject of an SSR: a score with its areas, or the reason why there is none."""

    test: Test
    grade: str
    tested_on: date | None
    """The day the test was completed; None if it was not taken."""
    score: Score | None
    reason: NoScore | None
    """Why there is no score; None if there is one."""
    too_few_answers: bool
    """The score is the lowest of the scale because too few items were answered (LOSS)."""
    changed_construct: bool
    """A resource was used that changes what the test measures."""
    areas: tuple[AreaResult, ...]
    history: tuple[PastResult, ...]
    """Up to three earlier years, the most recent last; years without any record are left out."""
    measure: str | None
    """Lexile measure (ELA) or Quantile measure (mathematics) as it is written, such as "1010L"."""


@dataclass(frozen=True, slots=True)
class WritingDimension:
    """Points for one quality of the essay, or the code that says why it got none."""

    name: str
    """organization_purpose, evidence_elaboration or conventions."""
    points: int | None
    most: int
    condition_code: str | None
    """B blank, I insufficient, L language, T off topic, M off purpose."""


@dataclass(frozen=True, slots=True)
class WritingResult:
    """How the essay of the ELA test was scored."""

    genre: str | None
    """ARGU, EXPL, INFO, NARR or OPIN."""
    dimensions: tuple[WritingDimension, ...]


@dataclass(frozen=True, slots=True)
class StudentResult:
    """One SSR: whose, of which test and year, in which language, and the results."""

    ssid: str
    last_name: str
    first_name: str
    middle_name: str
    birth_date: date | None
    school: SchoolNames
    administration_year: AdministrationYear
    grade_assessed: str
    language: str
    """The language of the SSR: en, es, fil, vi, ko, zh-Hant or ar."""
    assessment: str
    """The assessment parameter's value, such as "smarter-balanced"."""
    ela: SubjectResult
    mathematics: SubjectResult
    writing: WritingResult | None
    outcomes: tuple[Outcome, ...] = ()
    """The tests of an assessment other than Smarter Balanced, those that the grade takes, in report order."""
    science: Outcome | None = None
    """CAST on a Smarter Balanced SSR: the record of a year that shows both on one; None if there is none."""

    @property
    def subjects(self) -> tuple[SubjectResult, SubjectResult]:
        """Both subjects in the order of the report."""
        return self.ela, self.mathematics


def from_rows(
    student: Row,
    scores: Sequence[Row],
    school: SchoolNames,
    *,
    language: str = "en",
    assessment: str = Assessment.SMARTER_BALANCED,
) -> StudentResult:
    """Join a student's row with the score rows of one administration year.

    `scores` holds the student's records of one year; those of other tests than the assessment's are passed
    over, and any of its tests may be missing. What Smarter Balanced says stands in `ela`, `mathematics` and
    `writing`, and in the years that show CAST beside it, in `science`; what any other assessment says stands
    in `outcomes`. Raises `Invalid` if there is no record at all, if records of several years or two of the
    same test are mixed, if a score stands outside its published scale or has no level (a bad row fails one
    SSR, not the job).
    """
    years = {integer_of(row, "administration_year") for row in scores}
    if len(years) != 1:
        raise Invalid("An SSR is made from the records of exactly one administration year.")
    (number,) = years
    if number is None:
        raise Invalid("A score record has no administration year.")
    year = AdministrationYear(number)
    by_test: dict[str, Row] = {}
    for row in scores:
        record_type = text_of(row, "record_type")
        if record_type in by_test:
            raise Invalid("A student has two records of the same test and year.")
        by_test[record_type] = row
    kind = Assessment(assessment)
    rows = {test: by_test[test] for test in kind.tests if test in by_test}
    grade = next(
        filter(None, (text_of(row, "grade_assessed") for row in rows.values())), text_of(student, "grade")
    )
    essay = rows.get(Test.SB_ELA)
    ela, mathematics = (
        _subject(test, rows.get(test), year, grade) for test in Assessment.SMARTER_BALANCED.tests
    )
    return StudentResult(
        ssid=text_of(student, "ssid"),
        last_name=text_of(student, "last_name"),
        first_name=text_of(student, "first_name"),
        middle_name=text_of(student, "middle_name"),
        birth_date=date_of(student, "birth_date"),
        school=school,
        administration_year=year,
        grade_assessed=grade,
        language=language,
        assessment=str(assessment),
        ela=ela,
        mathematics=mathematics,
        writing=_writing(essay) if essay and ela.score else None,
        outcomes=_outcomes(kind, rows, year, grade),
        science=_science(kind, by_test, year, grade),
    )


def _outcomes(
    assessment: Assessment, rows: Mapping[Test, Row], year: AdministrationYear, grade: str
) -> tuple[Outcome, ...]:
    if assessment is Assessment.SMARTER_BALANCED:
        return ()
    return tuple(
        outcome_of(test, rows.get(test), year, grade)
        for test in assessment.tests
        if test in rows or grade in test.grades
    )


def _science(
    assessment: Assessment, by_test: Mapping[str, Row], year: AdministrationYear, grade: str
) -> Outcome | None:
    guests = (test for test in ssr_tests(assessment, year) if test not in assessment.tests)
    return next((outcome_of(test, by_test[test], year, grade) for test in guests if test in by_test), None)


def _subject(test: Test, row: Row | None, year: AdministrationYear, grade: str) -> SubjectResult:
    if row is None:
        return SubjectResult(
            test=test,
            grade=grade,
            tested_on=None,
            score=None,
            reason=NoScore.NO_RECORD,
            too_few_answers=False,
            changed_construct=False,
            areas=(),
            history=(),
            measure=None,
        )
    grade = text_of(row, "grade_assessed") or grade
    score, reason = _score(test, row, year, grade, suffix="")
    if text_of(row, "score_status") == "I":
        score, reason = None, NoScore.INVALIDATED
    return SubjectResult(
        test=test,
        grade=grade,
        tested_on=None if reason in _UNTESTED else date_of(row, "test_completed_date"),
        score=score,
        reason=reason,
        too_few_answers=score is not None and text_of(row, "condition_code") == "LOSS",
        changed_construct=text_of(row, "unlisted_resource_construct_change") == "Y",
        areas=tuple(
            AreaResult(area, level)
            for area in areas(test, year)
            if score and (level := integer_of(row, area.column)) in (1, 2, 3)
        ),
        history=tuple(filter(None, (_past(test, row, year, ago) for ago in range(YEARS_OF_HISTORY, 0, -1)))),
        measure=text_of(row, "lexile_or_quantile_measure") or None if score else None,
    )


def _past(test: Test, row: Row, year: AdministrationYear, ago: int) -> PastResult | None:
    suffix = f"_minus_{ago}"
    grade = text_of(row, f"grade_assessed{suffix}")
    if grade not in test.grades:
        return None
    past_year = year.before(ago)
    code = text_of(row, f"condition_code{suffix}")
    score, reason = _score(test, row, past_year, grade, suffix=suffix)
    if score is None and not code and not text_of(row, f"ssr_eligible{suffix}"):
        return None
    return PastResult(past_year, grade, score, reason, score is not None and code == "LOSS")


def _score(
    test: Test, row: Row, year: AdministrationYear, grade: str, *, suffix: str
) -> tuple[Score | None, NoScore | None]:
    """Read this year's score (suffix "") or an earlier one's; the second value says why there is none."""
    value = integer_of(row, f"scale_score{suffix}")
    level = integer_of(row, f"achievement_level{suffix}")
    code = text_of(row, f"condition_code{suffix}")
    if value is None or level == NO_SCORE_LEVEL:
        return None, _reason(code)
    if code in _EXEMPT:
        return None, NoScore(code)
    scale = score_scale(test, grade, year)
    if scale is None or value not in scale:
        raise Invalid(f"A scale score of test {test} lies outside the published scale of its grade.")
    if level is None or level not in range(1, len(scale.levels) + 1):
        raise Invalid(f"A scale score of test {test} has no achievement level.")
    if level != scale.level_of(value):
        raise Invalid(f"The achievement level of test {test} contradicts its scale score.")
    error = integer_of(row, f"standard_error{suffix}") or 0
    low, high = None, None
    if not suffix:  # the file gives the band of the current year only
        low, high = integer_of(row, "error_band_min"), integer_of(row, "error_band_max")
    low = min(max(scale.lowest, value - error if low is None else low), value)
    high = max(min(scale.highest, value + error if high is None else high), value)
    return Score(value, level, low, high, scale), None


def _reason(code: str) -> NoScore:
    return NoScore(code) if code in _UNTESTED else NoScore.INCOMPLETE


def _writing(row: Row) -> WritingResult | None:
    dimensions = []
    for name, most in (("organization_purpose", 4), ("evidence_elaboration", 4), ("conventions", 2)):
        points = integer_of(row, f"writing_{name}")
        code = text_of(row, f"writing_{name}_condition_code") or None
        if points is not None and not 0 <= points <= most:
            raise Invalid(f"Writing points for {name} lie outside 0 to {most}.")
        if points is not None or code:
            dimensions.append(WritingDimension(name, points, most, code))
    return WritingResult(text_of(row, "genre") or None, tuple(dimensions)) if dimensions else None
