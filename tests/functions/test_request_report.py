"""The HTTP API answers what it is asked, and refuses bad input with a problem that a person can act on."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest

from lea_reports.jobs.job import Chunk, JobState, Progress
from request_report.bootstrap import api_dependencies

LEA = "99100010000000"
MAPLE, FOREIGN_SCHOOL = "99100010000001", "01611920000001"
SUBJECT = "11111111-2222-3333-4444-555555555555"
REQUESTS = "/v1/report-requests"


@pytest.fixture
def building(functions, request_body):
    """Return the place of a request of which half was built in two chunks, and when the second was done."""
    _, headers, document = functions.call("POST", REQUESTS, request_body())
    jobs, began = api_dependencies().jobs, datetime.fromisoformat(document["requested_at"])
    job = jobs.job(LEA, document["id"])
    for state in (JobState.PLANNING, JobState.BUILDING):
        moved = replace(job.moved(state, began, check_after=None), progress=Progress(total=20, chunks=4))
        jobs.move(job, moved)
        job = moved
    jobs.add_chunks(job, [Chunk(number, 5) for number in range(4)])
    done = began
    for number in range(2):
        chunk = jobs.claim_chunk(job, number, "worker", done, done + timedelta(minutes=3))
        done += timedelta(seconds=30)
        jobs.complete_chunk(job, replace(chunk, made=5, ended_at=done))
    return headers["location"], done


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the clock of the API."""

    def show(moment):
        stopped = SimpleNamespace(now=lambda zone: datetime.fromisoformat(moment).astimezone(zone))
        monkeypatch.setattr("request_report.handler.datetime", stopped)

    return show


def test_a_request_is_accepted_with_the_place_of_its_status(functions, request_body):
    """202, Location, and a plan message with ids only; the address of the API ends with the name of its stage."""
    status, headers, document = functions.call("POST", REQUESTS, request_body())

    assert status == 202
    here = f"https://api.example.org/live{REQUESTS}"
    assert urljoin(here, headers["location"]) == f"{here}/{document['id']}"
    assert document["state"] == "requested"
    (message,) = functions.waiting("BUILD")
    assert json.loads(message) == {"step": "plan", "lea": "99100010000000", "job": document["id"]}


def test_the_status_follows_the_job_to_its_end(functions, request_body):
    """Progress, counts, the archive's size and until when its link works."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()

    status, _, document = functions.call("GET", headers["location"])

    assert status == 200
    assert document["state"] == "ready"
    made = document["progress"].pop("bytes")
    assert document["progress"] == {"total": 5, "done": 5, "not_included": 0}
    assert document["counts"] == {"made": 5, "not_included": 0}
    (archive,) = document["files"]
    assert 0 < made < archive["bytes"]
    assert (archive["name"], archive["entries"]) == ("Spring-2026.zip", 9)
    assert document["notice"]["link_expires_at"] > document["notice"]["sent_at"]


def test_an_estimate_that_does_not_hold_any_more_is_a_change(functions, building, clock):
    """Whoever asks with the ETag seen before does not go on to show it while nothing moves."""
    location, done = building
    clock((done + timedelta(seconds=1)).isoformat())
    _, headers, first = functions.call("GET", location)
    seen = {"If-None-Match": headers["etag"]}
    clock((done + timedelta(seconds=20)).isoformat())
    soon, _, _ = functions.call("GET", location, headers=seen)
    clock((done + timedelta(minutes=10)).isoformat())
    late, _, document = functions.call("GET", location, headers=seen)

    assert first["estimated_seconds_left"] > 0
    assert (soon, late) == (304, 200)
    assert document["estimated_seconds_left"] is None


def test_the_status_never_holds_a_link(functions, request_body):
    """The link in the e-mail is the only method of retrieval."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()

    _, _, document = functions.call("GET", headers["location"])

    assert "http" not in json.dumps(document)


def test_an_unchanged_status_need_not_be_sent_again(functions, request_body):
    """If-None-Match with the ETag seen before answers 304 until something changes."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    _, first, _ = functions.call("GET", headers["location"])

    unchanged, _, body = functions.call("GET", headers["location"], headers={"If-None-Match": first["etag"]})
    functions.work()
    changed, _, _ = functions.call("GET", headers["location"], headers={"If-None-Match": first["etag"]})

    assert (unchanged, body, changed) == (304, None, 200)


@pytest.mark.parametrize("named", ["{tag}", '"other", {tag}', "{strong}", "*"])
def test_an_unchanged_status_is_recognized_however_it_is_named(functions, request_body, named):
    """HTTP compares tags weakly here, and a cache may name several."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    tag = functions.call("GET", headers["location"])[1]["etag"]
    names = named.format(tag=tag, strong=tag.removeprefix("W/"))

    assert functions.call("GET", headers["location"], headers={"If-None-Match": names})[0] == 304


def test_the_list_holds_the_callers_own_requests_page_by_page(functions, request_body):
    """A colleague of the same LEA has a list of their own."""
    ids = [functions.call("POST", REQUESTS, request_body(name=f"n{n}"))[2]["id"] for n in range(3)]
    functions.call("POST", REQUESTS, request_body(name="theirs"), subject="colleague")

    _, _, first = functions.call("GET", REQUESTS, query={"limit": "2"})
    _, _, second = functions.call("GET", REQUESTS, query={"limit": "2", "before": first["next"]})

    listed = [job["id"] for page in (first, second) for job in page["report_requests"]]
    assert sorted(listed) == sorted(ids)
    assert listed == sorted(listed, reverse=True)
    assert second["next"] is None


def test_the_year_is_that_of_the_latest_results_if_none_is_named(functions, request_body):
    """The screen has a current administration year too."""
    _, _, document = functions.call("POST", REQUESTS, request_body(administration_year=None))

    assert document["parameters"]["administration_year"] >= "2025-26"


@pytest.mark.parametrize(
    ("moment", "year"), [("2026-05-01T06:59:59Z", "2024-25"), ("2026-05-01T07:00Z", "2025-26")]
)
def test_the_latest_results_are_those_of_the_day_in_california(functions, request_body, clock, moment, year):
    """At half past midnight in UTC it is still 30 April there, for whoever asks."""
    clock(moment)

    _, _, document = functions.call(
        "POST", REQUESTS, request_body(administration_year=None, start_date="2026-04-01")
    )

    assert document["parameters"]["administration_year"] == year


@pytest.mark.parametrize(
    ("moment", "state"), [("2026-06-01T06:59:59Z", "no_results"), ("2026-06-01T07:00:00Z", "ready")]
)
def test_nothing_is_handed_out_before_its_day_begins_in_california(
    functions, request_body, clock, moment, state
):
    """All SSRs of the district are available from 1 June on; the end date may lie ahead."""
    clock(moment)
    _, headers, _ = functions.call("POST", REQUESTS, request_body(end_date="2027-07-31"))
    functions.work()

    assert functions.call("GET", headers["location"])[2]["state"] == state


def test_the_organization_lists_the_schools_to_choose_from(functions):
    """The LEA of the role, never another one."""
    _, _, document = functions.call("GET", "/v1/organization")

    assert (document["cds_code"], document["name"]) == ("99100010000000", "Demo Unified")
    assert [school["name"] for school in document["schools"]] == ["Maple", "Oak"]


def test_the_reports_are_those_of_the_role(functions):
    """The site coordinator sees no LEA reports."""
    _, _, coordinator = functions.call("GET", "/v1/reports")
    _, _, site = functions.call("GET", "/v1/reports", subject="site")

    assert "student-score-report-pdfs" in [report["code"] for report in coordinator["reports"]]
    assert site["reports"] == []


BAD_FIELDS = {
    "a report that does not exist": ({"report": "grades"}, "/report", "known_report"),
    "no report": ({"report": None}, "/report", "required"),
    "a name with a space": ({"name": "Spring 2026"}, "/name", "report_name"),
    "an empty name": ({"name": ""}, "/name", "report_name"),
    "a name that is too long": ({"name": "x" * 65}, "/name", "report_name"),
    "a name that ends a line": ({"name": "Spring\n"}, "/name", "report_name"),
    "a name that is a number": ({"name": 7}, "/name", "report_name"),
    "no name": ({"name": None}, "/name", "required"),
    "an unknown school": ({"schools": ["99100019999999"]}, "/schools/0", "school_of_lea"),
    "another LEA's school": ({"schools": [MAPLE, FOREIGN_SCHOOL]}, "/schools/1", "school_of_lea"),
    "a school code that is none": ({"schools": [MAPLE, "12"]}, "/schools/1", "cds_code"),
    "no school at all": ({"schools": []}, "/schools", "all_or_some"),
    "a school twice": ({"schools": [MAPLE, MAPLE]}, "/schools", "all_or_some"),
    "schools as a word": ({"schools": "some"}, "/schools", "all_or_some"),
    "an unknown grade": ({"grades": ["13"]}, "/grades/0", "known_grade"),
    "a grade as a number": ({"grades": [3]}, "/grades/0", "known_grade"),
    "dates reversed": ({"end_date": "2026-04-30"}, "/end_date", "not_before_start"),
    "a date that does not exist": ({"start_date": "2026-02-30"}, "/start_date", "calendar_date"),
    "a date written otherwise": ({"start_date": "5/1/2026"}, "/start_date", "calendar_date"),
    "a date as a number": ({"end_date": 20260501}, "/end_date", "calendar_date"),
    "a start date ahead": (
        {"start_date": "2999-01-01", "end_date": "2999-02-01"},
        "/start_date",
        "not_ahead",
    ),
    "no start date": ({"start_date": None}, "/start_date", "required"),
    "an unknown assessment": ({"assessments": ["sat"]}, "/assessments/0", "known_assessment"),
    "another program’s assessment": (
        {"assessments": ["initial-elpac"]},
        "/assessments/0",
        "known_assessment",
    ),
    "no assessment": ({"assessments": None}, "/assessments", "required"),
    "an unknown language": ({"languages": ["klingon"]}, "/languages/0", "known_language"),
    "no language": ({"languages": []}, "/languages", "all_or_some"),
    "merge as a word": ({"merge": "yes"}, "/merge", "yes_or_no"),
    "tags as a word": ({"merge": True, "tagged": "yes"}, "/tagged", "yes_or_no"),
    "tags and nothing merged": ({"tagged": True}, "/tagged", "merged_only"),
    "a short password": ({"password": "eleven char"}, "/password", "password"),
    "a long password": ({"password": "x" * 128}, "/password", "password"),
    "a password with a bell": ({"password": "ring the bell \a"}, "/password", "password"),
    "a password that is a number": ({"password": 123456789012}, "/password", "password"),
    "a password that is no text": ({"password": "\ud800" * 12}, "/password", "password"),
    "a year that is none": (
        {"administration_year": "2025-27"},
        "/administration_year",
        "administration_year",
    ),
    "a field that does not exist": ({"lea": "99200020000000"}, "/lea", "unknown_field"),
}


@pytest.mark.parametrize("case", BAD_FIELDS)
def test_a_bad_field_is_named_with_its_rule(functions, request_body, case):
    """Each rule has its own message; nothing is stored and nothing is sent."""
    parts, pointer, rule = BAD_FIELDS[case]

    status, headers, document = functions.call("POST", REQUESTS, request_body(**parts))

    assert status == 422
    assert headers["content-type"] == "application/problem+json"
    assert [(problem["pointer"], problem["rule"]) for problem in document["problems"]] == [(pointer, rule)]
    assert document["problems"][0]["detail"].endswith((".", "."))
    assert not functions.waiting("BUILD")
    assert functions.call("GET", REQUESTS)[2]["report_requests"] == []


def test_every_rule_has_a_message_of_its_own(functions, request_body):
    """No two rules say the same."""
    said = {}
    for parts, _, rule in BAD_FIELDS.values():
        _, _, document = functions.call("POST", REQUESTS, request_body(**parts))
        said.setdefault(document["problems"][0]["detail"].split(":")[0], set()).add(rule)

    assert all(len(rules) == 1 for rules in said.values())


def test_all_bad_fields_are_named_at_once(functions, request_body):
    """A person mends a form in one go."""
    body = request_body(name="a b", grades=["99"], languages=None)

    _, _, document = functions.call("POST", REQUESTS, body)

    assert [problem["pointer"] for problem in document["problems"]] == ["/name", "/grades/0", "/languages"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("", 422),
        ("[]", 422),
        ('"x"', 422),
        ("x" * 70_000, 413),
        (f'"{"學" * 30_000}"', 413),
        ("[" * 30_000, 400),
        (f'{{"name": {"1" * 5_000}}}', 400),
    ],
)
def test_a_body_that_is_no_request_is_refused(functions, body, status):
    """Not JSON, no object, too large in bytes, or beyond what Python reads."""
    answered, headers, document = functions.call("POST", REQUESTS, body)

    assert answered == status == document["status"]
    assert headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
def test_a_body_that_is_not_called_json_is_refused(functions, request_body, media_type):
    """The gateway checks JSON bodies only and passes everything else on."""
    status, headers, document = functions.call(
        "POST", REQUESTS, request_body(), headers={"Content-Type": media_type}
    )

    assert status == 415
    assert headers["content-type"] == "application/problem+json"
    assert "application/json" in document["detail"]
    assert not functions.waiting("BUILD")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", None])
def test_a_json_body_is_taken_with_a_charset_or_without_a_type(functions, request_body, media_type):
    """Both are common."""
    headers = {"Content-Type": media_type} if media_type else {"Content-Type": ""}

    assert functions.call("POST", REQUESTS, request_body(), headers=headers)[0] == 202


@pytest.mark.parametrize(
    ("who", "status"),
    [("site", 403), ("stranger", 403), ("both", 422)],
)
def test_who_may_not_ask_or_names_no_role_is_refused(functions, request_body, who, status):
    """Wrong role, no role, or several roles and none named."""
    answered, headers, document = functions.call("POST", REQUESTS, request_body(), subject=who)

    assert answered == status
    assert headers["content-type"] == "application/problem+json"
    assert document["detail"]
    assert not functions.waiting("BUILD")


def test_a_person_with_several_roles_names_the_one_they_work_in(functions, request_body):
    """The LEA follows from the role that the server knows to be assigned."""
    role = "lea-caaspp-coordinator@99100010000000"

    accepted, _, _ = functions.call(
        "POST", REQUESTS, request_body(), subject="both", headers={"LEA-Reports-Role": role}
    )
    foreign, _, _ = functions.call(
        "POST",
        REQUESTS,
        request_body(),
        headers={"LEA-Reports-Role": "lea-caaspp-coordinator@99200020000000"},
    )

    assert (accepted, foreign) == (202, 403)


@pytest.mark.parametrize("claims", [{}, {"sub": SUBJECT, "email": "a@example.org", "token_use": "access"}])
def test_an_access_token_is_not_taken_for_an_id_token(functions, request_body, claims):
    """The gateway lets access tokens through on some stacks; the function does not."""
    assert functions.call("POST", REQUESTS, request_body(), claims=claims)[0] == 403


def test_unknown_and_foreign_ids_are_not_told_apart(functions, request_body):
    """Another LEA's job, a colleague's job and no job at all answer the same bytes."""
    _, headers, document = functions.call("POST", REQUESTS, request_body())
    location = headers["location"]

    foreign = functions.call("GET", location, subject="foreigner")
    colleague = functions.call("GET", location, subject="colleague")
    unknown = functions.call("GET", location.replace(document["id"], "0" * 26))

    assert foreign[0] == colleague[0] == unknown[0] == 404
    assert foreign[2] == colleague[2] == unknown[2]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nothing"), ("DELETE", "/v1/reports")])
def test_a_path_that_leads_nowhere_is_a_problem_too(functions, method, path):
    """Every error has the same form."""
    status, headers, document = functions.call(method, path)

    assert status in {404, 405}
    assert headers["content-type"] == "application/problem+json"
    assert document["status"] == status


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "many"}, {"before": "x"}])
def test_a_bad_query_is_named(functions, query):
    """Pages have limits."""
    status, _, document = functions.call("GET", REQUESTS, query=query)

    assert status == 422
    assert document["problems"][0]["pointer"] == f"/{next(iter(query))}"


def test_data_that_cannot_be_read_is_our_fault_and_not_the_callers(functions, request_body):
    """Neither 403 nor 404, and no word about buckets."""
    for item in functions.s3.list_objects_v2(Bucket="data", Prefix="datasets/organizations/")["Contents"]:
        functions.s3.delete_object(Bucket="data", Key=item["Key"])

    status, headers, document = functions.call("POST", REQUESTS, request_body())

    assert status == 503
    assert headers["retry-after"]
    assert "s3" not in json.dumps(document)


def test_a_list_that_cannot_be_read_is_our_fault_and_not_the_callers(functions, lacking, away):
    """Neither 403 nor 404, and no word about buckets."""
    location = lacking()
    away("s3", "AccessDenied")

    status, headers, document = functions.call("GET", f"{location}/not-included")

    assert (status, "retry-after" in headers) == (503, True)
    assert "s3" not in json.dumps(document)


def test_a_fault_of_ours_tells_nothing_about_itself(functions, request_body, monkeypatch, capsys):
    """A coordinator learns that it is our fault; the log learns the kind of error only."""
    monkeypatch.setattr("request_report.routes.report_requests.submit_request", lambda **_: 1 / 0)

    status, headers, document = functions.call("POST", REQUESTS, request_body())

    assert status == 500
    assert headers["content-type"] == "application/problem+json"
    assert "division" not in json.dumps(document) + capsys.readouterr().out
