"""The bytes of a job: rosters and fragments while it is built, the file at its end.

Keys: `work/<LEA>/<job>/…`, which a lifecycle rule deletes after days, and `archives/<LEA>/<job>/<name>.zip`.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lea_reports.archive.assembly import SMALLEST_PART
from lea_reports.errors import NotFound
from lea_reports.storage.s3_objects import S3Objects, s3_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

MOST_PARTS = 10_000  # an S3 limit
SENT_AT_ONCE = 8 * 1024 * 1024
"""Bytes that an upload collects before it sends them as a part."""

_PARTS_ON_THEIR_WAY = 2
_PARTS_JOINED_AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class CopiedRange:
    """Bytes `start` to `end` (exclusive) of an object."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Joined:
    """An object that was joined: its bytes, and the checksum of the whole that S3 gives it."""

    size: int
    checksum: str | None
    """CRC-64/NVME in Base64; None where the storage gives none, as the twins and the emulator."""


class Upload(Protocol):
    """An object while it is written; whoever leaves its `with` block before `complete` leaves no object behind."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def write(self, content: bytes) -> None:
        """Add bytes."""

    def complete(self, front: bytes = b"") -> int:
        """Make the object, with `front` before everything that was added; returns its size."""


class Storage(Protocol):
    """Objects by key; every write of one key replaces the whole object at once.

    Every call, and every call of an upload, raises what `lea_reports.storage` says: `Transient` if the storage is away
    and may be back later, `Forbidden` if it refuses us.
    """

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""

    def upload(self, key: str) -> Upload:
        """Begin an object whose bytes come one after the other; they are sent while others are made."""

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object, or its bytes from `start` to `end` (exclusive).

        Raises:
            NotFound: there is no such object.
        """

    def join(self, key: str, parts: Iterable[Sequence[bytes | CopiedRange]]) -> Joined:
        """Write an object from at most 10,000 parts, each but the last at least 5 MiB.

        A part that is one range is copied without its bytes being read; the pieces of any other are put together.
        """


class _MemoryUpload:
    """An upload in memory."""

    def __init__(self, storage: MemoryStorage, key: str) -> None:
        self._storage = storage
        self._key = key
        self._pieces: list[bytes] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pieces.clear()

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._pieces.append(content)

    def complete(self, front: bytes = b"") -> int:
        """Make the object."""
        content = front + b"".join(self._pieces)
        self._storage.put(self._key, content)
        return len(content)


class MemoryStorage:
    """Storage in memory, for tests; as strict about parts as S3."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self.objects[key] = bytes(content)

    def upload(self, key: str) -> Upload:
        """Begin an object."""
        return _MemoryUpload(self, key)

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        if key not in self.objects:
            raise NotFound(f"There is no object {key}.")
        return self.objects[key][start:end]

    def join(self, key: str, parts: Iterable[Sequence[bytes | CopiedRange]]) -> Joined:
        """Write an object from parts."""
        joined = [
            b"".join(
                piece if isinstance(piece, bytes) else self.get(piece.key, piece.start, piece.end)
                for piece in part
            )
            for part in parts
        ]
        if len(joined) > MOST_PARTS or any(len(part) < SMALLEST_PART for part in joined[:-1]):
            raise ValueError("S3 would refuse these parts")
        self.objects[key] = b"".join(joined)
        return Joined(len(self.objects[key]), None)


class S3Storage:
    """Storage in one S3 bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._objects = S3Objects(client, bucket)

    @classmethod
    def of_bucket(cls, bucket: str) -> Self:
        """Connect as the environment says; credentials, Region and endpoint are boto3's own.

        boto3 would give every part a CRC-32, and S3 then the whole object no checksum of its own.
        """
        return cls(boto3.client("s3", config=Config(request_checksum_calculation="when_required")), bucket)

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self._objects.put(key, content)

    def upload(self, key: str) -> Upload:
        """Begin an object; one that stays small is one request."""
        return _S3Upload(self, self._client, self._bucket, key)

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        return self._objects.read(key, start, end)

    def join(self, key: str, parts: Iterable[Sequence[bytes | CopiedRange]]) -> Joined:
        """Write an object by multipart upload, several parts at once; nothing is left behind if one fails."""
        with (
            s3_errors(self._bucket, key),
            _Multipart(self._client, self._bucket, key, at_once=_PARTS_JOINED_AT_ONCE) as multipart,
        ):
            for number, part in enumerate(parts, start=1):
                multipart.begin(number, partial(self._send, multipart, number, part))
            checksum = multipart.complete()
        return Joined(multipart.size, checksum)

    def _send(self, multipart: _Multipart, number: int, part: Sequence[bytes | CopiedRange]) -> _SentPart:
        if len(part) == 1 and isinstance(part[0], CopiedRange):
            return multipart.copied(number, part[0])
        pieces = (
            piece if isinstance(piece, bytes) else self.get(piece.key, piece.start, piece.end)
            for piece in part
        )
        return multipart.sent(number, b"".join(pieces))


@dataclass(frozen=True, slots=True)
class _SentPart:
    """A part that S3 has."""

    number: int
    etag: str
    size: int


class _Multipart:
    """One multipart upload, whose parts are sent by threads; it ends with an object or with nothing."""

    def __init__(self, client: S3Client, bucket: str, key: str, *, at_once: int) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._at_once = at_once
        self._threads = ThreadPoolExecutor(at_once)
        self._on_their_way: deque[Future[_SentPart]] = deque()
        self._arrived: list[_SentPart] = []
        self._completed = False
        # Without a wish for another checksum S3 gives the whole object a CRC-64/NVME.
        self._id = client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A part that arrives after the upload was given up would stay, and cost.
        self._threads.shutdown(wait=True, cancel_futures=True)
        if not self._completed:
            with suppress(BotoCoreError, ClientError):  # then the bucket's lifecycle rule does it
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._id)

    @property
    def size(self) -> int:
        """The number of bytes that have arrived."""
        return sum(part.size for part in self._arrived)

    def begin(self, number: int, send: Callable[[], _SentPart]) -> None:
        """Have a part sent; waits if too many are on their way."""
        if number > MOST_PARTS:
            raise ValueError("S3 would refuse so many parts")
        if len(self._on_their_way) == self._at_once:
            self._arrived.append(self._on_their_way.popleft().result())
        self._on_their_way.append(self._threads.submit(send))

    def sent(self, number: int, content: bytes) -> _SentPart:
        """Send bytes as a part."""
        answer = self._client.upload_part(
            Bucket=self._bucket, Key=self._key, UploadId=self._id, PartNumber=number, Body=content
        )
        return _SentPart(number, answer["ETag"], len(content))

    def copied(self, number: int, source: CopiedRange) -> _SentPart:
        """Have S3 copy a part from another object."""
        answer = self._client.upload_part_copy(
            Bucket=self._bucket,
            Key=self._key,
            UploadId=self._id,
            PartNumber=number,
            CopySource={"Bucket": self._bucket, "Key": source.key},
            CopySourceRange=f"bytes={source.start}-{source.end - 1}",
        )
        return _SentPart(number, answer["CopyPartResult"]["ETag"], source.end - source.start)

    def complete(self) -> str | None:
        """Make the object of all parts; returns the checksum that S3 gives it."""
        while self._on_their_way:
            self._arrived.append(self._on_their_way.popleft().result())
        parts: list[CompletedPartTypeDef] = [
            {"ETag": part.etag, "PartNumber": part.number}
            for part in sorted(self._arrived, key=lambda part: part.number)
        ]
        answer = self._client.complete_multipart_upload(
            Bucket=self._bucket, Key=self._key, UploadId=self._id, MultipartUpload={"Parts": parts}
        )
        self._completed = True
        return answer.get("ChecksumCRC64NVME")


class _S3Upload:
    """An object that is sent in parts while it is written.

    The first part is kept back until the end, because what stands in front may be known last.
    """

    def __init__(self, storage: S3Storage, client: S3Client, bucket: str, key: str) -> None:
        self._storage = storage
        self._client = client
        self._bucket = bucket
        self._key = key
        self._first = b""
        self._multipart: _Multipart | None = None
        self._next = 2
        self._pieces: list[bytes] = []
        self._waiting = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._multipart is not None:
            self._multipart.__exit__(kind, error, trace)

    def write(self, content: bytes) -> None:
        """Add bytes, and send what has come together."""
        self._pieces.append(content)
        self._waiting += len(content)
        if self._waiting >= SENT_AT_ONCE:
            with s3_errors(self._bucket, self._key):
                self._send()

    def complete(self, front: bytes = b"") -> int:
        """Make the object."""
        if not self._first:
            content = b"".join((front, *self._pieces))
            self._storage.put(self._key, content)
            return len(content)
        with s3_errors(self._bucket, self._key):
            if self._pieces:
                self._send()
            multipart = self._begun()
            multipart.begin(1, partial(multipart.sent, 1, front + self._first))
            multipart.complete()
        return multipart.size

    def _send(self) -> None:
        content = b"".join(self._pieces)
        self._pieces, self._waiting = [], 0
        if not self._first:
            self._first = content
            return
        multipart = self._begun()
        multipart.begin(self._next, partial(multipart.sent, self._next, content))
        self._next += 1

    def _begun(self) -> _Multipart:
        if self._multipart is None:
            self._multipart = _Multipart(self._client, self._bucket, self._key, at_once=_PARTS_ON_THEIR_WAY)
        return self._multipart
