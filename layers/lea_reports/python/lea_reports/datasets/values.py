"""Reading the values of one column, whatever type and spelling they came in."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.column_types import is_text
from lea_reports.datasets.columns import PRINTABLE, Column, ColumnType
from lea_reports.datasets.texts import normalized

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE_NUMBER = re.compile(r"(-?[0-9]{1,9})(?:\.0+)?")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})")
_NOT_A_NUMBER = "nan"
_RANGES = {ColumnType.INT8: (-128, 127), ColumnType.INT16: (-32768, 32767)}
_DAY = timedelta(days=1)
_PER_SECOND = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
_SURROGATES = r"\xed[\xa0-\xbf]"  # as UTF-8 would write them if it could
_PLACEHOLDERS = pa.array(
    [
        spelling.encode()
        for word in ("nan", "none", "null", "na", "n/a", "#n/a", "<na>", "nat", "nil", "undefined", r"\n")
        for spelling in dict.fromkeys((word, word.upper(), word.title(), "NaN", "NaT"))
    ],
    pa.binary(),
).unique()
"""What programs write that should have left a value blank; some are also names, so they are allowed."""


class _Unreadable:
    """Stands for a value that cannot be read."""


_UNREADABLE = _Unreadable()


@dataclass(frozen=True, slots=True)
class Reading:
    """A column as it was read: typed values, and masks of the rows at fault with the rule they break.

    Values that could not be read are null. `placeholders` counts values like `nan`, where they matter.
    """

    values: pa.Array
    faults: tuple[tuple[pa.Array, str], ...]
    placeholders: int


def read_column(column: Column, raw: pa.Array) -> Reading:
    """Type one column."""
    if raw.null_count == len(raw):
        values, unreadable = pa.nulls(len(raw), column.type.arrow), None
    else:
        if is_text(raw.type):
            # Bytes are looked at, whatever type they bear: nobody has checked yet that they are UTF-8.
            raw = raw.cast(pa.binary())
        values, unreadable = _texts(raw) if column.type is ColumnType.TEXT else _distinct(column, raw)
    forms: list[tuple[pa.Array, str]] = []
    if unreadable is not None:
        forms += _forms(column, raw, unreadable)
    if values.null_count < len(values):
        forms += _text_faults(column, values)
    faults = [(mask, f"must be {form}") for mask, form in forms]
    if column.required and values.null_count:
        blank = pc.is_null(values)
        faults.append((blank if unreadable is None else pc.and_not(blank, unreadable), "a value is required"))
    faults = [(mask, rule) for mask, rule in faults if pc.any(mask).as_py()]
    return Reading(values, tuple(faults), _placeholders(column, raw, values, is_faulty=bool(faults)))


def _texts(raw: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Return texts, null where there is none, and which cannot be read if any cannot."""
    if pc.min(pc.binary_length(raw)).as_py() == 0:
        raw = pc.if_else(pc.equal(pc.binary_length(raw), 0), pa.scalar(None, pa.binary()), raw)
    # The kernel looks at bytes only, so that it may be told that they are characters.
    is_plain = pc.string_is_ascii(raw.view(pa.string()))
    if pc.all(is_plain, min_count=0).as_py():
        return raw.view(pa.string()), None
    special = pc.invert(pc.fill_null(is_plain, True))
    encoded = raw.filter(special).dictionary_encode()
    read = [_text(value) for value in encoded.dictionary.to_pylist()]
    texts = pa.array([text or None for text in read], pa.string()).take(encoded.indices)
    plain = pc.if_else(special, pa.scalar(None, pa.binary()), raw).view(pa.string())
    values = pc.replace_with_mask(plain, special, texts)
    if None not in read:
        return values, None
    unreadable = pa.array([text is None for text in read], pa.bool_()).take(encoded.indices)
    return values, pc.replace_with_mask(pa.repeat(False, len(raw)), special, unreadable)


def _text(value: bytes) -> str | None:
    try:
        return normalized(value.decode())
    except UnicodeDecodeError:
        return None


def _distinct(column: Column, raw: pa.Array) -> tuple[pa.Array, pa.Array | None]:
    """Read dates and whole numbers: few different values, so each is read once."""
    if pa.types.is_decimal(raw.type):
        raw = raw.cast(pa.decimal256(76, raw.type.scale))  # Arrow cannot tell narrow ones apart
    encoded = raw.dictionary_encode()
    read = list(
        _dates(encoded.dictionary) if column.type is ColumnType.DATE else _numbers(encoded.dictionary)
    )
    if column.type is not ColumnType.DATE:
        lowest, highest = _range(column)
        read = [_UNREADABLE if isinstance(v, int) and not lowest <= v <= highest else v for v in read]
    values = [None if value is _UNREADABLE else value for value in read]
    typed = pa.array(values, column.type.arrow).take(encoded.indices)
    if _UNREADABLE not in read:
        return typed, None
    unreadable = pa.array([value is _UNREADABLE for value in read], pa.bool_()).take(encoded.indices)
    return typed, pc.fill_null(unreadable, False)


def _dates(values: pa.Array) -> Iterator[date | _Unreadable | None]:
    if is_text(values.type):
        for value in values.to_pylist():
            text = _text(value)
            yield None if text == "" else _written_date(text)
        return
    if pa.types.is_timestamp(values.type):
        zone, unit = _zone(values.type.tz), values.type.unit
    else:
        zone, unit = UTC, "ms"
    if pa.types.is_date32(values.type):
        moments = [days * 86_400_000 for days in values.cast(pa.int32()).to_pylist()]
    else:
        moments = values.cast(pa.int64()).to_pylist()
    for moment in moments:
        yield _day_that_begins(moment, _PER_SECOND[unit], zone)


def _written_date(text: str | None) -> date | _Unreadable:
    if text is None or not _DATE.fullmatch(text):
        return _UNREADABLE
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _UNREADABLE


def _day_that_begins(moment: int, per_second: int, zone: tzinfo | None) -> date | _Unreadable:
    """Return the day that begins at a moment in its own zone; another moment of a day is no date."""
    seconds, rest = divmod(moment, per_second)
    if rest or zone is None:
        return _UNREADABLE
    try:
        there = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
    except OverflowError:
        return _UNREADABLE
    return there.date() if there.time() == time() else _UNREADABLE


def _zone(name: str | None) -> tzinfo | None:
    """Return a zone by the name that Arrow gives it; None if there is none of that name."""
    if not name:
        return UTC
    offset = _OFFSET.fullmatch(name)
    try:
        if offset:
            size = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            return timezone(-size if offset[1] == "-" else size)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _numbers(values: pa.Array) -> Iterator[int | _Unreadable | None]:
    for value in values.to_pylist():
        if isinstance(value, bytes):
            text = _text(value)
            yield None if text == "" or (text or "").lower() == _NOT_A_NUMBER else _written_number(text)
        elif isinstance(value, float) and math.isnan(value):
            yield None
        elif isinstance(value, float | Decimal):
            yield int(value) if math.isfinite(value) and value == int(value) else _UNREADABLE
        else:
            yield value


def _written_number(text: str | None) -> int | _Unreadable:
    match = _WHOLE_NUMBER.fullmatch(text or "")
    return int(match[1]) if match else _UNREADABLE


def _range(column: Column) -> tuple[int, int]:
    lowest, highest = _RANGES.get(column.type, (0, 0))
    return (
        lowest if column.lowest is None else column.lowest,
        highest if column.highest is None else column.highest,
    )


def _forms(column: Column, raw: pa.Array, unreadable: pa.Array) -> Iterator[tuple[pa.Array, str]]:
    """Say in which form the values that cannot be read are wanted."""
    if column.type is ColumnType.TEXT:
        halved = pc.and_(unreadable, pc.fill_null(pc.match_substring_regex(raw, _SURROGATES), False))
        yield halved, "text without halves of characters (surrogates, U+D800 to U+DFFF)"
        yield pc.and_not(unreadable, halved), "text in UTF-8"
    elif column.type is not ColumnType.DATE:
        lowest, highest = _range(column)
        yield unreadable, f"a whole number from {lowest} to {highest}"
    elif is_text(raw.type):
        yield unreadable, "a date that exists, written YYYY-MM-DD"
    else:
        yield unreadable, _moment_wanted(raw.type)


def _moment_wanted(data_type: pa.DataType) -> str:
    zone = pa.types.is_timestamp(data_type) and data_type.tz
    if not zone:
        return "a date, or its midnight, and not another time of the day"
    if _zone(zone) is None:
        return f"a date; {zone}, the time zone of the column, is not a known one"
    return f"a date, or its midnight in {zone}, the time zone of the column"


def _text_faults(column: Column, values: pa.Array) -> Iterator[tuple[pa.Array, str]]:
    if column.allowed is not None:
        allowed = pc.is_in(values, value_set=pa.array(column.allowed, pa.string()))
        yield pc.and_(pc.is_valid(values), pc.invert(allowed)), f"one of {', '.join(column.allowed)}"
    if column.longest is not None:
        yield pc.greater(pc.utf8_length(values), column.longest), f"at most {column.longest} characters long"
    if column.pattern is not None:
        matched = pc.match_substring_regex(values, f"^(?:{column.pattern.expression})$")
        yield pc.invert(matched), column.pattern.words
        is_plain = pc.all(pc.string_is_ascii(values), min_count=0).as_py()
        for characters in () if is_plain else column.pattern.without:
            yield pc.match_substring_regex(values, characters.expression), characters.words


def _placeholders(column: Column, raw: pa.Array, values: pa.Array, *, is_faulty: bool) -> int:
    """Count values like `nan` where they were taken as they are or as blank, or are why rows are left out."""
    was_blanked = values.null_count > raw.null_count
    if not is_text(raw.type) or not (column.pattern is PRINTABLE or was_blanked or is_faulty):
        return 0
    return pc.sum(pc.is_in(raw, value_set=_PLACEHOLDERS)).as_py() or 0
