"""The roster of a chunk as a Parquet file: the SSRs to make, each with what it may print of its records."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import parquet

from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.ssr.results.student_columns import COLUMNS_OF_STUDENT, student_results
from lea_reports.ssr_archive.release import places, with_printed_years

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lea_reports.ssr.results.student_columns import BadRecord
    from lea_reports.ssr.results.student_result import SchoolNames, StudentResult
    from lea_reports.ssr_archive.roster import RosterEntry

_NOT_SHOWN = frozenset(
    (
        "ssid",
        "tested_lea",
        "tested_school",
        "attemptedness",
        "include_indicator",
        "ssr_available_date",
        "score_available_date",
        "test_mode",
        "uin",
    )
)
COLUMNS_OF_RECORD = tuple(name for name in SCORES.names if name not in _NOT_SHOWN)
"""The columns of the scores dataset that an SSR of some kind shows."""

_ALWAYS = ("administration_year", "record_type")
_WHICH = ("ssid", "school", "listed_grade", "assessment", "language")
_SSRS_AT_ONCE = 2000


def roster_file(entries: Sequence[RosterEntry], students: pa.Table, scores: pa.Table) -> bytes:
    """Write the SSRs of a chunk, in their order; the tables hold the rows that the entries point to.

    The file has a row for each record, with what `student_results` takes and nothing that may not be printed; columns
    without any value are left out. A row group holds whole SSRs, so that each can be read alone. The same roster gives
    the same bytes.
    """
    ssrs = pa.table(
        {
            "ssr": pa.array(range(len(entries)), pa.int32()),
            "school": [entry.school for entry in entries],
            "listed_grade": [entry.grade for entry in entries],
            "assessment": [str(entry.assessment) for entry in entries],
            "language": [entry.language for entry in entries],
        }
    )
    owners, records = _records(entries, scores)
    whose = pa.array([entry.student_at for entry in entries], pa.int64())
    table = pa.Table.from_arrays(
        [
            *ssrs.take(owners).columns,
            *students.select(COLUMNS_OF_STUDENT).take(whose.take(owners)).columns,
            *records.columns,
        ],
        names=[*ssrs.column_names, *COLUMNS_OF_STUDENT, *records.column_names],
    )
    empty = (
        name for name in COLUMNS_OF_RECORD if table[name].null_count == len(table) and name not in _ALWAYS
    )
    table = _with_distinct_words(table.drop_columns(list(empty)))
    sink = pa.BufferOutputStream()
    with parquet.ParquetWriter(
        sink, table.schema, compression="zstd", compression_level=1, write_statistics=False
    ) as writer:
        start = 0
        for first in range(0, len(entries), _SSRS_AT_ONCE):
            some = entries[first : first + _SSRS_AT_ONCE]
            rows = sum(len(entry.scores_at) + len(entry.withheld_at) for entry in some)
            writer.write_table(table.slice(start, rows))
            start += rows
    return bytes(sink.getvalue())


def _records(entries: Sequence[RosterEntry], scores: pa.Table) -> tuple[pa.Array, pa.Table]:
    """Return what may be printed of the records of each SSR, and to which one each of these rows belongs."""
    owners = [at for at, entry in enumerate(entries) for _ in entry.scores_at]
    positions = pa.array([position for entry in entries for position in entry.scores_at], pa.int64())
    records = with_printed_years(scores.select(COLUMNS_OF_RECORD).take(positions))
    withheld = [at for at, entry in enumerate(entries) for _ in entry.withheld_at]
    if withheld:
        positions = pa.array([position for entry in entries for position in entry.withheld_at], pa.int64())
        said = places(scores.take(positions), [entries[at].grade for at in withheld])
        records = pa.concat_tables([records, said], promote_options="default")
        owners += withheld
        in_order = pa.array(sorted(range(len(owners)), key=owners.__getitem__), pa.int64())
        return pa.array(owners, pa.int64()).take(in_order), records.take(in_order)
    return pa.array(owners, pa.int64()), records


def results_of(content: bytes, school: Callable[[str], SchoolNames]) -> Iterator[StudentResult | BadRecord]:
    """Read what `roster_file` wrote, some thousand SSRs at a time; `school` names a school by its code."""
    file = parquet.ParquetFile(pa.BufferReader(content))
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, use_threads=False)
        with _nothing_collected():
            results = student_results(table, school)
        yield from results


def ssrs_in(content: bytes) -> Iterator[tuple[str, str, str, str, str]]:
    """Read which SSRs `roster_file` wrote: SSID, school, grade, assessment and language of each, and no record."""
    table = parquet.read_table(pa.BufferReader(content), columns=["ssr", *_WHICH], use_threads=False)
    last = -1
    for row in table.to_pylist():
        if row["ssr"] != last:
            last = row["ssr"]
            yield row["ssid"], row["school"], row["listed_grade"], row["assessment"], row["language"]


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Keep Python from looking for garbage: everything that is made here is kept, and looking takes a sixth longer."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _with_distinct_words(table: pa.Table) -> pa.Table:
    """Let each column of texts but the record type, which is searched, hold its distinct texts once."""
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type) and field.name != "record_type":
            table = table.set_column(at, field.name, table.column(at).dictionary_encode())
    return table
