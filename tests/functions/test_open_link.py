"""The public address that links of e-mails lead to."""

import json
import re
import time
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from notify.bootstrap import notice_dependencies
from open_link.bootstrap import link_dependencies

from .conftest import sent_mails

REQUESTS = "/v1/report-requests"
NEWER_KEY = {
    "access_key_id": "AKIAIOSFODNN7NEWEREX",
    "secret_access_key": "newer",
    "created_at": "2026-11-20T00:00:00Z",
}


def tokens():
    """Return the tokens of the links that were sent, in order."""
    mails = sent_mails()
    found = [re.search(r"/live/links/([\w-]+)", str(mail.__dict__)) for mail in mails]
    return [each[1] for each in found]


@pytest.fixture
def ready(functions, request_body):
    """A report that is ready and told; returns its resource."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()
    return headers["location"]


def test_a_link_leads_on_to_the_archive_for_minutes(functions, ready):
    """To one object of S3; nobody on the way keeps the address or passes it on."""
    status, headers, body = functions.open_link(tokens()[0])
    query = parse_qs(urlsplit(headers["Location"]).query)

    assert (status, body) == (302, "")
    assert query["X-Amz-Expires"] == ["900"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_opening_a_link_changes_nothing(functions, ready):
    """A mail scanner that follows it uses nothing up."""
    before = functions.call("GET", ready)[2]

    assert [functions.open_link(tokens()[0])[0] for _ in range(2)] == [302, 302]
    assert functions.call("GET", ready)[2] == before


def test_head_on_a_link_tells_where_it_leads_and_counts_as_no_opening(functions, ready, capsys):
    """Mail scanners look before people do; other methods are answered with the two that a link knows."""
    capsys.readouterr()
    status, headers, body = functions.open_link(tokens()[0], "HEAD")
    looked = capsys.readouterr().out
    functions.open_link(tokens()[0])
    refused = functions.open_link(tokens()[0], "POST")

    assert (status, body) == (302, "")
    assert "X-Amz-Signature" in headers["Location"]
    assert "LinksOpened" not in looked
    assert "LinksOpened" in capsys.readouterr().out
    assert (refused[0], refused[1]["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "_", lambda token: token[:-1], lambda _: ""])
def test_a_changed_link_shows_the_page_for_unknown_ones(functions, ready, change):
    """In HTML, with the headers that keep it from loading anything."""
    status, headers, body = functions.open_link(change(tokens()[0]))

    assert status == 404
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "This link leads to no report" in body


def test_an_expired_link_shows_how_to_get_a_new_one(functions, request_body, monkeypatch):
    """410, since it will never work again."""
    functions.call("POST", REQUESTS, request_body())
    monkeypatch.setattr("notify.handler.datetime", Yesterday)
    functions.work()

    status, _, body = functions.open_link(tokens()[0])

    assert status == 410
    assert "This link has expired" in body


class Yesterday:
    """A clock that is a day and a minute late."""

    @staticmethod
    def now(zone):
        """Return the time of a clock that is late."""
        return datetime.now(zone) - timedelta(hours=24, minutes=1)


def test_links_of_the_key_before_still_work(functions, ready):
    """A key is replaced while links that were made with it are in people's mailboxes."""
    boto3.client("secretsmanager").put_secret_value(SecretId="link-key", SecretString=json.dumps(NEWER_KEY))
    link_dependencies.cache_clear()

    status, headers, _ = functions.open_link(tokens()[0])

    assert status == 302
    assert "AKIAIOSFODNN7NEWEREX" in headers["Location"]


def test_a_fault_of_ours_is_a_page_too_and_tells_nothing_of_itself(functions, ready, caplog):
    """Whoever clicked a link is not to read JSON; the log learns the kind of error."""
    token = tokens()[0]
    boto3.client("secretsmanager").delete_secret(SecretId="link-key", ForceDeleteWithoutRecovery=True)
    link_dependencies.cache_clear()

    status, headers, body = functions.open_link(token)

    assert status == 503
    assert headers["Retry-After"] == "60"
    assert "Your link still works" in body
    assert token not in str([vars(record) for record in caplog.records])


def test_the_notice_comes_again_with_a_new_link_and_no_new_build(functions, ready, monkeypatch):
    """202, another link, and until when it works stands in the resource; the first link lives on."""
    first = functions.call("GET", ready)
    monkeypatch.setattr("lea_reports.delivery.repeat_notice.PAUSE", timedelta())
    time.sleep(1)  # times are told in whole seconds

    status, _, _ = functions.call("POST", f"{ready}/notice")
    built = functions.waiting("BUILD")
    functions.work()

    assert (status, built) == (202, [])
    assert len(set(tokens())) == 2
    assert [functions.open_link(token)[0] for token in tokens()] == [302, 302]
    again = functions.call("GET", ready, headers={"If-None-Match": first[1]["etag"]})
    assert again[2]["notice"]["sent_at"] > first[2]["notice"]["sent_at"]


def test_the_address_of_links_is_read_where_the_api_wrote_it(functions, request_body):
    """A domain of one's own needs no new code."""
    boto3.client("ssm").put_parameter(
        Name="/lea-reports/test/public-url", Value="https://other.example.org", Overwrite=True
    )
    notice_dependencies.cache_clear()
    functions.call("POST", REQUESTS, request_body())
    functions.work()

    (mail,) = sent_mails()
    assert "https://other.example.org/links/" in str(mail.__dict__)


def test_every_answer_says_that_it_is_kept_and_passed_on_nowhere(functions, ready, monkeypatch):
    """Where a link leads on, to a page, to nothing, and when it is asked for wrongly: `no-store` and `no-referrer`."""
    token = tokens()[0]
    answers = [functions.open_link(token), functions.open_link("x"), functions.open_link(token, "POST")]
    monkeypatch.setattr("open_link.handler.datetime", Tomorrow)
    answers.append(functions.open_link(token))
    boto3.client("secretsmanager").delete_secret(SecretId="link-key", ForceDeleteWithoutRecovery=True)
    link_dependencies.cache_clear()
    answers.append(functions.open_link(token))

    assert [status for status, _, _ in answers] == [302, 404, 405, 410, 503]
    for _, headers, _ in answers:
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    for _, headers, body in answers:
        assert not body or headers["Content-Security-Policy"].startswith("default-src 'none'")


class Tomorrow:
    """A clock that is a day and a minute ahead."""

    @staticmethod
    def now(zone):
        """Return the time of a clock that is ahead."""
        return datetime.now(zone) + timedelta(hours=24, minutes=1)


def test_no_log_line_holds_a_token(functions, ready, capsys, caplog):
    """A token in a log would be a link in a log: opened, refused or expired."""
    token = tokens()[0]
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for each in (token, changed):
        functions.open_link(each)

    said = capsys.readouterr().out + str([vars(record) for record in caplog.records])
    assert "link_opened" in said
    assert "link_refused" in said
    assert token[:40] not in said


def test_a_stage_that_mails_urls_of_s3_mails_the_archives_own(functions, request_body, monkeypatch):
    """Signed with the user's key for a day, for this one archive; no page of ours is on the way (decision 13)."""
    monkeypatch.setenv("LINK_FORM", "presigned")
    notice_dependencies.cache_clear()
    _, _, document = functions.call("POST", REQUESTS, request_body())
    functions.work()

    (mail,) = sent_mails()
    (url,) = set(re.findall(r"https://archive\.s3[^\s\"'\\]+X-Amz-Signature=[0-9a-f]+", unescape(mail.body)))
    query = parse_qs(urlsplit(url).query)
    assert "/links/" not in str(mail.__dict__)
    assert urlsplit(url).path == f"/archives/99100010000000/{document['id']}/Spring-2026.zip"
    assert 24 * 3600 - 60 < int(query["X-Amz-Expires"][0]) <= 24 * 3600
    assert query["X-Amz-Credential"][0].startswith("AKIA")
