"""What one SSR says about one student: values only, no words and no layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.assessments import AdministrationYear, Assessment, Test, ssr_tests
from lea_reports.errors import Invalid
from lea_reports.ssr.results.outcome import Outcome, outcome_of
from lea_reports.ssr.results.row_values import Row, integer_of, text_of
from lea_reports.ssr.results.subject_result import (
    ESSAY,
    YEARS_OF_HISTORY,
    AreaResult,
    NoScore,
    PastResult,
    Score,
    SubjectResult,
    WritingDimension,
    WritingResult,
    no_record,
    subject_reader,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "YEARS_OF_HISTORY",
    "AreaResult",
    "NoScore",
    "PastResult",
    "SchoolNames",
    "Score",
    "StudentResult",
    "SubjectResult",
    "WritingDimension",
    "WritingResult",
    "from_rows",
]


@dataclass(frozen=True, slots=True)
class SchoolNames:
    """The school an SSR is filed under and the LEA it belongs to."""

    code: str
    """14 digits."""
    name: str
    lea_code: str
    """14 digits."""
    lea_name: str


@dataclass(slots=True)
class StudentResult:
    """One SSR: whose, of which test and year, in which language, and the results.

    Nothing changes it once it is made; it is not frozen because that triples the time it takes to make one.
    """

    ssid: str
    last_name: str
    first_name: str
    middle_name: str
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
    chosen = Assessment(assessment)
    rows = {test: by_test[test] for test in chosen.tests if test in by_test}
    grade = next(
        filter(None, (text_of(row, "grade_assessed") for row in rows.values())), text_of(student, "grade")
    )
    essay = rows.get(Test.SB_ELA)
    ela, mathematics = (
        subject_reader(test, year).of(rows[test], grade) if test in rows else no_record(test, grade)
        for test in (Test.SB_ELA, Test.SB_MATHEMATICS)
    )
    return StudentResult(
        ssid=text_of(student, "ssid"),
        last_name=text_of(student, "last_name"),
        first_name=text_of(student, "first_name"),
        middle_name=text_of(student, "middle_name"),
        school=school,
        administration_year=year,
        grade_assessed=grade,
        language=language,
        assessment=str(assessment),
        ela=ela,
        mathematics=mathematics,
        writing=ESSAY.of(essay) if essay and ela.score else None,
        outcomes=_outcomes(chosen, rows, year, grade),
        science=_science(chosen, by_test, year, grade),
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
