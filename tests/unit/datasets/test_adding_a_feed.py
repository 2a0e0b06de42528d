"""A feed is one file: the one that docs/adding.md shows, put into a copy of the package, works everywhere."""

import csv

import pytest

from tests.unit.package_copy import PackageCopy

LEA, OTHER = "99100010000000", "99100020000000"

READ = """
import json, sys
from pathlib import Path
from lea_reports.datasets.feeds.test_assignments import FEED
from lea_reports.datasets.reader import DatasetReader
from lea_reports.storage.objects import FolderObjects

reader = DatasetReader(FolderObjects(Path(sys.argv[1])))
pinned = reader.pinned()
for lea in sys.argv[2:]:
    rows = reader.rows(FEED, pinned, 2026, lea, ["ssid", "lea", "test"]).to_pylist()
    print(json.dumps([len(rows), sorted({row["lea"] for row in rows})]))
"""
PAGE = "from lea_reports.datasets.description import feeds_page; print(feeds_page())"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Add the one file of the documentation to a copy of the package."""
    copy = PackageCopy(tmp_path_factory.mktemp("copy"))
    copy.add("datasets/feeds/test_assignments.py", "adding.md", "A feed")
    return copy


@pytest.fixture(scope="module")
def feeds(copy, tmp_path_factory):
    """Invent a district with all feeds."""
    folder = tmp_path_factory.mktemp("feeds")
    copy.command(
        "synthesize", folder, "--students", "120", "--schools", "4", "--seed", "5", "--year", "2026", "--csv"
    )
    return folder


@pytest.fixture(scope="module")
def store(copy, feeds, tmp_path_factory):
    """Take the organizations in."""
    folder = tmp_path_factory.mktemp("store")
    copy.command("ingest", "organizations", feeds / "organizations.parquet", "--to", folder)
    return folder


def rows_of(path):
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_invented_taken_in_and_read_by_lea(copy, feeds, store):
    """What goes in as a file comes out by year and LEA."""
    rows = rows_of(feeds / "test_assignments.csv")
    assert len(rows) > 100

    said = copy.command("ingest", "test_assignments", feeds / "test_assignments.parquet", "--to", store)

    assert f"test_assignments: {len(rows):,} rows are good." in said
    for lea, line in zip((LEA, OTHER), copy.run("-c", READ, store, LEA, OTHER).splitlines(), strict=True):
        assert line == f'[{sum(row["lea"] == lea for row in rows)}, ["{lea}"]]'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"school": "99100029999999"}, "the school is a known one"),
        ({"lea": OTHER}, "the school belongs to the LEA"),
        ({"start_date": "2026-05-02", "end_date": "2026-05-01"}, "a test ends on or after its start"),
        ({"ssid": "12"}, "10 digits"),
    ],
)
def test_its_rows_are_checked(copy, feeds, store, tmp_path, change, reason):
    """By its own rules and by those of every feed; nothing is published of a file with a bad row."""
    row = rows_of(feeds / "test_assignments.csv")[0] | change
    path = tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)

    said = copy.command(
        "ingest", "test_assignments", path, "--to", store, "--rejects", tmp_path / "r.csv", succeeds=False
    )

    assert reason in said


def test_it_stands_on_the_page_about_the_feeds(copy):
    """With its columns, its rules and its example."""
    page = copy.run("-c", PAGE)

    assert "## test_assignments" in page
    assert "- `end_date`: a test ends on or after its start" in page
    assert "2026,9000000001,01,99100010000000,99100016000001" in page
