"""The administration year that demos, and benches of whole jobs, are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lea_reports.assessments import AdministrationYear, program_day

_LAST_RESULTS = timedelta(days=10)
"""The last invented SSRs of a year appear so long after its end; before that they would be kept back."""


def demo_year(now: datetime | None = None) -> AdministrationYear:
    """Return the newest administration year whose invented results are all out."""
    return AdministrationYear.of_day(program_day(now or datetime.now(UTC)) - _LAST_RESULTS).before(1)
