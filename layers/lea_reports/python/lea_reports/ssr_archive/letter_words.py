"""What a coordinator chose, as a letter says it, and what in it may be why nothing was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.assessments import year_of_latest_results
from lea_reports.local_time import day_spelled_out
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.selection import SsrSelection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

_FOR_EVERY_STUDENT = {LanguageChoice.ALL, LanguageChoice.ENGLISH_ALL}


def choices(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return every choice that decides which SSRs are found, by the name of its field; schools are counted."""
    selection = SsrSelection.from_json(parameters)
    schools, assessments = selection.schools, selection.assessments
    start, end = day_spelled_out(selection.start), day_spelled_out(selection.end)
    return [
        ("Administration year", selection.administration_year.label),
        ("Schools", "all" if schools is None else f"{len(schools):,} chosen"),
        ("Grades", "all" if selection.grades is None else ", ".join(sorted(selection.grades))),
        ("SSR availability dates", f"{start} to {end}"),
        (
            "Assessments",
            "all" if assessments is None else _named(each.short_name for each in assessments),
        ),
        ("Score reporting languages", _named(each.label for each in selection.languages)),
    ]


def hints(parameters: Mapping[str, object], day: date) -> list[str]:
    """Return what may be why nothing was found on a day of the program, the surest reason first.

    What leaves nobody out is not named.
    """
    selection = SsrSelection.from_json(parameters)
    year = selection.administration_year
    found = [
        (
            selection.start > day,
            f"The start date, {day_spelled_out(selection.start)}, lay ahead; nothing is handed out before its day.",
        ),
        (year > year_of_latest_results(day), f"There are no results of {year.label} yet."),
        (
            selection.end < year.first_day,
            f"The dates end before the school year {year.label} began; its results became available later.",
        ),
        (
            True,
            "The dates choose by the day on which a score report became available, not by the day of the test.",
        ),
        (True, "Only students who are enrolled in your LEA now are included."),
        (
            selection.grades is not None,
            "The grade is the one in which a student was tested, not that of today.",
        ),
        (
            selection.assessments is not None or selection.schools is not None,
            "Students of the schools that you chose may not have taken the assessments that you chose.",
        ),
        (
            not selection.languages & _FOR_EVERY_STUDENT,
            "The score reporting language leaves out students with another primary language.",
        ),
    ]
    return [sentence for fits, sentence in found if fits]


def _named(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
