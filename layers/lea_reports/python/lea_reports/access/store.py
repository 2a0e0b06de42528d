"""Where role assignments are kept: the table in production, a dictionary in unit tests."""

from __future__ import annotations

from collections import defaultdict
from typing import Protocol

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.table import bound, in_table


class RoleAssignments(Protocol):
    """Which roles each person holds, keyed by the subject of their token."""

    def of(self, subject: str) -> tuple[RoleAssignment, ...]:
        """Return the roles of a person, ordered by id; none for a stranger."""

    def assign(self, subject: str, assignment: RoleAssignment) -> None:
        """Give a role to a person; giving it twice changes nothing."""

    def withdraw(self, subject: str, assignment: RoleAssignment) -> None:
        """Take a role from a person; taking what they do not hold changes nothing."""


class MemoryRoleAssignments:
    """Role assignments in memory."""

    def __init__(self) -> None:
        self._held: defaultdict[str, dict[str, RoleAssignment]] = defaultdict(dict)

    def of(self, subject: str) -> tuple[RoleAssignment, ...]:
        """Return the roles of a person, ordered by id."""
        return tuple(held for _, held in sorted(self._held[subject].items()))

    def assign(self, subject: str, assignment: RoleAssignment) -> None:
        """Give a role to a person."""
        self._held[subject][assignment.id] = assignment

    def withdraw(self, subject: str, assignment: RoleAssignment) -> None:
        """Take a role from a person."""
        self._held[subject].pop(assignment.id, None)


class AssignmentRow(Model):
    """A role that a person holds."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    role = UnicodeAttribute()
    lea = UnicodeAttribute()
    school = UnicodeAttribute(null=True)


@in_table
class DynamoRoleAssignments:
    """Role assignments in the table: partition `USER#<subject>`, one row per role."""

    def __init__(self, table: str) -> None:
        self._rows = bound(AssignmentRow, table)

    def of(self, subject: str) -> tuple[RoleAssignment, ...]:
        """Return the roles of a person, ordered by id."""
        rows = self._rows.query(f"USER#{subject}", self._rows.sk.startswith("ROLE#"))
        return tuple(RoleAssignment(Role(row.role), row.lea, row.school) for row in rows)

    def assign(self, subject: str, assignment: RoleAssignment) -> None:
        """Give a role to a person."""
        self._rows(
            f"USER#{subject}",
            f"ROLE#{assignment.id}",
            role=str(assignment.role),
            lea=assignment.lea,
            school=assignment.school,
        ).save()

    def withdraw(self, subject: str, assignment: RoleAssignment) -> None:
        """Take a role from a person."""
        self._rows(f"USER#{subject}", f"ROLE#{assignment.id}").delete()
