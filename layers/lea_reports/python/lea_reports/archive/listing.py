"""The two lists in every archive: `manifest.csv`, what is in it, and `not_included.csv`, what is not, and why."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MANIFEST_NAME = "manifest.csv"
NOT_INCLUDED_NAME = "not_included.csv"

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


MOST_BYTES_LISTED = 1024
"""What an SSR adds to its archive beside its file: its rows in a list and in the directory, with the longest path."""

_INCLUDED = ("File", "SSID", "School", "Grade", "Language", "FirstPage", "Pages", "SHA256")
_NOT_INCLUDED = ("SSID", "School", "Grade", "Assessment", "Language", "Reason", "Explanation")


class CsvList:
    """A list that grows, as a CSV file.

    UTF-8 with a byte order mark, which Excel needs to show names in their scripts.
    """

    def __init__(self, headings: Sequence[str]) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, "utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(headings)

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Add rows."""
        self._writer.writerows(rows)

    @property
    def content(self) -> bytes:
        """The file so far."""
        self._text.flush()
        return self._bytes.getvalue()


class Lists:
    """The two lists of an archive."""

    def __init__(self) -> None:
        self._manifest = CsvList(_INCLUDED)
        self._not_included = CsvList(_NOT_INCLUDED)

    def add(self, included: Iterable[Included], not_included: Iterable[NotIncluded]) -> None:
        """Add rows; an SSR that is missing is listed with its reason as a code and as a sentence."""
        self._manifest.add(included)
        self._not_included.add((*row, REASONS[row.reason]) for row in not_included)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Return the name and the bytes of each list."""
        yield MANIFEST_NAME, self._manifest.content
        yield NOT_INCLUDED_NAME, self._not_included.content


def not_included_in(rows: Iterable[str]) -> Iterator[NotIncluded]:
    """Read rows of a `not_included.csv`; its headings are none of them."""
    columns = len(NotIncluded._fields)  # the sentence that explains the reason comes after them
    return (NotIncluded(*row[:columns]) for row in csv.reader(rows))
