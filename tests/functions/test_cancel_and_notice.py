"""What a coordinator can do with a request that they made."""

import pytest

REQUESTS = "/v1/report-requests"


def rules(document):
    """Return the rules that a problem names."""
    return [problem["rule"] for problem in document["problems"]]


def test_a_cancelled_request_is_not_worked_on_any_more(functions, request_body):
    """Its messages do nothing, and no mail is sent; cancelling again is fine."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    plan = functions.waiting("BUILD")
    functions.build(*plan)
    chunks = functions.waiting("BUILD")

    status, _, document = functions.call("POST", f"{headers['location']}/cancel")
    again, _, _ = functions.call("POST", f"{headers['location']}/cancel")
    answer = functions.build(*chunks)

    assert (status, again, document["state"]) == (200, 200, "cancelled")
    assert document["ended_at"]
    assert answer == {"batchItemFailures": []}
    assert not functions.waiting("BUILD") + functions.waiting("NOTICE")
    assert functions.call("GET", headers["location"])[2]["progress"]["done"] == 0


def test_a_request_that_is_over_cannot_be_cancelled(functions, request_body):
    """The archive exists and the link is out."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()

    status, sent, document = functions.call("POST", f"{headers['location']}/cancel")

    assert (status, rules(document)) == (409, ["already_ended"])
    assert sent["content-type"] == "application/problem+json"


def test_the_same_can_be_asked_for_again_after_a_cancellation(functions, request_body):
    """The cancelled one is not open any more."""
    _, headers, first = functions.call("POST", REQUESTS, request_body())
    functions.call("POST", f"{headers['location']}/cancel")

    assert functions.call("POST", REQUESTS, request_body())[2]["id"] != first["id"]


def test_a_notice_can_be_had_again_only_of_a_report_that_is_ready(functions, request_body):
    """And not right after the last one."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    early, _, not_ready = functions.call("POST", f"{headers['location']}/notice")
    functions.work()
    late, _, just_now = functions.call("POST", f"{headers['location']}/notice")

    assert (early, rules(not_ready)) == (409, ["not_ready"])
    assert (late, rules(just_now)) == (409, ["sent_just_now"])


@pytest.mark.parametrize("action", ["cancel", "notice"])
@pytest.mark.parametrize("subject", ["colleague", "foreigner"])
def test_other_peoples_requests_do_not_exist(functions, request_body, action, subject):
    """Neither a colleague's nor another LEA's."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())

    assert functions.call("POST", f"{headers['location']}/{action}", subject=subject)[0] == 404
    assert functions.call("GET", headers["location"])[2]["state"] == "requested"


def test_what_is_not_included_is_listed_page_by_page(functions, request_body, lacking):
    """With the reason as a code and as a sentence; a colleague sees nothing of it."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    early, _, not_ready = functions.call("GET", f"{headers['location']}/not-included")
    functions.work()
    location = lacking(name="lacking")
    counted = functions.call("GET", location)[2]["progress"]["not_included"]
    path = f"{location}/not-included"
    status, _, whole = functions.call("GET", path)
    listed = whole["not_included"]

    assert (early, rules(not_ready)) == (409, ["not_ready"])
    assert (status, len(listed), whole["next"]) == (200, counted, None)
    assert [each["ssid"] for each in listed] == ["1000000001"]
    assert all(each["explanation"].endswith(".") for each in listed)
    assert functions.call("GET", path, subject="colleague")[0] == 404
