"""CAASPP Total Enrolled Students: how many students each school has, by grade. Source: docs/domain.md#reports."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lea_reports.access.roles import Role
from lea_reports.assessments import GRADES, Program
from lea_reports.reports.definition import Delivery, LetterWords, Level, ReportDefinition
from lea_reports.reports.parameters import NAME
from lea_reports.reports.table import FORMAT, CellType, FileFormat, Table, TableColumn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from lea_reports.datasets.lea_data import LeaData
    from lea_reports.reports.table import Cell

_ROSTER = "students, school and grade"


def _rows(data: LeaData, _parameters: Mapping[str, Any], _day: date) -> Iterator[Sequence[Cell]]:
    """Yield a row for each school of the LEA, by name, and one for all of them; none as long as there is no roster.

    A school without students is there: its window may be what is looked for. So is one that has gone to another LEA and
    whose students the roster still has here. A school without a window of its own gives its tests in the LEA's.
    """
    if data.roster is None:
        return
    directory = data.directory
    enrolled = data.enrolled(["school", "grade"])
    counts = Counter(zip(enrolled["school"].to_pylist(), enrolled["grade"].to_pylist(), strict=True))
    names = {school.cds_code: school.name for school in directory.schools}
    windows = {school.cds_code: school.window for school in directory.schools}
    for code in dict.fromkeys((*names, *sorted({school for school, _ in counts}))):
        window = windows.get(code) or directory.lea.window
        of_grades = [counts[code, grade] for grade in GRADES]
        yield (
            code,
            names.get(code) or data.school_name(code),
            window.start if window else None,
            window.end if window else None,
            *of_grades,
            sum(of_grades),
        )
    totals = [sum(counts[code, grade] for code, of in counts if of == grade) for grade in GRADES]
    yield (None, "All schools", None, None, *totals, sum(totals))


REPORT = ReportDefinition(
    code="total-enrolled-students",
    title="CAASPP Total Enrolled Students",
    link_text="Total Enrolled Students",
    program=Program.CAASPP,
    level=Level.LEA,
    roles=frozenset({Role.LEA_CAASPP_COORDINATOR}),
    contents="how many students are enrolled in each school of your LEA on the day of the request, by grade, and the "
    "testing window of each school.",
    parameters=(NAME, FORMAT),
    formats=tuple(FileFormat),
    delivery=Delivery.REQUESTED,
    output=Table(
        columns=(
            TableColumn("School CDS Code", CellType.TEXT, 17, "organizations, cds_code"),
            TableColumn("School Name", CellType.TEXT, 36, "organizations, name"),
            TableColumn("Window Start", CellType.DATE, 13, "organizations, window_start"),
            TableColumn("Window End", CellType.DATE, 13, "organizations, window_end"),
            TableColumn("Kindergarten", CellType.NUMBER, 13, _ROSTER),
            *(
                TableColumn(f"Grade {int(grade)}", CellType.NUMBER, 9, _ROSTER)
                for grade in GRADES
                if grade != "KN"
            ),
            TableColumn("All Grades", CellType.NUMBER, 11, _ROSTER),
        ),
        rows=_rows,
    ),
    words=LetterWords(
        item="enrolled student",
        items="rows",
        made="Rows",
        opening="Save the file and open it in Excel or another spreadsheet program.",
    ),
    hints=lambda _parameters, _day: [
        "The program has no roster of students yet; ask again once there is one."
    ],
)
