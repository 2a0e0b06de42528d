"""The demo's people: users of the pool with the roles they work in, and how they sign in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.access.roles import Role, RoleAssignment

if TYPE_CHECKING:
    from local.cloud import Cloud
    from local.deploy import Deployment

TIME_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Account:
    """A person who can sign in: `subject` is who they are in tokens, `assignment` what they may do."""

    title: str
    email: str
    password: str
    subject: str
    assignment: RoleAssignment


def demo_assignments(lea: str, school: str, other_lea: str) -> dict[str, RoleAssignment]:
    """Return who the demo's people are, by e-mail address."""
    return {
        "lea.coordinator@example.org": RoleAssignment(Role.LEA_CAASPP_COORDINATOR, lea),
        "site.coordinator@example.org": RoleAssignment(Role.SITE_CAASPP_COORDINATOR, lea, school),
        "other.coordinator@example.org": RoleAssignment(Role.LEA_CAASPP_COORDINATOR, other_lea),
    }


def new_account(cloud: Cloud, deployment: Deployment, email: str, assignment: RoleAssignment) -> Account:
    """Create a user with a password of its own, valid for this run of the stack."""
    password = f"Demo-{secrets.token_urlsafe(12)}-1a"
    pool = deployment.user_pool_id
    user = cloud.cognito.admin_create_user(
        UserPoolId=pool,
        Username=email,
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "zoneinfo", "Value": TIME_ZONE},
        ],
        MessageAction="SUPPRESS",
    )["User"]
    cloud.cognito.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
    subject = next(each["Value"] for each in user["Attributes"] if each["Name"] == "sub")
    title = str(assignment.role).replace("-", " ").replace("lea", "LEA").replace("caaspp", "CAASPP")
    return Account(title, email, password, subject, assignment)


def sign_in(cloud: Cloud, deployment: Deployment, account: Account) -> str:
    """Sign in with the password and return the ID token."""
    pool, client = deployment.user_pool_id, deployment.user_pool_client_id
    return id_token(cloud, pool, client, account.email, account.password)


def id_token(cloud: Cloud, pool: str, client: str, email: str, password: str) -> str:
    """Sign in to an app client of a user pool and return the ID token, which is valid for an hour."""
    answer = cloud.cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return answer["AuthenticationResult"]["IdToken"]
