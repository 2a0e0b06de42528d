import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lea_reports.commands import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a runner of the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_BUCKET", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*arguments):
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def district(run):
    """A small district in the folder `district`, with CSV files."""
    assert (
        run("synthesize", "--students", 60, "--schools", 2, "--seed", 4, "--csv", "district").exit_code == 0
    )
    return Path("district")


def test_a_district_is_invented_and_taken_in(run, district):
    """The two commands that every demo begins with."""
    for dataset in ("organizations", "students", "scores"):
        result = run("ingest", dataset, district / f"{dataset}.parquet", "--to", "lake")
        assert result.exit_code == 0, result.output
        assert "rows are good." in result.stdout
        assert "Published snapshot" in result.stdout
    pointer = json.loads(Path("lake/datasets/current.json").read_text(encoding="utf-8"))
    derived = {"scores_by_enrolled", "students_by_enrolled"}
    assert set(pointer["snapshots"]) == {"organizations", "students", "scores"} | derived
    assert not Path("rejects.csv").exists()


def test_a_bad_row_stops_the_feed_with_exit_code_1(run, district):
    """The summary says where the reasons are and what can be done."""
    path = district / "students.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"99100010000000"', '"1"', 1), encoding="utf-8")
    result = run("ingest", "students", path, "--to", "lake", "--rejects", "bad.csv")
    assert result.exit_code == 1
    assert "1 left out (reasons in bad.csv)" in result.stdout
    assert "Nothing was published" in result.stderr
    assert not Path("lake").exists()
    assert Path("bad.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "line,column,value,rule,file"
    allowed = run("ingest", "students", path, "--to", "lake", "--rejects", "bad.csv", "--allow-rejects")
    assert allowed.exit_code == 0
    assert Path("lake/datasets/current.json").exists()


def test_what_is_left_out_and_what_dropped_is_told(run, district):
    """Counts by rule, the sentence about the drop, and the word that publishes all the same."""
    path = district / "students.csv"
    assert run("ingest", "students", path, "--to", "lake", "--as-of", "2026-05-01").exit_code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    bad = [line.replace('"99100010000000"', '"1"', 1) for line in lines[1:60]]
    path.write_text("\n".join([lines[0], *bad, *lines[60:]]), encoding="utf-8")
    arguments = ("ingest", "students", path, "--to", "lake", "--as-of", "2026-05-02", "--allow-rejects")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "left out, 59: lea: 14 digits" in refused.stdout
    assert "59 of 86 rows are left out." in refused.stdout
    assert "students of 2025-26: 27 rows, where 86 are published." in refused.stdout
    assert "--accept-drop" in refused.stderr
    accepted = run(*arguments, "--accept-drop")
    assert accepted.exit_code == 0
    assert "the roster of 2025-26 as of 2026-05-02" in accepted.stdout


def test_last_years_roster_is_as_of_the_end_of_its_year(run, district):
    """Taken in late it must not become the newest."""
    assert (
        "as of 2025-06-30"
        in run("ingest", "students", district / "students.csv", "--to", "lake", "--year", 2025).stdout
    )


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (
            ["ingest", "students", "district/students.csv", "--to", "lake", "--rejects", "no/r.csv"],
            "no folder no",
            2,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "lake", "--as-of", "1.5.2026"],
            "%Y-%m-%d",
            2,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "lake", "--as-of", "2098-01-01"],
            "today is",
            1,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "lake", "--most-dropped", "101"],
            "0<=x<=100",
            2,
        ),
        (["sweep"], "--bucket BUCKET or --to FOLDER", 2),
        (["ingest", "students", "nowhere.csv", "--to", "lake"], "no file nowhere.csv", 2),
        (["ingest", "students", "district/students.csv"], "--bucket BUCKET or --to FOLDER", 2),
        (["ingest", "grades", "district/students.csv", "--to", "lake"], "grades", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3://bucket/path"], "without a path", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3://bucket?x"], "the name of a bucket", 1),
        (["ingest", "students", "district/students.csv", "--to", "s3:///path"], "the name of a bucket", 1),
        (["ingest", "students", "s3://bucket", "--to", "lake"], "wanted is s3://BUCKET/KEY", 2),
        (["ingest", "students", "s3://bucket/", "--to", "lake"], "wanted is s3://BUCKET/KEY", 2),
        (["ingest", "students", "district/scores.csv", "--to", "lake"], "does not have the columns", 1),
        (["ingest", "students", "district/students.csv", "--to", "lake", "--year", "26"], "2015 and 2099", 1),
        (["synthesize", "--students", "3", "--schools", "4", "--seed", "1", "x"], "at least one school", 1),
        (["synthesize", "x"], "--students", 2),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments, words, code, run, district):
    """Exit code 2 for wrong usage, 1 for data that cannot be taken; never a traceback."""
    result = run(*arguments)
    assert district.exists()
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert result.stderr.splitlines()[-1].startswith("Error: ")
