"""Links live 24 hours, tell nothing, and lead to URLs of minutes that a long-lived key signed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from lea_reports.delivery.link_token import decrypted_claim
from lea_reports.delivery.links import LinkKey, PageLinks, PresignedDownloads, PresignedLinks, expiry

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
USER_KEY = '{"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "s", "created_at": "2026-11-01T00:00:00Z"}'
PUBLIC = "https://reports.example.org/live/"


@pytest.fixture
def links():
    """Links to our own address."""
    return PageLinks(PUBLIC, LinkKey.parse(USER_KEY), bytes)


@pytest.fixture
def downloads(monkeypatch):
    """Downloads signed with a user's key, in a Region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    return PresignedDownloads("archives", LinkKey.parse(USER_KEY))


def test_a_link_leads_to_our_own_address_for_24_hours(links, job):
    """The token in it says whose file, and until when."""
    (link,) = links.links(job, NOW)
    folder, _, token = link.url.rpartition("/")
    claim = decrypted_claim(token, ["s"])

    assert folder == "https://reports.example.org/live/links"
    assert (claim.lea, claim.job, claim.file, claim.expires_at) == (job.lea, job.id, 1, link.expires_at)
    assert link.expires_at == NOW + timedelta(hours=24)


def test_a_link_names_nobody_and_nothing(links, job):
    """Neither LEA, job nor report can be read from it, not even decoded."""
    (link,) = links.links(job, NOW)

    for said in (job.lea, job.id, job.name):
        assert said not in link.url
    assert not urlsplit(link.url).query


def test_a_link_that_is_made_again_is_another_one_and_lives_its_own_24_hours(links, job):
    """An e-mail that is sent again ends nothing, and its link is a fresh one."""
    (first,), (again,) = links.links(job, NOW), links.links(job, NOW + timedelta(hours=1))

    assert first.url != again.url
    assert first.expires_at == NOW + timedelta(hours=24)
    assert again.expires_at == NOW + timedelta(hours=25)


def test_a_link_does_not_outlive_its_archive(links, job):
    """Asked for on the thirtieth day, it works until the file is deleted."""
    late = NOW + timedelta(days=29, hours=20)

    assert links.links(job, late)[0].expires_at == NOW + timedelta(days=30)


def test_the_url_of_a_download_is_signed_with_sigv4_for_one_object(downloads, job):
    """SigV2, boto3's own choice, would know neither Region nor limit."""
    url = downloads.url(job.files[0], timedelta(minutes=15))
    query = parse_qs(urlsplit(url).query)

    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["900"]
    assert query["X-Amz-Credential"][0].startswith("AKIAIOSFODNN7EXAMPLE/")
    assert "X-Amz-Security-Token" not in query
    assert urlsplit(url).path.endswith(job.files[0].key)
    assert abs(expiry(url) - datetime.now(UTC) - timedelta(minutes=15)) < timedelta(seconds=5)


def test_a_download_comes_from_the_region_of_the_bucket(downloads, job):
    """The global address redirects to it, where the signature does not hold: it was made for another host."""
    url = downloads.url(job.files[0], timedelta(minutes=1))

    assert urlsplit(url).hostname == "archives.s3.us-west-2.amazonaws.com"


def test_the_download_bears_the_name_of_the_report(downloads, job):
    """The browser saves Spring-2026.zip, and no cache keeps it."""
    query = parse_qs(urlsplit(downloads.url(job.files[0], timedelta(minutes=1))).query)

    assert query["response-content-disposition"] == ['attachment; filename="Spring-2026.zip"']
    assert query["response-cache-control"] == ["private, no-store"]


def test_session_credentials_are_refused():
    """A URL signed with a role's credentials would die with them, whatever it says."""
    with pytest.raises(ValueError, match="session credentials"):
        LinkKey.parse(USER_KEY.replace("AKIA", "ASIA"))
    with pytest.raises(ValidationError):
        LinkKey.parse("{}")


@pytest.mark.parametrize("hours", [0, 25])
def test_a_link_lives_at_most_24_hours(hours):
    """The promise of the e-mail is a limit of the code."""
    with pytest.raises(ValueError, match="a link lives up to"):
        PageLinks(PUBLIC, LinkKey.parse(USER_KEY), bytes, timedelta(hours=hours))


def test_a_job_without_an_archive_has_no_link(links, job):
    """There is nothing to lead to."""
    with pytest.raises(ValueError, match="ready"):
        links.links(replace(job, files=()), NOW)


def test_each_archive_has_a_link_and_all_expire_together(links, job):
    """The token says which of them it opens."""
    several = replace(job, files=job.files * 3)
    made = links.links(several, NOW)

    assert [decrypted_claim(link.url.rpartition("/")[2], ["s"]).file for link in made] == [1, 2, 3]
    assert len({link.expires_at for link in made}) == 1


def test_a_url_that_is_not_signed_with_sigv4_has_no_expiry():
    """It would be read wrongly otherwise."""
    with pytest.raises(ValueError, match="SigV4"):
        expiry("https://example.org/a.zip?AWSAccessKeyId=x&Signature=y&Expires=1")


@pytest.mark.parametrize("hours", [0, 25])
def test_a_link_that_is_a_url_of_s3_lives_at_most_24_hours_too(downloads, hours):
    """One promise for both forms."""
    with pytest.raises(ValueError, match="a link lives up to"):
        PresignedLinks(downloads, timedelta(hours=hours))


def test_a_link_that_is_a_url_of_s3_is_signed_for_one_archive_and_24_hours(downloads, job):
    """S3 itself checks both."""
    (link,) = PresignedLinks(downloads).links(job, NOW)

    assert urlsplit(link.url).path == f"/{job.files[0].key}"
    assert parse_qs(urlsplit(link.url).query)["X-Amz-Expires"] == [str(24 * 60 * 60)]
