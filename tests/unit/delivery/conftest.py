"""A finished job."""

from datetime import UTC, date, datetime

import pytest

from lea_reports.access.identity import Identity
from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.snapshots import Snapshots
from lea_reports.jobs.job import Archive, Job, JobState, Progress
from lea_reports.organizations import CdsCode
from lea_reports.reports.language_choices import LanguageChoice
from lea_reports.reports.student_score_reports import SsrSelection

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.fixture
def job():
    """A job that is ready."""
    lea = CdsCode("99100010000000")
    return Job(
        id="01KAN5ZQF6XWZC9KN5XK9ZQF6X",
        lea=lea,
        report="student-score-report-pdfs",
        selection=SsrSelection(
            "Spring-2026", AdministrationYear(2026), None, None, date(2026, 5, 1), date(2026, 7, 31), None,
            frozenset({LanguageChoice.ENGLISH_ALL}), False,
        ),
        requester=Identity("subject", "coordinator@example.org", "America/Los_Angeles"),
        role=f"lea-caaspp-coordinator@{lea}",
        snapshots=Snapshots(),
        requested_at=NOW,
        state=JobState.READY,
        ended_at=NOW,
        progress=Progress(total=12_345, made=12_340, not_included=5, chunks=3, chunks_done=3),
        archives=(Archive(f"archives/{lea}/01KAN5ZQF6XWZC9KN5XK9ZQF6X/Spring-2026.zip", 512_300_000, 12_342),),
    )  # fmt: skip
