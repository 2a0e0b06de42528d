from datetime import UTC, date, datetime

import pytest

from lea_reports.assessments import AdministrationYear, program_day, year_of_latest_results


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 5, 1, 0, 30, tzinfo=UTC), date(2026, 4, 30)),
        (datetime(2026, 5, 1, 6, 59, tzinfo=UTC), date(2026, 4, 30)),
        (datetime(2026, 5, 1, 7, 0, tzinfo=UTC), date(2026, 5, 1)),
        (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), date(2025, 12, 31)),
    ],
)
def test_the_programs_day_is_californias(moment, day):
    """Coordinators, availability dates and administration years follow the clock on their wall."""
    assert program_day(moment) == day


def test_a_moment_without_a_zone_has_no_day():
    """Guessing a zone is how dates move by a day."""
    with pytest.raises(ValueError, match="without a time zone"):
        program_day(datetime.fromisoformat("2026-05-01T00:30"))


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 6, 30), 2026), (date(2026, 7, 1), 2027), (date(2026, 12, 31), 2027)]
)
def test_a_school_year_begins_in_july(day, year):
    """A roster of November 2026 is one of 2026-27."""
    assert AdministrationYear.of_day(day) == year


@pytest.mark.parametrize(
    ("day", "year"), [(date(2026, 11, 21), 2026), (date(2027, 4, 30), 2026), (date(2027, 5, 1), 2027)]
)
def test_results_of_a_school_year_are_the_latest_from_its_may_on(day, year):
    """Requests that name no administration year mean the latest results."""
    assert year_of_latest_results(day) == year
