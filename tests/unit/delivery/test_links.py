"""Links live 24 hours because a long-lived key signed them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from lea_reports.delivery.links import LinkKey, PresignedLinks, expiry

USER_KEY = '{"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "s", "created_at": "2026-11-01T00:00:00Z"}'


@pytest.fixture
def links(monkeypatch):
    """Links signed with a user's key, in a Region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    return PresignedLinks("archives", LinkKey.parse(USER_KEY))


def test_a_link_is_signed_with_sigv4_for_24_hours_and_one_object(links, job):
    """SigV2, boto3's own choice, would know neither Region nor limit."""
    link = links.link(job)
    query = parse_qs(urlsplit(link.url).query)

    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["86400"]
    assert query["X-Amz-Credential"][0].startswith("AKIAIOSFODNN7EXAMPLE/")
    assert "X-Amz-Security-Token" not in query
    assert urlsplit(link.url).path.endswith(job.archive.key)


def test_a_link_leads_to_the_region_of_the_bucket(links, job):
    """The global address redirects to it, where the signature does not hold: it was made for another host."""
    assert urlsplit(links.link(job).url).hostname == "archives.s3.us-west-2.amazonaws.com"


def test_a_link_says_itself_when_it_expires(links, job):
    """What the mail promises is read from the signature, not from another clock."""
    link = links.link(job)

    assert link.expires_at == expiry(link.url)
    assert abs(link.expires_at - datetime.now(UTC) - timedelta(hours=24)) < timedelta(seconds=5)


def test_the_download_bears_the_name_of_the_report(links, job):
    """The browser saves Spring-2026.zip."""
    query = parse_qs(urlsplit(links.link(job).url).query)

    assert query["response-content-disposition"] == ['attachment; filename="Spring-2026.zip"']


def test_no_student_data_is_in_a_link(links, job):
    """Names of the LEA's code, the job and the report; nobody's SSID."""
    assert urlsplit(links.link(job).url).path.split("/")[-3:] == [job.lea, job.id, "Spring-2026.zip"]


def test_session_credentials_are_refused():
    """A link signed with a role's credentials would die with them after some hours."""
    with pytest.raises(ValueError, match="session credentials"):
        LinkKey.parse(USER_KEY.replace("AKIA", "ASIA"))
    with pytest.raises(ValidationError):
        LinkKey.parse(USER_KEY.replace("}", ', "session_token": "t"}'))


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_a_lifetime_beyond_24_hours_or_none_is_refused(hours):
    """The rule says 24 hours at the most."""
    with pytest.raises(ValueError, match="up to"):
        PresignedLinks("archives", LinkKey.parse(USER_KEY), timedelta(hours=hours))


def test_a_url_that_is_not_signed_with_sigv4_has_no_expiry():
    """An accident with the signer is noticed before a mail is sent."""
    with pytest.raises(ValueError, match="SigV4"):
        expiry("https://example.org/a.zip?AWSAccessKeyId=x&Signature=y&Expires=1")
