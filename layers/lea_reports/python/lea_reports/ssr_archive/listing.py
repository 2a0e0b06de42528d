"""The two lists in every archive, the manifest of what is in it, and what is not included, and why.

Each is there twice, for people as an Excel workbook and for programs as CSV. They bear the archive's name, so that
lists of several archives can lie in one folder: `Spring_manifest.xlsx`.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from lea_reports.csv_for_people import safe_cell
from lea_reports.ssr_archive.spreadsheet import Spreadsheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MANIFEST = "manifest"
NOT_INCLUDED = "not_included"

NOT_SELECTED = "no_longer_selected"
"""The reason of an SSR that is to be made once more and that the present data does not have."""

REASONS: dict[str, str] = {
    "assessment_not_available": "There is no SSR of this assessment in this administration year.",
    "language_not_available": "This kind of SSR does not exist in this language; the English one does.",
    "no_glyph": "The name holds a character that no font of the SSR can show.",
    "bad_record": "The score record contradicts itself or the published score ranges.",
    "not_built": "A fault of ours kept this SSR and others of its batch from being made; please ask for them again.",
    "not_rendered": "A fault of ours kept this SSR from being made; please report it with this row.",
    NOT_SELECTED: "The present data has no such SSR: the student left the LEA, or the record fits the request no more.",
}
"""What each reason code means, in a sentence for coordinators."""


class Included(NamedTuple):
    """One SSR of an archive: a row of the manifest.

    `first_page` counts from 1: where in `file` the SSR starts. `sha256` is that of the whole file, in hex.
    """

    file: str
    ssid: str
    school: str
    grade: str
    assessment: str
    language: str
    first_page: int
    pages: int
    sha256: str


class NotIncluded(NamedTuple):
    """One SSR that could not be made; `reason` is a key of `REASONS`."""

    ssid: str
    school: str
    grade: str
    assessment: str
    language: str
    reason: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it this SSR: SSID, assessment and language. School and grade may be corrected."""
        return (self.ssid, self.assessment, self.language)


MOST_BYTES_LISTED = 1536
"""What an SSR adds to its archive beside its file: its rows in both forms of a list and in the directory."""

MOST_BYTES_OF_EMPTY_LISTS = 8192
"""What the lists add to an archive before they have a row."""

_INCLUDED = (
    ("File", 80),
    ("SSID", 12),
    ("School", 16),
    ("Grade", 7),
    ("Assessment", 18),
    ("Language", 10),
    ("FirstPage", 10),
    ("Pages", 7),
    ("SHA256", 66),
)
_NOT_INCLUDED = (
    ("SSID", 12),
    ("School", 16),
    ("Grade", 7),
    ("Assessment", 18),
    ("Language", 10),
    ("Reason", 22),
    ("Explanation", 90),
)
"""The headings, and how many characters wide the columns are in a workbook."""


class CsvList:
    """A list that grows, as a CSV file in which no cell is a formula.

    UTF-8 with a byte order mark, which Excel needs to show names in their scripts.
    """

    def __init__(self, headings: Iterable[str]) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, "utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(headings)

    def add(self, rows: Iterable[Sequence[str | int]]) -> None:
        """Add rows."""
        self._writer.writerows(
            [cell if isinstance(cell, int) else safe_cell(cell) for cell in row] for row in rows
        )

    @property
    def content(self) -> bytes:
        """The file so far."""
        self._text.flush()
        return self._bytes.getvalue()


class _List:
    """A list in both forms."""

    def __init__(self, name: str, title: str, columns: Sequence[tuple[str, int]]) -> None:
        self._name = name
        self._csv = CsvList(heading for heading, _ in columns)
        self._workbook = Spreadsheet(title, columns)

    def add(self, rows: Iterable[Sequence[str | int]]) -> None:
        rows = list(rows)
        self._csv.add(rows)
        self._workbook.add(rows)

    def files(self, archive: str) -> Iterator[tuple[str, bytes]]:
        yield list_name(archive, self._name, "csv"), self._csv.content
        yield list_name(archive, self._name, "xlsx"), self._workbook.finish()

    def close(self) -> None:
        self._workbook.close()


class Lists:
    """The two lists of an archive; to be closed, whatever happens."""

    def __init__(self) -> None:
        self._manifest = _List(MANIFEST, "Manifest", _INCLUDED)
        self._not_included = _List(NOT_INCLUDED, "Not included", _NOT_INCLUDED)

    def add(self, included: Iterable[Included], not_included: Iterable[NotIncluded]) -> None:
        """Add rows; an SSR that is missing is listed with its reason as a code and as a sentence."""
        self._manifest.add(included)
        self._not_included.add(explained(not_included))

    def files(self, archive: str) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the bytes of each file of an archive of this name (without `.zip`); nothing can follow."""
        yield from self._manifest.files(archive)
        yield from self._not_included.files(archive)

    def close(self) -> None:
        """Let go of lists that may be unfinished."""
        self._manifest.close()
        self._not_included.close()


def list_name(archive: str, name: str, form: str) -> str:
    """Return the name of a list of an archive: `Spring_manifest.csv`."""
    return f"{archive}_{name}.{form}"


def not_included_list() -> CsvList:
    """Return the list, without rows yet, of what all archives of a job lack."""
    return CsvList(heading for heading, _ in _NOT_INCLUDED)


def explained(rows: Iterable[NotIncluded]) -> Iterator[tuple[str, ...]]:
    """Yield the rows with their reasons as a sentence, too."""
    return ((*row, REASONS[row.reason]) for row in rows)


def not_included_in(rows: Iterable[str]) -> Iterator[NotIncluded]:
    """Read rows of a list of what is not included; its headings are none of them."""
    columns = len(NotIncluded._fields)  # the sentence that explains the reason comes after them
    return (NotIncluded(*row[:columns]) for row in csv.reader(rows))
