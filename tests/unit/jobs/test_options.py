"""What a request may choose beyond its SSRs: tags in merged files, and a password."""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest

from lea_reports.errors import Invalid
from lea_reports.jobs.job import JobState, PasswordLock
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.workshop import DEADLINE

PHRASE = "correct horse battery staple"


@pytest.fixture
def lock():
    """Return a function that makes locks, no two with the same random bytes."""
    numbers = count()

    def make(phrase=PHRASE, subject="subject-1"):
        return PasswordLock.chosen(phrase, subject, lambda size: next(numbers).to_bytes(size, "big"))

    return make


def files(site, job):
    """Return the PDFs of a finished job."""
    content = bytes(site.workshop.storage.objects[site.job(job).archives[0].key])
    return [part for part in content.split(b"PK\x03\x04") if b"%PDF" in part]


@pytest.mark.parametrize("merge", [False, True])
def test_every_pdf_of_a_request_with_a_password_is_protected(site, selection, lock, merge):
    """All by one protection: readers need one password."""
    chosen = lock()
    job = site.submit(replace(selection, merge=merge), lock=chosen)
    site.run()

    assert site.job(job).state is JobState.READY
    entry = chosen.protection.u.hex().encode()
    assert Counter(made.count(entry) for made in files(site, job)) == ({3: 1, 2: 1} if merge else {1: 5})


def test_a_job_knows_that_it_was_protected_and_no_longer_how(site, selection, lock):
    """What could open its files is kept until they are made."""
    job = site.submit(selection, lock=lock())
    assert site.job(job).protection is not None

    site.run()

    ended = site.job(job)
    assert ended.selection.protected
    assert ended.lock is None


def test_a_job_that_is_given_up_forgets_its_lock_too(site, selection, lock):
    """Every end is an end."""
    job = site.submit(selection, lock=lock())
    site.now += DEADLINE * 2

    reconcile(site.workshop, site.now)

    assert site.job(job).state is JobState.FAILED
    assert site.job(job).lock is None


def test_the_same_request_with_the_same_password_is_one_job(site, selection, lock):
    """A double click; another password, or none, asks for other files."""
    first = site.submit(selection, lock=lock())

    assert site.submit(selection, lock=lock()).id == first.id
    others = [site.submit(selection, lock=lock("another password")).id, site.submit(selection).id]
    assert len({first.id, *others}) == 3


def test_marks_of_the_same_password_differ_from_person_to_person(lock):
    """Nobody learns from the table that two people chose alike."""
    assert lock().mark == lock().mark
    assert lock().mark != lock(subject="subject-2").mark


def test_a_lock_shows_nothing_and_comes_back_from_json(lock):
    """The password is not in it at all."""
    made = lock()

    assert PasswordLock.from_json(made.to_json()) == made
    assert repr(made) == "PasswordLock(protection=PdfEncryption())"
    assert PHRASE not in str(made.to_json())


def test_a_job_whose_lock_is_gone_makes_no_open_files(site, selection, lock):
    """Better no file than one that anybody can read."""
    job = site.submit(selection, lock=lock())
    site.take(site.workshop.builds.sent.pop(0))
    jobs = site.workshop.jobs
    building = site.job(job)
    jobs.move(building, replace(building, lock=None))

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
