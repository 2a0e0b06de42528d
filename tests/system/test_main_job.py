"""The main job on the deployed stack: from the request to the downloaded archive."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
import zipfile
from collections import Counter
from dataclasses import replace
from http import HTTPStatus
from secrets import token_bytes

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from lea_reports.delivery.link_token import decrypted_claim, encrypted_claim
from lea_reports.delivery.links import expiry
from lea_reports.jobs.messages import NoticeMessage
from lea_reports.telemetry.metrics import JOBS_ENDED, NOTICES, SSRS
from local.api_client import Api
from local.archive_check import check_archive
from local.coordinator import download_link, link_key
from local.dashboard import read_dashboard
from local.signed_link import signed_again, tampered

LONGEST = 90.0


@pytest.fixture(scope="module")
def single_files(lea_coordinator, seeded):
    """Have the SSRs of one school made, a file each; return the request's resource and its end."""
    school = next(iter(seeded.district.schools))
    location = lea_coordinator.ask(
        {
            "report": "student-score-report-pdfs",
            "name": "single-files",
            "schools": [school],
            "grades": "all",
            "start_date": "2025-07-01",
            "end_date": "2026-12-31",
            "assessments": ["smarter-balanced"],
            "languages": ["english-all"],
        }
    )
    return location, lea_coordinator.watch(location, seconds=LONGEST)


@pytest.fixture(scope="module")
def link(lea_coordinator, single_files):
    """Take the link out of the mail about that report."""
    location, status = single_files
    assert status["state"] == "ready", location
    return download_link(lea_coordinator.wait_for_notice("single-files")).url


def test_the_archive_behind_the_mailed_link_is_what_its_manifest_says(
    lea_coordinator, single_files, link, tmp_path, seeded
):
    """Every file is listed with its SHA-256 and pages, and only SSRs of the chosen school are there."""
    _, status = single_files
    path = tmp_path / "reports.zip"
    assert lea_coordinator.browser.download(link, path) == HTTPStatus.OK
    archive = check_archive(path)
    assert archive.problems == ()
    assert archive.student_score_reports == status["counts"]["made"] > 0
    assert archive.not_included == status["counts"]["not_included"]
    assert [(each["bytes"], each["entries"]) for each in status["files"]] == [
        (archive.bytes, archive.entries)
    ]
    school = next(iter(seeded.district.schools))
    with zipfile.ZipFile(path) as entries:
        folders = {name.split("/")[0] for name in entries.namelist() if name.endswith(".pdf")}
    assert {folder.split("_")[0] for folder in folders} == {school}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_table_comes_by_the_link_of_its_mail(lea_coordinator, seeded, feeds, tmp_path, form):
    """The students of the LEA are counted by school, as the feed has them."""
    name, path = f"enrolled-{form}", tmp_path / f"enrolled.{form}"
    request = {"report": "total-enrolled-students", "name": name, "format": form}
    status = lea_coordinator.watch(lea_coordinator.ask(request), seconds=LONGEST)
    assert status["state"] == "ready"

    link = download_link(lea_coordinator.wait_for_notice(name), "Total Enrolled Students")
    assert lea_coordinator.browser.download(link.url, path) == HTTPStatus.OK

    if form == "xlsx":
        rows = [*load_workbook(path).worksheets[0].iter_rows(values_only=True)][1:]
    else:
        rows = [*csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))][1:]
    feed = parquet.read_table(feeds / "students.parquet", columns=["lea", "school"]).to_pylist()
    schools = Counter(row["school"] for row in feed if row["lea"] == seeded.district.lea)
    counted = {row[0]: int(row[-1]) for row in rows if row[0]}
    assert +Counter(counted) == schools
    assert int(rows[-1][-1]) == schools.total()
    assert (status["counts"]["made"], status["files"][0]["bytes"]) == (len(rows), path.stat().st_size)


def test_merged_files_hold_every_school(lea_coordinator, ask, tmp_path):
    """Merged, the SSRs of all schools come in one file for each grade."""
    location = lea_coordinator.ask(ask("merged-files", merge=True))
    status = lea_coordinator.watch(location, seconds=LONGEST)
    assert status["state"] == "ready"
    path = tmp_path / "reports.zip"
    lea_coordinator.browser.download(download_link(lea_coordinator.wait_for_notice("merged-files")).url, path)
    archive = check_archive(path)
    assert archive.problems == ()
    assert archive.student_score_reports == status["counts"]["made"]
    assert archive.files < archive.student_score_reports


def test_pdfs_of_a_request_with_a_password_open_with_it_only(lea_coordinator, ask, tmp_path, seeded):
    """The mail says that there is one; what the manifest says of the files is said of the protected ones."""
    phrase = "correct horse battery staple"
    school = next(iter(seeded.district.schools))
    location = lea_coordinator.ask(ask("locked", schools=[school], password=phrase))
    status = lea_coordinator.watch(location, seconds=LONGEST)
    mail = lea_coordinator.wait_for_notice("locked")
    path = tmp_path / "reports.zip"
    lea_coordinator.browser.download(download_link(mail).url, path)
    archive = check_archive(path, phrase)

    assert archive.problems == ()
    assert archive.student_score_reports == status["counts"]["made"] > 0
    assert "The PDFs ask for a password" in mail.text
    assert phrase not in mail.text + mail.html + str(status)


def test_a_link_works_for_24_hours_and_no_minute_more(stack, lea_coordinator, link):
    """Made 23 h 59 min ago it leads to the archive, made 24 h 1 min ago to a page that says how to get a new one."""
    folder, _, token = link.rpartition("/")
    secret = link_key(stack).secret_access_key
    claim = decrypted_claim(token, [secret])
    now = dt.datetime.now(dt.UTC)
    minute = dt.timedelta(minutes=1)
    links = [
        f"{folder}/{encrypted_claim(replace(claim, expires_at=now + left), secret, token_bytes)}"
        for left in (minute, -minute)
    ]
    works, expired = (lea_coordinator.browser.open("GET", each) for each in links)

    assert dt.timedelta(hours=23) < claim.expires_at - now <= dt.timedelta(hours=24)
    assert works.status == HTTPStatus.FOUND
    assert expiry(works.headers["location"]) - now <= minute
    assert expired.status == HTTPStatus.GONE
    assert expired.headers["content-type"].startswith("text/html")
    assert "How to get a new link" in expired.body.decode()


def test_a_changed_link_is_refused(stack, lea_coordinator, link):
    """Neither our own token nor the address of S3 behind it can be turned to another archive or a longer life."""
    browser = lea_coordinator.browser
    changed = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert browser.open("GET", changed).status == HTTPStatus.NOT_FOUND

    location = browser.open("GET", link).headers["location"]
    secret = link_key(stack).secret_access_key
    now = dt.datetime.now(dt.UTC)
    old = signed_again(location, secret_access_key=secret, at=now - dt.timedelta(hours=1))
    other_key = signed_again(location, secret_access_key=secret[::-1], at=now)
    longer = location.replace("X-Amz-Expires=900", "X-Amz-Expires=9000")
    assert longer != location
    for refused in (tampered(location), old, other_key, longer):
        assert browser.open("GET", refused).status == HTTPStatus.FORBIDDEN


def test_a_cancelled_request_stops_and_nobody_is_told(lea_coordinator, ask):
    """Its work ends, and no mail is sent."""
    location = lea_coordinator.ask(ask("cancelled"))
    answer = lea_coordinator.api.post(f"{location}/cancel", {})
    status = lea_coordinator.watch(location, seconds=LONGEST)

    assert (answer.status, status["state"]) == (HTTPStatus.OK, "cancelled")
    assert lea_coordinator.api.post(f"{location}/cancel", {}).status == HTTPStatus.OK
    assert not lea_coordinator.notices("cancelled")


def test_a_request_without_results_says_so_by_mail(lea_coordinator, ask):
    """Nothing found is an end of its own, with its own mail and no archive."""
    location = lea_coordinator.ask(ask("nothing-there", start_date="2025-07-01", end_date="2025-07-01"))
    status = lea_coordinator.watch(location, seconds=LONGEST)
    assert status["state"] == "no_results"
    assert status["files"] == []
    mail = lea_coordinator.wait_for_notice("nothing-there")
    assert not mail.links()


def test_a_notice_that_is_delivered_twice_is_mailed_once(stack, lea_coordinator, single_files):
    """SQS may deliver a message again; the second delivery finds the mail sent."""
    _, status = single_files
    lea_coordinator.wait_for_notice("single-files")
    lea = lea_coordinator.account.assignment.lea
    stack.cloud.sqs.send_message(
        QueueUrl=stack.deployment.notice_queue_url,
        MessageBody=NoticeMessage(lea=lea, job=status["id"]).model_dump_json(),
    )
    deadline = time.monotonic() + LONGEST
    while notices_repeated(stack) == 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert notices_repeated(stack) == 1
    assert len(lea_coordinator.notices("single-files")) == 1


def notices_repeated(stack) -> float:
    """Return how often `notify` reported a repeated notice."""
    return dashboard(stack).get((NOTICES.name, "repeated"), 0.0)


def dashboard(stack) -> dict[tuple[str, str], float]:
    """Return the dashboard's numbers by metric and outcome."""
    stack.bridge.carry()
    now = dt.datetime.now(dt.UTC)
    readings = read_dashboard(stack.cloud, stack.deployment.dashboard_name, now=now)
    return {
        (reading.line.metric, dict(reading.line.dimensions).get("outcome", "")): reading.value
        for reading in readings
        if reading.value is not None
    }


def test_the_dashboard_counts_what_was_made(stack, single_files):
    """Metrics of the functions reach the dashboard that operators look at."""
    _, status = single_files
    numbers = dashboard(stack)
    assert numbers[JOBS_ENDED.name, "ready"] >= 1
    assert numbers[SSRS.name, "made"] >= status["counts"]["made"]
    assert stack.bridge.trouble is None


def test_another_leas_request_is_not_there(other_coordinator, single_files):
    """A foreign request and one that never was answer alike."""
    location, _ = single_files
    answers = [other_coordinator.api.get(path) for path in (location, location[:-1] + "0")]
    assert [answer.status for answer in answers] == [HTTPStatus.NOT_FOUND] * 2
    assert answers[0].document() | {"instance": ""} == answers[1].document() | {"instance": ""}


def test_a_site_coordinator_may_not_ask(site_coordinator, ask):
    """LEA reports are for LEA coordinators."""
    answer = site_coordinator.api.post("/v1/report-requests", ask("not-allowed"))
    assert answer.status == HTTPStatus.FORBIDDEN
    assert answer.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize("token", [None, "garbage", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
def test_without_a_good_token_nobody_comes_in(stack, lea_coordinator, ask, token):
    """The gateway itself refuses absent and forged tokens, with a problem document."""
    api = Api(lea_coordinator.browser, stack.deployment.api_url, token)
    for answer in (api.get("/v1/report-requests"), api.post("/v1/report-requests", ask("no-token"))):
        assert answer.status == HTTPStatus.UNAUTHORIZED
        assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_token_of_another_app_is_refused_and_an_expired_one_not_even_read(stack, lea_coordinator):
    """The gateway asks for the pool and the time, the function for the app.

    This client's tokens live two seconds, which AWS would not allow.
    """
    pool = stack.deployment.user_pool_id
    client = stack.cloud.cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="short-lived",
        ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        IdTokenValidity=2,
        TokenValidityUnits={"IdToken": "seconds"},
    )["UserPoolClient"]["ClientId"]
    account = lea_coordinator.account
    token = stack.cloud.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
    )["AuthenticationResult"]["IdToken"]
    api = Api(lea_coordinator.browser, stack.deployment.api_url, token)
    assert api.get("/v1/report-requests").status == HTTPStatus.FORBIDDEN
    time.sleep(2.5)
    answer = api.get("/v1/report-requests")
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_bad_request_is_told_field_by_field(lea_coordinator, ask):
    """Every wrong field comes back with a pointer to it."""
    answer = lea_coordinator.api.post(
        "/v1/report-requests", ask("two words", grades=["14"], languages=["klingon"], colour="red")
    )
    assert answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_stage_may_mail_a_url_of_s3_itself(stack, lea_coordinator, ask, tmp_path):
    """With that setting the mail's link needs no page of ours: S3 checks it, for 24 hours and for this archive."""
    functions = stack.cloud.functions
    (notify,) = (
        each["FunctionName"]
        for each in functions.list_functions()["Functions"]
        if each["Handler"].startswith("notify.")
    )
    usual = functions.get_function_configuration(FunctionName=notify)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=notify, Environment={"Variables": usual | {"LINK_FORM": "presigned"}}
    )
    try:
        location = lea_coordinator.ask(ask("mailed-url"))
        assert lea_coordinator.watch(location, seconds=LONGEST)["state"] == "ready"
        url = download_link(lea_coordinator.wait_for_notice("mailed-url")).url
    finally:
        functions.update_function_configuration(FunctionName=notify, Environment={"Variables": usual})
    secret, now = link_key(stack).secret_access_key, dt.datetime.now(dt.UTC)
    day, minute = dt.timedelta(hours=24), dt.timedelta(minutes=1)

    def status(link):
        return lea_coordinator.browser.open("GET", link).status

    path = tmp_path / "reports.zip"
    assert lea_coordinator.browser.download(url, path) == HTTPStatus.OK
    assert zipfile.is_zipfile(path)
    assert dt.timedelta(hours=23) < expiry(url) - now <= day
    assert status(signed_again(url, secret_access_key=secret, at=now - day + minute)) == HTTPStatus.OK
    assert status(signed_again(url, secret_access_key=secret, at=now - day - minute)) == HTTPStatus.FORBIDDEN
    assert status(tampered(url)) == HTTPStatus.FORBIDDEN
