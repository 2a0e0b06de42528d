from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from pyarrow import parquet

from lea_reports.datasets.feed_file import read_feed
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.errors import Invalid

LEA = "99100010000000"


def test_lines_are_those_of_the_file(good_row, write_csv, take_in, objects, rejects):
    """Torn and blank lines count, so that a person finds the line in an editor."""
    path = write_csv("students", [good_row("students", ssid=f"900000000{n}") for n in range(3)])
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(2, "torn,in,half")
    lines.insert(4, "")
    lines.append(lines[-1].replace("9000000002", "bad"))
    path.write_text("\ufeff" + "\r\n".join([*lines, "", ""]), encoding="utf-8")
    assert take_in(objects, "students", path, allow_rejects=True).accepted == 3
    assert [(reason["line"], reason["column"]) for reason in rejects()] == [("3", ""), ("7", "ssid")]


def test_a_torn_last_line_is_not_lost(good_row, write_csv, take_in, objects, rejects):
    """A file that was cut off in the middle of a row is noticed."""
    path = write_csv("students", [good_row("students")])
    path.write_text(path.read_text(encoding="utf-8") + "9000000002,Lee", encoding="utf-8")
    assert take_in(objects, "students", path).published is None
    assert [(reason["line"], reason["rule"]) for reason in rejects()] == [("3", "as many values as columns")]


def test_a_value_that_is_not_utf_8_rejects_its_row_only(good_row, write_csv, take_in, objects, rejects):
    """An export in another encoding spoils some names; the other rows are still checked."""
    rows = [good_row("students"), good_row("students", ssid="9000000002", last_name="PLACE")]
    path = write_csv("students", rows)
    path.write_bytes(path.read_bytes().replace(b"PLACE", b"Nu\xf1ez"))
    assert take_in(objects, "students", path, allow_rejects=True).accepted == 1
    assert [(r["line"], r["column"], r["value"], r["rule"]) for r in rejects()] == [
        ("3", "last_name", "Nu\\xf1ez", "must be text in UTF-8")
    ]


def test_a_spreadsheet_formula_in_a_name_is_kept_as_text(good_row, write_csv, take_in, objects):
    """Names are data; nothing in them is looked at."""
    path = write_csv("students", [good_row("students", last_name='=SUM("a",1)', first_name="{nb}")])
    assert take_in(objects, "students", path).rejected == 0
    datasets = DatasetReader(objects)
    (row,) = datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA).to_pylist()
    assert (row["last_name"], row["first_name"]) == ('=SUM("a",1)', "{nb}")


def test_parquet_with_other_types_is_read_the_same(good_row, take_in, objects, tmp_path):
    """Dictionaries, timestamps, wide integers and floats with whole values are what other tools write."""
    row = {name: value or None for name, value in good_row("scores").items()}
    table = pa.table(
        {
            **{name: pa.array([value]) for name, value in row.items()},
            "tested_lea": pa.array([row["tested_lea"]]).dictionary_encode(),
            "administration_year": pa.array([2026], pa.int64()),
            "scale_score": pa.array([2510.0]),
            "achievement_level": pa.array(["3"]).dictionary_encode(),
            "test_completed_date": pa.array([datetime(2026, 4, 20, tzinfo=UTC)], pa.timestamp("us")),
            "ssr_available_date": pa.array([date(2026, 6, 1)]),
            "ssid": pa.array([row["ssid"]], pa.large_string()),
            "condition_code": pa.nulls(1),
        }
    )
    path = tmp_path / "scores.parquet"
    parquet.write_table(table, path)
    assert take_in(objects, "scores", path).rejected == 0
    datasets = DatasetReader(objects)
    stored = datasets.rows(SCORES, datasets.pinned(), 2026, LEA)
    assert stored.schema == SCORES.schema
    (record,) = stored.to_pylist()
    assert (record["scale_score"], record["achievement_level"]) == (2510, 3)
    assert record["test_completed_date"] == date(2026, 4, 20)
    assert record["condition_code"] is None


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("ssid,last_name", "lacks birth_date"),
        (",".join([*STUDENTS.names, "shoe_size"]), "has the unknown column shoe_size"),
        (",".join([*STUDENTS.names, "ssid"]), "repeats ssid"),
        (";".join(STUDENTS.names), "semicolons between its values"),
        ("\t".join(f'"{name}"' for name in STUDENTS.names), "tabs between its values"),
        (",".join([*STUDENTS.names, ""]), f"a column without a name, at place {len(STUDENTS.names) + 1}"),
        (
            ",".join(STUDENTS.names).replace("ssid", " SSID "),
            r"unknown column “ SSID ” \(did you mean ssid\?\)",
        ),
        (",".join(STUDENTS.names).replace("last_name", "Last Name"), r"did you mean last_name\?"),
        (",".join(STUDENTS.names).replace("school", "scool"), r"scool \(did you mean school\?\)"),
        (",".join([*STUDENTS.names, "x" * 500]), "has the unknown column “xxxxxxxxxx"),
        (",".join(SCORES.names), "it has those of scores"),
        ('"ssid,last_name', "a stray quote"),
        ("\r".join([",".join(STUDENTS.names), "1,2", "3,4"]), "carriage returns only"),
        (",".join(STUDENTS.names) + "\r\r", "end with two carriage returns"),
    ],
)
def test_a_file_with_other_columns_is_refused_as_a_whole(header, words, tmp_path):
    """The message names the columns, so that a person sees what was mistaken."""
    path = tmp_path / "students.csv"
    path.write_text(f"{header}\n", encoding="utf-8")
    with pytest.raises(Invalid, match=words):
        list(read_feed(path, STUDENTS))


def test_a_file_without_names_of_columns_shows_nothing_of_its_first_row(good_row, tmp_path):
    """What stands there instead is a student, and the sentence may end in a log."""
    path = tmp_path / "students.csv"
    path.write_text(",".join(good_row("students").values()) + "\n", encoding="utf-8")
    with pytest.raises(Invalid, match="its first line names no column") as raised:
        list(read_feed(path, STUDENTS))
    assert not any(value in str(raised.value) for value in ("9000000001", "Nguyễn", "2015"))


def test_optional_columns_may_be_absent(take_in, objects, tmp_path, good_row):
    """They are read as blank."""
    required = [column.name for column in STUDENTS.columns if column.required]
    row = good_row("students")
    path = tmp_path / "students.csv"
    text = ",".join(required) + "\n" + ",".join(row[name] for name in required) + "\n"
    path.write_text(text, encoding="utf-8")
    assert take_in(objects, "students", path).rejected == 0
