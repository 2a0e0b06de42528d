"""What several suites share: AWS inside this process, the table, and a small district."""

import os
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import boto3
import botocore.session
import pyarrow as pa
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from hypothesis import settings
from moto import mock_aws
from ulid import ULID

from lea_reports.access.identity import Identity
from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import to_parquet
from lea_reports.datasets.roster import Roster
from lea_reports.datasets.snapshots import Snapshots, partition_key, read_pointer, switch_pointer, whole_key
from lea_reports.jobs.job import Job, JobState, Progress, ReportFile
from lea_reports.organizations import CdsCode
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.selection import SsrSelection
from local.deploy import synthesize
from local.stack import running_stack

# A busy machine is no failure; and what CI tries is the same every time.
settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")

REGION = "us-west-2"
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
YEAR = AdministrationYear(2026)
LEA, MAPLE, OAK = "99100010000000", "99100010000001", "99100010000002"


@pytest.fixture(scope="session")
def models_of_aws():
    """Read what AWS's services are once for all sessions of botocore: each alone would read it again, which is slow."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture
def aws(monkeypatch, models_of_aws):
    """AWS inside this process; nothing of the machine's own credentials is seen."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        stack.enter_context(mock_aws())
        yield


@pytest.fixture
def away(monkeypatch):
    """Return a function that lets calls of one service of AWS fail from now on, by an error's code or an exception."""
    name = "_make_api_call"  # under every client's methods, and all that pynamodb calls
    real = getattr(BaseClient, name)

    def fails(service, error, only=None):
        def make_api_call(client, operation, arguments):
            if client.meta.service_model.service_name != service or only not in {None, operation}:
                return real(client, operation, arguments)
            if isinstance(error, str):
                raise ClientError({"Error": {"Code": error, "Message": "no"}}, operation)
            raise error

        monkeypatch.setattr(BaseClient, name, make_api_call)

    return fails


@pytest.fixture
def table(aws):
    """The table of the data stack, as `infra` describes it."""
    boto3.client("dynamodb").create_table(
        TableName="reports",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "caller", "due", "next_check_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": name,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": sort, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for name, partition, sort in (
                ("caller_index", "caller", "sk"),
                ("due_index", "due", "next_check_at"),
            )
        ],
    )
    return "reports"


def student_row(ssid, school, last_name, **changes):
    """Return a full row of the students dataset."""
    row = {
        "ssid": ssid,
        "last_name": last_name,
        "first_name": "Ana",
        "birth_date": date(2016, 1, 2),
        "gender": "F",
        "grade": "04",
        "lea": LEA,
        "school": school,
        "primary_language": "00",
        "elas": "EO",
    }
    return row | changes


def score_row(ssid, record_type, score=2450, **changes):
    """Return a row of the scores dataset with what an SSR needs."""
    row = {
        "administration_year": 2026,
        "record_type": record_type,
        "ssid": ssid,
        "grade_assessed": "03",
        "tested_lea": LEA,
        "tested_school": MAPLE,
        "test_completed_date": date(2026, 4, 20),
        "include_indicator": "Y",
        "ssr_eligible": "Y",
        "ssr_available_date": date(2026, 6, 1),
        "scale_score": score,
        "standard_error": 24,
        "achievement_level": 3,
    }
    return row | changes


@pytest.fixture
def publish_district():
    """Publish a district of two schools: three students at Maple, one of them Spanish-speaking, two at Oak."""
    return _publish_district


def _publish_district(store):
    organizations = [
        {"cds_code": LEA, "kind": "district", "lea": LEA, "name": "Demo Unified", "county_name": "Demo"},
        {"cds_code": MAPLE, "kind": "school", "lea": LEA, "name": "Maple", "county_name": "Demo"},
        {"cds_code": OAK, "kind": "school", "lea": LEA, "name": "Oak", "county_name": "Demo"},
    ]
    students = [
        student_row("1000000001", MAPLE, "Zhang"),
        student_row("1000000002", MAPLE, "Ávila", primary_language="01"),
        student_row("1000000003", MAPLE, "Lee"),
        student_row("2000000001", OAK, "Brown"),
        student_row("2000000002", OAK, "Adams"),
    ]
    scores = [score_row(row["ssid"], record_type) for row in students for record_type in ("01", "02")]
    store.put(
        whole_key("organizations", "o"), to_parquet(pa.Table.from_pylist(organizations, ORGANIZATIONS.schema))
    )
    published = {"organizations": "o", "scores": "c"}
    for name, snapshot, rows, schema in (
        ("students", "s", students, STUDENTS.schema),
        ("students_by_enrolled", "t", students, STUDENTS.schema),
        ("scores_by_enrolled", "e", scores, SCORES.schema),
    ):
        store.put(partition_key(name, snapshot, YEAR, LEA), to_parquet(pa.Table.from_pylist(rows, schema)))
        published[name] = snapshot
    switch_pointer(store, read_pointer(store), published, NOW, Roster(YEAR, date(2026, 6, 1)))


@pytest.fixture
def student():
    """Return a function that makes rows of students."""
    return student_row


@pytest.fixture
def score():
    """Return a function that makes score rows."""
    return score_row


@pytest.fixture(scope="session")
def fonts():
    """Return the folder of the fonts layer, which `make setup` builds."""
    folder = Path(__file__).parent.parent / "build" / "layers" / "fonts" / "fonts"
    assert folder.is_dir(), "run `make setup`: the fonts layer is not built"
    return folder


@pytest.fixture(scope="session")
def assembly(tmp_path_factory):
    """Synthesize the stacks of stage `local` once."""
    folder = tmp_path_factory.mktemp("assembly")
    synthesize(folder)
    return folder


@pytest.fixture(scope="session")
def stack(assembly, tmp_path_factory):
    """Run the deployed stack on the emulator until the last test that asks for it has ended."""
    with running_stack(home=tmp_path_factory.mktemp("stack"), assembly=assembly) as running:
        yield running


@pytest.fixture
def emulator_table(stack, monkeypatch):
    """Make a table like the deployed one, which the deployed functions do not work on."""
    for name, value in stack.emulator.address.environment().items():
        monkeypatch.setenv(name, value)
    deployed = stack.cloud.dynamodb.describe_table(TableName=stack.deployment.table_name)["Table"]
    name = f"contract-{ULID()}"
    stack.cloud.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=deployed["KeySchema"],
        AttributeDefinitions=deployed["AttributeDefinitions"],
        GlobalSecondaryIndexes=[
            {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
            for index in deployed["GlobalSecondaryIndexes"]
        ],
    )
    return name


@pytest.fixture
def ready_job():
    """A job that is ready."""
    lea = CdsCode("99100010000000")
    return Job(
        id="01KAN5ZQF6XWZC9KN5XK9ZQF6X",
        lea=lea,
        report="student-score-report-pdfs",
        parameters=SsrSelection(
            "Spring-2026", AdministrationYear(2026), None, None, date(2026, 5, 1), date(2026, 7, 31), None,
            frozenset({LanguageChoice.ENGLISH_ALL}), False,
        ).to_json(),
        requester=Identity("subject", "coordinator@example.org", "America/Los_Angeles"),
        role=f"lea-caaspp-coordinator@{lea}",
        snapshots=Snapshots(),
        requested_at=NOW,
        state=JobState.READY,
        ended_at=NOW,
        progress=Progress(total=12_345, made=12_340, not_included=5, chunks=3, chunks_done=3),
        files=(ReportFile(f"archives/{lea}/01KAN5ZQF6XWZC9KN5XK9ZQF6X/Spring-2026.zip", 512_300_000, 12_342),),
    )  # fmt: skip
