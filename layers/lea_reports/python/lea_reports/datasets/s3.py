"""Datasets on S3; the only module of this room that knows boto3."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from lea_reports.aws_faults import is_passing
from lea_reports.datasets.object_store import StoredObject
from lea_reports.errors import Conflict, Forbidden, Invalid, LeaReportsError, NotFound, Transient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

_MISSING = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
# 409 answers a conditional write that met another one in flight; 412 one that came later.
_CONFLICTS = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
_REFUSALS = {"AccessDenied", "403", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
_DELETE_AT_ONCE = 1000  # the limit of one DeleteObjects call


_SCHEME = "s3://"
_BUCKET = re.compile(r"[a-zA-Z0-9._-]{1,255}")  # boto3's own rule


@dataclass(frozen=True, slots=True)
class S3Address:
    """A bucket and a key; the key is empty if only a bucket is named."""

    bucket: str
    key: str

    @classmethod
    def parse(cls, text: str) -> S3Address | None:
        """Read `s3://BUCKET/KEY`; None if the text is no address on S3. Raises `Invalid` without a bucket.

        The key is everything after the first slash, verbatim: unlike in a web address, `#`, `?`, `%20` and
        further slashes are parts of it.
        """
        if not text.startswith(_SCHEME):
            return None
        bucket, _, key = text.removeprefix(_SCHEME).partition("/")
        if not _BUCKET.fullmatch(bucket):
            raise Invalid(f"{text} is no address on S3: wanted is s3:// followed by the name of a bucket.")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}"


class S3Objects:
    """The objects of one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @classmethod
    def of_bucket(cls, bucket: str) -> S3Objects:
        """Connect as the environment says: credentials, Region and AWS_ENDPOINT_URL are boto3's own."""
        return cls(boto3.client("s3"), bucket)

    def require_bucket(self) -> None:
        """Raise `NotFound` if there is no such bucket, `Forbidden` if it is somebody else's."""
        try:
            with self._told(""):
                self._client.head_bucket(Bucket=self._bucket)
        except NotFound:
            raise NotFound(f"There is no bucket {self._bucket}.") from None

    def get(self, key: str) -> StoredObject:
        """Return an object. Raises `NotFound`."""
        with self._told(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            return StoredObject(answer["Body"].read(), answer["ETag"])

    def put(self, key: str, content: bytes) -> None:
        """Write an object, over an older one if there is one."""
        with self._told(key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def put_if(self, key: str, content: bytes, etag: str | None) -> None:
        """Write an object only if its tag still is `etag`. Raises `Conflict`."""
        try:
            with self._told(key):
                if etag is None:
                    self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*")
                else:
                    self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfMatch=etag)
        except NotFound:
            # If-Match against an object that is gone answers 404.
            raise Conflict(f"Somebody else removed {key}.") from None

    def copy(self, source: str, target: str) -> None:
        """Copy an object inside S3. Raises `NotFound`."""
        with self._told(source):
            self._client.copy_object(
                Bucket=self._bucket, Key=target, CopySource={"Bucket": self._bucket, "Key": source}
            )

    def keys(self, prefix: str) -> Iterator[str]:
        """List the keys that begin with `prefix`, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with self._told(prefix):
            for page in pages:
                yield from (item["Key"] for item in page.get("Contents", ()))

    def folders(self, prefix: str) -> Iterator[str]:
        """List the beginnings of keys from `prefix` to the next slash, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, Delimiter="/"
        )
        with self._told(prefix):
            for page in pages:
                yield from (item["Prefix"] for item in page.get("CommonPrefixes", ()))

    def delete(self, prefix: str) -> None:
        """Remove objects. S3 answers that it did, and names those that it did not remove: the first is raised."""
        doomed = list(self.keys(prefix))
        for first in range(0, len(doomed), _DELETE_AT_ONCE):
            part = doomed[first : first + _DELETE_AT_ONCE]
            with self._told(part[0]):
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in part], "Quiet": True}
                )
            for error in answer.get("Errors", ()):
                raise self._named(error.get("Code", ""), error.get("Key", prefix))

    def download(self, key: str, path: Path) -> None:
        """Bring an object into a file, in parts. Raises `NotFound`."""
        with self._told(key):
            self._client.download_file(self._bucket, key, str(path))

    @contextmanager
    def _told(self, key: str) -> Iterator[None]:
        """Turn what boto3 raises into the project's errors, naming the object."""
        try:
            yield
        except ClientError as error:
            raise self._named(error.response["Error"].get("Code", ""), key) from error
        except BotoCoreError as error:
            if not is_passing(error):
                raise
            raise Transient(f"S3 did not answer for {S3Address(self._bucket, key)}: {error}") from error

    def _named(self, code: str, key: str) -> LeaReportsError:
        place = S3Address(self._bucket, key)
        if code in _MISSING:
            return NotFound(f"There is no object {place} ({code}).")
        if code in _CONFLICTS:
            return Conflict(f"Somebody else wrote {place} first.")
        if code in _REFUSALS:
            return Forbidden(f"S3 refuses access to {place} ({code}).")
        return Transient(f"S3 could not serve {place} ({code}).")
