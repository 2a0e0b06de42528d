"""Scores of several domains together, and whether scores of different years can be compared."""

from dataclasses import dataclass
from functools import cache

from lea_reports.assessments.fact_table import read_table, year_span
from lea_reports.assessments.score_scale import ScorePart
from lea_reports.assessments.test import Test


@dataclass(frozen=True, slots=True)
class Composite:
    """A part of a test that has a scale score and an achievement level of its own."""

    part: ScorePart
    name: str
    score_column: str
    """The column of the scores dataset that holds its scale score."""
    level_column: str
    error_column: str | None
    """The column of its standard error; None if the file has none."""


@cache
def composites(test: Test, year: int, grade: str) -> tuple[Composite, ...]:
    """Return the composites reported for a test in a grade and an administration year, in reporting order.

    Source: docs/domain.md#composites (Summative ELPAC; CSA in high school from 2024-25 on).
    """
    return tuple(
        Composite(
            ScorePart(row["part"]),
            row["name"],
            row["score_column"],
            row["level_column"],
            row["error_column"] or None,
        )
        for row in read_table("composites")
        if row["record_type"] == test.value
        and year in year_span(row)
        and (not row["grades"] or grade in row["grades"].split())
    )


@cache
def comparable(test: Test, earlier: int, later: int) -> bool:
    """Tell whether scores of two administration years of a test stand on scales that can be compared."""
    breaks = [int(row["first_year"]) for row in read_table("comparability") if row["record_type"] == test]
    return not any(earlier < first <= later for first in breaks)
