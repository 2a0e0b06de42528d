"""Objects on S3, and what its answers mean: the one place where they become errors of ours."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from lea_reports.aws_faults import PASSING_CODES, is_passing
from lea_reports.errors import Conflict, Forbidden, Invalid, LeaReportsError, NotFound, Transient
from lea_reports.storage.objects import StoredObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

_MISSING = {"NoSuchKey", "NoSuchBucket", "404", "NotFound"}
# 409 answers a conditional write that met another one in flight; 412 one that came later.
_CONFLICTS = {"PreconditionFailed", "ConditionalRequestConflict", "412"}
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


@contextmanager
def s3_errors(bucket: str, key: str) -> Iterator[None]:
    """Turn what boto3 raises for an object into an error of ours that names it.

    Raises:
        NotFound: there is no such object, or no such bucket.
        Conflict: a condition did not hold.
        Transient: S3 could not answer, and may be able to later.
        Forbidden: it refuses us for any other reason: a permission, a key that is disabled, credentials that expired.
    """
    try:
        yield
    except ClientError as error:
        code = error.response["Error"].get("Code", "")
        raise error_of(code, S3Address(bucket, key), passes=is_passing(error)) from error
    except BotoCoreError as error:
        if not is_passing(error):
            raise
        raise Transient(f"S3 did not answer for {S3Address(bucket, key)}: {error}") from error


def error_of(code: str, place: S3Address, *, passes: bool) -> LeaReportsError:
    """Return the error of ours that a code of S3 means."""
    if code in _MISSING:
        return NotFound(f"There is no object {place} ({code}).")
    if code in _CONFLICTS:
        return Conflict(f"Somebody else wrote {place} first.")
    if passes:
        return Transient(f"S3 could not serve {place} ({code}).")
    return Forbidden(f"S3 refuses access to {place} ({code}).")


class S3Objects:
    """The objects of one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    @classmethod
    def of_bucket(cls, bucket: str) -> Self:
        """Connect as the environment says: credentials, Region and AWS_ENDPOINT_URL are boto3's own."""
        return cls(boto3.client("s3"), bucket)

    def require_bucket(self) -> None:
        """Raise `NotFound` if there is no such bucket, `Forbidden` if it is somebody else's."""
        try:
            with s3_errors(self._bucket, ""):
                self._client.head_bucket(Bucket=self._bucket)
        except NotFound:
            raise NotFound(f"There is no bucket {self._bucket}.") from None

    def get(self, key: str) -> StoredObject:
        """Return an object. Raises `NotFound`."""
        with s3_errors(self._bucket, key):
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            return StoredObject(answer["Body"].read(), answer["ETag"])

    def read(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes of an object. Raises `NotFound`."""
        if end is not None and end <= start:
            return b""
        range_ = f"bytes={start}-{'' if end is None else end - 1}"
        with s3_errors(self._bucket, key):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=range_)
            except ClientError as error:
                if error.response["Error"]["Code"] == "InvalidRange":  # it begins behind the end
                    return b""
                raise
            return answer["Body"].read()

    def put(self, key: str, content: bytes) -> None:
        """Write an object, over an older one if there is one."""
        with s3_errors(self._bucket, key):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def put_if(self, key: str, content: bytes, etag: str | None) -> None:
        """Write an object only if its tag still is `etag`. Raises `Conflict`."""
        try:
            with s3_errors(self._bucket, key):
                if etag is None:
                    self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfNoneMatch="*")
                else:
                    self._client.put_object(Bucket=self._bucket, Key=key, Body=content, IfMatch=etag)
        except NotFound:
            # If-Match against an object that is gone answers 404.
            raise Conflict(f"Somebody else removed {key}.") from None

    def copy(self, source: str, target: str) -> None:
        """Copy an object inside S3. Raises `NotFound`."""
        with s3_errors(self._bucket, source):
            self._client.copy_object(
                Bucket=self._bucket, Key=target, CopySource={"Bucket": self._bucket, "Key": source}
            )

    def keys(self, prefix: str) -> Iterator[str]:
        """List the keys that begin with `prefix`, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with s3_errors(self._bucket, prefix):
            for page in pages:
                yield from (item["Key"] for item in page.get("Contents", ()))

    def folders(self, prefix: str) -> Iterator[str]:
        """List the beginnings of keys from `prefix` to the next slash, in order."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, Delimiter="/"
        )
        with s3_errors(self._bucket, prefix):
            for page in pages:
                yield from (item["Prefix"] for item in page.get("CommonPrefixes", ()))

    def delete(self, prefix: str) -> None:
        """Remove objects. S3 answers that it did, and names those that it did not remove: the first is raised."""
        doomed = list(self.keys(prefix))
        for first in range(0, len(doomed), _DELETE_AT_ONCE):
            part = doomed[first : first + _DELETE_AT_ONCE]
            with s3_errors(self._bucket, part[0]):
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in part], "Quiet": True}
                )
            for error in answer.get("Errors", ()):
                code = error.get("Code", "")
                place = S3Address(self._bucket, error.get("Key", prefix))
                raise error_of(code, place, passes=code in PASSING_CODES)

    def download(self, key: str, path: Path) -> None:
        """Bring an object into a file, in parts. Raises `NotFound`."""
        with s3_errors(self._bucket, key):
            self._client.download_file(self._bucket, key, str(path))
