"""What day it is for the testing program, and which administration year that day belongs to.

The program's days begin and end in California, whatever clock a machine has: at 2026-05-01T00:30Z it is still 30 April.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from lea_reports.assessments.administration_year import AdministrationYear

PROGRAM_TIME_ZONE = "America/Los_Angeles"
_ZONE = ZoneInfo(PROGRAM_TIME_ZONE)
_FIRST_MONTH_OF_RESULTS = 5


def program_day(now: datetime) -> date:
    """Return the program's day at a moment, which knows its own zone.

    Raises:
        ValueError: the moment has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    return now.astimezone(_ZONE).date()


def year_of_latest_results(day: date) -> AdministrationYear:
    """Return the administration year whose results are the newest on a day of the program.

    Results of a school year begin to appear in its May. Source: docs/domain.md#when-results-come.
    """
    return AdministrationYear(day.year if day.month >= _FIRST_MONTH_OF_RESULTS else day.year - 1)
