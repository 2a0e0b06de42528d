"""What a client can break is told in our own words: bodies, fields, queries and headers are taken in one form only."""

import json
from datetime import date
from itertools import product
from typing import get_args
from urllib.parse import urljoin

import pytest
from pydantic_core.core_schema import ErrorType

from infra.constructs.gateway_problems import PROBLEMS
from lea_reports.errors import TITLES, problem_type
from request_report.application import app
from request_report.description import openapi
from request_report.problems import from_field_errors

REQUESTS = "/v1/report-requests"
JOB = f"{REQUESTS}/01JBBBBBBBBBBBBBBBBBBBBBBB"
MAPLE = "99100010000001"
LIBRARY_RULES = frozenset(get_args(ErrorType))
LIBRARY_WORDS = ("Input should", "should have", "Value error", "should match", "Field required", "type=")

NO_DATES = [
    *(
        "0",
        "1750000000",
        "2026-06-15T00:00:00",
        "2026-06-15T00:00:00Z",
        "20260615",
        "2026-W24-1",
        "2026-6-15",
    ),
    *(
        " 2026-06-15",
        "2026-06-15\n",
        "２０２６-06-15",
        "٢٠٢٦-06-15",
        "2026-02-30",
        "0000-01-01",
        "",
        "15.06.2026",
    ),
    *(0, 1750000000, 1.5, True, None, [], {}, ["2026-06-15"]),
]


def test_a_date_is_a_text_of_one_form(functions, request_body):
    """Numbers, times and other spellings of a day are refused, though a library could make a day of them."""
    for value in NO_DATES:
        status, _, document = functions.call("POST", REQUESTS, request_body() | {"start_date": value})
        found = [(each["pointer"], each["rule"]) for each in document["problems"]]
        assert (value, status, found) == (value, 422, [("/start_date", "calendar_date")])


@pytest.mark.parametrize(
    "media_type",
    ["Application/JSON", "application/json;charset=UTF-8", 'application/json; charset="utf-8"; v=1', ""],
)
def test_json_is_known_however_its_type_is_spelled(functions, request_body, media_type):
    """Types and names of parameters are of any case (RFC 9110, 8.3)."""
    headers = {"Content-Type": media_type}

    assert functions.call("POST", REQUESTS, request_body(), headers=headers)[0] == 202


@pytest.mark.parametrize(
    "media_type",
    ["application/json; charset=latin-1", "application/json; charset=utf-16", "application/jsonp", ";"],
)
def test_what_is_not_called_json_in_utf_8_is_not_read(functions, request_body, media_type):
    """A body in another encoding would be read as other words."""
    headers = {"Content-Type": media_type}

    assert functions.call("POST", REQUESTS, request_body(), headers=headers)[0] == 415


def test_fields_that_stand_twice_are_named(functions, request_body):
    """Which of the two was meant nobody knows."""
    text = json.dumps(request_body())
    body = text[:-1] + ', "name": "other", "merge": true, "more": [{"a/b": 1, "a/b": 2}]}'

    status, _, document = functions.call("POST", REQUESTS, body)

    assert status == 422
    assert [(each["pointer"], each["rule"]) for each in document["problems"]] == [
        ("/name", "duplicate_key"),
        ("/merge", "duplicate_key"),
        ("/more/0/a~1b", "duplicate_key"),
    ]
    assert not functions.waiting("BUILD")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", '"\ufffd"', "1" * 5000, "{", "nul"])
def test_what_is_no_json_is_not_read(functions, value):
    """Neither what only Python reads, nor bytes that were no UTF-8."""
    status, _, document = functions.call("POST", REQUESTS, f'{{"name": {value}}}')

    assert (status, document["problems"][0]["rule"]) == (400, "json")


def test_a_body_however_deeply_nested_is_refused_with_a_sentence(functions, request_body):
    """At no depth do we break ourselves; what JSON readers still take and what they do not are told alike."""
    for depth, (begin, end) in product((40, 300, 500, 900, 5000), (("[", "]"), ('{"a":', "}"))):
        for field in ("schools", "start_date", "password", "unknown"):
            body = json.dumps(request_body() | {field: "@"}).replace('"@"', f"{begin * depth}1{end * depth}")
            status, _, document = functions.call("POST", REQUESTS, body)
            found = (depth, field, status, document["detail"])
            assert found == (depth, field, 400, "The body is nested more than 32 levels deep.")


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "1", '[{"password": null}]'])
@pytest.mark.parametrize("path", [REQUESTS, f"{JOB}/retry"])
def test_a_body_is_an_object(functions, body, path):
    """An object in a list is none, though the framework would take it out."""
    status, _, document = functions.call("POST", path, body)

    assert (status, document["problems"][0]["rule"]) == (422, "object")


def test_too_many_schools_are_refused_in_our_words(functions, request_body):
    """No LEA has so many."""
    body = request_body(schools=[f"{number:014}" for number in range(1501)])

    _, _, document = functions.call("POST", REQUESTS, body)

    assert document["problems"] == [
        {"pointer": "/schools", "rule": "too_many", "detail": 'Choose at most 1500, or "all".'}
    ]


@pytest.mark.parametrize(("path", "more"), [(REQUESTS, "101"), (f"{JOB}/not-included", "1001")])
def test_the_size_of_a_page_is_a_plain_number(functions, path, more):
    """One form, ASCII digits."""
    for value in ("0", more, " 5", "5 ", "+5", "1e2", "5.0", "٣", "", "-1", "1_0", "9" * 400):
        status, _, document = functions.call("GET", path, query={"limit": value})
        found = [(each["pointer"], each["rule"]) for each in document.get("problems", [])]
        assert (value, status, found) == (value, 422, [("/limit", "page_size")])


def test_a_query_parameter_that_there_is_not_is_refused_by_every_operation(functions, request_body):
    """As a field of a body is: a misspelled `limit` would be overlooked."""
    for operation, path, method in operations():
        where = path.replace("{job_id}", JOB.rpartition("/")[2])
        body = request_body() if where == REQUESTS and method == "POST" else None
        status, _, document = functions.call(method, where, body, query={"limits": "5", "a/b": "x"})
        assert (operation["summary"], status) == (operation["summary"], 422)
        assert [(each["pointer"], each["rule"]) for each in document["problems"]] == [
            ("/limits", "unknown_parameter"),
            ("/a~1b", "unknown_parameter"),
        ]
        assert "`unknown_parameter`" in operation["responses"]["422"]["description"]
    assert not functions.waiting("BUILD")


@pytest.mark.parametrize("path", [REQUESTS, f"{JOB}/not-included"])
def test_a_query_parameter_stands_once(functions, path):
    """Which of the two was meant nobody knows."""
    status, _, document = functions.call("GET", path, query={"limit": ["1", "2"]})

    assert status == 422
    assert document["problems"] == [
        {"pointer": "/limit", "rule": "duplicate_parameter", "detail": "Name limit once."}
    ]


@pytest.mark.parametrize("body", [None, "", "  "])
def test_where_a_body_is_missing_a_json_object_is_asked_for(functions, body):
    """No field is missing: all of it is."""
    status, _, document = functions.call("POST", REQUESTS, body)

    assert status in {400, 422}
    assert [(each["pointer"], each["detail"]) for each in document["problems"]] == [
        ("", "Send a JSON object.")
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"schools": [99100010000001]}, "as text, in quotes"),
        ({"grades": [3]}, 'as text, in quotes: "03", "04"'),
        ({"administration_year": 2026}, 'like "2025-26"'),
        ({"administration_year": "2013-14"}, 'the first one is "2014-15"'),
        ({"name": "Frühling"}, "letters A–Z and a–z"),
    ],
)
def test_a_sentence_says_in_which_form_a_value_is_wanted(functions, request_body, parts, words):
    """A code that was sent as a number has the right digits: what is wrong are the quotes."""
    _, _, document = functions.call("POST", REQUESTS, request_body(**parts))

    (problem,) = document["problems"]
    assert words in problem["detail"]


def test_the_size_of_a_page_is_asked_for_in_plain_digits(functions):
    """A word is no number out of bounds."""
    _, _, document = functions.call("GET", REQUESTS, query={"limit": "abc"})

    assert "a whole number in plain digits" in document["problems"][0]["detail"]


def test_an_address_that_there_is_not_names_those_to_begin_at(functions):
    """The same words as the gateway's, which answers most of them."""
    _, _, document = functions.call("GET", "/v1/nope")

    (gateway,) = [each for each in PROBLEMS if each.response_type == "MISSING_AUTHENTICATION_TOKEN"]
    assert document["detail"] == gateway.detail
    assert "Begin at /v1/organization, /v1/reports or /v1/report-requests." in document["detail"]


def test_a_problem_of_a_header_points_at_the_header(functions, request_body):
    """Whatever is wrong with it: malformed, used before, or missing."""
    keyed = {"headers": {"Idempotency-Key": "key-1"}}
    functions.call("POST", REQUESTS, request_body(), **keyed)
    answers = [
        functions.call("POST", REQUESTS, request_body(), headers={"Idempotency-Key": "two words"}),
        functions.call("POST", REQUESTS, request_body(name="other"), **keyed),
        functions.call("GET", "/v1/reports", subject="both"),
    ]

    assert [document["problems"][0]["pointer"] for _, _, document in answers] == [
        "/Idempotency-Key",
        "/Idempotency-Key",
        "/LEA-Reports-Role",
    ]


@pytest.mark.parametrize(
    ("path", "answered"), [(REQUESTS, "GET, HEAD and POST"), (JOB, "GET and HEAD"), (f"{JOB}/retry", "POST")]
)
def test_a_refused_method_is_told_the_others_in_a_sentence(functions, path, answered):
    """As people write a list."""
    _, _, document = functions.call("PUT", path)

    assert document["detail"] == f"This address answers {answered}."


ODD_VALUES = [
    *(None, True, 0, -1, 1.5, 10**40, "", "x", "all", "x" * 3000, "\x00\x1b[31m", "\ud800", [], {}),
    *([None], [1], [[]], [{}], ["x", "x"], ["x" * 3000], [f"{n:014}" for n in range(3000)], {"x": 1}),
]


def test_no_words_of_a_library_come_through(functions, request_body):
    """Every field, query and header of the document gets every odd value: rule and sentence are ours."""
    told = {}

    def look(status, problems):
        assert status < 500
        for each in problems:
            told.setdefault(each["rule"], set()).add(each["detail"])

    for operation, path, method in operations():
        where = path.replace("{job_id}", JOB.rpartition("/")[2])
        for parameter in operation.get("parameters", []):
            for value in ("", "x", "0", "é", "x" * 3000, "99999999999999999999"):
                parts = {"query": "query", "header": "headers"}
                if parameter["in"] in parts:
                    parts = {parts[parameter["in"]]: {parameter["name"]: value}}
                    body = request_body() if where == REQUESTS and method == "POST" else None
                    status, _, document = functions.call(method, where, body, **parts)
                    look(status, document.get("problems", []))
        for report, field in fields_of(operation):
            usual = {} if report is None else request_body(report=report)
            for value in ODD_VALUES:
                body = usual | {field: value}
                status, _, document = functions.call(method, where, body)
                look(status, document.get("problems", []))

    assert len(told) > 12
    assert "invalid" not in told
    assert not told.keys() & LIBRARY_RULES
    said = [detail for details in told.values() for detail in details]
    assert not [detail for detail in said if any(words in detail for words in LIBRARY_WORDS)]
    assert all(detail.endswith(".") for detail in said)


def operations():
    """Go through the operations of the document with their paths and methods."""
    for path, methods in json.loads(openapi(app))["paths"].items():
        for method, operation in methods.items():
            yield operation, path, method.upper()


def fields_of(operation):
    """Yield the fields of an operation's body, of each report that it may ask for, and one that it does not have.

    Each comes with the code of the report; None where a body names none.
    """
    if "requestBody" not in operation:
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    models = json.loads(openapi(app))["components"]["schemas"]
    for each in (schema, *schema.get("anyOf", []), *schema.get("oneOf", [])):
        if "$ref" in each:
            fields = models[each["$ref"].rpartition("/")[2]]["properties"]
            for field in (*fields, "no_such_field"):
                yield fields.get("report", {}).get("const"), field


def test_a_rule_that_has_no_sentence_of_ours_is_told_in_our_words_too():
    """The library's would quote what was sent; no field has such a rule today."""
    error = {
        "type": "int_parsing",
        "loc": ("body", "x"),
        "msg": "Input should be a valid integer",
        "input": "Zhang",
    }

    answer = from_field_errors([error])

    assert [each["rule"] for each in json.loads(answer.body)["problems"]] == ["invalid"]
    assert not [words for words in (*LIBRARY_WORDS, "Zhang") if words in answer.body]


def test_what_was_sent_comes_back_cut_and_without_control_characters(functions, request_body):
    """An answer is no place for kilobytes of a stranger's words, and none for what a terminal obeys."""
    body = request_body() | {"x" * 5000: 1, "\x1b[31mred\u202e": 1}

    _, _, document = functions.call("POST", REQUESTS, body)

    pointers = [each["pointer"] for each in document["problems"]]
    assert max(map(len, pointers)) == 61  # a slash, and 60 letters as docs/security.md says
    assert all(pointer.isprintable() for pointer in pointers)


def test_of_thousands_of_problems_the_first_are_listed(functions, request_body):
    """An answer stays small; it says how many there are."""
    _, _, document = functions.call("POST", REQUESTS, request_body(schools=[str(n) for n in range(1000)]))

    assert len(document["problems"]) == 100  # as docs/security.md says
    assert "of 1000 problems" in document["detail"]


@pytest.mark.parametrize(("method", "path"), [("PUT", REQUESTS), ("DELETE", JOB), ("PATCH", f"{JOB}/retry")])
def test_an_unknown_method_is_answered_with_the_known_ones(functions, path, method):
    """405 with Allow (RFC 9110, 15.5.6); a body of whatever kind is not looked at."""
    status, headers, document = functions.call(method, path, "x", headers={"Content-Type": "text/plain"})

    assert status == document["status"] == 405
    known = {"GET, HEAD, POST", "GET, HEAD", "POST"}
    assert ", ".join(sorted(headers["allow"].split(", "))) in known
    assert document["type"] == "urn:lea-reports:problem:method-not-allowed"


def test_a_method_that_an_address_answers_is_never_refused(functions):
    """An id of whatever characters names no request (404), and a slash at the end makes no other address of it."""
    for odd in ('a"b', "a\x00b", "a\\b", "a\ufffdb", "a`b"):
        status, headers, document = functions.call("GET", f"{REQUESTS}/{odd}")
        found = (odd, status, document["detail"], "allow" in headers)
        assert found == (odd, 404, "There is no such report request.", False)
    assert functions.call("PUT", "/v1/reports/")[0] == 405


@pytest.mark.parametrize(
    ("method", "path", "expected"), [("GET", "/v1/nothing", 404), ("PUT", REQUESTS, 405)]
)
def test_where_nothing_answers_the_query_is_not_looked_at(functions, method, path, expected):
    """What is wrong is the address, or the method."""
    status, _, document = functions.call(method, path, query={"limit": ["1", "2"], "x": "1"})

    assert (status, document["status"], document.get("problems")) == (expected, expected, None)


def test_the_place_of_a_request_is_right_from_an_address_with_a_slash_at_its_end(functions, request_body):
    """API Gateway and the framework take both."""
    here = f"{REQUESTS}/"
    status, headers, document = functions.call("POST", here, request_body())

    assert (status, urljoin(here, headers["location"])) == (202, f"{REQUESTS}/{document['id']}")


def test_head_is_get_without_the_body(functions):
    """The headers are the same."""
    got, asked = (functions.call(method, "/v1/reports") for method in ("GET", "HEAD"))

    assert asked[0] == got[0] == 200
    assert asked[1] == got[1]
    assert asked[2] is None


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("aud", "another-app"),
        ("iss", "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_other"),
        ("token_use", "access"),
    ],
)
def test_a_token_for_another_app_or_of_another_pool_is_refused(functions, claim, value):
    """The gateway does not ask which app client of the pool a token is made for."""
    claims = {
        "sub": "11111111-2222-3333-4444-555555555555",
        "email": "a@example.org",
        "token_use": "id",
        "iss": functions.environment["TOKEN_ISSUER"],
        "aud": functions.environment["USER_POOL_CLIENT_ID"],
    }

    assert functions.call("GET", "/v1/reports", claims=claims)[0] == 200
    assert functions.call("GET", "/v1/reports", claims=claims | {claim: value})[0] == 403


def test_every_problem_has_the_one_form_of_type(functions):
    """The same words as the gateway's own problems, on every version of Python."""
    for method, path, body in (
        ("GET", "/v1/nothing", None),
        ("POST", REQUESTS, "{"),
        ("POST", REQUESTS, "[]"),
    ):
        status, _, document = functions.call(method, path, body)
        assert document["title"] == TITLES[status]
        assert document["type"] == problem_type(TITLES[status])


def test_every_documented_problem_has_a_title():
    """The table of titles holds every status of the document."""
    statuses = {int(status) for operation, _, _ in operations() for status in operation["responses"]}

    assert {status for status in statuses if status >= 400} <= TITLES.keys()


def test_a_day_is_read_as_it_is_written(functions, request_body):
    """The one form that is taken."""
    _, _, document = functions.call("POST", REQUESTS, request_body(start_date="2026-02-28"))

    assert document["parameters"]["start_date"] == date(2026, 2, 28).isoformat()
