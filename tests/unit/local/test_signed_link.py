"""Signing a link by hand for another moment."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config

from local.signed_link import signed_again, tampered

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.fixture
def link():
    """Have boto3 presign an archive with a name that needs quoting."""
    session = boto3.Session(KEY_ID, SECRET, region_name="us-west-2")
    s3 = session.client("s3", endpoint_url="http://127.0.0.1:4566", config=Config(signature_version="s3v4"))
    return s3.generate_presigned_url(
        "get_object",
        Params={
            "Bucket": "archives",
            "Key": "archives/a b+ü.zip",
            "ResponseContentDisposition": 'attachment; filename="a.zip"',
        },
        ExpiresIn=86_400,
    )


def test_the_same_moment_gives_the_signature_that_boto3_gave(link):
    """So a refusal of another moment's link is a refusal of the moment, not of our arithmetic."""
    moment = parse_qs(urlsplit(link).query)["X-Amz-Date"][0]
    at = dt.datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    assert parse_qs(urlsplit(signed_again(link, secret_access_key=SECRET, at=at)).query) == parse_qs(
        urlsplit(link).query
    )


def test_another_moment_changes_the_date_the_scope_and_the_signature(link):
    """The day stands in the credential's scope as well."""
    again = parse_qs(
        urlsplit(
            signed_again(link, secret_access_key=SECRET, at=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
        ).query
    )
    assert again["X-Amz-Date"] == ["20260102T030405Z"]
    assert again["X-Amz-Credential"] == [f"{KEY_ID}/20260102/us-west-2/s3/aws4_request"]
    assert again["X-Amz-Signature"] != parse_qs(urlsplit(link).query)["X-Amz-Signature"]


def test_tampering_changes_the_object_only(link):
    """The signature stays as it was, for another object."""
    changed = urlsplit(tampered(link))
    assert changed.path == "/archives/archives/xa%20b%2B%C3%BC.zip"
    assert changed.query == urlsplit(link).query
