"""Garbage as a feed: every file ends in a sentence or in rows that are all accounted for."""

import gzip
import io
import tempfile
import zipfile
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.ingest import IngestDependencies, IngestOrder, ingest
from lea_reports.errors import Conflict, Invalid
from lea_reports.storage.objects import MemoryObjects
from tests.fuzz.effort import examples

_MOST_BYTES = 2 << 30  # that Arrow ever held

_ROWS = {
    "organizations": "99100010000000,district,99100010000000,Sample Valley Unified,Sample",
    "students": '9100000000,"Nguyễn","Ánh ""A""",2017-03-01,03,99100010000000,99100016000001',
    "scores": "2026,01,9100000000,03,99100010000000,99100016000001,2026-04-20,V,Y,Y,2026-06-15,2440,20,2420,2460,3,"
    "5500000000000001",
}
_NAMES = {
    "organizations": "cds_code,kind,lea,name,county_name",
    "students": "ssid,last_name,first_name,birth_date,grade,lea,school",
    "scores": "administration_year,record_type,ssid,grade_assessed,tested_lea,tested_school,test_completed_date,"
    "score_status,include_indicator,ssr_eligible,ssr_available_date,scale_score,standard_error,error_band_min,"
    "error_band_max,achievement_level,uin",
}
_CSV = {
    name: "\n".join(
        [_NAMES[name], *(_ROWS[name].replace("9100000000", f"910000000{n}") for n in range(6)), ""]
    ).encode()
    for name in FEEDS
}


def _as_parquet(name):
    header, *rows = [line.replace('"', "").split(",") for line in _CSV[name].decode().splitlines()]
    sink = io.BytesIO()
    parquet.write_table(pa.table([list(column) for column in zip(*rows, strict=True)], header), sink)
    return sink.getvalue()


_PARQUET = {name: _as_parquet(name) for name in FEEDS}


def _zipped(content):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed", content)
    return sink.getvalue()


_BYTES = rb"""" , ; \ nan NULL =1+1 2026-02-30 9999999999""".split()
_ENDS = (b"\n", b"\r", b"\r\n", b"\0", b"\t", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf")
_LETTERS = tuple(text.encode() for text in ("\ufffd", "\ufe0f", "e\u0301", "\u3000", "\x85", "\ufdd0"))
_PIECES = st.sampled_from((*_BYTES, *_ENDS, *_LETTERS, b"9" * 400)) | st.binary(max_size=8)


@st.composite
def mutated(draw, content, pieces=_PIECES):
    """Return bytes with some places cut out, doubled or replaced."""
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(content)))
        end = min(len(content), place + draw(st.integers(0, 40)))
        content = content[:place] + draw(pieces) * draw(st.integers(1, 3)) + content[end:]
    return content


def flipped(content):
    """Return bytes with a few bits changed, which keeps the places of all others."""
    return st.lists(
        st.tuples(st.integers(0, len(content) - 1), st.integers(1, 255)), min_size=1, max_size=4
    ).map(lambda changes: _changed(content, changes))


def _changed(content, changes):
    changed = bytearray(content)
    for place, bits in changes:
        changed[place] ^= bits
    return bytes(changed)


def take_in(name, content):
    """Ingest bytes as a feed; return the summary, or None if they were refused with a sentence."""
    numbers = count(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed"
        path.write_bytes(content)
        order = IngestOrder(
            FEEDS[name], (path,), AdministrationYear(2026), Path(folder) / "rejects.csv", True
        )
        around = IngestDependencies(
            MemoryObjects(), lambda: datetime(2026, 7, 11, tzinfo=UTC), lambda: f"{next(numbers):026d}"
        )
        summary, sentence = None, "It was taken."
        try:
            summary = ingest(order, around)
        except (Invalid, Conflict) as refusal:
            sentence = refusal.detail
    assert "\n" not in sentence
    assert len(sentence) < 2000
    assert pa.default_memory_pool().max_memory() < _MOST_BYTES
    return summary


fuzzed = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
feeds = pytest.mark.parametrize("name", FEEDS)


@feeds
@fuzzed
@given(content=st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_random_bytes_are_refused(name, content):
    """No feed is made by chance."""
    assert take_in(name, content) is None


@feeds
@fuzzed
@given(data=st.data())
def test_a_mutated_csv_is_refused_or_all_its_rows_are_accounted_for(name, data):
    """A row is accepted, or it is left out and counted; no more rows come out than lines went in, however they end."""
    content = data.draw(mutated(_CSV[name]))
    summary = take_in(name, content)
    if summary is not None:
        assert 1 <= summary.accepted + summary.rejected <= content.count(b"\n") + content.count(b"\r")


@feeds
@fuzzed
@given(data=st.data())
def test_rows_with_mutations_inside_are_accepted_or_counted_one_by_one(name, data):
    """Whatever is put into a line that does not break it: rows in are rows accepted and rejected."""
    head, *rows = _CSV[name].splitlines()
    for number in data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1)):
        piece = data.draw(_PIECES.filter(lambda each: b"\n" not in each))
        place = data.draw(st.integers(0, len(rows[number])))
        rows[number] = rows[number][:place] + piece + rows[number][place:]
    summary = take_in(name, b"\n".join([head, *rows, b""]))
    if summary is not None:
        assert summary.accepted + summary.rejected == len(rows)


@feeds
@fuzzed
@given(data=st.data())
def test_a_parquet_file_with_changed_bytes_is_refused_or_accounted_for(name, data):
    """Also where its own list of contents is what changed."""
    content = data.draw(flipped(_PARQUET[name]) | mutated(_PARQUET[name], st.binary(max_size=8)))
    summary = take_in(name, content)
    if summary is not None:
        assert summary.accepted + summary.rejected <= 6


_STRANGE = st.sampled_from(
    (
        pa.null(), pa.bool_(), pa.int8(), pa.uint64(), pa.float16(), pa.float64(), pa.string(), pa.large_string(),
        pa.binary(), pa.string_view(), pa.date32(), pa.date64(), pa.time64("ns"), pa.duration("us"),
        pa.timestamp("ns"), pa.timestamp("us", "America/Los_Angeles"), pa.timestamp("s", "+07:00"),
        pa.decimal128(38, 2), pa.decimal256(60, 0), pa.list_(pa.int64()), pa.struct([("a", pa.string())]),
        pa.map_(pa.string(), pa.int64()), pa.dictionary(pa.int32(), pa.string()), pa.list_(pa.string(), 2),
    )
)  # fmt: skip
_VALUES = (
    None, True, 0, 5, 2440, -1, 2**40, 2.5, float("nan"), float("inf"), "2440", "", "x", "2026-06-15", b"\xff",
    date(2026, 6, 15), datetime(2026, 6, 15, 7, tzinfo=UTC), [1], ["a", "b"], {"a": "b"}, [("a", 1)],
)  # fmt: skip


@st.composite
def columns(draw, rows):
    """Return a column of any type that may stand in a Parquet file."""
    data_type = draw(_STRANGE)
    values = []
    for value in draw(st.lists(st.sampled_from(_VALUES), min_size=rows, max_size=rows)):
        try:
            pa.array([value], data_type)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            values.append(None)
        else:
            values.append(value)
    try:
        return pa.array(values, data_type)
    except (pa.ArrowException, TypeError, ValueError):
        return pa.nulls(rows, data_type)  # values that do not go together


@feeds
@fuzzed
@given(data=st.data())
def test_columns_of_any_type_are_read_or_refused(name, data):
    """A type that cannot be read is told; of others every row is accounted for."""
    table = parquet.read_table(io.BytesIO(_PARQUET[name]))
    for column in data.draw(st.sets(st.sampled_from(table.column_names), max_size=4)):
        position = table.column_names.index(column)
        table = table.set_column(position, column, data.draw(columns(len(table))))
    sink = io.BytesIO()
    try:
        parquet.write_table(table, sink)
    except pa.ArrowException:
        return  # no such file can be
    summary = take_in(name, sink.getvalue())
    if summary is not None:
        assert summary.accepted + summary.rejected == len(table)


@feeds
@fuzzed
@given(data=st.data())
def test_a_packed_file_with_changed_bytes_is_refused_or_accounted_for(name, data):
    """Whichever way it is packed."""
    pack = data.draw(st.sampled_from((gzip.compress, _zipped)))
    packed = pack(data.draw(st.sampled_from((_CSV[name], _PARQUET[name]))))
    summary = take_in(name, data.draw(flipped(packed) | mutated(packed, st.binary(max_size=8))))
    if summary is not None:
        assert summary.accepted + summary.rejected <= 10
