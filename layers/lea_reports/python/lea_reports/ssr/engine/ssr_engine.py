"""The one place where the SSR engine can be replaced: results in, PDF files out."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol, TypeVar

from lea_reports.pdf.encrypted_file import encrypted
from lea_reports.telemetry.fault import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.results.student_result import StudentResult

Sink = Callable[[bytes], object]
"""What takes the bytes of a file, piece after piece."""

NOT_RENDERED = "not_rendered"
"""The reason of an SSR that the engine breaks on."""

_OF_NO_STUDENT = (MemoryError, OSError)
_Made = TypeVar("_Made")


class Prefix:
    """The first bytes of a file, which many files have in common."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.crc = zlib.crc32(content)
        """The CRC-32, as a zip states it."""
        self.digest = sha256(content)
        """To be copied, not updated."""


NO_PREFIX = Prefix(b"")


@dataclass(frozen=True, slots=True)
class SsrFile:
    """One rendered SSR: a whole PDF, the same bytes for the same results."""

    result: StudentResult
    tail: bytes
    """What follows the prefix."""
    pages: int
    """Always even, so that a duplex printer starts every SSR on a new sheet."""
    prefix: Prefix = NO_PREFIX

    @property
    def content(self) -> bytes:
        """The whole file."""
        return self.prefix.content + self.tail

    @property
    def crc(self) -> int:
        """The CRC-32 of the whole file."""
        return zlib.crc32(self.tail, self.prefix.crc)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the whole file, in hexadecimal digits."""
        digest = self.prefix.digest.copy()
        digest.update(self.tail)
        return digest.hexdigest()

    def encrypted_by(self, encryption: PdfEncryption | None) -> SsrFile:
        """Return the file as it is encrypted; itself if it is not."""
        if encryption is None:
            return self
        return replace(self, prefix=NO_PREFIX, tail=encrypted(self.content, encryption))


@dataclass(frozen=True, slots=True)
class SsrFailure:
    """An SSR that could not be made."""

    result: StudentResult
    reason: str
    """A code, never student data: language_not_available, assessment_not_available, no_glyph or not_rendered."""
    fault: Fault | None = None
    """On what the engine broke, for the log."""


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """Where one SSR stands in a merged file."""

    result: StudentResult
    first_page: int
    """Counted from 1, always odd."""
    pages: int


@dataclass(frozen=True, slots=True)
class MergeOptions:
    """How SSRs become one document."""

    title: str
    tagged: bool = False
    """For screen readers too, which makes it larger; without it the file is for printing."""
    encryption: PdfEncryption | None = None


class SsrEngine(Protocol):
    """Makes SSRs. Pure: no network, no clock; the same results give the same bytes."""

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: PdfEncryption | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result, in the same order. A result that cannot be set fails alone."""
        ...

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        """Make one PDF of all results, in the same order, with an outline by school and student.

        The document goes to the sink while the results are read, and is whole once the last outcome was taken; nothing
        is written if no SSR can be made. A result that cannot be set fails alone.
        """
        ...


def attempted(result: StudentResult, make: Callable[[], _Made]) -> _Made | SsrFailure:
    """Return what was made of a result, or that the engine broke on it.

    Raises:
        MemoryError, OSError: this is no fault of the student's, and the next one would meet it too.
    """
    try:
        return make()
    except Exception as error:
        if isinstance(error, _OF_NO_STUDENT):
            raise
        return SsrFailure(result, NOT_RENDERED, Fault.of(error))
