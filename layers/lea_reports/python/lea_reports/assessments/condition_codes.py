"""Why a record has no score, or one that does not count in full."""

from dataclasses import dataclass
from functools import cache

from lea_reports.assessments.fact_table import read_table
from lea_reports.assessments.test import Test


@dataclass(frozen=True, slots=True)
class ConditionCode:
    """A code of field 120 of the student data file; a record has at most one."""

    code: str
    tests: frozenset[Test]
    meaning: str
    include: str | None
    """The include indicator that goes with it; None where the source prints none."""
    scored: bool
    """Whether a record with this code carries a scale score (the lowest, or the one above it)."""
    score_above_lowest: int | None
    """How far that score lies above the lowest of the scale, where it is fixed."""


@cache
def condition_codes() -> dict[str, ConditionCode]:
    """Return all condition codes by code. Source: docs/domain.md#condition-codes."""
    return {
        row["code"]: ConditionCode(
            row["code"],
            frozenset(Test(record_type) for record_type in row["record_types"].split()),
            row["meaning"],
            row["include"] or None,
            row["scored"] == "yes",
            int(row["score_above_lowest"]) if row["score_above_lowest"] else None,
        )
        for row in read_table("condition_codes")
    }


def condition_code(code: str) -> ConditionCode | None:
    """Return a condition code, or None if there is no such code."""
    return condition_codes().get(code)
