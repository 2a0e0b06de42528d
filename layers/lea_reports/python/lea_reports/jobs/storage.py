"""The bytes of a job: rosters and fragments while it is built, the archive at its end.

Keys: `work/<LEA>/<job>/…`, which a lifecycle rule deletes after days, and `archives/<LEA>/<job>/<name>.zip`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from lea_reports.archive.assembly import SMALLEST_PART
from lea_reports.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

MOST_PARTS = 10_000  # an S3 limit


@dataclass(frozen=True, slots=True)
class CopiedRange:
    """Bytes `start` to `end` (exclusive) of an object, which the storage copies without sending them out."""

    key: str
    start: int
    end: int


class Storage(Protocol):
    """Objects by key; every write of one key replaces the whole object at once."""

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object, or its bytes from `start` to `end` (exclusive).

        Raises:
            NotFound: there is no such object.
        """

    def join(self, key: str, parts: Iterable[bytes | CopiedRange]) -> int:
        """Write an object from at most 10,000 parts, each but the last at least 5 MiB; returns its size."""


class MemoryStorage:
    """Storage in memory, for tests; as strict about parts as S3."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self.objects[key] = bytes(content)

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        if key not in self.objects:
            raise NotFound(f"There is no object {key}.")
        return self.objects[key][start:end]

    def join(self, key: str, parts: Iterable[bytes | CopiedRange]) -> int:
        """Write an object from parts."""
        joined = [
            part if isinstance(part, bytes) else self.get(part.key, part.start, part.end) for part in parts
        ]
        if len(joined) > MOST_PARTS or any(len(part) < SMALLEST_PART for part in joined[:-1]):
            raise ValueError("S3 would refuse these parts")
        self.objects[key] = b"".join(joined)
        return len(self.objects[key])


class S3Storage:
    """Storage in one S3 bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        if end is not None and end <= start:
            return b""
        range_ = f"bytes={start}-{'' if end is None else end - 1}"
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=range_)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise NotFound(f"There is no object {key}.") from error
            raise
        return answer["Body"].read()

    def join(self, key: str, parts: Iterable[bytes | CopiedRange]) -> int:
        """Write an object by multipart upload; nothing is left behind if a part fails."""
        upload = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]
        try:
            done: list[CompletedPartTypeDef] = []
            size = 0
            for number, part in enumerate(parts, start=1):
                etag, part_size = self._send_part(key, upload, number, part)
                done.append({"ETag": etag, "PartNumber": number})
                size += part_size
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=key, UploadId=upload, MultipartUpload={"Parts": done}
            )
        except BaseException:
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=upload)
            raise
        return size

    def _send_part(self, key: str, upload: str, number: int, part: bytes | CopiedRange) -> tuple[str, int]:
        if isinstance(part, bytes):
            sent = self._client.upload_part(
                Bucket=self._bucket, Key=key, UploadId=upload, PartNumber=number, Body=part
            )
            return sent["ETag"], len(part)
        copied = self._client.upload_part_copy(
            Bucket=self._bucket,
            Key=key,
            UploadId=upload,
            PartNumber=number,
            CopySource={"Bucket": self._bucket, "Key": part.key},
            CopySourceRange=f"bytes={part.start}-{part.end - 1}",
        )
        return copied["CopyPartResult"]["ETag"], part.end - part.start
