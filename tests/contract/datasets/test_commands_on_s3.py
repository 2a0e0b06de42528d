from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import Stubber
from click.testing import CliRunner

from cli import main
from lea_reports.assessments import program_day, year_of_latest_results
from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import read_pointer
from lea_reports.errors import Conflict, Forbidden, NotFound, Transient
from lea_reports.storage.s3_objects import S3Objects

BUCKET = "datasets"


@pytest.mark.usefixtures("moto_objects")
@pytest.mark.parametrize("target", [["--bucket", BUCKET], ["--to", f"s3://{BUCKET}"]])
def test_feeds_come_from_s3_and_go_to_s3(target, tmp_path, monkeypatch):
    """Input and datasets may both lie in buckets; the environment says which cloud."""
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    made = runner.invoke(main, ["synthesize", "--students", "60", "--schools", "2", "--seed", "4", "feeds"])
    assert made.exit_code == 0
    for dataset in ("organizations", "students", "scores"):
        file = f"{dataset}.parquet"
        boto3.client("s3").upload_file(str(tmp_path / "feeds" / file), BUCKET, f"feeds/{file}")
        result = runner.invoke(main, ["ingest", dataset, f"s3://{BUCKET}/feeds/{file}", *target])
        assert result.exit_code == 0, result.output
    datasets, pointer = DatasetReader(S3Objects.of_bucket(BUCKET)), read_pointer(S3Objects.of_bucket(BUCKET))
    (year,) = pointer.rosters
    assert len(datasets.rows(STUDENTS, pointer.snapshots, year, "99100010000000")) == 60
    tested = year_of_latest_results(program_day(datetime.now(UTC)))
    assert len(datasets.rows(SCORES_BY_ENROLLED, pointer.snapshots, tested, "99100010000000")) > 0


@pytest.mark.usefixtures("moto_objects")
@pytest.mark.parametrize(
    "key",
    [
        "inbox/students.csv#new",
        "inbox/students.csv?v=2",
        "inbox/students%20new.csv",
        "inbox/students new.csv",
        "inbox//students.csv",
        "/students.csv",
        "inbox/..",
        "inbox/" + "é" * 300,
    ],
)
def test_the_object_that_is_named_is_the_one_that_is_read(key, tmp_path, monkeypatch):
    """A key is no web address: nothing of it is cut off, decoded or joined."""
    monkeypatch.chdir(tmp_path)
    student = "9100000000,Harper,2017-03-01,03,99100010000000,99100016000001"
    content = f"ssid,last_name,birth_date,grade,lea,school\n{student}\n"
    s3 = boto3.client("s3")
    for other in (
        "inbox/students.csv",
        "inbox/students new.csv",
        "students.csv",
        "inbox/students%2520new.csv",
    ):
        s3.put_object(Bucket=BUCKET, Key=other, Body=b"old")
    s3.put_object(Bucket=BUCKET, Key=key, Body=content.encode())
    organizations = (
        "cds_code,kind,lea,name,county_name\n"
        "99100010000000,district,99100010000000,Sample,Sample\n"
        "99100016000001,school,99100010000000,Maple,Sample\n"
    )
    (tmp_path / "organizations.csv").write_text(organizations, encoding="utf-8")
    to = ["--to", f"s3://{BUCKET}/"]
    assert CliRunner().invoke(main, ["ingest", "organizations", "organizations.csv", *to]).exit_code == 0
    result = CliRunner().invoke(main, ["ingest", "students", f"s3://{BUCKET}/{key}", *to])
    assert result.exit_code == 0, result.output
    assert "1 rows are good" in result.output


@pytest.mark.usefixtures("moto_objects")
@pytest.mark.parametrize("source", [f"s3://{BUCKET}/feeds/none.csv", "s3://no-such-bucket/students.csv"])
def test_a_missing_input_is_said_in_one_line(source, tmp_path, monkeypatch):
    """The line names the object that is not there."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["ingest", "organizations", source, "--to", "datasets"])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: There is no object {source} (")
    assert result.stderr.count("\n") == 1


@pytest.mark.usefixtures("moto_objects")
@pytest.mark.parametrize("feed", ["organizations", "students"])
@pytest.mark.parametrize("place", [["--bucket", "no-such-bucket"], ["--to", "s3://no-such-bucket"]])
def test_a_bucket_that_does_not_exist_is_said_in_one_line(feed, place, tmp_path, monkeypatch):
    """Whatever is to be published there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.csv").write_text("x\n", encoding="utf-8")
    for command in (["ingest", feed, "feed.csv"], ["sweep"]):
        result = CliRunner().invoke(main, [*command, *place])
        assert (result.exit_code, result.stderr) == (1, "Error: There is no bucket no-such-bucket.\n")


@pytest.mark.usefixtures("moto_objects")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("NoSuchKey", NotFound),
        ("PreconditionFailed", Conflict),
        ("ConditionalRequestConflict", Conflict),
        ("AccessDenied", Forbidden),
        ("KMS.DisabledException", Forbidden),
        ("PermanentRedirect", Forbidden),
        ("SlowDown", Transient),
        ("InternalError", Transient),
    ],
)
def test_what_s3_answers_becomes_one_of_our_errors(code, error):
    """The caller learns whether to try again, to give up or to look elsewhere."""
    client = boto3.client("s3")
    with Stubber(client) as answers:
        answers.add_client_error("get_object", code)
        with pytest.raises(error, match=r"s3://datasets/key") as raised:
            S3Objects(client, BUCKET).get("key")
    assert isinstance(raised.value.__cause__, ClientError)


@pytest.mark.usefixtures("moto_objects")
def test_no_answer_at_all_is_a_passing_fault(monkeypatch):
    """A broken connection says nothing about the object."""
    client = boto3.client("s3")

    def unreachable(**_):
        raise EndpointConnectionError(endpoint_url="https://s3")

    monkeypatch.setattr(client, "get_object", unreachable)
    with pytest.raises(Transient, match="did not answer"):
        S3Objects(client, BUCKET).get("key")
