"""Links to the files of jobs that are ready.

The stage chooses their form (decision 13). `PAGE`: the link in the e-mail leads to our own address and carries a token
(`link_token`), encrypted: which file, and until when; whoever opens it is sent on to a URL of S3 that lives minutes.
`PRESIGNED`: the link is itself a URL of S3, signed for 24 hours. Session credentials sign neither: such a URL dies with
its session, whatever it says; so the long-lived key of a user that may only read files does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from pydantic import BaseModel, ConfigDict

from lea_reports.delivery.link_token import LinkClaim, encrypted_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lea_reports.jobs.job import Job, ReportFile

LONGEST_LIFETIME = timedelta(hours=24)
"""Source: docs/domain.md#link-of-24-hours."""

DOWNLOAD_STARTS_WITHIN = timedelta(minutes=15)
"""How long S3 lets a download begin, or go on after a break, with the URL that a link led to."""


_CONTENT_TYPES = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""By the ending of a file's name."""


class LinkForm(StrEnum):
    """What the link in an e-mail leads to."""

    PAGE = "page"
    PRESIGNED = "presigned"

    @property
    def signature_lives(self) -> timedelta:
        """How old the signature of a download may be: the bucket refuses older ones, whatever they claim."""
        return DOWNLOAD_STARTS_WITHIN if self is LinkForm.PAGE else LONGEST_LIFETIME


_USER_KEY = "AKIA"  # what AWS begins the id of a user's key with; ASIA is a session's


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that whoever holds it may download from, until it expires."""

    url: str
    expires_at: datetime


class Links(Protocol):
    """Makes the links that go into e-mails."""

    def links(self, job: Job, now: datetime) -> Sequence[Link]:
        """Return a link to each file of a job that is ready, in order; all expire together."""


class LinkKey(BaseModel):
    """The access key that links are made with, as it stands in Secrets Manager.

    Raises:
        ValueError: it is a session's key, whose URLs would die with the session.
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


def _checked(lifetime: timedelta) -> timedelta:
    if not timedelta() < lifetime <= LONGEST_LIFETIME:
        raise ValueError(f"a link lives up to {LONGEST_LIFETIME}, not {lifetime}")
    return lifetime


def _end_of_links(job: Job, now: datetime, lifetime: timedelta) -> datetime:
    """Return when links to the files of a job expire: they never outlive the files."""
    kept_until = job.files_kept_until
    if kept_until is None:
        raise ValueError("only a job that is ready has files")
    return min(now + lifetime, kept_until).replace(microsecond=0)


class PageLinks:
    """Links to our own address, `<public_url>/links/<token>`, that work for at most 24 hours."""

    def __init__(
        self,
        public_url: str,
        key: LinkKey,
        random_bytes: Callable[[int], bytes],
        lifetime: timedelta = LONGEST_LIFETIME,
    ) -> None:
        self._folder = f"{public_url.rstrip('/')}/links"
        self._key = key
        self._random_bytes = random_bytes
        self._lifetime = _checked(lifetime)

    def links(self, job: Job, now: datetime) -> Sequence[Link]:
        """Return a link to each file of a job that is ready."""
        expires_at = _end_of_links(job, now, self._lifetime)
        claims = (LinkClaim(job.lea, job.id, number, expires_at) for number in range(1, len(job.files) + 1))
        secret = self._key.secret_access_key
        tokens = (encrypted_claim(claim, secret, self._random_bytes) for claim in claims)
        return [Link(f"{self._folder}/{token}", expires_at) for token in tokens]


class Downloads(Protocol):
    """Makes the URLs that downloads begin from."""

    def url(self, file: ReportFile, lifetime: timedelta) -> str:
        """Return a URL of a finished file; a download can begin for `lifetime`."""


class PresignedDownloads:
    """URLs that S3 itself checks: SigV4, signed for one object."""

    def __init__(self, bucket: str, key: LinkKey) -> None:
        self._bucket = bucket
        session = boto3.Session(key.access_key_id, key.secret_access_key)
        # boto3 presigns with SigV2 unless told otherwise, and SigV2 knows no Region and no lifetime limit.
        # It also presigns for the global endpoint unless the bucket is part of the host name; for some time after its
        # creation a bucket elsewhere than in us-east-1 is redirected from there, which breaks the signature.
        config = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
        self._client = session.client("s3", config=config)

    def url(self, file: ReportFile, lifetime: timedelta) -> str:
        """Return a URL of the file; the browser saves the download under its name."""
        return self._client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": file.key,
                "ResponseContentType": _CONTENT_TYPES[file.name.rpartition(".")[2]],
                "ResponseContentDisposition": f'attachment; filename="{file.name}"',
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=max(1, int(lifetime.total_seconds())),
        )


class PresignedLinks:
    """Links that are URLs of S3, signed for at most 24 hours."""

    def __init__(self, downloads: Downloads, lifetime: timedelta = LONGEST_LIFETIME) -> None:
        self._downloads = downloads
        self._lifetime = _checked(lifetime)

    def links(self, job: Job, now: datetime) -> Sequence[Link]:
        """Return a link to each file of a job that is ready."""
        expires_at = _end_of_links(job, now, self._lifetime)
        return [Link(self._downloads.url(file, expires_at - now), expires_at) for file in job.files]


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
