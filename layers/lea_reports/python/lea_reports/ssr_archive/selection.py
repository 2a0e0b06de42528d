"""What a request for SSRs chooses.

Source: docs/domain.md#ssr-requests. The dates choose by SSR availability date (docs/domain.md#ssr-availability-date,
decision 2), both days included. An end date that lies ahead means until today: nothing is handed out before its day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from lea_reports.assessments import AdministrationYear, Assessment, Program, assessments_of
from lea_reports.errors import Problem
from lea_reports.reports.parameters import ALL
from lea_reports.ssr_archive.language_choices import LanguageChoice

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

GRADES_WITH_SSR = tuple(f"{grade:02d}" for grade in range(3, 13))
"""Grades that a CAASPP test exists for. Source: docs/domain.md#assessments-and-tests."""

ASSESSMENTS_WITH_SSR = assessments_of(Program.CAASPP)
"""The assessments of this report; those of ELPAC have a report of their own."""


@dataclass(frozen=True, slots=True)
class SsrSelection:
    """What the coordinator chose; `None` means all.

    Schools are 14-digit CDS codes; grades are those of the test (`03`); `start` and `end` are inclusive. `tagged`:
    merged files are for screen readers as well as for printing. `protected`: the PDFs ask for a password, which is not
    kept here.
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

    def for_retry(self, day: date) -> SsrSelection:
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
            "languages": ALL if LanguageChoice.ALL in self.languages else sorted(self.languages),
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
            languages=frozenset(map(LanguageChoice, _choices(values["languages"]) or (LanguageChoice.ALL,))),
            merge=bool(values["merge"]),
            tagged=bool(values.get("tagged")),  # requests made before there was this choice are listed too
            protected=bool(values.get("protected")),
        )


def _listed(choices: Collection[str] | None) -> list[str] | str:
    return ALL if choices is None else sorted(str(choice) for choice in choices)


def _choices(listed: object) -> frozenset[str] | None:
    return frozenset(map(str, listed)) if isinstance(listed, list) else None


def problems_of(asked: Mapping[str, Any], day: date) -> list[Problem]:
    """Return one problem for a start date ahead, one for reversed dates, and one for tags if nothing is merged."""
    start, end = date.fromisoformat(asked["start_date"]), date.fromisoformat(asked["end_date"])
    problems = []
    if start > day:
        sentence = (
            f"The start date must be {day}, today in California, or earlier: no SSR is available before."
        )
        problems.append(Problem("/start_date", "not_ahead", sentence))
    if end < start:
        problems.append(Problem("/end_date", "not_before_start", f"The end date must be {start} or later."))
    if asked["tagged"] and not asked["merge"]:
        sentence = "Only merged files leave a choice: single files are always tagged."
        problems.append(Problem("/tagged", "merged_only", sentence))
    return problems
