"""A table as a workbook and as CSV: what a spreadsheet shows is what the rows say."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from tempfile import gettempdir

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from lea_reports.reports.table import CellType, TableColumn
from lea_reports.tabular.delimited import write_csv
from lea_reports.tabular.workbook import About, write_workbook

COLUMNS = (
    TableColumn("School CDS Code", CellType.TEXT, 18, "made up"),
    TableColumn("School", CellType.TEXT, 30, "made up"),
    TableColumn("Students", CellType.NUMBER, 10, "made up"),
    TableColumn("First Day", CellType.DATE, 12, "made up"),
)
ROWS = [
    ("01100170000001", "Zürich Elementary", 27, date(2026, 4, 13)),
    ("01100170000002", "=SUM(A1:A9)", 0, None),
    ("01100170000003", "http://example.org", 1_234, date(2026, 12, 31)),
]
ABOUT = About(
    "CAASPP Total: Enrolled Students of [All] Schools",
    datetime(2026, 11, 27, 20, 15, 30, 999, UTC),
    [("LEA", "Sample Valley Unified"), ("Requested", "November 27, 2026")],
)


def workbook(rows=ROWS, about=ABOUT, **options):
    """Return the bytes of a workbook."""
    file = io.BytesIO()
    write_workbook(file, about, COLUMNS, rows, **options)
    return file.getvalue()


def opened(content):
    """Open a workbook with a reader that others wrote."""
    return load_workbook(io.BytesIO(content))


def values(sheet):
    """Return the cells of a sheet, days as days."""
    return [
        tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row)
        for row in sheet.iter_rows(values_only=True)
    ]


def as_csv(rows):
    """Return the text of a CSV file."""
    file = io.BytesIO()
    write_csv(file, COLUMNS, rows)
    return file.getvalue()


def test_a_workbook_shows_the_rows_under_their_headings():
    """Codes keep their zeros, a name that begins like a formula stays a name, and a blank is blank."""
    sheet = opened(workbook()).worksheets[0]

    assert values(sheet) == [tuple(column.heading for column in COLUMNS), *ROWS]
    assert {cell.data_type for cell in sheet["A"]} | {cell.data_type for cell in sheet["B"]} == {"s"}
    assert sheet["D2"].number_format == "yyyy-mm-dd"


def test_its_headings_stay_in_sight_and_can_be_filtered():
    """A long table is used by scrolling and by filtering."""
    sheet = opened(workbook()).worksheets[0]

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"
    assert sheet.column_dimensions["B"].width == pytest.approx(30, abs=1)


def test_it_prints_all_columns_on_a_page_with_the_headings():
    """On letter paper, lengthwise."""
    sheet = opened(workbook()).worksheets[0]

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (1, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"


def test_numbers_that_are_texts_bear_no_warning():
    """Excel marks each such cell with a green corner, unless it is told not to."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as parts:
        assert b'<ignoredError sqref="A1:D4" numberStoredAsText="1"/>' in parts.read(
            "xl/worksheets/sheet1.xml"
        )


def test_a_second_sheet_tells_what_the_report_is():
    """Who finds the file in a folder next year wants to know."""
    book = opened(workbook())

    assert book.sheetnames == ["CAASPP Total  Enrolled Students", "About this report"]
    assert values(book["About this report"]) == list(ABOUT.facts)
    assert book.properties.title == ABOUT.title
    assert book.properties.created.isoformat() == "2026-11-27T20:15:30"


def test_the_same_rows_give_the_same_bytes():
    """Whoever makes it again, after another worker died, writes the same file."""
    assert workbook() == workbook()


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_the_next():
    """No row is lost, and each sheet has its headings."""
    book = opened(workbook(ROWS, most_rows=3))

    headings = tuple(column.heading for column in COLUMNS)
    assert len(book.sheetnames) == 3
    assert values(book.worksheets[0]) == [headings, *ROWS[:2]]
    assert values(book.worksheets[1]) == [headings, *ROWS[2:]]


def test_no_file_is_left_behind(tmp_path, monkeypatch):
    """The rows wait in files, which hold student data."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert gettempdir() == str(tmp_path)

    workbook()

    def rows():
        yield ROWS[0]
        raise ValueError("Zhang")

    with pytest.raises(ValueError, match="Zhang"):
        workbook(rows())

    assert list(tmp_path.iterdir()) == []


def test_csv_is_read_by_excel_and_by_programs():
    """UTF-8 with the mark that Excel needs; days in the one form; what begins like a formula is a text."""
    content = as_csv(ROWS)

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [
        [column.heading for column in COLUMNS],
        ["01100170000001", "Zürich Elementary", "27", "2026-04-13"],
        ["01100170000002", "'=SUM(A1:A9)", "0", ""],
        ["01100170000003", "http://example.org", "1234", "2026-12-31"],
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100).filter(str.strip)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(
    st.lists(st.tuples(TEXTS, st.none() | TEXTS, st.none() | st.integers(-(10**9), 10**9), st.none() | DAYS))
)
def test_every_cell_comes_back_from_a_workbook_as_it_was(rows):
    """Whatever letters a name has."""
    assert values(opened(workbook(rows)).worksheets[0])[1:] == [*rows]
