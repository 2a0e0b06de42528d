"""The workers take queue messages as SQS hands them over, and do the whole job."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import boto3
import pikepdf
import pytest

from build_report.bootstrap import build_dependencies
from build_report.handler import RECONCILE
from build_report.handler import handle as build
from lea_reports.jobs.messages import MemoryQueue
from local.archive_check import MANIFEST, read_list
from tests.pdf_check.tagged_pdf import problems

from .conftest import sent_mails

REQUESTS = "/v1/report-requests"


def pdfs_of(functions, name, job):
    """Return the PDFs of an archive by their names."""
    key = f"archives/99100010000000/{job}/{name}.zip"
    stored = functions.s3.get_object(Bucket="archive", Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        return {each: archive.read(each) for each in archive.namelist() if each.endswith(".pdf")}


def test_the_functions_do_the_main_job_together(functions, request_body):
    """Request, plan, chunks, archive, mail with a link: every handler with the events that AWS sends."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()

    job = functions.call("GET", headers["location"])[2]
    key = f"archives/99100010000000/{job['id']}/Spring-2026.zip"
    with zipfile.ZipFile(
        io.BytesIO(functions.s3.get_object(Bucket="archive", Key=key)["Body"].read())
    ) as archive:
        listed = read_list(archive, MANIFEST)
        assert archive.testzip() is None
        assert all(archive.read(row["File"]).startswith(b"%PDF") for row in listed)
    assert len(listed) == 5
    (mail,) = sent_mails()
    (token,) = set(re.findall(r"https://reports\.example\.org/live/links/([\w-]+)", str(mail.__dict__)))
    status, answered, _ = functions.open_link(token)
    assert status == 302
    assert urlsplit(answered["Location"]).path.endswith(key)


def test_a_merged_request_gives_one_pdf_per_grade(functions, request_body):
    """Through the same handlers."""
    functions.call("POST", REQUESTS, request_body(merge=True))
    functions.work()

    (key,) = [
        item["Key"] for item in functions.s3.list_objects_v2(Bucket="archive", Prefix="archives/")["Contents"]
    ]
    with zipfile.ZipFile(
        io.BytesIO(functions.s3.get_object(Bucket="archive", Key=key)["Body"].read())
    ) as archive:
        assert archive.namelist() == [
            "Spring-2026_grade-03_en_001.pdf",
            "Spring-2026_manifest.csv",
            "Spring-2026_manifest.xlsx",
            "Spring-2026_not_included.csv",
            "Spring-2026_not_included.xlsx",
        ]


def test_a_password_opens_the_pdfs_and_is_nowhere_else(functions, request_body, capsys, caplog):
    """Not in an answer, a queue, a log line, the mail or the table; the job forgets the key once it is made."""
    phrase = "correct horse battery staple"
    ask = request_body(name="locked", password=phrase, merge=True, tagged=True)
    _, headers, accepted = functions.call("POST", REQUESTS, ask)
    repeated = functions.call("POST", REQUESTS, ask)[2]
    messages = functions.waiting("BUILD")
    table = boto3.client("dynamodb")
    rows = str(table.scan(TableName="reports")["Items"])
    for message in messages:
        functions.build(message)
    functions.work()
    _, _, ended = functions.call("GET", headers["location"])
    listed = functions.call("GET", REQUESTS)[2]

    assert (ended["state"], repeated["id"]) == ("ready", accepted["id"])
    assert ended["parameters"]["protected"] is ended["parameters"]["tagged"] is True
    ((made, content),) = pdfs_of(functions, "locked", accepted["id"]).items()
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(content))
    assert made.endswith(".pdf")
    assert problems(content, phrase) == []
    assert "'secret'" in rows
    assert "'secret'" not in str(table.scan(TableName="reports")["Items"])
    logs = capsys.readouterr().out + "".join(str(vars(record)) for record in caplog.records)
    (mail,) = sent_mails()
    assert "The PDFs ask for a password" in str(mail.body) + str(mail.__dict__)
    said = [accepted, ended, listed, messages, rows, logs, str(mail.body), str(mail.__dict__)]
    assert not [each for each in said if phrase in str(each)]


def test_no_log_line_and_no_message_holds_anything_of_a_student(functions, request_body, capsys, caplog):
    """Names, SSIDs and scores stay in the files."""
    functions.call("POST", REQUESTS, request_body())
    functions.work()

    said = capsys.readouterr().out + "".join(str(vars(record)) for record in caplog.records)

    assert "job_ready" in said
    assert "StudentScoreReports" in said
    for private in ("Zhang", "Ávila", "1000000001", "2450"):
        assert private not in said


def test_a_message_that_fails_is_reported_and_the_others_are_done(functions, request_body):
    """Partial batch response: SQS delivers only the failed one again."""
    functions.call("POST", REQUESTS, request_body())
    (plan,) = functions.waiting("BUILD")

    answer = functions.build('{"step": "dance"}', plan)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(functions.waiting("BUILD")) == 3


def test_a_step_that_breaks_is_left_to_the_next_delivery(functions, request_body):
    """The bucket is away; once it is back the same message does its work."""
    functions.call("POST", REQUESTS, request_body())
    (plan,) = functions.waiting("BUILD")
    functions.build(plan)
    (chunk, *_) = functions.waiting("BUILD")
    keys = [item["Key"] for item in functions.s3.list_objects_v2(Bucket="archive")["Contents"]]
    rosters = {key: functions.s3.get_object(Bucket="archive", Key=key)["Body"].read() for key in keys}
    for key in keys:
        functions.s3.delete_object(Bucket="archive", Key=key)

    assert functions.build(chunk) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    for key, content in rosters.items():
        functions.s3.put_object(Bucket="archive", Key=key, Body=content)


def test_a_step_that_failed_is_tried_again_after_a_pause_that_doubles(functions, monkeypatch):
    """Minutes, then the dead letters and their alarm; the queue's own time would be six timeouts each."""
    queue = MemoryQueue()
    dependencies = replace(build_dependencies(), builds=queue, jobs=None)
    monkeypatch.setattr("build_report.handler.build_dependencies", lambda: dependencies)
    plan = json.dumps({"step": "plan", "lea": "9" * 14, "job": "0" * 26})

    for deliveries, message in ((1, plan), (2, plan), (4, '{"step": "dance"}')):
        assert functions.build(message, deliveries=deliveries)["batchItemFailures"]

    pauses = [pause for _, pause in queue.delivered_again]
    assert pauses == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=240)]


def test_the_schedule_looks_after_stuck_jobs(functions, request_body, capsys):
    """The event is the constant that the schedule sends; the metric says how many jobs wait."""
    functions.call("POST", REQUESTS, request_body())

    assert build(RECONCILE, functions.context) == {}

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "JobsWaiting" in line]
    assert [line["JobsWaiting"] for line in lines] == [[1.0]]


def test_a_notice_delivered_twice_sends_one_mail(functions, request_body):
    """SQS delivers at least once."""
    functions.call("POST", REQUESTS, request_body())
    while bodies := functions.waiting("BUILD"):
        functions.build(*bodies)
    (notice,) = functions.waiting("NOTICE")

    functions.notify(notice)
    functions.notify(notice)

    assert len(sent_mails()) == 1


def test_the_mail_comes_from_the_configured_sender(functions, request_body):
    """And goes to the address of the requester's token."""
    functions.call("POST", REQUESTS, request_body())
    functions.work()

    (mail,) = sent_mails()

    assert mail.source == "reports@example.org"
    assert mail.destinations["ToAddresses"] == ["11111111@example.org"]
    assert re.search(r"Student Score Report", mail.subject)


def test_a_key_of_a_session_stops_the_notice_before_a_mail_is_sent(functions, request_body, caplog):
    """A link that would die early must not reach anybody; the log says what kind of error it was, never the key."""
    boto3.client("secretsmanager").put_secret_value(
        SecretId="link-key",
        SecretString=json.dumps(
            {"access_key_id": "ASIAXXXX", "secret_access_key": "s", "created_at": "2026-11-01T00:00:00Z"}
        ),
    )
    functions.call("POST", REQUESTS, request_body())
    while bodies := functions.waiting("BUILD"):
        functions.build(*bodies)

    assert functions.notify(*functions.waiting("NOTICE"))["batchItemFailures"]
    assert not sent_mails()
    (failed,) = [record for record in caplog.records if vars(record).get("event") == "step_failed"]
    assert vars(failed)["error"] == "ValueError"
    assert "ASIA" not in str(vars(failed))


def test_a_plan_that_cannot_be_made_ends_the_job_and_its_log_says_where(functions, request_body, caplog):
    """The class of the exception, the module and the line; never its text, which may quote a student."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    (plan,) = functions.waiting("BUILD")
    (students,) = [
        found["Key"]
        for found in functions.s3.list_objects_v2(Bucket="data", Prefix="datasets/students_by_enrolled/")[
            "Contents"
        ]
    ]
    functions.s3.put_object(Bucket="data", Key=students, Body=b"Zhang is no Parquet")

    for deliveries in (1, 2, 3, 4, 5, 1):
        assert functions.build(plan, deliveries=deliveries)["batchItemFailures"]
    functions.notify(*functions.waiting("NOTICE"))

    _, _, document = functions.call("GET", headers["location"])
    assert (document["state"], document["reason"]) == ("failed", "not_planned")
    (mail,) = sent_mails()
    assert mail.subject.startswith("Not made")
    failed = [vars(record) for record in caplog.records if vars(record).get("event") == "step_failed"]
    assert {(each["step"], each["error"], each["raised_in"]) for each in failed} == {
        ("plan", "pyarrow.lib.ArrowInvalid", "lea_reports.datasets.parquet")
    }
    assert all(each["line"] > 0 for each in failed)
    assert "Zhang" not in str(failed)


def test_no_message_no_mail_and_no_address_holds_anything_of_a_student(functions, request_body):
    """Queues carry ids; the mail counts; the keys on S3 are codes, ids and the report's own name."""
    functions.call("POST", REQUESTS, request_body())
    messages = []
    while bodies := functions.waiting("BUILD"):
        messages += bodies
        functions.build(*bodies)
    messages += (notices := functions.waiting("NOTICE"))
    functions.notify(*notices)
    (mail,) = sent_mails()
    keys = [item["Key"] for item in functions.s3.list_objects_v2(Bucket="archive")["Contents"]]

    assert len(messages) > 2
    assert any(key.startswith("archives/") for key in keys)
    said = str([messages, str(mail.body), str(mail.__dict__), keys])
    for private in ("Zhang", "Ávila", "1000000001", "2450"):
        assert private not in said


def test_what_a_job_keeps_of_its_password_stands_in_its_row_alone(functions, request_body, capsys, caplog):
    """The files' key and the marks of the password: in no answer, message, log line or mail."""
    ask = request_body(name="locked", password="correct horse battery staple")
    _, headers, accepted = functions.call("POST", REQUESTS, ask)
    row = next(
        item for item in boto3.client("dynamodb").scan(TableName="reports")["Items"] if "secret" in item
    )
    secret = json.loads(row["secret"]["S"])
    kept = [secret["fingerprint"], *secret["content"].values()]
    messages = functions.waiting("BUILD")
    seen = functions.call("GET", headers["location"])[2]
    listed = functions.call("GET", REQUESTS)[2]
    functions.build(*messages)
    functions.work()
    (mail,) = sent_mails()
    said = str([accepted, seen, listed, messages, str(mail.body), str(mail.__dict__)])
    said += capsys.readouterr().out + str([vars(record) for record in caplog.records])

    assert len(kept) == 7
    assert "job_ready" in said
    assert not [each for each in kept if each in said]


def test_a_password_hides_no_names_of_files_and_no_lists(functions, request_body):
    """As `docs/security.md` says: whoever holds the link sees whose reports there are."""
    _, _, document = functions.call(
        "POST", REQUESTS, request_body(name="locked", password="correct horse battery staple")
    )
    functions.work()

    key = f"archives/99100010000000/{document['id']}/locked.zip"
    stored = functions.s3.get_object(Bucket="archive", Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        assert len(read_list(archive, MANIFEST)) == 5
        assert any("Zhang" in name for name in archive.namelist())
