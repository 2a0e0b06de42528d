"""What a test beside Smarter Balanced says about a student: values only, no words and no layout.

One shape serves CAST, the alternate, the Spanish and the English proficiency tests. It says what the record
says and nothing more: a score whose scale was never published keeps its level and has no scale, an earlier
score that cannot be compared says so, and what is missing has its reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lea_reports.assessments import (
    NO_SCORE_LEVEL,
    Area,
    Composite,
    ScoreScale,
    Test,
    areas,
    comparable,
    composites,
    condition_code,
    score_scale,
)
from lea_reports.errors import Invalid
from lea_reports.ssr.results.row_values import Row, date_of, integer_of, text_of

if TYPE_CHECKING:
    from datetime import date

    from lea_reports.assessments import AdministrationYear

_YEARS_OF_HISTORY = 3


class Missing(StrEnum):
    """Why there is no overall score. Source of the codes: docs/domain.md#condition-codes."""

    NOT_TESTED = "NT"
    PARENT_EXEMPTION = "PGE"
    MEDICAL_EMERGENCY = "NTE"
    NEW_ENGLISH_LEARNER = "NEL"
    TOO_FEW_TASKS = "NER"
    ALTERNATE_INSTEAD = "ALT"
    EXEMPT = "EXA"
    INVALIDATED = "invalidated"
    INCOMPLETE = "incomplete"
    """A record without score and without a code that explains it, of a student who was tested: not finished."""
    NO_RECORD = "no_record"
    """There is no record of this test for the student in this year, or none of which anything may be told."""


class Note(StrEnum):
    """What must be said beside a score. Source of the codes: docs/domain.md#condition-codes."""

    NOTHING_ANSWERED = "INC0"
    """The lowest score of the scale, by rule."""
    FEW_ANSWERED = "INC1"
    """One point above the lowest score, by rule."""
    TOO_FEW_ANSWERED = "LOSS"
    """The lowest score of the scale, by rule."""
    DOMAIN_EXEMPT = "EXD"
    ORAL_EXEMPT = "EXO"
    WRITTEN_EXEMPT = "EXW"
    CHANGED_CONSTRUCT = "changed_construct"
    """A resource was used that changes what the test measures."""


_NOT_TAKEN = frozenset(
    (
        Missing.NOT_TESTED,
        Missing.PARENT_EXEMPTION,
        Missing.MEDICAL_EMERGENCY,
        Missing.NEW_ENGLISH_LEARNER,
        Missing.ALTERNATE_INSTEAD,
        Missing.EXEMPT,
        Missing.NO_RECORD,
    )
)


@dataclass(frozen=True, slots=True)
class Points:
    """A scale score with what is known about it."""

    value: int
    level: int | None
    """The achievement level, from 1 up; None if the record has none."""
    band: tuple[int, int] | None
    """The lowest and the highest score of the error band, never off the scale; None if no error is known, or if
    the score was given by rule and not measured."""
    scale: ScoreScale | None
    """The scale of its own grade and year; None if none was published."""


@dataclass(frozen=True, slots=True)
class AreaOutcome:
    """The level of one area or domain."""

    area: Area
    level: int | None
    """1 to 3; None if there is no result."""
    exempt: bool
    """The student did not have to be tested in it."""


@dataclass(frozen=True, slots=True)
class CompositeOutcome:
    """The score of several domains together."""

    composite: Composite
    points: Points | None


@dataclass(frozen=True, slots=True)
class PastOutcome:
    """An earlier year's result of the same test, in that year's grade."""

    year: AdministrationYear
    grade: str
    points: Points | None
    missing: Missing | None
    """Why there is no score; None if there is one."""
    notes: tuple[Note, ...]
    comparable: bool
    """Whether its scores can be compared with this year's."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test of an SSR: its score with its parts, or the reason why there is none."""

    test: Test
    year: AdministrationYear
    grade: str
    tested_on: date | None
    """The day the test was completed; None if it was not taken."""
    points: Points | None
    missing: Missing | None
    """Why there is no overall score; None if there is one."""
    notes: tuple[Note, ...]
    composites: tuple[CompositeOutcome, ...]
    """Those that the test reports; empty if none of them has a score."""
    areas: tuple[AreaOutcome, ...]
    """Those that the test reports; empty if none of them has a level or an exemption, or if the score was given by
    rule."""
    history: tuple[PastOutcome, ...]
    """Up to three earlier years, the most recent last; years without any record are left out."""


def outcome_of(test: Test, row: Row | None, year: AdministrationYear, grade: str) -> Outcome:
    """Read a record of a test; `row` is None if there is none, `grade` stands in for a missing grade.

    Raises `Invalid` if a score stands off its published scale or has another level than it gives.
    """
    if row is None:
        return Outcome(test, year, grade, None, None, Missing.NO_RECORD, (), (), (), ())
    grade = text_of(row, "grade_assessed") or grade
    code = text_of(row, "condition_code")
    points, missing = _overall(test, row, year, grade)
    if text_of(row, "score_status") == "I":
        points, missing = None, Missing.INVALIDATED
    elif missing is Missing.INCOMPLETE and not text_of(row, "ssr_eligible"):
        missing = Missing.NO_RECORD
    measured = missing is None or missing is Missing.INCOMPLETE
    changed = text_of(row, "unlisted_resource_construct_change") == "Y"
    return Outcome(
        test=test,
        year=year,
        grade=grade,
        tested_on=None if missing in _NOT_TAKEN else date_of(row, "test_completed_date"),
        points=points,
        missing=missing,
        notes=(*_notes(code), *((Note.CHANGED_CONSTRUCT,) if changed and points else ())),
        composites=_composites(test, row, year, grade) if measured else (),
        areas=_areas(test, row, year, grade) if measured and not _given_by_rule(code) else (),
        history=tuple(filter(None, (_past(test, row, year, ago) for ago in range(_YEARS_OF_HISTORY, 0, -1)))),
    )


def _overall(
    test: Test, row: Row, year: AdministrationYear, grade: str, suffix: str = ""
) -> tuple[Points | None, Missing | None]:
    """Read this year's overall score (suffix "") or an earlier one's; the second value says why not."""
    code = text_of(row, f"condition_code{suffix}")
    condition = condition_code(code)
    value = integer_of(row, f"scale_score{suffix}")
    level = integer_of(row, f"achievement_level{suffix}")
    if value is None or level == NO_SCORE_LEVEL or (condition and not condition.scored):
        return None, Missing(code) if condition and not condition.scored else Missing.INCOMPLETE
    if _given_by_rule(code):
        return _points(value, level, None, score_scale(test, grade, year), test), None
    error = integer_of(row, f"standard_error{suffix}")
    band = None if error is None else (value - error, value + error)
    if not suffix:  # the file gives the band of the current year only
        low, high = integer_of(row, "error_band_min"), integer_of(row, "error_band_max")
        band = (low, high) if low is not None and high is not None else band
    return _points(value, level, band, score_scale(test, grade, year), test), None


def _given_by_rule(code: str) -> bool:
    """Tell whether a condition code gives the score, whatever was measured: bands and areas would contradict it."""
    condition = condition_code(code)
    return condition is not None and condition.score_above_lowest is not None


def _points(
    value: int, level: int | None, band: tuple[int, int] | None, scale: ScoreScale | None, test: Test
) -> Points:
    if scale is None:
        return Points(value, level, band, None)
    if value not in scale:
        raise Invalid(f"A scale score of test {test} lies outside the published scale of its grade.")
    if level != scale.level_of(value):
        raise Invalid(f"The achievement level of test {test} contradicts its scale score.")
    if band is not None:
        band = min(max(scale.lowest, band[0]), value), max(min(scale.highest, band[1]), value)
    return Points(value, level, band, scale)


def _notes(code: str) -> tuple[Note, ...]:
    return (Note(code),) if code in set(Note) else ()


def _composites(test: Test, row: Row, year: AdministrationYear, grade: str) -> tuple[CompositeOutcome, ...]:
    found = []
    for composite in composites(test, year, grade):
        value = integer_of(row, composite.score_column)
        level = integer_of(row, composite.level_column)
        error = integer_of(row, composite.error_column) if composite.error_column else None
        points = None
        if value is not None and level != NO_SCORE_LEVEL:
            band = None if error is None else (value - error, value + error)
            points = _points(value, level, band, score_scale(test, grade, year, composite.part), test)
        found.append(CompositeOutcome(composite, points))
    return tuple(found) if any(one.points for one in found) else ()


def _areas(test: Test, row: Row, year: AdministrationYear, grade: str) -> tuple[AreaOutcome, ...]:
    found = []
    for area in areas(test, year, grade):
        level = integer_of(row, area.column)
        exempt = text_of(row, f"{area.column.removesuffix('_level')}_exempt") == "Y"
        found.append(AreaOutcome(area, level if level in (1, 2, 3) and not exempt else None, exempt))
    return tuple(found) if any(one.level or one.exempt for one in found) else ()


def _past(test: Test, row: Row, year: AdministrationYear, ago: int) -> PastOutcome | None:
    suffix = f"_minus_{ago}"
    grade = text_of(row, f"grade_assessed{suffix}")
    if grade not in test.grades:
        return None
    past_year = year.before(ago)
    code = text_of(row, f"condition_code{suffix}")
    points, missing = _overall(test, row, past_year, grade, suffix)
    if points is None and not code and not text_of(row, f"ssr_eligible{suffix}"):
        return None
    return PastOutcome(past_year, grade, points, missing, _notes(code), comparable(test, past_year, year))
