"""One LEA with its schools."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

from lea_reports.collation import collation_key
from lea_reports.errors import NotFound
from lea_reports.organizations.cds_code import CdsCode
from lea_reports.organizations.organization import Lea, OrganizationKind, School, Window


@dataclass(frozen=True, slots=True)
class LeaDirectory:
    """An LEA and its schools, ordered by name as people sort them, and then by code."""

    lea: Lea
    schools: tuple[School, ...]

    @classmethod
    def from_rows(cls, lea: str, rows: Iterable[Mapping[str, object]]) -> Self:
        """Make the directory of the LEA with code `lea` from rows of the `organizations` dataset.

        Rows of other LEAs are skipped. A direct-funded charter school is at once the LEA and its only
        school. Raises `NotFound` if no row is the LEA itself, `Invalid` for a malformed row.
        """
        code = CdsCode(lea)
        own: Lea | None = None
        schools: list[School] = []
        for row in rows:
            if row["lea"] != code:
                continue
            cds_code = CdsCode(str(row["cds_code"]))
            kind = OrganizationKind(str(row["kind"]))
            name, county_name = str(row["name"]), str(row["county_name"])
            window = _window(row)
            if cds_code == code:
                own = Lea(cds_code, name, kind, county_name, window)
            if cds_code != code or kind is OrganizationKind.DIRECT_FUNDED_CHARTER:
                schools.append(School(cds_code, name, kind, county_name, code, window))
        if own is None:
            raise NotFound(f"No LEA has the CDS code {code}.")
        return cls(
            own, tuple(sorted(schools, key=lambda school: (collation_key(school.name), school.cds_code)))
        )

    def school(self, cds_code: str) -> School | None:
        """Return the school with this code, or None if the LEA has no such school."""
        return next((school for school in self.schools if school.cds_code == cds_code), None)

    def codes(self) -> frozenset[CdsCode]:
        """Return the codes of all schools of the LEA."""
        return frozenset(school.cds_code for school in self.schools)


def _window(row: Mapping[str, object]) -> Window | None:
    """Return the testing window; one without its start or end is not known, which takes nothing from the LEA."""
    start, end = row.get("window_start"), row.get("window_end")
    return Window(start, end) if isinstance(start, date) and isinstance(end, date) else None
