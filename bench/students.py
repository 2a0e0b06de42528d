"""The students that every contender makes SSRs of: an invented district, kept as Parquet files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyarrow import parquet

from lea_reports.assessments import AdministrationYear, Assessment
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize
from lea_reports.ssr.student_result import SchoolNames, StudentResult, from_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_YEAR = AdministrationYear(2026)
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
    """Write a district with at least `count` students who get a Smarter Balanced SSR."""
    enrolled = int(count * _ENROLLED_FOR_ONE_TESTED) + 100
    while True:
        schools = max(1, enrolled // _STUDENTS_OF_A_SCHOOL)
        order = SynthesisOrder(enrolled, schools, seed, _YEAR, assessments=frozenset(assessments))
        synthesize(order, folder)
        if len(read_students(folder)) >= count:
            return
        enrolled *= 2


def read_students(
    folder: Path, count: int | None = None, assessment: Assessment = Assessment.SMARTER_BALANCED
) -> list[Entry]:
    """Read the first `count` students with an SSR (all if None), school by school."""
    tests = frozenset(test.value for test in assessment.tests)
    organizations = parquet.read_table(folder / "organizations.parquet").to_pylist()
    names = {row["cds_code"]: (row["name"], row["lea"]) for row in organizations}
    scores: dict[str, list[Row]] = {}
    for row in parquet.read_table(folder / "scores.parquet").to_pylist():
        if row["record_type"] in tests and row["ssr_eligible"] == "Y":
            scores.setdefault(row["ssid"], []).append(row)
    students = parquet.read_table(folder / "students.parquet").to_pylist()
    entries = []
    for row in sorted(students, key=lambda row: (row["school"], row["last_name"], row["ssid"])):
        if row["ssid"] in scores:
            name, lea = names[row["school"]]
            school = SchoolNames(row["school"], name, lea, names[lea][0])
            entries.append(Entry(row, tuple(scores[row["ssid"]]), school))
    return entries if count is None else entries[:count]
