"""`lea-reports assign-role`: give a person of the user pool a role."""

from __future__ import annotations

from typing import TypedDict, Unpack

import boto3
import click

from cli.place import Place, place_options
from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.datasets.reader import DatasetReader
from lea_reports.errors import NotFound
from lea_reports.organizations import CdsCode


class _Options(TypedDict):
    school: str | None
    table: str
    user_pool: str
    bucket: str | None
    target: str | None
    withdraw: bool


@click.command("assign-role")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("lea")
@click.option("--school", help="CDS code of the school; needed for roles that are held in one school.")
@click.option(
    "--table", required=True, envvar="TABLE_NAME", help="Name of the table (stack output TableName)."
)
@click.option("--user-pool", required=True, envvar="USER_POOL_ID", help="Stack output UserPoolId.")
@place_options("Know LEAs and schools from")
@click.option("--withdraw", is_flag=True, help="Take the role away instead.")
def assign_role(email: str, role: str, lea: str, **options: Unpack[_Options]) -> None:
    """Give the user EMAIL the ROLE in the LEA with this 14-digit CDS code.

    LEA and school have to be published organizations, unless a role is taken away.
    """
    held, school = Role(role), options["school"]
    if held.of_a_school is not bool(school):
        raise click.UsageError(
            f"{role} is held in {'a school: give --school' if held.of_a_school else 'an LEA'}."
        )
    assignment = RoleAssignment(held, CdsCode(lea), CdsCode(school) if school else None)
    where = "" if options["withdraw"] else _named(assignment, options["target"], options["bucket"])
    subject = _subject(email, options["user_pool"])
    assignments = DynamoRoleAssignments(options["table"])
    if options["withdraw"]:
        assignments.withdraw(subject, assignment)
        told = f"{email} is {held} at {assignment.school or assignment.lea} no more."
    else:
        assignments.assign(subject, assignment)
        told = f"{email} is {held} {where}."
    held_now = ", ".join(each.id for each in assignments.of(subject)) or "no role"
    click.echo(f"{told} Held in all: {held_now}.")


def _named(assignment: RoleAssignment, target: str | None, bucket: str | None) -> str:
    """Say by name where a role is held. Raises `NotFound` for an LEA or school that is not published."""
    place = Place.of(target, bucket, "where the organizations are")
    place.require_organizations()
    datasets = DatasetReader(place.objects)
    directory = datasets.directory(datasets.pinned(), assignment.lea)
    lea = f"{directory.lea.name} ({assignment.lea})"
    if assignment.school is None:
        return f"of {lea}"
    school = directory.school(assignment.school)
    if school is None:
        raise NotFound(f"{lea} has no school with the CDS code {assignment.school}.")
    return f"of {school.name} ({school.cds_code}) in {lea}"


def _subject(email: str, user_pool: str) -> str:
    users = boto3.client("cognito-idp").list_users(UserPoolId=user_pool, Filter=f'email = "{email}"', Limit=1)
    if not users["Users"]:
        raise NotFound(f"The user pool has no user with the address {email}.")
    return next(each["Value"] for each in users["Users"][0]["Attributes"] if each["Name"] == "sub")
