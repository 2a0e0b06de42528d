from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import AdministrationYear
from lea_reports.errors import Invalid

YEARS = st.integers(2015, 2099)


@given(YEARS)
def test_a_label_reads_back_as_its_year(year):
    """Writing and reading a label changes nothing."""
    assert AdministrationYear.parse(AdministrationYear(year).label) == year


def test_2026_is_the_school_year_2025_26():
    """The number is the ending year; the school year runs from July to June."""
    year = AdministrationYear(2026)
    assert year.label == "2025-26"
    assert (year.first_day, year.last_day) == (date(2025, 7, 1), date(2026, 6, 30))
    assert year.before(3).label == "2022-23"


@pytest.mark.parametrize("label", ["2026", "2025-27", "25-26", "2025-26 ", "2025/26", ""])
def test_other_spellings_are_refused(label):
    """Only the form that people know is read, and its two years must follow each other."""
    with pytest.raises(Invalid, match="2025-26"):
        AdministrationYear.parse(label)


@pytest.mark.parametrize("year", [0, 26, 2014, 2100])
def test_a_year_out_of_range_is_refused(year):
    """There were no tests before 2014-15, and 26 is a typing error."""
    with pytest.raises(Invalid, match="between 2015 and 2099"):
        AdministrationYear(year)
