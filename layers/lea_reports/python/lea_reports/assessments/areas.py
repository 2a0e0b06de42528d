"""The areas below a test's overall score: claims, composite claims, domains."""

from dataclasses import dataclass
from functools import cache

from lea_reports.assessments.fact_table import read_table, year_span
from lea_reports.assessments.test import Test


@dataclass(frozen=True, slots=True)
class Area:
    """A part of a test that is reported with a level of its own."""

    column: str
    """The column of the scores dataset that holds the level (1 below, 2 near, 3 above)."""
    name: str
    grades: tuple[str, ...] = ()
    """The only grades that it is reported in; empty means every grade of the test."""


@cache
def areas(test: Test, year: int, grade: str | None = None) -> tuple[Area, ...]:
    """Return the areas reported for a test in an administration year, in reporting order.

    Empty where none are reported: Smarter Balanced had single claims up to 2019-20, none in 2020-21 and
    2021-22, and two composite claims a subject from 2022-23 on. With a grade, only those that this grade
    has. Source: docs/domain.md#areas.
    """
    return tuple(
        Area(row["column"], row["name"], tuple(row["grades"].split()))
        for row in read_table("areas")
        if row["record_type"] == test.value
        and year in year_span(row)
        and (grade is None or not row["grades"] or grade in row["grades"].split())
    )


def area_level_label(test: Test, year: int, level: int) -> str | None:
    """Return the English name of an area level, or None if there is none."""
    return _area_level_labels(test, year).get(level)


@cache
def _area_level_labels(test: Test, year: int) -> dict[int, str]:
    return {
        int(row["level"]): row["label"]
        for row in read_table("area_levels")
        if row["record_type"] == test.value and year in year_span(row)
    }
