"""What a request may choose beyond its SSRs: tags in merged files, and a password."""

import json
from collections import Counter
from dataclasses import asdict, replace
from itertools import count

import pytest

from lea_reports.errors import Invalid
from lea_reports.jobs.job import JobSecret, JobState
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.timing import DEADLINE
from lea_reports.pdf.encryption import PdfEncryption
from lea_reports.ssr_archive.password import encryption_of, secret_of

PHRASE = "correct horse battery staple"


@pytest.fixture
def secret():
    """Return a function that makes what a job keeps of a password, no two with the same random bytes."""
    numbers = count()

    def make(phrase=PHRASE, subject="subject-1"):
        return secret_of(phrase, subject, lambda size: next(numbers).to_bytes(size, "big"))

    return make


def files(site, job):
    """Return the PDFs of a finished job."""
    content = bytes(site.storage.objects[site.job(job).files[0].key])
    return [part for part in content.split(b"PK\x03\x04") if b"%PDF" in part]


@pytest.mark.parametrize("merge", [False, True])
def test_every_pdf_of_a_request_with_a_password_is_protected(site, selection, secret, merge):
    """All by one protection: readers need one password."""
    chosen = secret()
    job = site.submit(replace(selection, merge=merge), secret=chosen)
    site.run()

    assert site.job(job).state is JobState.READY
    entry = PdfEncryption.from_json(chosen.content).u.hex().encode()
    assert Counter(made.count(entry) for made in files(site, job)) == ({3: 1, 2: 1} if merge else {1: 5})


def test_a_job_knows_that_it_was_protected_and_no_longer_how(site, selection, secret):
    """What could open its files is kept until they are made."""
    job = site.submit(selection, secret=secret())
    assert encryption_of(site.job(job)) is not None

    site.run()

    ended = site.job(job)
    assert ended.parameters["protected"]
    assert ended.secret is None


def test_a_job_that_is_given_up_forgets_its_secret_too(site, selection, secret):
    """Every end is an end."""
    job = site.submit(selection, secret=secret())
    site.now += DEADLINE * 2

    reconcile(site.dependencies, site.now)

    assert site.job(job).state is JobState.FAILED
    assert site.job(job).secret is None


def test_the_same_request_with_the_same_password_is_one_job(site, selection, secret):
    """A double click; another password, or none, asks for other files."""
    first = site.submit(selection, secret=secret())

    assert site.submit(selection, secret=secret()).id == first.id
    others = [site.submit(selection, secret=secret("another password")).id, site.submit(selection).id]
    assert len({first.id, *others}) == 3


def test_fingerprints_of_the_same_password_differ_from_person_to_person(secret):
    """Nobody learns from the table that two people chose alike."""
    assert secret().fingerprint == secret().fingerprint
    assert secret().fingerprint != secret(subject="subject-2").fingerprint


def test_a_secret_shows_nothing_and_comes_back_from_json(secret):
    """The password is not in it at all."""
    made = secret()

    assert JobSecret(**json.loads(json.dumps(asdict(made)))) == made
    assert repr(made) == "JobSecret()"
    assert PHRASE not in str(asdict(made))


def test_a_job_whose_secret_is_gone_makes_no_open_files(site, selection, secret):
    """Better no file than one that anybody can read."""
    job = site.submit(selection, secret=secret())
    site.take(site.builds.sent.pop(0))
    jobs = site.jobs
    building = site.job(job)
    jobs.move(building, replace(building, secret=None))

    with pytest.raises(ValueError, match="is gone"):
        site.run()


def test_merged_files_are_tagged_if_the_request_says_so(site, selection):
    """For printing they need not be."""
    plain = site.submit(replace(selection, merge=True))
    tagged = site.submit(replace(selection, merge=True, tagged=True))
    site.run()

    assert not any(b"%PDF tagged" in made for made in files(site, plain))
    assert all(b"%PDF tagged" in made for made in files(site, tagged))


def test_tags_are_no_choice_without_merging(site, selection):
    """Single files always have them."""
    with pytest.raises(Invalid) as refused:
        site.submit(replace(selection, tagged=True))

    assert [problem.pointer for problem in refused.value.problems] == ["/tagged"]
