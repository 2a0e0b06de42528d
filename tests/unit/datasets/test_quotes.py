"""Quotes in CSV are those of RFC 4180; where they are not, one row is left out and counted as one."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.datasets import csv_records
from lea_reports.datasets.csv_records import LINE_BREAK, OPEN_QUOTE, STRAY_QUOTE, VALUES, records
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader

LEA = "99100010000000"


@pytest.fixture
def feed(good_row, write_csv):
    """Return a maker of a feed of six students, one line of which is changed."""

    def make(change, line=3, end="\n", **values):
        path = write_csv("students", [good_row("students", ssid=f"910000000{n}", **values) for n in range(6)])
        lines = path.read_text(encoding="utf-8").splitlines()
        lines[line - 1] = change(lines[line - 1])
        path.write_bytes((end.join(lines) + end).encode())
        return path

    return make


def survivors(objects):
    datasets = DatasetReader(objects)
    return [ssid[-1] for ssid in datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)["ssid"].to_pylist()]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("Ánh", '"Ánh', OPEN_QUOTE),
        ("Ánh", '"Robert \\"Bob\\""', STRAY_QUOTE),
        ("Ánh", 'Robert "Bob"', STRAY_QUOTE),
        ("Ánh", '"Robert" Bob', STRAY_QUOTE),
        ("Ánh", ' "Ánh"', STRAY_QUOTE),
        ("Ánh", '6"', STRAY_QUOTE),
        ("Ánh", '"Ánh,Lê"",', OPEN_QUOTE),
        ("Ánh", '"Ánh\nLê"', LINE_BREAK),
        ("Ánh", '"Ánh\n\nof, the ""Lê""\n"', LINE_BREAK),
        ("Ánh", '"Ánh"\r"', csv_records.RETURN),
        ("Ánh", "Ánh,Lê", VALUES),
        ("Ánh,", "Ánh", VALUES),
        ("Ánh,", "Nu\udcf1ez", VALUES),
    ],
)
def test_a_row_with_a_wrong_quote_is_left_out_alone(old, new, rule, end, feed, take_in, objects, rejects):
    """The five other students survive, and the count of rows left out is true."""
    path = feed(lambda line: line)
    lines = path.read_bytes().decode().split("\n")
    lines[2] = lines[2].replace(old, new.replace("\n", end), 1)
    path.write_bytes(
        "\n".join(lines).replace("\r\n", "\n").replace("\n", end).encode(errors="surrogateescape")
    )
    summary = take_in(objects, "students", path, allow_rejects=True)
    assert (summary.accepted, summary.rejected) == (5, 1)
    assert [(reason["line"], reason["column"], reason["rule"]) for reason in rejects()] == [("3", "", rule)]
    assert survivors(objects) == ["0", "2", "3", "4", "5"]


def test_rows_that_carriage_returns_join_are_counted_each(feed, take_in, objects, rejects):
    """A file of an old Mac behind one of another system: its rows are one line, and more than one row left out."""
    path = feed(str)
    content = path.read_bytes().rstrip(b"\n")
    header, *rows = content.split(b"\n")
    path.write_bytes(b"\n".join([header, *rows[:2], b"\r".join(rows[2:])]) + b"\r")
    summary = take_in(objects, "students", path, allow_rejects=True)
    assert (summary.accepted, summary.rejected) == (2, 4)
    assert summary.reasons == (("", csv_records.RETURN, 4),)
    assert [row["line"] for row in rejects()] == ["4", ""]
    assert rejects()[1]["rule"].endswith("so are 3 more rows, which are not listed")


def test_a_doubled_quote_inside_a_quoted_value_is_one_quote(good_row, write_csv, take_in, objects):
    """So do commas and apostrophes belong to a name."""
    name = 'Ana "Anita", la O\'Neil'
    assert take_in(
        objects, "students", write_csv("students", [good_row("students", first_name=name)])
    ).accepted
    datasets = DatasetReader(objects)
    assert datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)["first_name"].to_pylist() == [name]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_lines_are_those_of_an_editor_after_line_breaks_inside_values(end, feed, take_in, objects, rejects):
    """A value over three lines, a blank line, and a bad row in line 7."""
    path = feed(lambda line: line.replace("Ánh", '"Ánh\nLê\nBa"'), line=2)
    lines = path.read_text(encoding="utf-8").split("\n")
    lines.insert(5, "")
    lines[6] = lines[6].replace(",05,", ",5,")
    path.write_bytes(end.join(lines).encode())
    assert take_in(objects, "students", path, allow_rejects=True).rejected == 2
    assert [(reason["line"], reason["column"]) for reason in rejects()] == [("2", ""), ("7", "grade")]
    assert lines[6].startswith("9100000002")


def test_a_value_broken_over_lines_in_the_first_column_is_one_row(feed, take_in, objects, rejects):
    """Its last line has as many commas as a row."""
    path = feed(lambda line: line.replace("9100000001", '"91000\n00001"'))
    assert take_in(objects, "students", path, allow_rejects=True).rejected == 1
    assert [reason["line"] for reason in rejects()] == ["3"]


def test_two_open_quotes_in_neighbouring_rows_are_two_rows(feed, take_in, objects, rejects):
    """Together they look like one value with a line break; each has the commas of a row."""
    path = feed(lambda line: line.replace("Ánh", '"Ánh'))
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[3] = lines[3].replace(",Ánh", ',"')
    path.write_text("\n".join(lines), encoding="utf-8")
    assert take_in(objects, "students", path, allow_rejects=True).rejected == 2
    assert [reason["line"] for reason in rejects()] == ["3", "4"]
    assert survivors(objects) == ["0", "3", "4", "5"]


@pytest.mark.parametrize("last", ["", "\n"])
def test_an_open_quote_in_the_last_row_is_seen(last, feed, take_in, objects, rejects):
    """No line comes after it that could close it."""
    path = feed(lambda line: line.replace("Ánh", '"Ánh'), line=7)
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + last, encoding="utf-8")
    assert take_in(objects, "students", path, allow_rejects=True).accepted == 5
    assert [(reason["line"], reason["rule"]) for reason in rejects()] == [("7", OPEN_QUOTE)]


def cut(text, columns, block=None, first=2):
    """Return the sound rows with their lines, and the lines that are torn, of CSV without its header."""
    with pytest.MonkeyPatch.context() as patch:
        if block:
            patch.setattr(csv_records, "BLOCK", block)
        parts = list(records(io.BytesIO(text), columns, first))
    rows = [line for part in parts for line in part.text.splitlines(keepends=True)]
    assert sum(len(part.lines) for part in parts) == len(rows)
    return (
        list(zip((line for part in parts for line in part.lines), rows, strict=True)),
        [torn for part in parts for torn in part.torn],
    )


VALUE = st.text(st.sampled_from('ab",\\ é'), max_size=6)
ROW = st.lists(VALUE, min_size=4, max_size=4)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(ROW, max_size=12),
    data=st.data(),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block=st.integers(1, 200),
)
def test_every_untouched_row_survives_stray_quotes_in_others(rows, data, end, quoting, block):
    """Rows in are rows accepted and rows rejected, wherever blocks are cut."""
    sink = io.StringIO(newline="")
    csv.writer(sink, lineterminator=end, quoting=quoting).writerows(rows)
    lines = sink.getvalue().split(end)[:-1]
    touched = data.draw(st.sets(st.integers(0, max(len(lines) - 1, 0)))) if lines else set()
    for number in touched:
        place = data.draw(st.integers(0, len(lines[number])))
        lines[number] = lines[number][:place] + '"' + lines[number][place:]
    text = "".join(line + end for line in lines).encode()
    kept, torn = cut(text, 4, block)
    assert len(kept) + len(torn) == len(rows)
    assert {line for line, _ in kept} >= {number + 2 for number in range(len(rows)) if number not in touched}
    assert all(row.decode() == lines[line - 2] + end for line, row in kept)
    assert all(lines[torn_one.line - 2].encode() in torn_one.text for torn_one in torn)
    assert (kept, torn) == cut(text, 4)


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from('ab",\n\r\\é'), max_size=60), block=st.integers(1, 30))
def test_every_line_comes_out_once_whatever_stands_in_it(text, block):
    """In a row or in a torn record, and the same wherever blocks are cut."""
    content = text.encode()
    kept, torn = cut(content, 2, block)
    assert (kept, torn) == cut(content, 2)
    pieces = dict(kept) | {each.line: each.text + b"\n" for each in torn}
    whole = b"".join(pieces[line] for line in sorted(pieces))
    assert whole.rstrip(b"\n") == content.rstrip(b"\n")


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=10), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
)
def test_what_another_program_writes_by_the_rules_is_sound(rows, quoting):
    """Python's writer quotes as RFC 4180 says."""
    sink = io.StringIO(newline="")
    csv.writer(sink, quoting=quoting).writerows(rows)
    kept, torn = cut(sink.getvalue().encode(), 4)
    assert torn == []
    assert list(csv.reader(row.decode() for _, row in kept)) == rows


def test_a_whole_feed_of_open_quotes_takes_time_in_proportion():
    """Looking ahead is bounded, so that nobody waits for garbage."""
    text = b'a,"b\n' * 50_000
    kept, torn = cut(text, 4)
    assert (len(kept), len(torn)) == (0, 50_000)
