"""Whether a record counts, and how far a student got."""

from dataclasses import dataclass
from functools import cache

from lea_reports.assessments.fact_table import read_table
from lea_reports.assessments.test import Test


@dataclass(frozen=True, slots=True)
class IncludeIndicator:
    """A value of field 125 of the student data file: whether the record counts in aggregates."""

    code: str
    meaning: str
    tests: frozenset[Test]


@dataclass(frozen=True, slots=True)
class AttemptednessRule:
    """When a test has one value of field 121: N not completed, P partly, Y completed."""

    code: str
    meaning: str


@cache
def include_indicators(test: Test) -> tuple[IncludeIndicator, ...]:
    """Return the include indicators a record of this test may have. Source: docs/domain.md#include-indicator."""
    rows = (
        IncludeIndicator(
            row["code"],
            row["meaning"],
            frozenset(Test(record_type) for record_type in row["record_types"].split()),
        )
        for row in read_table("include_indicators")
    )
    return tuple(indicator for indicator in rows if test in indicator.tests)


@cache
def attemptedness_rules(test: Test) -> tuple[AttemptednessRule, ...]:
    """Return the attemptedness values of a test; empty where the source has none."""
    return tuple(
        AttemptednessRule(row["code"], row["meaning"])
        for row in read_table("attemptedness")
        if test.value in row["record_types"].split()
    )
