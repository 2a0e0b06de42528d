"""Both forms of the link in an e-mail keep one promise: 24 hours, this archive, nobody's session."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import pytest

from lea_reports.delivery.link_key import rotate_link_key
from lea_reports.delivery.links import (
    LinkForm,
    LinkKey,
    PageLinks,
    PresignedDownloads,
    PresignedLinks,
    expiry,
)
from lea_reports.delivery.open_link import open_link
from lea_reports.jobs.job import ReportFile
from lea_reports.jobs.store import MemoryJobStore
from lea_reports.telemetry.events import MemoryTelemetry
from local.api_client import Browser
from local.signed_link import signed_again, tampered

DAY, MINUTE = timedelta(hours=24), timedelta(minutes=1)
LONGEST_LINE_OF_A_MAIL = 998  # octets, RFC 5322 section 2.1.1


@pytest.fixture
def signer(stack, monkeypatch):
    """Lead this process's clients to the emulator, and return the key of the user that signs links there."""
    for name, value in stack.emulator.address.environment().items():
        monkeypatch.setenv(name, value)
    secret = stack.cloud.secrets.get_secret_value(SecretId=stack.deployment.link_key_secret_arn)
    return LinkKey.parse(secret["SecretString"])


@pytest.fixture
def ready(stack, ready_job):
    """A job that became ready now, with three archives in the bucket."""
    job = ready_job
    archives = [
        ReportFile(f"archives/{job.lea}/{job.id}/Spring_{number}-of-3.zip", 1, 1) for number in (1, 2, 3)
    ]
    for archive in archives:
        stack.cloud.s3.put_object(
            Bucket=stack.deployment.archive_bucket_name, Key=archive.key, Body=archive.name.encode()
        )
    return replace(job, files=tuple(archives), ended_at=datetime.now(UTC))


class PageForm:
    """Links to our own address, opened as `open_link` does."""

    form = LinkForm.PAGE

    def __init__(self, stack, key, job):
        self._key = key
        self._browser = Browser(stack.emulator.address)
        self._downloads = PresignedDownloads(stack.deployment.archive_bucket_name, key)
        self._jobs = MemoryJobStore()
        self._jobs.submit(job)
        self.made = PageLinks("https://reports.example.org", key, token_bytes)

    def download(self, link, age):
        """Return what a browser gets that follows a link of this age; None if it gets no archive."""
        found = open_link(
            link.url.rpartition("/")[2],
            secrets=[self._key.secret_access_key],
            jobs=self._jobs,
            downloads=self._downloads,
            telemetry=MemoryTelemetry(),
            now=link.expires_at - DAY + age,
        )
        return None if found.url is None else self._browser.open("GET", found.url).body

    def other(self, link):
        """Return the link to another archive that somebody may try to make of one."""
        return replace(link, url=link.url[:-1] + ("A" if link.url[-1] != "A" else "B"))


class PresignedForm:
    """Links that are URLs of S3; one of another age is signed by hand, as it was then."""

    form = LinkForm.PRESIGNED

    def __init__(self, stack, key, job):
        self._key = key
        self._browser = Browser(stack.emulator.address)
        self.made = PresignedLinks(PresignedDownloads(stack.deployment.archive_bucket_name, key))

    def download(self, link, age):
        """Return what a browser gets that follows a link of this age; None if it gets no archive."""
        url = link.url
        if age:
            at = datetime.now(UTC) - age
            url = signed_again(url, secret_access_key=self._key.secret_access_key, at=at)
        answer = self._browser.open("GET", url)
        return answer.body if answer.status == 200 else None

    def other(self, link):
        """Return the link to another archive that somebody may try to make of one."""
        return replace(link, url=tampered(link.url))


@pytest.fixture(params=[PageForm, PresignedForm], ids=lambda form: form.form.value)
def links(request, stack, signer, ready):
    """Each form of links in turn."""
    return request.param(stack, signer, ready)


def test_a_link_works_at_once_and_one_minute_before_24_hours_have_passed(links, ready):
    """A coordinator who comes back to the mail the next day still gets the file."""
    link = links.made.links(ready, datetime.now(UTC))[0]

    assert links.download(link, timedelta()) == b"Spring_1-of-3.zip"
    assert links.download(link, DAY - MINUTE) == b"Spring_1-of-3.zip"


def test_a_link_is_refused_one_minute_after_24_hours(links, ready):
    """Source: docs/domain.md#link-of-24-hours."""
    link = links.made.links(ready, datetime.now(UTC))[0]

    assert links.download(link, DAY + MINUTE) is None


def test_each_of_several_archives_has_its_own_link(links, ready):
    """All expire together, and each leads to its own file."""
    made = links.made.links(ready, datetime.now(UTC))

    assert [links.download(link, timedelta()) for link in made] == [
        archive.name.encode() for archive in ready.files
    ]
    assert len({link.expires_at for link in made}) == 1


def test_a_link_leads_to_no_other_archive(links, ready):
    """Whoever changes a letter of it gets nothing."""
    link = links.made.links(ready, datetime.now(UTC))[0]

    assert links.download(links.other(link), timedelta()) is None


def test_a_link_does_not_outlive_its_archive(links, ready):
    """Asked for on the thirtieth day, it works until the archive is deleted."""
    old = replace(ready, ended_at=datetime.now(UTC) - timedelta(days=29, hours=20))
    link = links.made.links(old, datetime.now(UTC))[0]

    assert link.expires_at <= old.files_kept_until
    if links.form is LinkForm.PRESIGNED:
        assert expiry(link.url) <= old.files_kept_until + timedelta(seconds=5)


def test_a_link_is_made_by_a_users_key_and_never_by_a_session(links, ready, signer):
    """What a function's own credentials sign dies with them, whatever it says."""
    with pytest.raises(ValueError, match="session credentials"):
        LinkKey.parse(signer.model_dump_json().replace(signer.access_key_id, "ASIAIOSFODNN7EXAMPLE"))
    (link, *_) = links.made.links(ready, datetime.now(UTC))

    assert "X-Amz-Security-Token" not in link.url


def test_a_link_fits_into_a_line_of_a_mail(links, ready):
    """Whatever cuts longer lines in two breaks the link; a report's name has up to 64 characters."""
    key = f"archives/{ready.lea}/{ready.id}/{'N' * 64}_100-of-100.zip"
    longest = replace(ready, files=(ReportFile(key, 1, 1),))
    (link,) = links.made.links(longest, datetime.now(UTC))

    assert len(link.url) <= LONGEST_LINE_OF_A_MAIL
    assert not set(link.url) & set(' "<>')


def test_a_presigned_link_outlives_the_key_that_is_replaced(stack, signer, ready):
    """The key before stays for 48 hours, a link lives for 24."""
    form = PresignedForm(stack, signer, ready)
    link = form.made.links(ready, datetime.now(UTC))[0]
    rotate_link_key(
        stack.cloud.iam,
        stack.cloud.secrets,
        user=stack.deployment.link_signer_user_name,
        secret=stack.deployment.link_key_secret_arn,
        now=datetime.now(UTC),
    )

    assert form.download(link, timedelta()) == b"Spring_1-of-3.zip"


@pytest.mark.parametrize("form", LinkForm)
def test_the_bucket_refuses_signatures_that_are_older_than_the_form_needs(form):
    """A URL of S3 that a page led to is worth minutes; one from a mail, a day."""
    assert form.signature_lives == {"page": timedelta(minutes=15), "presigned": DAY}[form.value]
