"""The file that says which rows of a feed were left out, and why."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from lea_reports.datasets.validation import Reject


class RejectLog:
    """Writes `rejects.csv`: line, column, value, rule, file; one row for each reason.

    The file exists only if there are rejects; one left by an earlier ingest is removed at the start. It
    holds students' data.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.rows = 0
        """How many rows of the feed were left out."""

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, source: Path, rejects: Sequence[Reject]) -> None:
        """Write reasons; those of one row come in one call."""
        if not rejects:
            return
        if self._file is None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(("line", "column", "value", "rule", "file"))
        self.rows += len({reject.line for reject in rejects})
        csv.writer(self._file).writerows(
            (reject.line, reject.column, reject.value, reject.rule, source.name)
            for reject in sorted(rejects, key=lambda reject: reject.line)
        )
