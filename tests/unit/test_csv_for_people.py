import pytest

from lea_reports.csv_for_people import safe_cell


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"],
)
def test_what_a_spreadsheet_would_run_is_text(text):
    """An apostrophe before it makes every spreadsheet show it."""
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ñandú", "O'Brien", "a=b", "0123", "'=1"])
def test_other_cells_stay_as_they_are(text):
    """Names and codes are not changed."""
    assert safe_cell(text) == text
