"""Roles and what each may see.

LEA reports are for LEA coordinators only; site coordinators see their own school's site reports; test administrators
and examiners see no reports. Source: docs/domain.md#roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lea_reports.errors import Forbidden, Invalid, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lea_reports.access.identity import Identity


class Role(StrEnum):
    """A role of TOMS, by the code that the users feed and the API use."""

    SUPERINTENDENT = "superintendent"
    LEA_CAASPP_COORDINATOR = "lea-caaspp-coordinator"
    LEA_ELPAC_COORDINATOR = "lea-elpac-coordinator"
    SITE_CAASPP_COORDINATOR = "site-caaspp-coordinator"
    SITE_ELPAC_COORDINATOR = "site-elpac-coordinator"
    TEST_ADMINISTRATOR = "test-administrator"
    TEST_EXAMINER = "test-examiner"

    @property
    def of_a_school(self) -> bool:
        """Whether the role is held in one school instead of the whole LEA."""
        return self in _SCHOOL_ROLES


_SCHOOL_ROLES = frozenset(
    {Role.SITE_CAASPP_COORDINATOR, Role.SITE_ELPAC_COORDINATOR, Role.TEST_ADMINISTRATOR, Role.TEST_EXAMINER}
)


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """One role that a person holds, and where: an LEA (14-digit CDS code), for school roles also a school."""

    role: Role
    lea: str
    school: str | None = None

    @property
    def id(self) -> str:
        """How a request names it: `lea-caaspp-coordinator@99100010000000`."""
        return f"{self.role}@{self.school or self.lea}"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and the role they work in; the LEA comes from here and from nowhere else."""

    identity: Identity
    assignment: RoleAssignment


def assignment_in_use(assignments: Sequence[RoleAssignment], named: str | None) -> RoleAssignment:
    """Return the one role a person works in.

    A person may hold several roles and works in one at a time; who holds only one need not name it.

    Raises:
        Forbidden: the person holds no role, or not the named one.
        Invalid: the person holds several and named none.
    """
    if named is not None:
        for assignment in assignments:
            if assignment.id == named:
                return assignment
        raise Forbidden("The role that the request names is not assigned to you.")
    if not assignments:
        raise Forbidden("No role is assigned to you. Ask your LEA coordinator to assign one.")
    if len(assignments) > 1:
        choices = ", ".join(assignment.id for assignment in assignments)
        raise Invalid(
            "You hold several roles: name the one you work in.",
            [
                Problem(
                    "/LEA-Reports-Role",
                    "role_required",
                    f"Send the header LEA-Reports-Role with one of: {choices}.",
                )
            ],
        )
    return assignments[0]
