"""The school year of a test."""

import re
from datetime import date
from typing import Self

from lea_reports.errors import Invalid

_LABEL = re.compile(r"(20[0-9]{2})-([0-9]{2})")
FIRST_YEAR = 2015
"""The first operational Smarter Balanced year was 2014-15."""

LAST_YEAR = 2099

_FIRST_MONTH = 7


class AdministrationYear(int):
    """A school year, as the number of its ending year: 2026 is 2025-26.

    It is a plain int in data (`administration_year`, the partition `year=2026`) and a label in the API.
    Raises `Invalid` for years before 2015 or after 2099.
    """

    __slots__ = ()

    def __new__(cls, year: int) -> Self:
        """Check `year` and keep it."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Invalid(f"An administration year lies between {FIRST_YEAR} and {LAST_YEAR}; got {year}.")
        return super().__new__(cls, year)

    @classmethod
    def parse(cls, label: str) -> Self:
        """Read a label such as "2025-26". Raises `Invalid` if the two years do not follow each other."""
        match = _LABEL.fullmatch(label)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise Invalid(f'An administration year is written like "2025-26"; got {label!r}.')
        return cls(int(match[1]) + 1)

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Return the school year that a day lies in."""
        return cls(day.year + (day.month >= _FIRST_MONTH))

    @property
    def label(self) -> str:
        """The year as people write it: "2025-26"."""
        return f"{self - 1}-{self % 100:02d}"

    @property
    def first_day(self) -> date:
        """The first day of the school year, 1 July."""
        return date(self - 1, _FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        """The last day of the school year, 30 June. Results of the year may still arrive after it."""
        return date(self, 6, 30)

    def before(self, years: int) -> Self:
        """Return the administration year that lies `years` years before this one."""
        return type(self)(self - years)
