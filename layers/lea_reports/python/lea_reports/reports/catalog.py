"""Every report that can be asked for: its title, who may ask, and what it takes to make it."""

from __future__ import annotations

from dataclasses import dataclass

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.errors import Forbidden


@dataclass(frozen=True, slots=True)
class ReportDefinition:
    """One report of the catalog.

    `code` is its name in the API; `link_text` is the text of the link in the e-mail; `roles` may ask for it.
    """

    code: str
    title: str
    link_text: str
    roles: frozenset[Role]

    def check_role(self, assignment: RoleAssignment) -> None:
        """Raise `Forbidden` unless the role may ask for this report."""
        if assignment.role not in self.roles:
            raise Forbidden(f"Your role ({assignment.role}) may not ask for the report “{self.title}”.")


STUDENT_SCORE_REPORT_PDFS = ReportDefinition(
    code="student-score-report-pdfs",
    title="CAASPP Student Score Report PDFs",
    link_text="Student Score Reports",
    roles=frozenset({Role.LEA_CAASPP_COORDINATOR}),
)

CATALOG: dict[str, ReportDefinition] = {report.code: report for report in (STUDENT_SCORE_REPORT_PDFS,)}
"""Reports by code."""
