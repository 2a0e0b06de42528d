"""The roster of a request, made from tables that may have millions of rows."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from lea_reports.ssr_archive.roster import SCORE_COLUMNS, STUDENT_COLUMNS, roster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pyarrow as pa

    from lea_reports.ssr_archive.roster import RosterEntry
    from lea_reports.ssr_archive.selection import SsrSelection

STUDENTS_AT_ONCE = 10_000
"""Rows are many times as large as what they say takes in a table."""


def roster_of_tables(
    selection: SsrSelection,
    students: pa.Table,
    scores: pa.Table,
    *,
    day: date,
    at_once: int = STUDENTS_AT_ONCE,
) -> Iterator[RosterEntry]:
    """Yield every SSR that a selection means on a day; only `at_once` students are rows at a time.

    Both tables are ordered by SSID, as the datasets reads them.
    """
    students, scores = students.select(STUDENT_COLUMNS), scores.select(SCORE_COLUMNS)
    begin = 0
    for first in range(0, len(students), at_once):
        some = students.slice(first, at_once)
        end = _after(scores, some["ssid"][-1].as_py())
        records = scores.slice(begin, end - begin)
        yield from roster(
            selection,
            some.to_pylist(),
            records.to_pylist(),
            day=day,
            students_from=first,
            scores_from=begin,
        )
        begin = end


def _after(scores: pa.Table, ssid: str) -> int:
    """Return the position behind the last record of a student and of all before."""
    ssids = scores["ssid"]
    return bisect_left(range(len(ssids)), True, key=lambda at: ssids[at].as_py() > ssid)
