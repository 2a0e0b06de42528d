"""The lists in an archive can be read by people and programs."""

import csv
import io

import pytest

from lea_reports.archive.listing import REASONS, Included, Lists, NotIncluded, not_included_in


def lists(included=(), not_included=()):
    """Return the two files of these rows."""
    both = Lists()
    both.add(included, not_included)
    files = dict(both.files())
    return files["manifest.csv"], files["not_included.csv"]


def rows(content):
    """Read a list as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def missing(ssid, reason):
    """Return a row of what is not included."""
    return NotIncluded(ssid, "99100011234567", "03", "smarter-balanced", "es", reason)


def test_the_manifest_names_file_student_and_digest():
    """One row per SSR; names with commas and in any script come back as they were."""
    included = Included("a,b/陳.pdf", "1234567890", "99100011234567", "03", "en", 1, 4, "ab" * 32)

    (row,) = rows(lists([included])[0])

    assert row == {
        "File": "a,b/陳.pdf",
        "SSID": "1234567890",
        "School": "99100011234567",
        "Grade": "03",
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

    assert dict(grown.files())["not_included.csv"] == lists(not_included=[first, second])[1]


def test_what_is_not_included_can_be_read_again():
    """A retry and the list of failures read the rows of the file, without its headings."""
    written = [missing(f"000000000{number}", reason) for number, reason in enumerate(REASONS)]
    _, *lines = lists(not_included=written)[1].decode("utf-8-sig").splitlines()

    assert list(not_included_in(lines)) == written
