"""LEAs and schools as values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lea_reports.errors import Invalid
from lea_reports.organizations.cds_code import CdsCode


class OrganizationKind(StrEnum):
    """What an organization is. Source: docs/domain.md#kinds-of-organizations."""

    COUNTY_OFFICE = "county_office"
    DISTRICT = "district"
    DIRECT_FUNDED_CHARTER = "direct_funded_charter"
    SCHOOL = "school"
    LOCALLY_FUNDED_CHARTER = "locally_funded_charter"
    NONPUBLIC_SCHOOL = "nps"

    @property
    def is_lea(self) -> bool:
        """Whether organizations of this kind are LEAs, with coordinators of their own."""
        return self in _LEA_KINDS


_LEA_KINDS = frozenset(
    {OrganizationKind.COUNTY_OFFICE, OrganizationKind.DISTRICT, OrganizationKind.DIRECT_FUNDED_CHARTER}
)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which an organization gives its tests, both ends included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise Invalid(f"A testing window ends on or after its start; got {self.start} to {self.end}.")

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class Lea:
    """A local educational agency: a district, a county office or a direct-funded charter school."""

    cds_code: CdsCode
    name: str
    kind: OrganizationKind
    county_name: str
    window: Window | None = None

    def __post_init__(self) -> None:
        if not self.kind.is_lea:
            raise Invalid(f"{self.cds_code} is a {self.kind}, which is no LEA.")

    @property
    def lea(self) -> CdsCode:
        """Its own code: an LEA belongs to itself."""
        return self.cds_code


@dataclass(frozen=True, slots=True)
class School:
    """A school, and the code of the LEA that answers for its students."""

    cds_code: CdsCode
    name: str
    kind: OrganizationKind
    county_name: str
    lea: CdsCode
    window: Window | None = None
