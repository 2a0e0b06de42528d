"""The list of rows left out: for people, and small whatever comes."""

import os
import stat

import pyarrow as pa
import pytest
from pyarrow import parquet

from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reject_log import RejectLog
from lea_reports.datasets.validation import MOST_LISTED, Reject
from lea_reports.errors import Invalid


def raw(tmp_path):
    """Return the bytes of the file."""
    return (tmp_path / "rejects.csv").read_bytes()


def test_a_spreadsheet_shows_every_value_as_it_is(good_row, write_csv, take_in, objects, tmp_path):
    """Names in their scripts, no formula, no code without its zeros, no long number rounded."""
    values = ["Ñandú", "=1+1", "@SUM(A1)", "035579", "1234567890123456", "-5"]
    rows = [good_row("students", ssid=f"900000000{n}", gender=value) for n, value in enumerate(values)]
    take_in(objects, "students", write_csv("students", rows))
    content = raw(tmp_path)
    assert content.startswith(b"\xef\xbb\xbfline,column,value,rule,file\r\n")
    shown = [line.split(",")[2] for line in content.decode("utf-8-sig").splitlines()[1:]]
    assert shown == ["Ñandú", "'=1+1", "'@SUM(A1)", "'035579", "'1234567890123456", "'-5"]


def test_only_its_owner_may_read_the_file(good_row, write_csv, take_in, objects, tmp_path):
    """It holds students' data, also where a file of the same name was readable for everybody."""
    path = tmp_path / "rejects.csv"
    path.touch(0o666)
    take_in(objects, "students", write_csv("students", [good_row("students", ssid="x")]))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_rejects_without_end_stay_a_small_file(take_in, objects, tmp_path):
    """A Parquet file of a few kilobytes holds a hundred thousand rows that are bad in every column."""
    count = 2 * 50_000
    bad = pa.array(["\t" * 150], pa.string()).take(pa.array([0] * count, pa.int8()))
    path = tmp_path / "students.parquet"
    parquet.write_table(pa.table(dict.fromkeys(STUDENTS.names, bad)), path, compression="zstd")
    assert path.stat().st_size < 100_000
    summary = take_in(objects, "students", path, allow_rejects=False)
    assert (summary.accepted, summary.rejected) == (0, count)
    assert all(rows == count for _, _, rows in summary.reasons)
    lines = raw(tmp_path).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + len(summary.reasons) * (MOST_LISTED + 1)
    assert lines[-1].endswith(f'so are {count - MOST_LISTED:,} more rows, which are not listed",')


def test_one_row_a_hundred_thousand_times_is_one_row_and_a_count(
    good_row, write_csv, take_in, objects, tmp_path
):
    """A small file can hold it; the later ones neither wait on disk nor fill the list."""
    row = good_row("students")
    count = 2 * 50_000
    path = tmp_path / "students.parquet"
    column = pa.array([0] * count, pa.int8())
    table = pa.table({name: pa.array([value], pa.string()).take(column) for name, value in row.items()})
    parquet.write_table(table, path)
    summary = take_in(objects, "students", path, allow_rejects=True)
    assert (summary.accepted, summary.rejected) == (1, count - 1)
    assert summary.reasons == (("ssid", "this SSID was given before", count - 1),)
    assert len(raw(tmp_path).splitlines()) == 1 + MOST_LISTED + 1


@pytest.mark.parametrize("place", ["nowhere/rejects.csv", "a-folder"])
def test_a_place_where_the_list_cannot_be_written_is_said_before_a_row_is_read(
    place, good_row, write_csv, take_in, objects, tmp_path
):
    """One sentence, also where there is a folder of that name."""
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(Invalid, match="cannot be written to"), RejectLog(tmp_path / place):
        pass


def test_the_list_never_overwrites_the_feed(good_row, write_csv, take_in, objects, tmp_path):
    """`--rejects students.csv` beside `students.csv` would empty it."""
    path = tmp_path / "rejects.csv"
    write_csv("students", [good_row("students")]).rename(path)
    before = path.read_bytes()
    with pytest.raises(Invalid, match="is a feed"):
        take_in(objects, "students", path)
    assert path.read_bytes() == before


def test_the_cap_counts_over_all_files(tmp_path):
    """What is listed of one file is not listed again of the next."""
    rejects = [Reject(line, "ssid", "x", "10 digits") for line in range(700)]
    with RejectLog(tmp_path / "rejects.csv") as log:
        for name in ("one.csv", "two.csv"):
            log.add(tmp_path / name, rejects, {("ssid", "10 digits"): 700}, 700)
    assert (log.rows, log.counts["ssid", "10 digits"]) == (1400, 1400)
    lines = raw(tmp_path).decode("utf-8-sig").splitlines()
    assert sum(line.endswith("two.csv") for line in lines) == 300
    assert lines[-1] == ',ssid,,"10 digits: so are 400 more rows, which are not listed",'


def test_a_file_whose_name_is_no_text_is_named_all_the_same(good_row, write_csv, take_in, objects, rejects):
    """A name of an older system, in Latin-1: its bytes are spelled out in the list."""
    path = write_csv("students", [good_row("students", grade="3")])
    path = path.rename(path.with_name(os.fsdecode(b"roster_ni\xf1os.csv")))
    take_in(objects, "students", path)
    assert [row["file"] for row in rejects()] == [r"roster_ni\xf1os.csv"]


def test_files_of_one_name_are_told_apart_by_their_paths(
    good_row, write_csv, take_in, objects, rejects, tmp_path
):
    """Two folders of one export: the row is looked for in the right one."""
    rows = [good_row("students"), good_row("students", ssid="9000000002")]
    paths = [tmp_path / folder / "students.csv" for folder in ("north", "south")]
    for path in paths:
        path.parent.mkdir()
        write_csv("students", rows[:1]).rename(path)
    take_in(objects, "students", *paths)
    (reject,) = rejects()
    assert (reject["file"], reject["rule"]) == (str(paths[1]), "this SSID was given before")
