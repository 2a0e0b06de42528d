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
    ENGLISH_PROFICIENCY = "english-proficiency"


class Program(StrEnum):
    """A testing program of the State; each has its own reports, coordinators and data files."""

    CAASPP = "caaspp"
    ELPAC = "elpac"


class Assessment(StrEnum):
    """A choice of the assessment parameter: tests that share one SSR."""

    SMARTER_BALANCED = "smarter-balanced"
    CAST = "cast"
    CAA = "caa"
    CSA = "csa"
    SUMMATIVE_ELPAC = "summative-elpac"
    SUMMATIVE_ALTERNATE_ELPAC = "summative-alternate-elpac"
    INITIAL_ELPAC = "initial-elpac"

    @cached_property
    def _facts(self) -> dict[str, str]:
        return next(row for row in read_table("assessments") if row["assessment"] == self.value)

    @property
    def program(self) -> Program:
        """The program it belongs to."""
        return Program(self._facts["program"])

    @property
    def short_name(self) -> str:
        """Its name in English, as people say it."""
        return self._facts["name"]

    @property
    def tests(self) -> "tuple[Test, ...]":
        """Its tests, in record type order."""
        return tuple(test for test in Test if test.assessment is self)


class Test(StrEnum):
    """A test, valued with its record type in the student data file. Source: docs/domain.md#assessments-and-tests.

    The two codes of letters are ours: no layout that we know says which numbers those files use.
    """

    __test__ = False  # the name makes pytest believe that this is a test case

    SB_ELA = "01"
    SB_MATHEMATICS = "02"
    CAA_ELA = "03"
    CAA_MATHEMATICS = "04"
    CAA_SCIENCE = "05"
    CAST = "06"
    CSA = "09"
    SUMMATIVE_ELPAC = "21"
    SUMMATIVE_ALTERNATE_ELPAC = "EA"
    INITIAL_ELPAC = "EI"

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


def assessments_of(program: Program) -> tuple[Assessment, ...]:
    """Return the assessments of a program, in the order in which they are offered."""
    return tuple(assessment for assessment in Assessment if assessment.program is program)
