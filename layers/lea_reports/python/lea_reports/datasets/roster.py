"""Whose students they are now: rosters, one for each administration year, and how new each one is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import AdministrationYear
from lea_reports.errors import Invalid

AS_OF = "as_of_date"
"""The column in which a feed of students says its own date."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of one administration year, as they were enrolled on a day."""

    year: AdministrationYear
    as_of: date

    @property
    def order(self) -> tuple[date, int]:
        """The newest roster is the one with the latest date; of two with one date, that of the later year."""
        return (self.as_of, self.year)


def roster_of(year: AdministrationYear | None, as_of: date | None, today: date) -> Roster:
    """Return which roster a feed of students is.

    Without a year it is that of the school year in which its date lies. Without a date a roster of the present school
    year is as of today, and one of an earlier year as of the last day of that: taken in once more, it must not become
    the newest.

    Raises:
        Invalid: the date lies ahead, or before the school year.
    """
    if as_of is not None and as_of > today:
        raise Invalid(f"A roster cannot be as of {as_of}: today is {today}.")
    year = year or AdministrationYear.of_day(as_of or today)
    day = as_of or min(today, year.last_day)
    if day < year.first_day:
        raise Invalid(
            f"The roster of {year.label} cannot be as of {day}: that school year begins on {year.first_day}."
        )
    return Roster(year, day)


def newest_roster(years: Iterable[int], dates: Mapping[int, date]) -> Roster | None:
    """Return the newest roster of these years; one whose date was never recorded is as of the end of its year."""
    rosters = (
        Roster(year, dates.get(year, year.last_day))
        for year in (AdministrationYear(number) for number in years)
    )
    return max(rosters, key=lambda roster: roster.order, default=None)


class DateOfFeed:
    """The one date that the rows of a feed of students say; None if they say none."""

    def __init__(self) -> None:
        self._said: set[date | None] = set()

    def add(self, dates: pa.ChunkedArray) -> None:
        """Look at some rows.

        Raises:
            Invalid: not all rows of the feed say the same.
        """
        self._said.update(pc.unique(dates).to_pylist())
        if len(self._said) > 1:
            first, second = sorted("nothing" if day is None else day.isoformat() for day in self._said)[:2]
            raise Invalid(
                f"One row says {AS_OF} {first}, another {second}: all rows of a roster have one date, or none has."
            )

    def agreed(self, option: date | None) -> date | None:
        """Return the date of the feed, or the one that was given beside it.

        Raises:
            Invalid: there are both, and they differ.
        """
        said = next(iter(self._said), None)
        if said is not None and option is not None and said != option:
            raise Invalid(f"The feed says {AS_OF} {said}, and {option} was given beside it.")
        return said or option
