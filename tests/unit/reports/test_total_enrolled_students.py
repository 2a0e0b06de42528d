"""Total Enrolled Students, against counts that csv and Counter make of the same feed."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from itertools import count

import pytest

from lea_reports.assessments import GRADES, AdministrationYear
from lea_reports.catalog.total_enrolled_students import REPORT
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.ingest import IngestDependencies, IngestOrder, ingest
from lea_reports.datasets.lea_data import LeaData
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize
from lea_reports.storage.objects import MemoryObjects

YEAR = AdministrationYear(2026)
NOW = datetime(2026, 11, 27, tzinfo=UTC)
LEA, OTHER = "99100010000000", "99100020000000"
TODAY = date(2026, 11, 27)


@pytest.fixture
def district(tmp_path):
    """Invent a district and its neighbour; returns the folder of its feeds."""
    synthesize(SynthesisOrder(400, 5, 7, YEAR, csv=True), tmp_path)
    return tmp_path


@pytest.fixture
def objects():
    """Hold what is published."""
    return MemoryObjects()


@pytest.fixture
def publish(objects, tmp_path):
    """Return a function that takes a feed in."""
    ids = count(1)

    def publish(name, path, **options):
        order = IngestOrder(FEEDS[name], (path,), None, tmp_path / "rejects.csv", accept_drop=True, **options)
        summary = ingest(order, IngestDependencies(objects, lambda: NOW, lambda: f"{next(ids):026d}"))
        assert summary.published is not None

    return publish


@pytest.fixture
def rows(objects):
    """Return a function that makes the rows of an LEA, by the CDS code of the school (None: all schools)."""

    def rows(lea=LEA):
        reader = DatasetReader(objects)
        made = [*REPORT.output.rows(LeaData(reader, reader.pinned(), lea), {}, TODAY)]
        assert {len(row) for row in made} <= {len(REPORT.output.columns)}
        return {row[0]: row for row in made}

    return rows


def read(path):
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("lea", [LEA, OTHER])
def test_each_school_has_its_students_by_grade(district, publish, rows, lea):
    """Every school of the LEA in the order of their names, and the sum of all; nobody of another LEA is counted."""
    publish("organizations", district / "organizations.csv")
    publish("students", district / "students.csv")
    students = [row for row in read(district / "students.csv") if row["lea"] == lea]
    schools = {
        row["cds_code"]: row
        for row in read(district / "organizations.csv")
        if row["lea"] == lea and row["cds_code"] != lea
    }

    made = rows(lea)

    assert set(made) == {*schools, None}
    for code, school in schools.items():
        grades = Counter(row["grade"] for row in students if row["school"] == code)
        name, start, end, *counts = made[code][1:]
        assert (name, start.isoformat(), end.isoformat()) == (
            school["name"],
            school["window_start"],
            school["window_end"],
        )
        assert counts == [*(grades[grade] for grade in GRADES), grades.total()]
    everybody = Counter(row["grade"] for row in students)
    assert made[None][1:] == (
        "All schools",
        None,
        None,
        *(everybody[grade] for grade in GRADES),
        len(students),
    )
    assert [row[1] for row in made.values()][:-1] == sorted(school["name"] for school in schools.values())


def test_the_headings_are_those_of_the_rows():
    """One for each grade, lowest first."""
    headings = [column.heading for column in REPORT.output.columns]

    assert headings[4:6] == ["Kindergarten", "Grade 1"]
    assert headings[-2:] == ["Grade 12", "All Grades"]
    assert len(headings) == 4 + len(GRADES) + 1


def test_the_newest_roster_counts_whatever_its_year(district, publish, rows):
    """Half of the students are gone in the next school year's."""
    publish("organizations", district / "organizations.csv")
    publish("students", district / "students.csv")
    students = read(district / "students.csv")
    half = [{**row, "as_of_date": "2026-09-01"} for row in students[::2]]

    publish("students", write(district / "half.csv", half))

    assert rows()[None][-1] == sum(row["lea"] == LEA for row in half)


def test_a_school_without_students_and_one_without_a_window_are_there(district, publish, rows):
    """The first has zeros, the second the window of its LEA."""
    organizations = read(district / "organizations.csv")
    new = {
        **organizations[1],
        "cds_code": "99100016999999",
        "name": "Zzyzx",
        "window_start": "",
        "window_end": "",
    }
    lea = next(row for row in organizations if row["cds_code"] == LEA)
    publish("organizations", write(district / "more.csv", [*organizations, new]))
    publish("students", district / "students.csv")

    row = rows()["99100016999999"]

    assert [day.isoformat() for day in row[2:4]] == [lea["window_start"], lea["window_end"]]
    assert set(row[4:]) == {0}


def test_students_of_a_school_that_went_to_another_lea_stay_where_the_roster_has_them(
    district, publish, rows
):
    """Until a roster says otherwise; the school is there with its name."""
    publish("organizations", district / "organizations.csv")
    publish("students", district / "students.csv")
    before = rows()
    organizations = read(district / "organizations.csv")
    moved = next(row for row in organizations if row["lea"] == LEA and row["cds_code"] != LEA)
    moved["lea"] = OTHER

    publish("organizations", write(district / "moved.csv", organizations))

    after, code = rows(), moved["cds_code"]
    assert after[code][1] == moved["name"]
    assert after[code][4:] == before[code][4:]
    assert after[None] == before[None]
    assert set(rows(OTHER)[code][4:]) == {0}


def test_without_a_roster_there_are_no_rows(district, publish, rows):
    """Zeros would say something that nobody knows; the mail says why instead."""
    publish("organizations", district / "organizations.csv")

    assert rows() == {}
    assert "no roster" in REPORT.hints({}, TODAY)[0]
