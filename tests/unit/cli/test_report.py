"""`lea-reports report` makes any report on one machine, through the producers that make it on AWS."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from cli import main
from lea_reports.catalog import CATALOG
from local.archive_check import check_archive

LEA, OTHER = "99100010000000", "99100020000000"
SPRING = {
    "name": "Spring",
    "schools": "all",
    "grades": "all",
    "start_date": "2026-05-01",
    "end_date": "2026-07-31",
    "assessments": "all",
    "languages": ["english-all"],
}


def run(*words):
    """Run a command; returns the exit code and what it said."""
    result = CliRunner().invoke(main, [*map(str, words)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Take an invented district in, as program staff do."""
    feeds, folder = tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("store")
    run("synthesize", feeds, "--students", 80, "--schools", 3, "--seed", 3, "--year", 2026)
    for feed in ("organizations", "students", "scores"):
        code, said = run(
            "ingest", feed, feeds / f"{feed}.parquet", "--to", folder, "--rejects", feeds / "rejects.csv"
        )
        assert code == 0, said
    return folder


@pytest.fixture
def report(store, fonts, tmp_path):
    """Return a function that makes a report; returns the exit code, what was said, and the folder of the files."""

    def report(code, parameters, lea=LEA):
        text = parameters if isinstance(parameters, str) else json.dumps(parameters)
        words = ("--lea", lea, "--parameters", text, "--from", store, "--to", tmp_path / "out")
        return *run("report", code, *words, "--fonts", fonts), tmp_path / "out"

    return report


def test_ssr_archives_are_made(report):
    """The archive is what its manifest says."""
    code, said, folder = report("student-score-report-pdfs", SPRING)

    assert code == 0, said
    checked = check_archive(folder / "Spring.zip")
    assert checked.problems == ()
    assert f"Student Score Reports made: {checked.student_score_reports:,}" in said
    assert checked.student_score_reports > 20
    assert [path.name for path in folder.iterdir()] == ["Spring.zip"]


def test_merged_and_protected_ssrs_are_made(report):
    """A password that nobody keeps is minded here, too."""
    asked = {**SPRING, "merge": True, "password": "correct horse battery staple"}

    code, said, folder = report("student-score-report-pdfs", asked)

    assert code == 0, said
    assert check_archive(folder / "Spring.zip", "correct horse battery staple").problems == ()


@pytest.mark.parametrize("lea", [LEA, OTHER])
def test_tables_are_made(report, lea):
    """As a workbook or as CSV, of the LEA that is named."""
    for form in ("xlsx", "csv"):
        code, said, folder = report("total-enrolled-students", {"name": "Enrolled", "format": form}, lea)
        assert code == 0, said
    rows = [*load_workbook(folder / "Enrolled.xlsx").worksheets[0].iter_rows(values_only=True)]
    text = (folder / "Enrolled.csv").read_text(encoding="utf-8-sig")
    assert len(rows) == len(list(csv.reader(io.StringIO(text, newline=""))))
    assert f"Rows: {len(rows) - 1}" in said
    assert {row[0][:7] for row in rows[1:-1]} == {lea[:7]}


@pytest.mark.parametrize(
    ("report_code", "parameters", "lea", "sentence"),
    [
        ("nothing", {}, LEA, "/report: The reports that can be asked for here: student-score-report-pdfs"),
        ("total-enrolled-students", {"name": "a b"}, LEA, "/name: A name has 1 to 64 letters"),
        ("total-enrolled-students", {"name": "a", "year": 1}, LEA, "/year: There is no such field."),
        ("student-score-report-pdfs", {**SPRING, "schools": ["01100170000001"]}, LEA, "/schools/0: 01100170000001"),
        ("total-enrolled-students", "{", LEA, "--parameters is no JSON"),
        ("total-enrolled-students", "[]", LEA, "--parameters is a JSON object"),
        ("total-enrolled-students", {"name": "a"}, "99900010000000", "No LEA has the CDS code 99900010000000."),
        ("student-score-report-pdfs", {**SPRING, "start_date": "2026-05-01", "end_date": "2026-05-02"}, LEA,
         "Nothing was found."),
    ],
)  # fmt: skip
def test_what_cannot_be_made_ends_with_a_sentence(report, report_code, parameters, lea, sentence):
    """Exit code 1, the field and the rule, and no file."""
    code, said, folder = report(report_code, parameters, lea)

    assert code == 1
    assert sentence in said
    assert not folder.exists()


def test_a_folder_without_datasets_is_told(tmp_path):
    """Before anything is read."""
    words = ("--lea", LEA, "--from", tmp_path / "nothing", "--to", tmp_path / "out")
    code, said = run("report", "total-enrolled-students", *words)

    assert code == 1
    assert "There is no folder" in said


def test_the_reports_are_listed():
    """Each with its code and its title."""
    code, said = run("reports")

    assert code == 0
    assert [line.split("  ", 1)[0] for line in said.splitlines()] == list(CATALOG)
    assert all(report.title in said for report in CATALOG.values())
