"""A person works in one role at a time, and only in one that they hold."""

import pytest

from lea_reports.access.identity import Identity, SignIn
from lea_reports.access.roles import Role, RoleAssignment, assignment_in_use
from lea_reports.catalog.student_score_report_pdfs import REPORT
from lea_reports.errors import Forbidden, Invalid

COORDINATOR = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, "99100010000000")
SIGN_IN = SignIn("https://cognito-idp.us-west-2.amazonaws.com/us-west-2_pool", "client")
CLAIMS = {
    "sub": "s",
    "email": "a@example.org",
    "token_use": "id",
    "iss": SIGN_IN.issuer,
    "aud": SIGN_IN.client_id,
}
SITE = RoleAssignment(Role.SITE_CAASPP_COORDINATOR, "99100010000000", "99100010000001")


def test_the_only_role_need_not_be_named():
    """Most people hold one role."""
    assert assignment_in_use([COORDINATOR], None) == COORDINATOR


def test_one_of_several_roles_must_be_named():
    """The answer lists what can be named."""
    with pytest.raises(Invalid) as refused:
        assignment_in_use([COORDINATOR, SITE], None)

    assert SITE.id in refused.value.problems[0].detail
    assert assignment_in_use([COORDINATOR, SITE], SITE.id) == SITE


def test_a_role_that_is_not_held_is_refused():
    """Naming another LEA's role gives nothing away."""
    with pytest.raises(Forbidden):
        assignment_in_use([COORDINATOR], "lea-caaspp-coordinator@01100170000000")
    with pytest.raises(Forbidden):
        assignment_in_use([], None)


@pytest.mark.parametrize("role", Role)
def test_only_the_lea_caaspp_coordinator_may_ask_for_ssr_pdfs(role):
    """LEA reports are for LEA coordinators; ELPAC has reports of its own."""
    assignment = RoleAssignment(role, "99100010000000")

    if role is Role.LEA_CAASPP_COORDINATOR:
        REPORT.check_role(assignment)
    else:
        with pytest.raises(Forbidden):
            REPORT.check_role(assignment)


def test_an_id_token_names_the_person_their_address_and_their_clock():
    """What is needed from the token, and no more."""
    claims = CLAIMS | {"zoneinfo": "America/New_York"}

    assert Identity.from_claims(claims, SIGN_IN) == Identity("s", "a@example.org", "America/New_York")


@pytest.mark.parametrize("zone", ["", None, "Mars/Olympus", "../../etc/passwd", "America", "x" * 300])
def test_an_unknown_time_zone_falls_back_to_california(zone):
    """A wrong setting must not keep anybody from their reports."""
    claims = CLAIMS | {"zoneinfo": zone}

    assert Identity.from_claims(claims, SIGN_IN).time_zone == "America/Los_Angeles"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        CLAIMS | {"token_use": "access"},
        CLAIMS | {"sub": ""},
        CLAIMS | {"email": ""},
        {name: value for name, value in CLAIMS.items() if name != "email"},
    ],
)
def test_a_token_that_is_no_persons_id_token_is_refused(claims):
    """An access token proves no e-mail address, so it is not accepted in place of an ID token."""
    with pytest.raises(Forbidden):
        Identity.from_claims(claims, SIGN_IN)


@pytest.mark.parametrize("claim", ["iss", "aud"])
@pytest.mark.parametrize("value", ["another", "", None, ["client", "another"]])
def test_a_token_of_another_pool_or_for_another_app_is_refused(claim, value):
    """The gateway lets the tokens of every app client of the pool through."""
    with pytest.raises(Forbidden):
        Identity.from_claims(CLAIMS | {claim: value}, SIGN_IN)
