"""Whoever names a request that is not theirs learns nothing, whatever they do with it."""

import json

import pytest

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments
from request_report.application import app
from request_report.description import openapi

LEA, MAPLE = "99100010000000", "99100010000001"
REQUESTS = "/v1/report-requests"
OPERATIONS = [
    (method.upper(), path)
    for path, operations in json.loads(openapi(app))["paths"].items()
    for method in operations
    if "{job_id}" in path
]


@pytest.mark.parametrize("subject", ["foreigner", "colleague"])
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_answers_a_foreign_id_as_an_unknown_one(
    functions, request_body, method, path, subject
):
    """Another LEA's request and a colleague's answer the bytes of none; a new operation is asked too."""
    _, _, document = functions.call("POST", REQUESTS, request_body())
    functions.work()
    theirs, unknown = (
        functions.call(method, path.replace("{job_id}", job), subject=subject)
        for job in (document["id"], "0" * 26)
    )

    assert (theirs[0], theirs[2]) == (unknown[0], unknown[2])
    assert theirs[0] == 404
    assert functions.waiting("BUILD") == functions.waiting("NOTICE") == []


def test_there_are_operations_on_one_request():
    """The test above would pass on anything if it found none."""
    assert len(OPERATIONS) == 5


def test_a_person_of_two_leas_sees_what_belongs_to_the_role_in_use(functions, request_body):
    """Neither the list nor a request's own address leads across."""
    there = {"LEA-Reports-Role": "lea-caaspp-coordinator@99100010000000"}
    here = {"LEA-Reports-Role": "lea-caaspp-coordinator@99200020000000"}
    _, headers, _ = functions.call("POST", REQUESTS, request_body(), subject="both", headers=there)

    assert functions.call("GET", headers["location"], subject="both", headers=there)[0] == 200
    assert functions.call("GET", headers["location"], subject="both", headers=here)[0] == 404
    assert functions.call("GET", REQUESTS, subject="both", headers=here)[2]["report_requests"] == []


def test_a_role_that_may_not_ask_for_a_report_does_not_get_it_either(functions, request_body):
    """Of a coordinator who is now an examiner of the same LEA, or works as that: no new link, no list of SSIDs."""
    coordinator = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA)
    examiner = RoleAssignment(Role.TEST_EXAMINER, LEA, MAPLE)
    _, _, document = functions.call("POST", REQUESTS, request_body(), subject="colleague")
    functions.work()
    assignments = DynamoRoleAssignments(functions.environment["TABLE_NAME"])
    assignments.assign("colleague", examiner)
    works_as = {"LEA-Reports-Role": examiner.id}
    seen = {call: functions.call(*call, subject="colleague", headers=works_as)[0] for call in calls(document)}
    assignments.withdraw("colleague", coordinator)
    later = {call: functions.call(*call, subject="colleague")[0] for call in calls(document)}

    assert set(seen.values()) == set(later.values()) == {403}
    assert functions.waiting("BUILD") == functions.waiting("NOTICE") == []


def calls(document):
    """Return every operation on a request."""
    return [(method, path.replace("{job_id}", document["id"])) for method, path in OPERATIONS]
