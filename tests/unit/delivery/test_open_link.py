"""Whoever opens a link within 24 hours gets on to the file, and nobody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest

from lea_reports.delivery.link_token import LinkClaim, encrypted_claim
from lea_reports.delivery.links import LinkKey, PageLinks
from lea_reports.delivery.open_link import LinkState, open_link
from lea_reports.jobs.job import JobState
from lea_reports.jobs.store import MemoryJobStore
from lea_reports.telemetry.events import MemoryTelemetry

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DAY, MINUTE, SECOND = timedelta(hours=24), timedelta(minutes=1), timedelta(seconds=1)
KEY = LinkKey(access_key_id="AKIAIOSFODNN7EXAMPLE", secret_access_key="s", created_at=NOW)


class PlainDownloads:
    """Downloads that say what was asked of them."""

    def url(self, file, lifetime):
        """Return the key and the lifetime in seconds."""
        return f"{file.key}?{lifetime.total_seconds():.0f}"


@pytest.fixture
def telemetry():
    """Keep what is told."""
    return MemoryTelemetry()


@pytest.fixture
def open_at(job, telemetry):
    """Return a function that opens a link of the job, or another token, at a moment."""
    jobs = MemoryJobStore()
    jobs.submit(job)
    (link,) = PageLinks("https://example.org", KEY, token_bytes).links(job, NOW)
    sent = link.url.rpartition("/")[2]

    def opening(now, token=sent, secrets=("s",)):
        return open_link(
            token, secrets=secrets, jobs=jobs, downloads=PlainDownloads(), telemetry=telemetry, now=now
        )

    return opening


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(), LinkState.WORKS),
        (DAY - MINUTE, LinkState.WORKS),
        (DAY + MINUTE, LinkState.EXPIRED),
        (DAY, LinkState.EXPIRED),
    ],
)
def test_a_link_works_for_24_hours_and_no_minute_more(open_at, age, state):
    """The promise of the e-mail."""
    assert open_at(NOW + age).state is state


@pytest.mark.parametrize(("left", "seconds"), [(DAY, 900), (10 * MINUTE, 600), (SECOND, 1)])
def test_what_a_link_leads_to_works_for_minutes_and_never_longer_than_the_link(open_at, job, left, seconds):
    """A download begins at once; the last one ends the promise on time."""
    assert open_at(NOW + DAY - left).url == f"{job.files[0].key}?{seconds}"


def test_an_expired_link_says_since_when_and_how_long_another_can_be_had(open_at):
    """For the page that people see."""
    found = open_at(NOW + 2 * DAY)

    assert found.url is None
    assert (found.expired_at, found.kept_until) == (NOW + DAY, NOW + timedelta(days=30))
    assert found.time_zone == "America/Los_Angeles"
    assert open_at(NOW + timedelta(days=31)).kept_until is None


def test_a_link_of_a_foreign_or_unknown_job_leads_nowhere(open_at, job):
    """The token names job and LEA together; one without the other is no job."""
    for lea, number in (("99200020000000", job.id), (job.lea, "0" * 26)):
        token = encrypted_claim(LinkClaim(lea, number, 1, NOW + DAY), "s", token_bytes)
        assert open_at(NOW, token).state is LinkState.UNKNOWN


def test_each_link_leads_to_its_own_archive(job, telemetry):
    """And one to a file that there is not leads nowhere."""
    several = replace(job, files=tuple(replace(job.files[0], key=f"a/{n}.zip") for n in (1, 2)))
    jobs = MemoryJobStore()
    jobs.submit(several)
    found = [
        open_link(
            encrypted_claim(LinkClaim(job.lea, job.id, number, NOW + DAY), "s", token_bytes),
            secrets=["s"],
            jobs=jobs,
            downloads=PlainDownloads(),
            telemetry=telemetry,
            now=NOW,
        )
        for number in range(4)
    ]

    assert [each.url for each in found] == [None, "a/1.zip?900", "a/2.zip?900", None]
    assert [each.state for each in found if each.url is None] == [LinkState.UNKNOWN] * 2


def test_a_forged_link_leads_nowhere(open_at):
    """Encrypted with another key, or no token at all."""
    assert open_at(NOW, secrets=("other",)).state is LinkState.UNKNOWN
    assert open_at(NOW, "x").state is LinkState.UNKNOWN


def test_a_link_to_a_job_that_is_not_ready_leads_nowhere(job, telemetry):
    """There is no file behind it."""
    jobs = MemoryJobStore()
    jobs.submit(replace(job, state=JobState.CANCELLED))
    token = encrypted_claim(LinkClaim(job.lea, job.id, 1, NOW + DAY), "s", token_bytes)

    found = open_link(
        token, secrets=["s"], jobs=jobs, downloads=PlainDownloads(), telemetry=telemetry, now=NOW
    )

    assert found.state is LinkState.UNKNOWN


def test_every_opening_is_counted_and_nothing_of_the_token_is_logged(open_at, telemetry):
    """A token in a log would be a link in a log."""
    open_at(NOW)
    open_at(NOW + 2 * DAY)
    open_at(NOW, "x")

    outcomes = [outcome for _, _, outcome in telemetry.measures]
    assert outcomes == ["works", "expired", "unknown"]
    assert all(set(fields) <= {"lea", "job", "state"} for _, fields in telemetry.events)
