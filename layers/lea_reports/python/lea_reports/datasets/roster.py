"""Whose students they are now: rosters, one for each administration year, and how new each one is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from lea_reports.assessments import AdministrationYear
from lea_reports.errors import Invalid


@dataclass(frozen=True, slots=True)
class Roster:
    """The students of one administration year, as they were enrolled on a day."""

    year: AdministrationYear
    as_of: date

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(AdministrationYear(content["year"]), date.fromisoformat(content["as_of"]))

    def to_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {"year": int(self.year), "as_of": self.as_of.isoformat()}

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
