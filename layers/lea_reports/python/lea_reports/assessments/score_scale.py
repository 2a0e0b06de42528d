"""Scale score ranges and achievement level thresholds."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from lea_reports.assessments.fact_table import YearSpan, read_table, year_span
from lea_reports.assessments.test import Test

NO_SCORE_LEVEL = 9
"""The achievement level of a record without a score. Source: docs/domain.md#achievement-levels."""


class ScorePart(StrEnum):
    """What a scale score is about: the whole test, or a composite of some of its domains."""

    OVERALL = "overall"
    ORAL_LANGUAGE = "oral_language"
    WRITTEN_LANGUAGE = "written_language"
    ORAL_LITERACY = "oral_literacy"
    WRITTEN_LITERACY = "written_literacy"


@dataclass(frozen=True, slots=True)
class LevelRange:
    """The scale scores of one achievement level, both ends included."""

    level: int
    minimum: int
    maximum: int

    def __contains__(self, score: int) -> bool:
        return self.minimum <= score <= self.maximum


@dataclass(frozen=True, slots=True)
class ScoreScale:
    """The scale of a test in one grade: levels from the lowest up, without gap or overlap."""

    test: Test
    grade: str
    years: YearSpan
    levels: tuple[LevelRange, ...]
    part: ScorePart = ScorePart.OVERALL

    @property
    def lowest(self) -> int:
        """The lowest obtainable scale score."""
        return self.levels[0].minimum

    @property
    def highest(self) -> int:
        """The highest obtainable scale score."""
        return self.levels[-1].maximum

    @property
    def thresholds(self) -> tuple[int, ...]:
        """The scores at which levels 2, 3, ... begin."""
        return tuple(level.minimum for level in self.levels[1:])

    def __contains__(self, score: int) -> bool:
        return self.lowest <= score <= self.highest

    def level_of(self, score: int) -> int:
        """Return the achievement level of a score. Raises `ValueError` for a score off the scale."""
        for level in self.levels:
            if score in level:
                return level.level
        raise ValueError(f"{score} lies outside {self.lowest} to {self.highest}.")


@cache
def score_scales() -> tuple[ScoreScale, ...]:
    """Return every known scale, in the order of the table."""
    levels: dict[tuple[str, str, YearSpan, str], list[LevelRange]] = {}
    for row in read_table("score_scales"):
        key = (row["record_type"], row["grade"], year_span(row), row["part"])
        level = LevelRange(int(row["level"]), int(row["minimum"]), int(row["maximum"]))
        levels.setdefault(key, []).append(level)
    return tuple(
        ScoreScale(
            Test(test), grade, years, tuple(sorted(ranges, key=lambda level: level.level)), ScorePart(part)
        )
        for (test, grade, years, part), ranges in levels.items()
    )


@cache
def score_scale(test: Test, grade: str, year: int, part: ScorePart = ScorePart.OVERALL) -> ScoreScale | None:
    """Return the scale of a test, or of a composite of it, in a grade as of an administration year.

    None if the grade does not take the test, or if no published scale is known for that year.
    """
    return next(
        (
            scale
            for scale in score_scales()
            if scale.test is test and scale.grade == grade and scale.part is part and year in scale.years
        ),
        None,
    )
