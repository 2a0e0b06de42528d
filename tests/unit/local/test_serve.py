"""What `make serve` tells: how to use the stack from another terminal, and why it ended."""

import json
import re
import shlex
from types import SimpleNamespace

import pytest

from local.accounts import Account, demo_assignments
from local.cloud import Address
from local.emulator import MOST_WARNINGS, ended_with
from local.seed import District, Seeded
from local.serve import commands
from local.sign_in import main as sign_in

LEA, MAPLE = "99100010000000", "99100010000001"
MAILS = "http://127.0.0.1:2/"


@pytest.fixture
def said():
    """Return what is told about a stack, its certificate's path or None given."""
    people = [
        Account("x", email, f"Demo-{number}-1a", str(number), assignment)
        for number, (email, assignment) in enumerate(demo_assignments(LEA, MAPLE, "9" * 14).items())
    ]
    seeded = Seeded(District(LEA, "Demo Unified", {MAPLE: "Maple"}, "9" * 14), *people)

    def tell(certificate=None):
        address = Address("http://127.0.0.1:1", certificate)
        stack = SimpleNamespace(
            emulator=SimpleNamespace(address=address),
            deployment=SimpleNamespace(api_url="http://127.0.0.1:1/live", user_pool_client_id="client"),
            operator_environment=lambda: address.environment() | {"USER_POOL_ID": "pool"},
        )
        return commands(stack, seeded, MAILS)

    return tell


def test_the_commands_are_found_before_anything_is_called(said):
    """A newcomer has no environment activated: the path comes first of what is exported."""
    variables = next(iter(said().values()))
    exported = [line for line in variables if line.startswith("export ")]

    assert re.fullmatch(r"export PATH=/\S+/bin:\$PATH", exported[0])
    assert {"export API=http://127.0.0.1:1/live/v1", "export USER_POOL_CLIENT_ID=client"} <= set(exported)


def test_every_account_has_the_line_that_gets_its_token(said):
    """Tokens last an hour; the line does not."""
    tokens = list(said().values())[1]

    assert len(tokens) == 3
    assert tokens[0] == "export TOKEN=$(python -m local.sign_in lea.coordinator@example.org Demo-0-1a)"


def test_a_request_can_be_sent_as_it_is_printed(said):
    """Real values of the district, in quotes that a shell takes away; then its status and the mails."""
    _, ask, status, mails = list(said().values())[2]
    words = shlex.split(ask)
    body = json.loads(words[words.index("-d") + 1])

    assert (body["schools"], body["report"]) == ([MAPLE], "student-score-report-pdfs")
    assert words[-1] == "$API/report-requests"
    assert shlex.split(status)[-1].endswith("/report-requests?limit=1")
    assert MAILS in mails


def test_over_tls_curl_is_told_whom_to_trust(said):
    """The certificate is the stack's own."""
    calls = list(said("/run/certificate.pem").values())[2][:3]

    assert all(shlex.split(line)[1:3] == ["--cacert", "/run/certificate.pem"] for line in calls)


def test_the_last_line_says_what_happened_after_warnings_only(tmp_path):
    """Functions log metrics by the dozen; they are no reason for an end."""
    log = tmp_path / "emulator.log"
    told = [f"2026-11-27 03:40:{number:02d} WARNING [s3] slow {number}" for number in range(20)]
    trace = ["Traceback (most recent call last):", '  File "x.py", line 1', "MemoryError: no"]
    noise = ['{"_aws": {"Timestamp": 1}}', "2026-11-27 03:40:27 INFO [events] dispatched", "  indented"]
    log.write_text("\n".join([*noise, *told, *noise, *trace, *noise]))

    *warnings, last = ended_with("The emulator ended.", log).splitlines()

    assert last == f"The emulator ended. Its log: {log}"
    assert warnings[1:] == [*told, *trace][-MOST_WARNINGS:]


def test_without_warnings_there_is_the_sentence_alone(tmp_path):
    """Killed by the kernel, it said nothing of it."""
    assert (
        ended_with("The emulator ended.", tmp_path / "log")
        == f"The emulator ended. Its log: {tmp_path / 'log'}"
    )


def test_a_sign_in_without_the_stacks_variables_says_which_are_missing(monkeypatch, capsys):
    """They are lines of another terminal."""
    monkeypatch.setattr("sys.argv", ["sign_in", "lea.coordinator@example.org", "Demo-0-1a"])
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.delenv("USER_POOL_ID", raising=False)
    monkeypatch.delenv("USER_POOL_CLIENT_ID", raising=False)

    assert sign_in() == 1
    assert "Export USER_POOL_ID, USER_POOL_CLIENT_ID first" in capsys.readouterr().err
