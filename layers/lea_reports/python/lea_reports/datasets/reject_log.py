"""The file that says which rows of a feed were left out, and why."""

import csv
import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from lea_reports.csv_for_people import safe_cell
from lea_reports.datasets.validation import MOST_LISTED, Reject
from lea_reports.errors import Invalid

_HEADINGS = ("line", "column", "value", "rule", "file")
_MANGLED = re.compile(r"0[0-9]+|[0-9]{16,}")
"""Digits that a spreadsheet would show as another number: without their zeros, or rounded."""


class RejectLog:
    """Writes `rejects.csv`, for people with a spreadsheet: line, column, value, rule, file; a row for each reason.

    Of each column and rule the first 1,000 rows are listed; how many more there are stands at the end of the file, so
    that it stays small whatever comes. The file exists only if there are rejects; one left by an earlier ingest is
    removed at the start. It holds students' data, and only its owner may read it.

    Raises `Invalid` at the start if the file cannot be written.
    """

    def __init__(self, path: Path, feeds: Sequence[Path] = ()) -> None:
        self._path = path
        self._named = Counter(feed.name for feed in feeds)
        self._file: TextIO | None = None
        self._listed: Counter[tuple[str, str]] = Counter()
        self.counts: Counter[tuple[str, str]] = Counter()
        """How many rows broke which rule, by column and rule."""
        self.rows = 0
        """How many rows of the feed were left out."""

    def __enter__(self) -> Self:
        try:
            self._path.unlink(missing_ok=True)
            self._file = os.fdopen(
                os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
                "w",
                encoding="utf-8-sig",
                newline="",
            )
        except OSError as error:
            raise Invalid(
                f"The list of rows left out cannot be written to {self._path}: {error.strerror}."
            ) from error
        csv.writer(self._file).writerow(_HEADINGS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is None:
            return
        for (column, rule), rows in sorted(self.counts.items()):
            more = rows - self._listed[column, rule]
            if more:
                sentence = f"{rule}: so are {more:,} more rows, which are not listed"
                csv.writer(self._file).writerow(("", column, "", sentence, ""))
        self._file.close()
        if not self.rows:
            self._path.unlink(missing_ok=True)

    def name_of(self, source: Path) -> str:
        """Return what tells a file from the others of the feed: its name, or its path if another has that name.

        Bytes that are no character, as other systems leave them in names, are spelled out: no text could hold them.
        """
        name = str(source) if self._named[source.name] > 1 else source.name
        return os.fsencode(name).decode(errors="backslashreplace")

    def add(
        self, source: Path, rejects: Sequence[Reject], counts: Mapping[tuple[str, str], int], left_out: int
    ) -> None:
        """Write reasons and count them.

        `left_out` rows were left out, for the reasons of `counts`, by column and rule; `rejects` are the first of each.
        """
        self.rows += left_out
        self.counts.update(counts)
        if self._file is None:
            return
        writer = csv.writer(self._file)
        for reject in sorted(rejects, key=lambda reject: reject.line):
            reason = (reject.column, reject.rule)
            if self._listed[reason] < MOST_LISTED:
                self._listed[reason] += 1
                writer.writerow(
                    (
                        reject.line,
                        reject.column,
                        _cell(reject.value),
                        reject.rule,
                        _cell(self.name_of(source)),
                    )
                )


def _cell(text: str) -> str:
    return f"'{text}" if _MANGLED.fullmatch(text) else safe_cell(text)
