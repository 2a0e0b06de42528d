"""How many students an LEA has, by school and grade: real numbers from a file, or invented ones of the same shape."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

from lea_reports.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

SchoolSize = dict[str, int]
"""Students of one school that have an SSR, by grade."""

LARGEST_LEA = "1964733"
"""County and district of California's largest LEA."""

LARGEST = 265_355
"""Its students tested in English language arts in 2024."""

_LEVELS = (("03", "04", "05"), 180), (("06", "07", "08"), 600), (("11",), 200)
"""The grades that a school teaches and how many of its students are tested: near the means of the largest LEA."""
_TESTED_GRADES = sum(len(grades) for grades, _ in _LEVELS)
_DIGITS_OF_LEA = 7


def invented_sizes(students: int) -> list[SchoolSize]:
    """Return schools of all levels with exactly so many students together."""
    of_grades = iter(_shares(students, _TESTED_GRADES))
    schools: list[SchoolSize] = []
    for grades, size in _LEVELS:
        per_grade = dict(zip(grades, of_grades, strict=False))
        count = max(1, round(sum(per_grade.values()) / size))
        of_schools = zip(*(_shares(total, count) for total in per_grade.values()), strict=True)
        schools += [_taught(zip(grades, shares, strict=True)) for shares in of_schools]
    return [school for school in schools if school]


def _taught(grades: Iterable[tuple[str, int]]) -> SchoolSize:
    return {grade: students for grade, students in grades if students}


def _shares(total: int, parts: int) -> list[int]:
    """Split a number into parts that are as equal as can be."""
    return [total * (part + 1) // parts - total * part // parts for part in range(parts)]


def sizes_of_leas(path: Path) -> dict[str, list[SchoolSize]]:
    """Read a table of schools: the students tested in English language arts, by LEA (county and district) and school.

    Columns: `cds_code` (14 digits), `grade` (two digits), `ela_tested`. Raises `Invalid` if it is another table.
    """
    leas: defaultdict[str, dict[str, SchoolSize]] = defaultdict(dict)
    for code, grade, tested in _rows(path):
        if tested:
            leas[code[:_DIGITS_OF_LEA]].setdefault(code, {})[grade] = tested
    return {lea: list(schools.values()) for lea, schools in leas.items()}


def _rows(path: Path) -> Iterator[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            try:
                yield row["cds_code"], row["grade"], int(row["ela_tested"] or 0)
            except (KeyError, ValueError) as error:
                raise Invalid(f"{path.name} is no table of tested students: {error}.") from error


def students_of(schools: Sequence[Mapping[str, int]]) -> int:
    """Count the students of some schools."""
    return sum(sum(school.values()) for school in schools)
