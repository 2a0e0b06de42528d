"""Tests and the assessments they form."""

from enum import StrEnum
from functools import cached_property

from lea_reports.assessments.fact_table import read_table


class Subject(StrEnum):
    """What a test is about."""

    ELA = "ela"
    MATHEMATICS = "mathematics"
    SCIENCE = "science"
    SPANISH = "spanish"


class Assessment(StrEnum):
    """A choice of the assessment parameter: tests that share one SSR."""

    SMARTER_BALANCED = "smarter-balanced"
    CAST = "cast"
    CAA = "caa"
    CSA = "csa"

    @property
    def tests(self) -> "tuple[Test, ...]":
        """Its tests, in record type order."""
        return tuple(test for test in Test if test.assessment is self)


class Test(StrEnum):
    """A test, valued with its record type in the student data file. Source: facts section 2.3."""

    __test__ = False  # the name makes pytest believe that this is a test case

    SB_ELA = "01"
    SB_MATHEMATICS = "02"
    CAA_ELA = "03"
    CAA_MATHEMATICS = "04"
    CAA_SCIENCE = "05"
    CAST = "06"
    CSA = "09"

    @cached_property
    def _facts(self) -> dict[str, str]:
        return next(row for row in read_table("tests") if row["record_type"] == self.value)

    @property
    def full_name(self) -> str:
        """The test's name in English."""
        return self._facts["full_name"]

    @property
    def assessment(self) -> Assessment:
        """The assessment this test is part of."""
        return Assessment(self._facts["assessment"])

    @property
    def subject(self) -> Subject:
        """What the test is about."""
        return Subject(self._facts["subject"])

    @property
    def grades(self) -> tuple[str, ...]:
        """The grades that take the test, lowest first."""
        return tuple(self._facts["grades"].split())
