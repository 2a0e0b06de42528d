"""`lea-reports assign-role`: give a person of the user pool a role."""

from __future__ import annotations

import boto3
import click

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.errors import NotFound
from lea_reports.organizations import CdsCode


@click.command("assign-role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("lea")
@click.option("--school", help="CDS code of the school; needed for roles that are held in one school.")
@click.option(
    "--table", required=True, envvar="TABLE_NAME", help="Name of the table (stack output TableName)."
)
@click.option("--user-pool", required=True, envvar="USER_POOL_ID", help="Stack output UserPoolId.")
@click.option("--withdraw", is_flag=True, help="Take the role away instead.")
def assign_role(  # one argument per option of the command
    email: str, role: str, lea: str, school: str | None, table: str, user_pool: str, *, withdraw: bool
) -> None:
    """Give the user EMAIL the ROLE in the LEA with this 14-digit CDS code."""
    held = Role(role)
    if held.of_a_school is not bool(school):
        raise click.UsageError(
            f"{role} is held in {'a school: give --school' if held.of_a_school else 'an LEA'}."
        )
    assignment = RoleAssignment(held, CdsCode(lea), CdsCode(school) if school else None)
    users = boto3.client("cognito-idp").list_users(UserPoolId=user_pool, Filter=f'email = "{email}"', Limit=1)
    if not users["Users"]:
        raise NotFound(f"The user pool has no user with the address {email}.")
    subject = next(each["Value"] for each in users["Users"][0]["Attributes"] if each["Name"] == "sub")
    assignments = DynamoRoleAssignments(table)
    (assignments.withdraw if withdraw else assignments.assign)(subject, assignment)
    held_now = ", ".join(each.id for each in assignments.of(subject)) or "no role"
    click.echo(f"{email} holds {held_now}.")
