"""Names of levels change with administration years, and the tables say when."""

import pytest

from lea_reports.assessments import Test, newest_described_year, year_of_other_names


@pytest.mark.parametrize(
    ("test", "first", "last", "year"),
    [
        (Test.SB_ELA, 2023, 2026, 2026),
        (Test.SB_ELA, 2023, 2025, None),
        (Test.SB_ELA, 2026, 2029, None),
        (Test.CSA, 2022, 2026, 2025),
        (Test.CAA_ELA, 2018, 2026, None),
    ],
)
def test_the_year_that_brought_other_names_is_found(test, first, last, year):
    """A history that spans it says so; one that begins in it does not."""
    assert year_of_other_names(test, first, last) == year


def test_the_newest_year_that_is_described_is_the_last_one_with_other_names():
    """It follows the tables."""
    assert newest_described_year() == 2026
