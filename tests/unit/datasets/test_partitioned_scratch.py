import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.datasets.partitioned_scratch import PartitionedScratch, by_value

ROWS = st.lists(st.tuples(st.text("abc", min_size=1, max_size=3), st.integers(0, 99)), max_size=60)
SCHEMA = pa.schema([("key", pa.string()), ("value", pa.int64())])


def table(rows):
    return pa.Table.from_pylist([{"key": key, "value": value} for key, value in rows], schema=SCHEMA)


@given(parts=st.lists(ROWS, max_size=4))
def test_what_goes_in_comes_out_grouped_and_in_order(tmp_path_factory, parts):
    """Every row once; equal keys in one group; rows of one key in the order they were appended."""
    folder = tmp_path_factory.mktemp("scratch") / "rows"
    with PartitionedScratch(folder, SCHEMA, "key") as scratch:
        for part in parts:
            scratch.append(table(part))
        groups = [group.to_pylist() for group in scratch.groups()]
    everything = [row for part in parts for row in part]
    for key in {key for key, _ in everything}:
        holding = [group for group in groups if any(row["key"] == key for row in group)]
        assert len(holding) == 1
        assert [row["value"] for row in holding[0] if row["key"] == key] == [
            v for k, v in everything if k == key
        ]
    assert sum(len(group) for group in groups) == len(everything)
    assert list(folder.iterdir()) == []


@given(ROWS)
def test_cutting_by_value_keeps_every_row(rows):
    """One table for each value, in order of value."""
    parts = {value: part["value"].to_pylist() for value, part in by_value(table(rows), "key")}
    assert list(parts) == sorted({key for key, _ in rows})
    assert parts == {key: [v for k, v in rows if k == key] for key in parts}


def test_values_that_are_numbers_are_returned_as_text():
    """Partition names are text."""
    years = pa.table({"year": pa.array([2026, 2025, 2026], pa.int16())})
    assert [(value, len(part)) for value, part in by_value(years, "year")] == [("2025", 1), ("2026", 2)]
