"""A table or a bucket that cannot answer for a moment: 503 and when to come again, at every address."""

import json

import pytest

REQUESTS = "/v1/report-requests"
THROTTLED = {"dynamodb": "ProvisionedThroughputExceededException", "s3": "SlowDown"}


@pytest.fixture
def location(lacking):
    """Return the address of a report that is ready and does not include one SSR."""
    return lacking(languages="all")


def calls(location, body):
    """Return every call of the API that reads a service, by the service."""
    return {
        "dynamodb": [
            ("GET", "/v1/reports"),
            ("GET", "/v1/organization"),
            ("GET", REQUESTS),
            ("POST", REQUESTS, body),
            ("GET", location),
            ("GET", f"{location}/not-included"),
            ("POST", f"{location}/cancel", {}),
            ("POST", f"{location}/notice", {}),
            ("POST", f"{location}/retry", {}),
        ],
        "s3": [
            ("GET", "/v1/organization"),
            ("POST", REQUESTS, body),
            ("GET", f"{location}/not-included"),
        ],
    }


@pytest.mark.parametrize("service", THROTTLED)
def test_a_throttled_service_is_told_with_the_time_to_come_again(
    functions, location, request_body, away, service
):
    """Reads of roles, jobs, lists and data: none of them answers that we broke."""
    away(service, THROTTLED[service])

    for call in calls(location, request_body())[service]:
        status, headers, document = functions.call(*call)
        assert (status, document.get("status")) == (503, 503), call
        assert int(headers["retry-after"]) > 0


@pytest.mark.parametrize("operation", ["Query", "TransactWriteItems", "PutItem"])
def test_a_request_that_is_throttled_on_its_way_can_be_made_again(functions, request_body, away, operation):
    """Wherever it stops, the same request under the same key is the same job."""
    away("dynamodb", THROTTLED["dynamodb"], operation)
    key = {"Idempotency-Key": "once"}
    status, headers, _ = functions.call("POST", REQUESTS, request_body(), headers=key)
    assert (status, "retry-after" in headers) == (503, True)

    away("dynamodb", THROTTLED["dynamodb"], "Nothing")
    first = functions.call("POST", REQUESTS, request_body(), headers=key)
    again = functions.call("POST", REQUESTS, request_body(), headers=key)

    assert first[0] == again[0] == 202
    assert first[2]["id"] == again[2]["id"]


def test_a_link_that_cannot_be_looked_up_leads_to_a_page_that_says_when_to_come_again(
    functions, away, caplog
):
    """Not to JSON, and not to a page that says the link is unknown."""
    away("secretsmanager", "ThrottlingException")
    status, headers, page = functions.open_link("token")

    assert (status, headers["Retry-After"]) == (503, "60")
    assert page.startswith("<!")
    assert [vars(record)["raised_in"] for record in caplog.records if "event" in vars(record)]


def test_a_notice_that_is_throttled_is_delivered_again(functions, request_body, away):
    """Its message goes back to the queue."""
    functions.call("POST", REQUESTS, request_body())
    while bodies := functions.waiting("BUILD"):
        functions.build(*bodies)
    bodies = functions.waiting("NOTICE")
    away("dynamodb", THROTTLED["dynamodb"])

    assert functions.notify(*bodies)["batchItemFailures"]
    assert json.loads(bodies[0])["job"]
