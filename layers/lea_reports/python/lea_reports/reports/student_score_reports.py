"""CAASPP Student Score Report PDFs: what a request chooses, and the SSRs that it means.

Source: seed document 000, steps 1 to 9 of the bulk download. The dates choose by SSR availability date
(the seed's introduction and the data file say so; its step 6 is worded differently), both days included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from sys import intern
from typing import TYPE_CHECKING, Any

from lea_reports.assessments import AdministrationYear, Assessment, Program, Test, assessments_of, ssrs_of
from lea_reports.collation import collation_key
from lea_reports.errors import Invalid, Problem
from lea_reports.reports.language_choices import LanguageChoice, ssr_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.organizations import LeaDirectory

Row = Mapping[str, Any]
"""A row of a dataset, by column name."""

GRADES_WITH_SSR = tuple(f"{grade:02d}" for grade in range(3, 13))
"""Grades that a CAASPP test exists for. Source: score ranges of Smarter Balanced, CAST, CAA and CSA."""

ASSESSMENTS_WITH_SSR = assessments_of(Program.CAASPP)
"""The assessments of this report; those of ELPAC have a report of their own."""


@dataclass(frozen=True, slots=True)
class SsrSelection:
    """What the coordinator chose; `None` means all.

    Schools are 14-digit CDS codes, grades are those of the test (`03`), `start` and `end` are inclusive. `tagged`:
    merged files are for screen readers as well as for printing. `protected`: the PDFs ask for a password, which is not
    kept here.
    """

    name: str
    administration_year: AdministrationYear
    schools: frozenset[str] | None
    grades: frozenset[str] | None
    start: date
    end: date
    assessments: frozenset[Assessment] | None
    languages: frozenset[LanguageChoice]
    merge: bool
    tagged: bool = False
    protected: bool = False

    def check(self, directory: LeaDirectory) -> None:
        """Check what only the LEA's own data can tell, and choices against each other.

        Raises:
            Invalid: with one problem per school that the LEA does not have, one for reversed dates, and one for tags in
                merged files if nothing is merged.
        """
        own = directory.codes()
        problems = [
            Problem("/schools", "school_of_lea", f"{school} is not a school of {directory.lea.name}.")
            for school in sorted(self.schools or ())
            if school not in own
        ]
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


def _listed(choices: frozenset[str] | None) -> list[str] | str:
    return "all" if choices is None else sorted(str(choice) for choice in choices)


def _choices(listed: object) -> frozenset[str] | None:
    return frozenset(map(str, listed)) if isinstance(listed, list) else None


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One SSR that a job is to make: whose, of which assessment and in which language.

    `student_at` and `scores_at` are the positions of its rows in the tables that the roster was made from.
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
    students_from: int = 0,
    scores_from: int = 0,
) -> Iterator[RosterEntry]:
    """Yield every SSR that a selection means, in no particular order.

    `students` are those currently enrolled in the LEA, so nobody else can be in the roster; `scores` are
    their records of the administration year, wherever they tested. An SSR exists if one of its records is
    SSR eligible (student data file, field SSR Eligible = Y). Its availability date is the latest of its
    records': a new record means a new SSR. Its grade is the grade assessed, by which families know the test.
    Where an SSR shows a second assessment (2023-24 and 2024-25: CAST beside Smarter Balanced) it is one SSR,
    named after the first, and choosing either assessment chooses it, the second if its record is eligible.
    `students_from` and `scores_from` are the positions of the first rows.
    """
    records: defaultdict[str, list[tuple[int, Row]]] = defaultdict(list)
    for position, row in enumerate(scores, scores_from):
        records[row["ssid"]].append((position, row))
    for position, student in enumerate(students, students_from):
        if selection.schools is not None and student["school"] not in selection.schools:
            continue
        languages = ssr_languages(selection.languages, student["primary_language"])
        own = records.get(student["ssid"], [])
        ssrs = ssrs_of(frozenset(row["record_type"] for _, row in own), selection.administration_year)
        for assessment, tests in ssrs.items() if languages else ():
            on_ssr = [(at, row) for at, row in own if row["record_type"] in tests]
            if not _chosen(selection, assessment, [row for _, row in on_ssr]):
                continue
            for language in languages:
                yield RosterEntry(
                    ssid=student["ssid"],
                    school=intern(student["school"]),
                    grade=intern(on_ssr[0][1]["grade_assessed"]),
                    assessment=assessment,
                    language=language,
                    last_name=student["last_name"],
                    first_name=student["first_name"],
                    student_at=position,
                    scores_at=tuple(at for at, _ in on_ssr),
                )


def _chosen(selection: SsrSelection, assessment: Assessment, records: Sequence[Row]) -> bool:
    if assessment not in ASSESSMENTS_WITH_SSR:
        return False
    eligible = [row for row in records if row["ssr_eligible"] == "Y"]
    shown = {assessment, *(Test(row["record_type"]).assessment for row in eligible)}
    if selection.assessments is not None and shown.isdisjoint(selection.assessments):
        return False
    dates = [row["ssr_available_date"] for row in eligible if row["ssr_available_date"] is not None]
    if not dates or not selection.start <= max(dates) <= selection.end:
        return False
    return selection.grades is None or records[0]["grade_assessed"] in selection.grades
