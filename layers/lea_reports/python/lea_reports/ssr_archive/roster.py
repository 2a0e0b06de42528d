"""The roster of a request: every SSR that a selection means on a day of the program.

Source: docs/domain.md#ssr-requests and docs/domain.md#ssr-availability-date.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment, Test, ssrs_of
from lea_reports.collation import collation_key
from lea_reports.ssr_archive.language_choices import ssr_languages
from lea_reports.ssr_archive.release import has_come, is_printed
from lea_reports.ssr_archive.selection import ASSESSMENTS_WITH_SSR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from lea_reports.ssr_archive.release import Row
    from lea_reports.ssr_archive.selection import SsrSelection


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One SSR that a job is to make: whose, of which assessment and in which language.

    `student_at` and `scores_at` are the positions of its rows in the tables that the roster was made from; so is
    `withheld_at`, of records that may not be printed and whose places say that there is no result.
    """

    ssid: str
    school: str
    grade: str
    assessment: Assessment
    language: str
    last_name: str
    first_name: str
    student_at: int
    scores_at: tuple[int, ...]
    withheld_at: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it this SSR: SSID, assessment and language."""
        return (self.ssid, str(self.assessment), self.language)

    @property
    def order(self) -> tuple[str, ...]:
        """The order within a grade: school, last and first name as people sort them; SSID and language settle ties."""
        return (self.school, *collation_key(self.last_name, self.first_name), self.ssid, self.language)


STUDENT_COLUMNS = ("ssid", "school", "last_name", "first_name", "primary_language")
SCORE_COLUMNS = ("ssid", "record_type", "grade_assessed", "ssr_eligible", "ssr_available_date")
"""The columns that a roster is made from."""


def roster(
    selection: SsrSelection,
    students: Iterable[Row],
    scores: Iterable[Row],
    *,
    day: date,
    students_from: int = 0,
    scores_from: int = 0,
) -> Iterator[RosterEntry]:
    """Yield every SSR that a selection means on a day of the program, in no particular order.

    `students` are those currently enrolled in the LEA, so nobody else can be in the roster; `scores` are
    their records of the administration year, wherever they tested. A record whose day is still to come is as if it did
    not exist. An SSR exists if one of its records is SSR eligible (student data file, field SSR Eligible = Y), and only
    those count: its availability date is the latest of theirs, since a new record means a new SSR, and its grade is the
    grade assessed, by which families know the test. Where an SSR shows a second assessment (2023-24 and 2024-25: CAST
    beside Smarter Balanced) it is one SSR, named after the first, and choosing an assessment chooses it if it shows a
    result of it. `students_from` and `scores_from` are the positions of the first rows.
    """
    records: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for position, row in enumerate(scores, scores_from):
        if has_come(row, day):
            records[row["ssid"]].append((position, row))
    schools = None if selection.schools is None else frozenset(selection.schools)
    for position, student in enumerate(students, students_from):
        if schools is not None and student["school"] not in schools:
            continue
        languages = ssr_languages(selection.languages, student["primary_language"])
        own = records.get(student["ssid"], [])
        ssrs = ssrs_of(frozenset(row["record_type"] for _, row in own), selection.administration_year)
        for assessment, tests in ssrs.items() if languages else ():
            on_ssr = [(at, row) for at, row in own if row["record_type"] in tests]
            printed = [(at, row) for at, row in on_ssr if is_printed(row)]
            if not _chosen(selection, assessment, [row for _, row in printed]):
                continue
            for language in languages:
                yield RosterEntry(
                    ssid=student["ssid"],
                    school=intern(student["school"]),
                    grade=intern(printed[0][1]["grade_assessed"]),
                    assessment=assessment,
                    language=language,
                    last_name=student["last_name"],
                    first_name=student["first_name"] or "",  # people with one name have it as their last name
                    student_at=position,
                    scores_at=tuple(at for at, _ in printed),
                    withheld_at=tuple(at for at, row in on_ssr if not is_printed(row)),
                )


def _chosen(selection: SsrSelection, assessment: Assessment, printed: Sequence[Row]) -> bool:
    if assessment not in ASSESSMENTS_WITH_SSR or not printed:
        return False
    shown = {Test(row["record_type"]).assessment for row in printed}
    if selection.assessments is not None and shown.isdisjoint(selection.assessments):
        return False
    if not selection.start <= max(row["ssr_available_date"] for row in printed) <= selection.end:
        return False
    return selection.grades is None or printed[0]["grade_assessed"] in selection.grades
