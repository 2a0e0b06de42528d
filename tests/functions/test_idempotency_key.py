"""The same request under the same Idempotency-Key gets the same job, whatever became of it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest

REQUESTS = "/v1/report-requests"


@pytest.fixture
def ask(functions, request_body):
    """Return a function that asks under a key; returns status and document."""

    def asking(key="key-1", *, subject="11111111-2222-3333-4444-555555555555", headers=None, **parts):
        sent = {"Idempotency-Key": key, **(headers or {})}
        answer = functions.call("POST", REQUESTS, request_body(**parts), subject=subject, headers=sent)
        return answer[0], answer[2]

    return asking


def test_the_same_key_gets_the_same_job_also_after_its_end(functions, ask):
    """A client that lost the answer asks again, and nothing is made twice."""
    _, first = ask()
    _, open_again = ask()
    functions.work()
    status, ended = ask()

    assert status == 202
    assert first["id"] == open_again["id"] == ended["id"]
    assert ended["state"] == "ready"
    assert not functions.waiting("BUILD")


def test_the_same_request_is_the_same_on_the_next_day(ask, monkeypatch):
    """A year that is left out means the latest with results: on 1 May it is another, and the request is not."""
    days = (datetime(2026, 4, 30, 20, tzinfo=UTC), datetime(2026, 5, 1, 12, tzinfo=UTC))
    answers = []
    for day in days:
        monkeypatch.setattr("request_report.handler.datetime", SimpleNamespace(now=lambda _, day=day: day))
        answers.append(ask(administration_year=None, start_date="2025-05-01"))

    (_, first), (status, again) = answers
    assert (status, again["id"]) == (202, first["id"])
    assert again["parameters"]["administration_year"] == "2024-25"


@pytest.mark.parametrize("parts", [{"name": "other"}, {"merge": True}, {"password": "correct horse battery"}])
def test_the_same_key_with_another_request_is_refused(functions, ask, parts):
    """422 with a rule; no job is made of it."""
    ask()
    functions.waiting("BUILD")

    status, document = ask(**parts)

    assert status == 422
    assert [problem["rule"] for problem in document["problems"]] == ["idempotency_key_reused"]
    assert not functions.waiting("BUILD")


def test_another_key_or_none_makes_another_job_once_the_first_is_over(functions, ask, request_body):
    """Only then; while it is open, an identical request gets it without any key."""
    _, first = ask()
    assert ask("key-2")[1]["id"] == first["id"]
    functions.work()

    assert ask("key-2")[1]["id"] == first["id"]
    assert ask("key-3")[1]["id"] != first["id"]


def test_keys_are_each_callers_own(ask):
    """A colleague, and another LEA of the same person, may use the same word."""
    _, mine = ask()
    status, theirs = ask(subject="colleague")

    assert status == 202
    assert theirs["id"] != mine["id"]


def test_a_refused_request_leaves_its_key_free(ask):
    """The client mends the request and sends it under the same key."""
    refused, _ = ask(schools=["99100019999999"])
    accepted, _ = ask()

    assert (refused, accepted) == (422, 202)


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "schlüssel"])
def test_a_key_that_is_none_is_refused(ask, key):
    """1 to 255 visible ASCII characters."""
    status, document = ask(key)

    assert status == 422
    assert len(document["problems"]) == 1


def test_the_table_holds_neither_key_nor_password(ask):
    """Digests stand there."""
    ask("my-own-words", password="correct horse battery staple")

    rows = str(boto3.client("dynamodb").scan(TableName="reports")["Items"])
    assert "KEY#" in rows
    assert "my-own-words" not in rows
    assert "correct horse" not in rows
