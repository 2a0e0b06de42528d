"""What a Smarter Balanced SSR says about one subject, and the rules that read it out of a score record.

A rule takes plain values and belongs to named columns (`Reading`), so the same rule reads one row or whole
columns. Results are named tuples: a chunk makes tens of thousands of them, and a frozen dataclass takes three
times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from lea_reports.assessments import (
    NO_SCORE_LEVEL,
    AdministrationYear,
    Area,
    ScoreScale,
    Test,
    areas,
    score_scale,
)
from lea_reports.errors import Invalid
from lea_reports.ssr.results.row_values import Row, date_of, integer_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

YEARS_OF_HISTORY = 3

T_co = TypeVar("T_co", covariant=True)

_made = tuple.__new__
"""Makes a named tuple of all its values in a third of the time that calling its class takes."""


class NoScore(StrEnum):
    """Why a subject, or an earlier year of it, has no score to show."""

    NOT_TESTED = "NT"
    PARENT_EXEMPTION = "PGE"
    MEDICAL_EMERGENCY = "NTE"
    NEW_ENGLISH_LEARNER = "NEL"
    INVALIDATED = "invalidated"
    INCOMPLETE = "incomplete"
    """A record without score and without a condition code, of a student who was tested: not finished."""
    NO_RECORD = "no_record"
    """There is no record of this test for the student in this year, or none of which anything may be told."""


_UNTESTED: Mapping[str, NoScore] = {
    reason.value: reason
    for reason in (
        NoScore.NOT_TESTED,
        NoScore.PARENT_EXEMPTION,
        NoScore.MEDICAL_EMERGENCY,
        NoScore.NEW_ENGLISH_LEARNER,
    )
}
_NOT_TAKEN = frozenset((*_UNTESTED, NoScore.NO_RECORD))
_EXEMPT = {code: reason for code, reason in _UNTESTED.items() if reason is not NoScore.NOT_TESTED}
_TOO_FEW_ANSWERS = "LOSS"
_AREA_LEVELS = (1, 2, 3)
_MOST_COMBINATIONS = 4096
"""How many combinations of levels, or of an essay's points and codes, are kept as they were read."""


class Score(NamedTuple):
    """A scale score, its error band and its achievement level, in the scale of its own year and grade."""

    value: int
    level: int
    """1 to 4."""
    band: tuple[int, int] | None
    """The lowest and the highest score of the error band, never off the scale; None if no error is known, or if the
    score was given by rule and not measured."""
    scale: ScoreScale


class AreaResult(NamedTuple):
    """The level of one area of a subject."""

    area: Area
    level: int
    """1 below, 2 near, 3 above."""


class PastResult(NamedTuple):
    """An earlier year's result of the same subject, in that year's grade."""

    year: AdministrationYear
    grade: str
    score: Score | None
    reason: NoScore | None
    """Why there is no score; None if there is one."""
    too_few_answers: bool
    """The score is the lowest of the scale because too few items were answered (LOSS)."""


class SubjectResult(NamedTuple):
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
    """Empty if the score was given by rule."""
    history: tuple[PastResult, ...]
    """Up to three earlier years, the most recent last; years without any record are left out."""
    measure: str | None
    """Lexile measure (ELA) or Quantile measure (mathematics) as it is written, such as "1010L"."""


class WritingDimension(NamedTuple):
    """Points for one quality of the essay, or the code that says why it got none."""

    name: str
    """organization_purpose, evidence_elaboration or conventions."""
    points: int | None
    most: int
    condition_code: str | None
    """B blank, I insufficient, L language, T off topic, M off purpose."""


class WritingResult(NamedTuple):
    """How the essay of the ELA test was scored."""

    genre: str | None
    """ARGU, EXPL, INFO, NARR or OPIN."""
    dimensions: tuple[WritingDimension, ...]


WRITING_DIMENSIONS: Mapping[str, int] = {
    "organization_purpose": 4,
    "evidence_elaboration": 4,
    "conventions": 2,
}
"""The most points of each quality of the essay. Source: docs/domain.md#essays."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What some columns of a score record say together."""

    texts: tuple[str, ...]
    integers: tuple[str, ...]
    rule: Callable[..., T_co]
    """Takes the texts in order, empty if null, then the whole numbers, None if null. May raise `Invalid`."""

    def values(self, row: Row) -> tuple[str | int | None, ...]:
        """Return what the rule takes of a row."""
        texts = (text_of(row, column) for column in self.texts)
        return (*texts, *(integer_of(row, column) for column in self.integers))

    def of(self, row: Row) -> T_co:
        """Read one row. Raises `Invalid` if it cannot be true."""
        return self.rule(*self.values(row))


@dataclass(frozen=True, slots=True)
class SubjectReader:
    """How records of one Smarter Balanced test and administration year are read; see `subject_reader`."""

    subject: Reading[SubjectResult]
    """Its rule takes three things before its columns: the date of the test, the areas and the history."""
    areas: Reading[tuple[AreaResult, ...]]
    history: tuple[Reading[PastResult | None], ...]
    """The earliest year first; None for a year without any record."""

    def of(self, row: Row, grade: str) -> SubjectResult:
        """Read one record; `grade` stands in for a missing grade. Raises `Invalid` if it cannot be true."""
        return self.subject.rule(
            date_of(row, TESTED_ON),
            self.areas.of(row),
            tuple(past.of(row) for past in self.history),
            *self.subject.values(row if text_of(row, "grade_assessed") else {**row, "grade_assessed": grade}),
        )


TESTED_ON = "test_completed_date"
"""The column of the day on which a test was completed."""


@cache
def subject_reader(test: Test, year: AdministrationYear) -> SubjectReader:
    """Return how records of a Smarter Balanced test and year are read, with their scales and areas at hand."""
    reported = areas(test, year)
    return SubjectReader(
        Reading(
            (
                "grade_assessed",
                "condition_code",
                "score_status",
                "unlisted_resource_construct_change",
                "lexile_or_quantile_measure",
                "ssr_eligible",
            ),
            ("scale_score", "achievement_level", "standard_error", "error_band_min", "error_band_max"),
            partial(_subject, _score_rule(test, year)),
        ),
        Reading(
            (),
            tuple(area.column for area in reported),
            lru_cache(_MOST_COMBINATIONS)(partial(_areas, _area_results(reported))),
        ),
        tuple(
            Reading(
                tuple(
                    f"{column}_minus_{ago}" for column in ("grade_assessed", "condition_code", "ssr_eligible")
                ),
                tuple(
                    f"{column}_minus_{ago}"
                    for column in ("scale_score", "achievement_level", "standard_error")
                ),
                partial(_past, frozenset(test.grades), _earlier_rule(test, year, ago)),
            )
            for ago in range(YEARS_OF_HISTORY, 0, -1)
        ),
    )


@cache
def no_record(test: Test, grade: str) -> SubjectResult:
    """Return what an SSR says of a subject that the student has no record of."""
    return SubjectResult(
        test,
        grade,
        None,
        None,
        NoScore.NO_RECORD,
        too_few_answers=False,
        changed_construct=False,
        areas=(),
        history=(),
        measure=None,
    )


class _Ruler(NamedTuple):
    """A scale with what is asked of it for every score."""

    scale: ScoreScale
    lowest: int
    highest: int
    levels: Mapping[int, int]
    """The level of each score."""


@dataclass(frozen=True, slots=True)
class _ScoreRule:
    """How scale scores of one test and year are read."""

    test: Test
    year: AdministrationYear
    rulers: Mapping[str, _Ruler]
    """By grade."""

    def read(
        self,
        grade: str,
        code: str,
        value: int | None = None,
        level: int | None = None,
        error: int | None = None,
        low: int | None = None,
        high: int | None = None,
    ) -> Score | NoScore:
        """Return a score or why there is none; the error band is made of the error where it is not given.

        A score that was given by rule has none: it says nothing about what was measured.
        """
        if value is None or level == NO_SCORE_LEVEL:
            return _UNTESTED.get(code, NoScore.INCOMPLETE)
        if code in _EXEMPT:
            return _EXEMPT[code]
        ruler = self.rulers.get(grade)
        if ruler is None or value not in ruler.levels:
            raise Invalid(f"A scale score of test {self.test} lies outside the published scale of its grade.")
        scale, lowest, highest, levels = ruler
        if level != levels[value]:
            if level is None or not 1 <= level <= len(scale.levels):
                raise Invalid(f"A scale score of test {self.test} has no achievement level.")
            raise Invalid(f"The achievement level of test {self.test} contradicts its scale score.")
        band: tuple[int, int] | None = None
        if code != _TOO_FEW_ANSWERS:
            if low is not None and high is not None:
                band = low, high
            elif error is not None:
                band = value - error, value + error
            if band and not lowest <= band[0] <= value <= band[1] <= highest:
                band = min(max(lowest, band[0]), value), max(min(highest, band[1]), value)
        return _made(Score, (value, level, band, scale))


@cache
def _score_rule(test: Test, year: AdministrationYear) -> _ScoreRule:
    scales = ((grade, score_scale(test, grade, year)) for grade in test.grades)
    return _ScoreRule(test, year, {grade: _ruler(scale) for grade, scale in scales if scale})


def _ruler(scale: ScoreScale) -> _Ruler:
    levels = {
        score: level.level for level in scale.levels for score in range(level.minimum, level.maximum + 1)
    }
    return _Ruler(scale, scale.lowest, scale.highest, levels)


def _earlier_rule(test: Test, year: AdministrationYear, ago: int) -> _ScoreRule | None:
    try:
        return _score_rule(test, year.before(ago))
    except Invalid:  # nothing was tested that early
        return None


def _subject(
    rule: _ScoreRule,
    tested_on: date | None,
    areas_of_year: tuple[AreaResult, ...],
    history: tuple[PastResult | None, ...],
    grade: str,
    code: str,
    status: str,
    change: str,
    measure: str,
    eligible: str,
    *numbers: int | None,
) -> SubjectResult:
    found = rule.read(grade, code, *numbers)
    past = tuple(filter(None, history))
    changed = change == "Y"
    if status == "I":
        found = NoScore.INVALIDATED
    if isinstance(found, NoScore):
        if found is NoScore.INCOMPLETE and not eligible:
            found = NoScore.NO_RECORD
        taken_on = None if found in _NOT_TAKEN else tested_on
        return SubjectResult(rule.test, grade, taken_on, None, found, False, changed, (), past, None)
    too_few = code == _TOO_FEW_ANSWERS
    shown_areas = () if too_few else areas_of_year  # beside a score given by rule they would contradict it
    values = (
        rule.test, grade, tested_on, found, None, too_few, changed, shown_areas, past, measure or None,
    )  # fmt: skip
    return _made(SubjectResult, values)


def _past(
    grades: frozenset[str],
    rule: _ScoreRule | None,
    grade: str,
    code: str,
    eligible: str,
    value: int | None,
    level: int | None,
    error: int | None,
) -> PastResult | None:
    if grade not in grades:
        return None
    if rule is None:
        raise Invalid("A history goes back to before the first administration year.")
    found = rule.read(grade, code, value, level, error)  # the file gives no earlier year's band
    if not isinstance(found, NoScore):
        return _made(PastResult, (rule.year, grade, found, None, code == _TOO_FEW_ANSWERS))
    return PastResult(rule.year, grade, None, found, too_few_answers=False) if code or eligible else None


def _area_results(reported: tuple[Area, ...]) -> tuple[Mapping[int | None, AreaResult], ...]:
    return tuple({level: AreaResult(area, level) for level in _AREA_LEVELS} for area in reported)


def _areas(known: tuple[Mapping[int | None, AreaResult], ...], *levels: int | None) -> tuple[AreaResult, ...]:
    return tuple(results[level] for results, level in zip(known, levels, strict=True) if level in results)


@lru_cache(_MOST_COMBINATIONS)
def _writing(
    genre: str,
    organization_code: str,
    evidence_code: str,
    conventions_code: str,
    *points: int | None,
) -> WritingResult | None:
    dimensions = []
    codes = (organization_code, evidence_code, conventions_code)
    for (name, most), code, given in zip(WRITING_DIMENSIONS.items(), codes, points, strict=True):
        if given is not None and not 0 <= given <= most:
            raise Invalid(f"Writing points for {name} lie outside 0 to {most}.")
        if given is not None or code:
            dimensions.append(WritingDimension(name, given, most, code or None))
    return WritingResult(genre or None, tuple(dimensions)) if dimensions else None


ESSAY = Reading(
    ("genre", *(f"writing_{name}_condition_code" for name in WRITING_DIMENSIONS)),
    tuple(f"writing_{name}" for name in WRITING_DIMENSIONS),
    _writing,
)
"""The essay of a record of the ELA test; None if nothing is said about it."""
