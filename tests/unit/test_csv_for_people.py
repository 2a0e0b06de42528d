"""A cell of a CSV file stays a text."""

import pytest

from lea_reports.csv_for_people import safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_begins_like_a_formula_gets_an_apostrophe(text):
    """A spreadsheet shows it and calculates nothing."""
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "1-1", "O'Brien", "01990016000001"])
def test_other_texts_stay_as_they_are(text):
    """Most of them."""
    assert safe_cell(text) == text
