"""Links to finished archives.

A URL that is presigned with a Lambda role's credentials dies with them after some hours, whatever it says. So links
are signed with the long-lived key of an IAM user that may only read archives, and session credentials are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.jobs.job import Job

LONGEST_LIFETIME = timedelta(hours=24)
"""Source: seed document 000, step 11: the link expires after 24 hours."""

_USER_KEY = "AKIA"  # what AWS begins the id of a user's key with; ASIA is a session's


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that whoever holds it may download from, until it expires."""

    url: str
    expires_at: datetime


class Links(Protocol):
    """Makes links to archives."""

    def link(self, job: Job) -> Link:
        """Return a link to the archive of a job that is ready."""


class LinkKey(BaseModel):
    """The access key that signs links, as it stands in Secrets Manager.

    Raises:
        ValueError: it is a session's key, whose links would die with the session.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    access_key_id: str
    secret_access_key: str
    created_at: datetime

    @classmethod
    def parse(cls, secret: str) -> Self:
        """Read the secret's value."""
        key = cls.model_validate_json(secret)
        if not key.access_key_id.startswith(_USER_KEY):
            raise ValueError("links are signed with a user's key (AKIA…), never with session credentials")
        return key


class PresignedLinks:
    """Links that S3 itself checks: SigV4, signed for one object and a lifetime of at most 24 hours."""

    def __init__(self, bucket: str, key: LinkKey, lifetime: timedelta = LONGEST_LIFETIME) -> None:
        if not timedelta() < lifetime <= LONGEST_LIFETIME:
            raise ValueError(f"a link lives up to {LONGEST_LIFETIME}, not {lifetime}")
        self._bucket = bucket
        self._lifetime = lifetime
        session = boto3.Session(key.access_key_id, key.secret_access_key)
        # boto3 presigns with SigV2 unless told otherwise, and SigV2 knows no Region and no lifetime limit.
        # It also presigns for the global endpoint unless the bucket is part of the host name; for some time after its
        # creation a bucket elsewhere than in us-east-1 is redirected from there, which breaks the signature.
        config = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
        self._client = session.client("s3", config=config)

    def link(self, job: Job) -> Link:
        """Return a link to the archive of a job that is ready; the browser saves it under the report's name."""
        if job.archive is None:
            raise ValueError("only a job that is ready has an archive")
        url = self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": job.archive.key,
                "ResponseContentType": "application/zip",
                "ResponseContentDisposition": f'attachment; filename="{job.selection.name}.zip"',
            },
            ExpiresIn=int(self._lifetime.total_seconds()),
        )
        return Link(url, expiry(url))


def expiry(url: str) -> datetime:
    """Return when a presigned URL stops working, as the URL itself says.

    Raises:
        ValueError: it is not signed with SigV4.
    """
    query: Mapping[str, list[str]] = parse_qs(urlsplit(url).query)
    if query.get("X-Amz-Algorithm") != ["AWS4-HMAC-SHA256"]:
        raise ValueError("the URL is not signed with SigV4")
    signed = datetime.strptime(query["X-Amz-Date"][0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return signed + timedelta(seconds=int(query["X-Amz-Expires"][0]))
