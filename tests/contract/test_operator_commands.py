"""Commands of program staff that work on AWS: roles go to places that exist, and every refusal is a sentence."""

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from cli import main
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS

LEA, MAPLE, OTHER_LEA, OAK = "99100010000000", "99100010000001", "99100020000000", "99100020000001"
EMAIL, POOL = "ana@example.org", "us-west-2_people"


class UserPool:
    """A user pool with one person; moto's own needs a library that we have no other use for."""

    def list_users(self, **asked):
        if asked["UserPoolId"] != POOL:
            refusal = {
                "Code": "ResourceNotFoundException",
                "Message": f"User pool {asked['UserPoolId']} does not exist.",
            }
            raise ClientError({"Error": refusal}, "ListUsers")
        known = asked["Filter"] == f'email = "{EMAIL}"'
        return {
            "Users": [{"Attributes": [{"Name": "sub", "Value": "subject-of-ana"}]}][
                : known and asked["Limit"]
            ]
        }


@pytest.fixture
def run(aws, tmp_path, monkeypatch):
    """Return a runner of the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_BUCKET", "TABLE_NAME", "USER_POOL_ID"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def assign(run, table, tmp_path, monkeypatch):
    """Return a function that gives Ana a role where two LEAs, each with a school, are published."""
    client = boto3.client
    monkeypatch.setattr(boto3, "client", lambda name: UserPool() if name == "cognito-idp" else client(name))
    rows = [
        (LEA, "district", LEA, "Sample Valley Unified"),
        (MAPLE, "school", LEA, "Maple"),
        (OTHER_LEA, "district", OTHER_LEA, "Other Unified"),
        (OAK, "school", OTHER_LEA, "Oak"),
    ]
    lines = ["cds_code,kind,lea,name,county_name", *(",".join([*row, "Sample"]) for row in rows)]
    feed = tmp_path / f"{ORGANIZATIONS.name}.csv"
    feed.write_text("\n".join(lines), encoding="utf-8")
    assert run("ingest", ORGANIZATIONS.name, feed, "--to", "datasets").exit_code == 0

    def give(role, *place, **changes):
        options = {"--table": table, "--user-pool": POOL, "--to": "datasets"} | {
            f"--{name.replace('_', '-')}": value for name, value in changes.items()
        }
        given = [word for option in options.items() for word in option]
        return run("assign-role", EMAIL, role, *place, *given)

    return give


def test_a_role_is_given_by_name_and_taken_away(assign, run):
    """The line names the LEA and the school, so that a wrong code is seen."""
    given = assign("lea-caaspp-coordinator", LEA)
    assert given.exit_code == 0, given.output
    assert given.stdout.startswith(f"{EMAIL} is lea-caaspp-coordinator of Sample Valley Unified ({LEA}).")
    given = assign("site-caaspp-coordinator", LEA, "--school", MAPLE)
    assert f"of Maple ({MAPLE}) in Sample Valley Unified ({LEA})." in given.stdout
    assert f"lea-caaspp-coordinator@{LEA}, site-caaspp-coordinator@{MAPLE}." in given.stdout
    taken = assign("site-caaspp-coordinator", LEA, "--school", MAPLE, "--withdraw", to="nowhere")
    assert taken.stdout.endswith(f"Held in all: lea-caaspp-coordinator@{LEA}.\n")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (["99100090000000"], "No LEA has the CDS code 99100090000000."),
        ([MAPLE], f"No LEA has the CDS code {MAPLE}."),
        ([LEA, "--school", OAK], f"Sample Valley Unified ({LEA}) has no school with the CDS code {OAK}."),
        (["9910"], "A CDS code has 14 digits; got '9910'."),
    ],
    ids=["nobody's", "a school's", "another LEA's school", "too short"],
)
def test_a_role_where_nobody_is_is_refused(place, words, assign):
    """It would be held in vain, or wait for whoever gets that code."""
    role = "site-caaspp-coordinator" if "--school" in place else "lea-caaspp-coordinator"
    result = assign(role, *place)
    assert (result.exit_code, result.stderr) == (1, f"Error: {words}\n")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"table": "nope"}, "ResourceNotFoundException"),
        ({"user_pool": "us-west-2_nope"}, "ResourceNotFoundException"),
        ({"to": "nowhere"}, "No organizations are published in nowhere"),
    ],
    ids=["table", "user pool", "organizations"],
)
def test_what_does_not_exist_is_said_in_one_line(changes, words, assign):
    """A sentence with what was refused, and no traceback."""
    said(assign("lea-caaspp-coordinator", LEA, **changes), words)


def test_every_command_says_in_one_line_what_aws_refuses(run):
    """Whatever is mistyped."""
    said(run("rotate-link-key", "--user", "nouser", "--secret", "nosecret"), "NoSuchEntity")
    missing = "https://sqs.us-west-2.amazonaws.com/123456789012/x"
    said(run("redrive", "--dead-letters", missing, "--queue", missing), "AWS refused ReceiveMessage")


def test_who_has_no_credentials_or_region_is_told_so(run, monkeypatch):
    """Not that a service did not answer."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    for words in (
        ["sweep", "--bucket", "datasets"],
        ["rotate-link-key", "--user", "x", "--secret", "y"],
        ["redrive", "--dead-letters", "x", "--queue", "y"],
    ):
        said(run(*words), "There are no AWS credentials.")
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    said(run("redrive", "--dead-letters", "x", "--queue", "y"), "No AWS Region is named.")


def said(result, words):
    """Assert that a command ended with one line that has these words."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert words in result.stderr
