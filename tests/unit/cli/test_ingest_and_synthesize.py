import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli import main
from lea_reports.assessments import Assessment
from lea_reports.datasets.snapshots import read_pointer
from lea_reports.storage.objects import FolderObjects

NO_ORGANIZATIONS = "No organizations are published in nowhere: take them in first."


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
def datasets(run, district):
    """The folder `datasets`, with the organizations of that district."""
    assert run("ingest", "organizations", district / "organizations.csv", "--to", "datasets").exit_code == 0
    return Path("datasets")


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
        result = run("ingest", dataset, district / f"{dataset}.parquet", "--to", "datasets")
        assert result.exit_code == 0, result.output
        assert "rows are good." in result.stdout
        assert "Published snapshot" in result.stdout
    pointer = json.loads(Path("datasets/datasets/current.json").read_text(encoding="utf-8"))
    derived = {"scores_by_enrolled", "students_by_enrolled"}
    assert set(pointer["snapshots"]) == {"organizations", "students", "scores"} | derived
    assert not Path("rejects.csv").exists()


def test_a_bad_row_stops_the_feed_with_exit_code_1(run, district, datasets):
    """The summary says where the reasons are and what can be done."""
    path = district / "students.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"99100010000000"', '"1"', 1), encoding="utf-8")
    result = run("ingest", "students", path, "--to", "datasets", "--rejects", "bad.csv")
    assert result.exit_code == 1
    assert "1 left out (reasons in bad.csv)" in result.stdout
    assert "Nothing was published" in result.stderr
    assert read_pointer(FolderObjects(datasets)).snapshots.of("students") is None
    assert Path("bad.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "line,column,value,rule,file"
    allowed = run("ingest", "students", path, "--to", "datasets", "--rejects", "bad.csv", "--allow-rejects")
    assert allowed.exit_code == 0
    assert read_pointer(FolderObjects(datasets)).snapshots.of("students") is not None


@pytest.mark.parametrize("options", [(), ("--allow-rejects",), ("--allow-rejects", "--accept-drop")])
def test_a_feed_without_a_good_row_is_told_why_whatever_is_allowed(options, run, district, datasets):
    """There is nothing to publish, and the reasons are what helps."""
    path = district / "students.csv"
    path.write_text(path.read_text(encoding="utf-8").replace('"99100010000000"', '"1"'), encoding="utf-8")
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *(row for row in rows if ',"1",' in row)]), encoding="utf-8")
    result = run("ingest", "students", path, "--to", datasets, *options)
    assert result.exit_code == 1
    assert "students: 0 rows are good, 60 left out" in result.stdout
    assert "left out, 60: lea: must be 14 digits" in result.stdout
    assert result.stderr.endswith("Error: Nothing was published: no row is good. Correct the rows.\n")


@pytest.mark.usefixtures("datasets")
def test_what_is_left_out_and_what_dropped_is_told(run, district):
    """Counts by rule, the sentence about the drop, and the word that publishes all the same."""
    path = district / "students.csv"
    assert run("ingest", "students", path, "--to", "datasets", "--as-of", "2026-05-01").exit_code == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    bad = [line.replace('"99100010000000"', '"1"', 1) for line in lines[1:60]]
    path.write_text("\n".join([lines[0], *bad, *lines[60:]]), encoding="utf-8")
    arguments = ("ingest", "students", path, "--to", "datasets", "--as-of", "2026-05-02", "--allow-rejects")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "left out, 59: lea: must be 14 digits" in refused.stdout
    assert "59 of 86 rows are left out." in refused.stdout
    assert "students of 2025-26: 27 rows, where 86 are published." in refused.stdout
    assert "--accept-drop" in refused.stderr
    accepted = run(*arguments, "--accept-drop")
    assert accepted.exit_code == 0
    assert "the roster of 2025-26 as of 2026-05-02" in accepted.stdout


@pytest.mark.usefixtures("datasets")
def test_last_years_roster_is_as_of_the_end_of_its_year(run, district):
    """Taken in late it must not become the newest."""
    assert (
        "as of 2025-06-30"
        in run("ingest", "students", district / "students.csv", "--to", "datasets", "--year", 2025).stdout
    )


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (
            ["ingest", "students", "district/students.csv", "--to", "datasets", "--rejects", "no/r.csv"],
            "no folder no",
            2,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "datasets", "--as-of", "1.5.2026"],
            "1.5.2026 is no date that exists, written YYYY-MM-DD.",
            2,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "datasets", "--as-of", "2098-01-01"],
            "today is",
            1,
        ),
        (
            ["ingest", "students", "district/students.csv", "--to", "datasets", "--most-dropped", "101"],
            "0<=x<=100",
            2,
        ),
        (["sweep"], "Say what to sweep: --bucket BUCKET or --to FOLDER.", 2),
        (["sweep", "--to", "nowhere"], "There is no folder nowhere.", 1),
        (["sweep", "--to", "district/students.csv"], "is a file, where a folder is wanted", 2),
        (["ingest", "students", "district/students.csv", "--to", "nowhere"], NO_ORGANIZATIONS, 1),
        (["ingest", "scores", "district/scores.csv", "--to", "nowhere"], NO_ORGANIZATIONS, 1),
        (["ingest", "organizations", "district", "--to", "datasets"], "district is a folder.", 2),
        (["ingest", "organizations", "district/organizations.csv", "--to", "x", "--bucket", "y"], "two", 2),
        (
            ["ingest", "organizations", "district/organizations.csv", "--to", "district/students.csv/x"],
            "Not a directory",
            1,
        ),
        (["ingest", "students", "nowhere.csv", "--to", "datasets"], "no file nowhere.csv", 2),
        (["ingest", "students", "district/students.csv"], "--bucket BUCKET or --to FOLDER", 2),
        (["ingest", "students", "district/students.csv", "--to", ""], "Say where to publish", 2),
        (["ingest", "students", "district/students.csv", "--to", "", "--bucket", "b"], "two places", 2),
        (
            ["ingest", "scores", "district/scores.csv", "--to", "datasets", "--year", "2025"],
            "--year and --as-of are of a roster; scores are none.",
            2,
        ),
        (
            ["ingest", "organizations", "district/organizations.csv", "--to", "x", "--as-of", "2026-05-01"],
            "--year and --as-of are of a roster; organizations are none.",
            2,
        ),
        (["ingest", "grades", "district/students.csv", "--to", "datasets"], "grades", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3://bucket/path"], "without a path", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3://bucket?x"], "the name of a bucket", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3:///path"], "the name of a bucket", 2),
        (["ingest", "students", "district/students.csv", "--to", "s3://"], "the name of a bucket", 2),
        (["ingest", "students", "s3://", "--to", "datasets"], "the name of a bucket", 2),
        (["ingest", "students", "s3://bucket", "--to", "datasets"], "wanted is s3://BUCKET/KEY", 2),
        (["ingest", "students", "s3://bucket/", "--to", "datasets"], "wanted is s3://BUCKET/KEY", 2),
        (["ingest", "students", "district/scores.csv", "--to", "datasets"], "does not have the columns", 1),
        (
            ["ingest", "students", "district/students.csv", "--to", "datasets", "--year", "26"],
            "2015 and 2099",
            1,
        ),
        (["synthesize", "--students", "3", "--schools", "4", "--seed", "1", "x"], "at least one school", 1),
        (["synthesize", "x"], "--students", 2),
    ],
)
@pytest.mark.usefixtures("datasets")
def test_what_is_wrong_is_said_in_one_line(arguments, words, code, run, district):
    """Exit code 2 for wrong usage, 1 for data that cannot be taken; never a traceback."""
    result = run(*arguments)
    assert district.exists()
    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output
    assert result.stderr.splitlines()[-1].startswith("Error: ")
    assert not Path("nowhere").exists()


@pytest.mark.usefixtures("datasets")
def test_the_success_line_says_which_roster_decides(run, district):
    """Whoever takes an earlier year's roster in learns that it changes little."""
    arguments = ("ingest", "students", district / "students.csv", "--to", "datasets", "--as-of")
    newest = run(*arguments, "2026-09-01").stdout
    assert "as of 2026-09-01, which decides now who may ask for SSRs." in newest
    earlier = run(*arguments, "2025-10-01").stdout
    assert "Who may ask for SSRs is decided by the roster of 2026-27 as of 2026-09-01" in earlier


@pytest.mark.usefixtures("datasets")
def test_scores_without_any_roster_say_that_nobody_can_ask(run, district):
    """They are published; whoever feeds the program learns what is lacking."""
    result = run("ingest", "scores", district / "scores.csv", "--to", "datasets")
    assert result.exit_code == 0
    assert "There is no roster: until students are taken in, nobody can ask for SSRs." in result.stdout


@pytest.mark.parametrize("assessment", [*Assessment, "all"])
def test_assessments_have_the_names_of_the_api(assessment, run):
    """As in a request for a report."""
    sizes = ("--students", 6, "--schools", 1, "--seed", 4)
    assert run("synthesize", *sizes, "--assessments", assessment, "feeds").exit_code == 0
