"""The roster of a request, made from tables a part at a time."""

from datetime import date

import pyarrow as pa
import pytest

from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.ssr_archive.roster import SCORE_COLUMNS, STUDENT_COLUMNS, roster
from lea_reports.ssr_archive.roster_of_tables import roster_of_tables

DAY = date(2026, 12, 1)


def table(rows, dataset, columns):
    """Return rows as the datasets reads them, ordered by SSID."""
    schema = pa.schema([dataset.schema.field(name) for name in columns])
    return pa.Table.from_pylist(sorted(rows, key=lambda row: row["ssid"]), schema=schema)


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 100])
def test_parts_make_the_same_roster_as_the_whole(selection, student, score, at_once):
    """Whoever has two records, one, none, or is enrolled elsewhere; every entry points to its own rows."""
    students = [student(ssid) for ssid in ("2", "3", "4", "6", "7", "8", "9")]
    records = [
        ("1", "01"),
        ("2", "01"),
        ("2", "02"),
        ("4", "02"),
        ("5", "01"),
        ("8", "01"),
        ("8", "02"),
        ("95", "01"),
    ]
    scores = [score(ssid, test) for ssid, test in records]
    tables = table(students, STUDENTS, STUDENT_COLUMNS), table(scores, SCORES, SCORE_COLUMNS)

    whole = list(roster(selection, *(each.to_pylist() for each in tables), day=DAY))

    assert [entry.ssid for entry in whole] == ["2", "4", "8"]
    assert list(roster_of_tables(selection, *tables, day=DAY, at_once=at_once)) == whole


def test_nobody_enrolled_is_no_roster(selection):
    """A table without rows is read like any other."""
    tables = table([], STUDENTS, STUDENT_COLUMNS), table([], SCORES, SCORE_COLUMNS)
    assert list(roster_of_tables(selection, *tables, day=DAY)) == []
