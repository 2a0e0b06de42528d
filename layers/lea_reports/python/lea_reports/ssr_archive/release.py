"""What an SSR may tell of a score record, and from which day on.

Each record is judged alone, by its SSR Eligible (Y met the minimum, N no SSR, blank not tested) and its SSR
availability date. Source: docs/domain.md#ssr-eligibility and docs/domain.md#ssr-availability-date.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import condition_codes
from lea_reports.datasets.columns import HISTORY_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Row = Mapping[str, Any]
"""A row of a dataset, by column name."""

_ELIGIBLE, _NOT_ELIGIBLE, _INVALIDATED = "Y", "N", "I"
_MEASURED = ("scale_score", "standard_error", "achievement_level")
_REASON = ("condition_code", "ssr_eligible")
_REASON_THIS_YEAR = (*_REASON, "score_status")
_COLUMNS_OF_PLACE = ("administration_year", "record_type", "grade_assessed", *_REASON_THIS_YEAR)


def has_come(record: Row, day: date) -> bool:
    """Tell whether a record is there on a day; before its SSR availability date it is as if it did not exist.

    An eligible record without a date waits for one. Of one that is not eligible nothing but a reason is ever told.
    """
    available: date | None = record["ssr_available_date"]
    return not is_printed(record) if available is None else available <= day


def is_printed(record: Row) -> bool:
    """Tell whether the results of a record that has come may be printed."""
    return bool(record["ssr_eligible"] == _ELIGIBLE)


def places(records: pa.Table, grades: Sequence[str]) -> pa.Table:
    """Return what an SSR says in the places of records that may not be printed: at most why there is no result.

    Where no code tells why, nothing is left but the test. `grades` are those in which the SSRs show the tests.
    """
    told = pc.or_(_tells_why(records), _is(records["score_status"], _INVALIDATED))
    found = _kept_where(told, records.select(_COLUMNS_OF_PLACE), _REASON_THIS_YEAR)
    grade = found.column_names.index("grade_assessed")
    return found.set_column(grade, found.field(grade), pa.array(grades, pa.string()))


def with_printed_years(records: pa.Table) -> pa.Table:
    """Return records without those earlier results that may not be printed; why a year has none stays."""
    for years in HISTORY_YEARS:
        suffix = f"_minus_{years}"
        eligible = _is(records[f"ssr_eligible{suffix}"], _ELIGIBLE)
        told = pc.or_(eligible, _tells_why(records, suffix))
        records = _kept_where(eligible, records, (f"{name}{suffix}" for name in _MEASURED))
        records = _kept_where(told, records, (f"{name}{suffix}" for name in (*_REASON, "grade_assessed")))
    return records


def _tells_why(records: pa.Table, suffix: str = "") -> pa.ChunkedArray:
    """Tell which records of this year, or of an earlier one, give a reason for having no result."""
    excluded = [code for code, condition in condition_codes().items() if not condition.scored]
    coded = pc.is_in(records[f"condition_code{suffix}"], pa.array(excluded))
    not_finished = _is(records[f"ssr_eligible{suffix}"], _NOT_ELIGIBLE)
    return pc.or_(coded, pc.and_(not_finished, pc.is_null(records[f"scale_score{suffix}"])))


def _is(column: pa.ChunkedArray, value: str) -> pa.ChunkedArray:
    return pc.fill_null(pc.equal(column, value), False)


def _kept_where(kept: pa.ChunkedArray, records: pa.Table, names: Iterable[str]) -> pa.Table:
    """Return records with some of their columns null wherever nothing is kept."""
    for name in names:
        at, column = records.column_names.index(name), records[name]
        records = records.set_column(
            at, records.field(at), pc.if_else(kept, column, pa.scalar(None, column.type))
        )
    return records
