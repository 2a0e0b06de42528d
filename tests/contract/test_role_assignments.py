"""What every store of role assignments promises."""

import pytest
from ulid import ULID

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments, MemoryRoleAssignments

COORDINATOR = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, "99100010000000")
SITE = RoleAssignment(Role.SITE_CAASPP_COORDINATOR, "99100010000000", "99100010000001")


@pytest.fixture(params=["memory", "moto", "emulator"])
def assignments(request):
    """A store of role assignments."""
    if request.param == "memory":
        return MemoryRoleAssignments()
    return DynamoRoleAssignments(
        request.getfixturevalue("table" if request.param == "moto" else "emulator_table")
    )


@pytest.fixture
def person():
    """Somebody who holds no role yet."""
    return str(ULID())


def test_a_stranger_holds_no_role(assignments, person):
    """Who is not on the list may do nothing."""
    assert assignments.of(person) == ()


def test_a_person_holds_what_was_assigned_and_not_withdrawn(assignments, person):
    """Assigning and withdrawing twice changes nothing."""
    for _ in range(2):
        assignments.assign(person, SITE)
        assignments.assign(person, COORDINATOR)
    assert assignments.of(person) == (COORDINATOR, SITE)

    for _ in range(2):
        assignments.withdraw(person, COORDINATOR)
    assert assignments.of(person) == (SITE,)


def test_roles_of_one_person_are_not_anothers(assignments, person):
    """Keyed by the subject of the token."""
    assignments.assign(person, COORDINATOR)

    assert assignments.of(person + "x") == ()
