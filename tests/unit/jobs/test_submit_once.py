"""A request is submitted once under its key, even if it dies half-way or comes twice at the same time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, Role, RoleAssignment
from lea_reports.errors import Invalid, Transient
from lea_reports.jobs.request_key import KEY_KEPT, RequestKey
from lea_reports.jobs.submit_once import submit_once

LEA = "99100010000000"
CALLER = Caller(
    Identity("subject-1", "coordinator@example.org"), RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA)
)


@pytest.fixture
def key_of(site, selection):
    """Return a function that makes the key of the usual request."""

    def make(job_id, **changes):
        chosen = replace(selection, **changes).to_json()
        return RequestKey.of("k", CALLER, "report", chosen, None, job_id=job_id, now=site.now)

    return make


@pytest.fixture
def submit(site, selection):
    """Return a function that submits the usual request under an id."""

    def submitting(job_id):
        site.ids = int(job_id) - 1
        return site.submit(selection)

    return submitting


def test_two_at_the_same_time_submit_one_job(site, key_of, submit):
    """The second finds the key before the first has stored its job."""
    jobs = site.jobs
    found = []

    def first(job_id):
        found.append(submit_once(key_of("2".zfill(26)), submit, jobs=jobs, now=site.now))
        return submit(job_id)

    job = submit_once(key_of("1".zfill(26)), first, jobs=jobs, now=site.now)

    assert [job.id] == [each.id for each in found] == ["1".zfill(26)]


def test_one_that_dies_is_taken_up_by_its_repetition(site, key_of, submit):
    """The key is freed if it can be; if not, the repetition submits under the id that stands there."""
    jobs = site.jobs
    kept = jobs.keep_key(key_of("1".zfill(26)), site.now)

    assert submit_once(key_of("2".zfill(26)), submit, jobs=jobs, now=site.now).id == kept.job_id


def test_a_request_that_fails_leaves_its_key_free(site, key_of, submit):
    """Another request may come under it."""
    jobs = site.jobs

    def fail(_job_id):
        raise Transient("The table did not answer.")

    with pytest.raises(Transient):
        submit_once(key_of("1".zfill(26)), fail, jobs=jobs, now=site.now)
    assert submit_once(key_of("2".zfill(26), name="other"), submit, jobs=jobs, now=site.now).id == "2".zfill(
        26
    )


def test_a_key_of_an_identical_open_request_stands_for_that_one(site, key_of, submit):
    """It was made without a key; its repetition under the key finds it, also after its end."""
    jobs = site.jobs
    open_job = submit("1".zfill(26))

    assert submit_once(key_of("2".zfill(26)), submit, jobs=jobs, now=site.now).id == open_job.id
    site.run()
    assert submit_once(key_of("3".zfill(26)), submit, jobs=jobs, now=site.now).id == open_job.id


def test_a_key_stands_for_24_hours(key_of, site):
    """As the description of the API says, and docs/security.md."""
    assert key_of("1".zfill(26)).expires_at == site.now + timedelta(hours=24)


def test_a_key_is_free_after_a_day(site, key_of, submit):
    """Another request may come under it then."""
    jobs = site.jobs
    submit_once(key_of("1".zfill(26)), submit, jobs=jobs, now=site.now)
    site.run()

    with pytest.raises(Invalid):
        submit_once(key_of("2".zfill(26), name="other"), submit, jobs=jobs, now=site.now)
    site.now += KEY_KEPT + timedelta(seconds=1)
    assert submit_once(key_of("3".zfill(26), name="other"), submit, jobs=jobs, now=site.now).id == "3".zfill(
        26
    )
