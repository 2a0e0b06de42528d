"""What is no feed is told in one sentence; what holds one packed is read."""

import gzip
import hashlib
import io
import json
import tempfile
import zipfile

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from lea_reports.datasets import unpacking
from lea_reports.datasets.csv_records import LONGEST_LINE
from lea_reports.datasets.feed_file import read_feed
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.errors import Invalid

_JARGON = ("arrow", "thrift", "magic", "parquet magic", "traceback", "codec", "errno", "deserialize", "0x")


def zipped(**members):
    """Return a zip file; `__` in a name stands for a slash, `_` before the last part for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


def as_parquet(table):
    sink = io.BytesIO()
    parquet.write_table(table, sink)
    return sink.getvalue()


def as_feather(table):
    sink = io.BytesIO()
    feather.write_feather(table, sink)
    return sink.getvalue()


HEADER = ",".join(STUDENTS.names)
TABLE = pa.table({name: ["1"] * 3 for name in STUDENTS.names})
NOISE = hashlib.shake_256(b"seed").digest(2 << 20)

OTHERS = {
    "nothing": (b"", "is empty"),
    "random bytes": (NOISE[:5000], "a binary file"),
    "few bytes": (b"\x00\x01\x02", "a binary file"),
    "a binary with zeros": (HEADER.encode() + b"\n" + b"abc\0" * 50, "a binary file"),
    "UTF-16 with a mark": (HEADER.encode("utf-16"), "text in UTF-16"),
    "UTF-16 without a mark": (HEADER.encode("utf-16-le"), "text in UTF-16"),
    "UTF-16, big end first": (HEADER.encode("utf-16-be"), "text in UTF-16"),
    "UTF-32": (HEADER.encode("utf-32"), "text in UTF-32"),
    "a web page": (b"\n <!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
    "XML": (b'<?xml version="1.0"?><a/>', "an XML"),
    "JSON": (json.dumps([{"ssid": "9"}]).encode(), "a JSON file"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3", "a PDF file"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"an Excel workbook \(.xls\)"),
    "xlsx": (zipped(xl__workbook_xml="<workbook/>"), r"an Excel workbook \(.xlsx\)"),
    "Word": (zipped(word__document_xml="<w/>"), "a Word document"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c" + bytes(30), "a 7-Zip file"),
    "LZ4": (b"\x04\x22\x4d\x18" + b"ssid,last_name" * 30, "an LZ4 file"),
    "zstd": (b"\x28\xb5\x2f\xfd" + bytes(30), "a zstd file"),
    "Feather": (as_feather(TABLE), "an Arrow or Feather file"),
    "two files in a zip": (zipped(a="x", b="y"), "zip file with 2 files in it"),
    "an empty zip": (zipped(), "an empty zip file"),
    "half a zip": (zipped(a=HEADER)[:40], "zip file that cannot be unpacked"),
    "half a gzip": (gzip.compress(HEADER.encode() * 50)[:40], "gzip file that cannot be unpacked"),
    "a zip in a gzip": (gzip.compress(zipped(a=HEADER)), "a file that is packed itself"),
    "a page in a gzip": (gzip.compress(b"<html>"), "a web page"),
    "half a Parquet file": (as_parquet(TABLE)[:-30], "begins as a Parquet file and cannot be read"),
    "no Parquet file": (b"PAR1 but not really", "begins as a Parquet file and cannot be read"),
    "an encrypted Parquet file": (b"PARE" + bytes(30), "an encrypted Parquet file"),
    "another Parquet file": (as_parquet(pa.table({"a": [1]})), "does not have the columns of students"),
    "a line without end": (b"x" * (LONGEST_LINE + 2), "has no end within"),
    "plain words": (b"Dear Ana,\n\nhere is the file.\n", "its first line names no column"),
}


@pytest.mark.parametrize(("content", "words"), OTHERS.values(), ids=OTHERS)
def test_what_is_no_feed_is_told_in_one_sentence(content, words, tmp_path):
    """It says what the file seems to be and what is wanted, in no parser's words."""
    path = tmp_path / "students.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=words) as raised:
        list(read_feed(path, STUDENTS))
    sentence = str(raised.value)
    assert sentence.startswith(("students.csv ", "The first line of students.csv "))
    assert "\n" not in sentence
    assert len(sentence) < 600
    assert not [word for word in _JARGON if word in sentence.lower().replace("an arrow or feather", "")]


def test_a_line_without_end_in_the_middle_is_named(tmp_path, monkeypatch):
    """Nothing reads on and on for the end of a line."""
    monkeypatch.setattr("lea_reports.datasets.csv_records.BLOCK", 1000)
    path = tmp_path / "students.csv"
    path.write_bytes(HEADER.encode() + b"\n\n" + b"x" * (LONGEST_LINE + 2000))
    with pytest.raises(Invalid, match=r"Line 3 of students\.csv has more than"):
        list(read_feed(path, STUDENTS))


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("packed", ["gzip", "zip", "zip by a Mac"])
def test_one_feed_in_a_gzip_or_zip_is_read(form, packed, good_row, write_csv, take_in, objects, tmp_path):
    """As if it had come unpacked."""
    rows = [good_row("students"), good_row("students", ssid="9000000002")]
    as_csv = write_csv("students", rows).read_bytes()
    content = as_csv if form == "csv" else as_parquet(pa.Table.from_pylist(rows))
    members = {f"students_{form}": content}
    if packed == "zip by a Mac":
        members |= {"__MACOSX__._students": b"\0\5\x16\7", "feeds__": b""}
    path = tmp_path / f"students.{form}.packed"
    path.write_bytes(gzip.compress(content) if packed == "gzip" else zipped(**members))
    assert take_in(objects, "students", path).accepted == 2


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda content: zipped(students=content)], ids=["gzip", "zip"]
)
def test_a_bomb_is_refused_before_it_fills_the_disk(pack, tmp_path, monkeypatch):
    """What unpacks to hundreds of times its size is no feed; nothing of it stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written = []
    path = tmp_path / "students.csv.gz"
    path.write_bytes(pack(HEADER.encode() + b"\n" + bytes(70 << 20)))
    with pytest.raises(Invalid, match="would unpack to more than 64 MiB"):
        written += read_feed(path, STUDENTS)
    assert written == []
    assert [each.name for each in tmp_path.iterdir()] == ["students.csv.gz"]


def test_no_packed_file_may_become_larger_than_the_scores_of_a_state(tmp_path, monkeypatch):
    """The limit holds whatever the ratio."""
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1 << 20)
    path = tmp_path / "students.csv.gz"
    path.write_bytes(gzip.compress(NOISE))
    with pytest.raises(Invalid, match="more than 1 MiB"):
        list(read_feed(path, STUDENTS))


def test_a_zip_with_a_password_says_so(tmp_path):
    """Nobody can type one here."""
    content = bytearray(zipped(students=HEADER))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    path = tmp_path / "students.zip"
    path.write_bytes(content)
    with pytest.raises(Invalid, match="with a password"):
        list(read_feed(path, STUDENTS))


def test_a_parquet_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    """Its own list of contents tells how much it holds."""
    monkeypatch.setattr("lea_reports.datasets.feed_file.MOST_UNPACKED", 100)
    path = tmp_path / "students.parquet"
    path.write_bytes(as_parquet(TABLE))
    with pytest.raises(Invalid, match="which no feed does"):
        list(read_feed(path, STUDENTS))


def test_a_huge_value_that_parquet_repeats_for_every_row_is_held_once(
    good_row, take_in, objects, rejects, tmp_path
):
    """A file of some kilobytes must not become gigabytes; the rows are rejects as they are in CSV."""
    count = 20_000
    columns = {name: pa.repeat(value, count) for name, value in good_row("students").items()}
    columns["first_name"] = pa.repeat("A" * 1_000_000, 1).dictionary_encode().take(pa.repeat(0, count))
    path = tmp_path / "students.parquet"
    parquet.write_table(pa.table(columns), path, dictionary_pagesize_limit=4 << 20)
    assert path.stat().st_size < 300_000
    before = pa.total_allocated_bytes()
    batches = list(read_feed(path, STUDENTS))
    assert pa.total_allocated_bytes() - before < 150 << 20
    del batches
    assert take_in(objects, "students", path).rejected == count
    assert rejects()[0]["rule"] == "must be at most 30 characters long"


def test_a_mark_of_utf_8_before_the_names_is_not_a_part_of_them(good_row, write_csv, take_in, objects):
    """Spreadsheets write it."""
    path = write_csv("students", [good_row("students")])
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert take_in(objects, "students", path).accepted == 1


def test_one_zero_byte_costs_its_row_only(good_row, write_csv, take_in, objects, rejects):
    """It is a control character in a name, near the beginning of the file as near its end."""
    path = write_csv("students", [good_row("students"), good_row("students", ssid="9000000002")])
    path.write_bytes(path.read_bytes().replace("Ánh".encode(), b"A\0nh", 1))
    assert take_in(objects, "students", path, allow_rejects=True).accepted == 1
    assert [reject["line"] for reject in rejects()] == ["2"]
