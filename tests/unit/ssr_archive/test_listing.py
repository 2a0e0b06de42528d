"""The lists in an archive can be read by people and programs."""

import csv
import io
import re
import zipfile
from contextlib import closing
from html import unescape

import pytest

from lea_reports.ssr_archive.listing import REASONS, Included, Lists, NotIncluded, not_included_in
from lea_reports.ssr_archive.spreadsheet import Spreadsheet

CELL = re.compile(r"<c([^>]*)>(?:<is><t[^>]*>|<v>)([^<]*)(?:</t></is>|</v>)</c>")


def lists(included=(), not_included=()):
    """Return the two files of these rows."""
    with closing(Lists()) as both:
        both.add(included, not_included)
        files = dict(both.files("Spring"))
    return files["Spring_manifest.csv"], files["Spring_not_included.csv"]


def rows(content):
    """Read a list as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content, number=1):
    """Return the rows of a workbook's sheet, each cell as its attributes and its text."""
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        text = workbook.read(f"xl/worksheets/sheet{number}.xml").decode()
    return [CELL.findall(row) for row in re.findall("<row>(.*?)</row>", text)]


def cells(content, number=1):
    """Return the rows of a workbook as texts."""
    return [[unescape(text) for _, text in row] for row in sheet(content, number)]


def missing(ssid, reason):
    """Return a row of what is not included."""
    return NotIncluded(ssid, "99100011234567", "03", "smarter-balanced", "es", reason)


def test_the_manifest_names_file_student_and_digest():
    """One row per SSR; names with commas and in any script come back as they were."""
    included = Included("a,b/陳.pdf", "1234567890", "99100011234567", "03", "cast", "en", 1, 4, "ab" * 32)

    (row,) = rows(lists([included])[0])

    assert row == {
        "File": "a,b/陳.pdf",
        "SSID": "1234567890",
        "School": "99100011234567",
        "Grade": "03",
        "Assessment": "cast",
        "Language": "en",
        "FirstPage": "1",
        "Pages": "4",
        "SHA256": "ab" * 32,
    }


def test_excel_is_told_that_the_lists_are_utf_8():
    """Without the mark Excel shows names in other scripts as rubbish."""
    assert [file[:3] for file in lists()] == [b"\xef\xbb\xbf"] * 2


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_explained_in_a_sentence(reason):
    """A coordinator reads why an SSR is missing, not only a code."""
    (row,) = rows(lists(not_included=[missing("1234567890", reason)])[1])

    assert row["Reason"] == reason
    assert row["Explanation"].endswith(".")


def test_an_unknown_reason_is_a_fault_of_ours():
    """Nothing without an explanation reaches a coordinator."""
    with pytest.raises(KeyError):
        lists(not_included=[missing("1234567890", "because")])


def test_a_list_that_grew_in_pieces_is_the_same_file():
    """The rows of every fragment follow each other; the headings stand once."""
    first, second = (missing(f"000000000{number}", "no_glyph") for number in (1, 2))
    grown = Lists()
    grown.add((), [first])
    grown.add((), [second])

    assert dict(grown.files("Spring"))["Spring_not_included.csv"] == lists(not_included=[first, second])[1]


def test_what_is_not_included_can_be_read_again():
    """A retry and the list of what is not included read the rows of the file, without its headings."""
    written = [missing(f"000000000{number}", reason) for number, reason in enumerate(REASONS)]
    _, *lines = lists(not_included=written)[1].decode("utf-8-sig").splitlines()

    assert list(not_included_in(lines)) == written


def test_no_cell_is_a_formula():
    """Whatever a name begins with: a spreadsheet would calculate it."""
    included = Included("=1+1.pdf", "1234567890", "99100011234567", "03", "cast", "en", 1, 4, "ab" * 32)

    assert rows(lists([included])[0])[0]["File"] == "'=1+1.pdf"


def test_the_workbook_says_what_the_csv_says():
    """Codes as texts with their leading zeros, pages as numbers."""
    included = Included("a & b/<陳>.pdf", "1234567890", "01990016000001", "03", "cast", "en", 1, 4, "ab" * 32)
    both = Lists()
    both.add([included], [missing("0000000001", "no_glyph")])
    files = dict(both.files("Spring"))

    assert list(files) == [
        f"Spring_{name}.{form}" for name in ("manifest", "not_included") for form in ("csv", "xlsx")
    ]
    for name in ("manifest", "not_included"):
        text = files[f"Spring_{name}.csv"].decode("utf-8-sig")
        assert cells(files[f"Spring_{name}.xlsx"]) == list(csv.reader(io.StringIO(text, newline="")))
    texts = ["inlineStr" in kind for kind, _ in sheet(files["Spring_manifest.xlsx"])[1]]
    assert texts == [*[True] * 6, False, False, True]


def test_a_workbook_of_the_same_rows_has_the_same_bytes():
    """However they came; an archive that is assembled again stays the same."""
    rows = [[f"{number:010d}", number] for number in range(2500)]
    at_once, in_pieces = (Spreadsheet("List", [("SSID", 12), ("Page", 8)]) for _ in range(2))
    at_once.add(rows)
    for row in rows:
        in_pieces.add([row])

    assert at_once.finish() == in_pieces.finish()


def test_a_list_that_is_longer_than_a_sheet_goes_on_in_the_next():
    """Each with its headings."""
    workbook = Spreadsheet("List", [("SSID", 12)], most_rows=3)
    workbook.add([[f"000000000{number}"] for number in range(5)])
    content = workbook.finish()

    assert [cells(content, number) for number in (1, 2, 3)] == [
        [["SSID"], ["0000000000"], ["0000000001"]],
        [["SSID"], ["0000000002"], ["0000000003"]],
        [["SSID"], ["0000000004"]],
    ]
