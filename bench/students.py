"""The students that every contender makes SSRs of: an invented district, kept as Parquet files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from lea_reports.assessments import Assessment, newest_described_year
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize
from lea_reports.ssr.results.student_result import SchoolNames, StudentResult, from_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_YEAR = newest_described_year()
_STUDENTS_OF_A_SCHOOL = 600
_ENROLLED_FOR_ONE_TESTED = 2.4

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One student of the roster: the rows that the datasets hold."""

    student: Row
    scores: tuple[Row, ...]
    school: SchoolNames

    def result(self, language: str, assessment: str = Assessment.SMARTER_BALANCED) -> StudentResult:
        """Return what the SSR says."""
        return from_rows(self.student, self.scores, self.school, language=language, assessment=assessment)


def invent_students(
    folder: Path, count: int, seed: int, assessments: Collection[Assessment] = (Assessment.SMARTER_BALANCED,)
) -> None:
    """Write a district with at least `count` students who get a Smarter Balanced SSR.

    Raises:
        ValueError: Smarter Balanced is not among the assessments.
    """
    if Assessment.SMARTER_BALANCED not in assessments:
        raise ValueError(f"Nobody gets a Smarter Balanced SSR of {sorted(assessments)}.")
    enrolled = int(count * _ENROLLED_FOR_ONE_TESTED) + 100
    while True:
        schools = max(1, enrolled // _STUDENTS_OF_A_SCHOOL)
        order = SynthesisOrder(enrolled, schools, seed, _YEAR, assessments=frozenset(assessments))
        synthesize(order, folder)
        if len(_with_ssr(folder, Assessment.SMARTER_BALANCED)[0]) >= count:
            return
        enrolled *= 2


def read_students(
    folder: Path, count: int | None = None, assessment: Assessment = Assessment.SMARTER_BALANCED
) -> list[Entry]:
    """Read the first `count` students with an SSR (all if None), school by school."""
    schools = read_schools(folder)
    students, records = _with_ssr(folder, assessment)
    in_order = students.sort_by([(column, "ascending") for column in ("school", "last_name", "ssid")])
    students = in_order if count is None else in_order.slice(0, count)
    scores: dict[str, list[Row]] = {}
    for row in records.filter(pc.is_in(records["ssid"], students["ssid"])).to_pylist():
        scores.setdefault(row["ssid"], []).append(row)
    return [Entry(row, tuple(scores[row["ssid"]]), schools[row["school"]]) for row in students.to_pylist()]


def read_schools(folder: Path) -> dict[str, SchoolNames]:
    """Read what the schools of the district are called, by their codes."""
    rows = parquet.read_table(folder / "organizations.parquet").to_pylist()
    names = {row["cds_code"]: row["name"] for row in rows}
    return {
        row["cds_code"]: SchoolNames(row["cds_code"], row["name"], row["lea"], names[row["lea"]])
        for row in rows
        if row["lea"] in names
    }


def _with_ssr(folder: Path, assessment: Assessment) -> tuple[pa.Table, pa.Table]:
    """Return the students who get an SSR of an assessment, and the records that it is made from."""
    tests = pa.array([test.value for test in assessment.tests])
    records = parquet.read_table(folder / "scores.parquet")
    shown = pc.and_(pc.is_in(records["record_type"], tests), pc.equal(records["ssr_eligible"], "Y"))
    records = records.filter(shown)
    students = parquet.read_table(folder / "students.parquet")
    return students.filter(pc.is_in(students["ssid"], records["ssid"])), records
