"""CAASPP Student Score Report PDFs: what a request chooses, and the SSRs that it means.

Source: docs/domain.md#ssr-requests. The dates choose by SSR availability date (docs/domain.md#ssr-availability-date,
decision 2), both days included. An end date that lies ahead means until today: nothing is handed out before its day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from sys import intern
from typing import TYPE_CHECKING

from lea_reports.assessments import AdministrationYear, Assessment, Program, Test, assessments_of, ssrs_of
from lea_reports.collation import collation_key
from lea_reports.errors import Invalid, Problem
from lea_reports.reports.language_choices import LanguageChoice, ssr_languages
from lea_reports.reports.release import has_come, is_printed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from lea_reports.organizations import LeaDirectory
    from lea_reports.reports.release import Row

GRADES_WITH_SSR = tuple(f"{grade:02d}" for grade in range(3, 13))
"""Grades that a CAASPP test exists for. Source: docs/domain.md#assessments-and-tests."""

ASSESSMENTS_WITH_SSR = assessments_of(Program.CAASPP)
"""The assessments of this report; those of ELPAC have a report of their own."""


@dataclass(frozen=True, slots=True)
class SsrSelection:
    """What the coordinator chose; `None` means all.

    Schools are 14-digit CDS codes, in the order in which they were chosen as long as it is known; grades are those of
    the test (`03`); `start` and `end` are inclusive. `tagged`: merged files are for screen readers as well as for
    printing. `protected`: the PDFs ask for a password, which is not kept here.
    """

    name: str
    administration_year: AdministrationYear
    schools: Collection[str] | None
    grades: frozenset[str] | None
    start: date
    end: date
    assessments: frozenset[Assessment] | None
    languages: frozenset[LanguageChoice]
    merge: bool
    tagged: bool = False
    protected: bool = False

    def check(self, directory: LeaDirectory, day: date) -> None:
        """Check what only the LEA's own data and the program's day can tell, and choices against each other.

        Raises:
            Invalid: with one problem per school that the LEA does not have, one for a start date ahead, one for
                reversed dates, and one for tags in merged files if nothing is merged.
        """
        own = directory.codes()
        problems = [
            Problem(f"/schools/{at}", "school_of_lea", f"{school} is not a school of {directory.lea.name}.")
            for at, school in enumerate(self.schools or ())
            if school not in own
        ]
        if self.start > day:
            sentence = (
                f"The start date must be {day}, today in California, or earlier: no SSR is available before."
            )
            problems.append(Problem("/start_date", "not_ahead", sentence))
        if self.end < self.start:
            problems.append(
                Problem("/end_date", "not_before_start", f"The end date must be {self.start} or later.")
            )
        if self.tagged and not self.merge:
            problems.append(
                Problem(
                    "/tagged",
                    "merged_only",
                    "Only merged files leave a choice: single files are always tagged.",
                )
            )
        if problems:
            raise Invalid("The request chooses what does not exist or does not fit together.", problems)

    def once_more(self, day: date) -> SsrSelection:
        """Return what finds the same SSRs again on a day, after their records were corrected.

        A corrected record is available later, and it may be its grade that was wrong.
        """
        return replace(self, grades=None, end=max(self.end, day))

    def to_json(self) -> dict[str, object]:
        """Return plain JSON values, each list sorted: equal selections give equal JSON."""
        return {
            "name": self.name,
            "administration_year": self.administration_year.label,
            "schools": _listed(self.schools),
            "grades": _listed(self.grades),
            "start_date": self.start.isoformat(),
            "end_date": self.end.isoformat(),
            "assessments": _listed(self.assessments),
            "languages": sorted(self.languages),
            "merge": self.merge,
            "tagged": self.tagged,
            "protected": self.protected,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> SsrSelection:
        """Read what `to_json` wrote."""
        assessments = _choices(values["assessments"])
        return cls(
            name=str(values["name"]),
            administration_year=AdministrationYear.parse(str(values["administration_year"])),
            schools=_choices(values["schools"]),
            grades=_choices(values["grades"]),
            start=date.fromisoformat(str(values["start_date"])),
            end=date.fromisoformat(str(values["end_date"])),
            assessments=None if assessments is None else frozenset(map(Assessment, assessments)),
            languages=frozenset(map(LanguageChoice, _choices(values["languages"]) or ())),
            merge=bool(values["merge"]),
            tagged=bool(values.get("tagged")),  # requests made before there was this choice are listed too
            protected=bool(values.get("protected")),
        )


def _listed(choices: Collection[str] | None) -> list[str] | str:
    return "all" if choices is None else sorted(str(choice) for choice in choices)


def _choices(listed: object) -> frozenset[str] | None:
    return frozenset(map(str, listed)) if isinstance(listed, list) else None


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
