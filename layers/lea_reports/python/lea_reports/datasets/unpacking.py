"""Opening a feed: as it is, or out of a gzip or zip file."""

import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from lea_reports.datasets.file_kind import GZIP, HEAD, PARQUET, ZIP, kind_of, kind_of_zip
from lea_reports.errors import Invalid

MOST_UNPACKED = 4 << 30
"""The most bytes that are unpacked, whatever is packed: three times the scores of a whole state."""
_ALWAYS_UNPACKED = 64 << 20
_MOST_TIMES = 200  # a feed shrinks to a tenth or thirtieth; a bomb to a thousandth
_AT_ONCE = 1 << 20
_WANTED = "wanted is a CSV file in UTF-8 or a Parquet file, or one of them in a gzip or zip file"
_DAMAGED = (OSError, EOFError, RuntimeError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


class Readable(Protocol):
    """What can be read in parts."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most so many; none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """A feed that can be read: which of the two forms it has, and how many bytes it counts."""

    file: IO[bytes]
    is_parquet: bool
    size: int
    packed_size: int
    """The bytes of the file as it came; `size` if it was not packed."""
    is_as_it_came: bool

    def consumed(self, position: int) -> int:
        """Return how much of the file as it came `position` bytes of the feed are."""
        return self.packed_size * min(position, self.size) // max(self.size, 1)


@contextmanager
def open_feed(path: Path) -> Iterator[OpenFeed]:
    """Open a feed for reading, unpacked if it is packed.

    Raises `Invalid` with a sentence that says what the file seems to be if it cannot be a feed.
    """
    with ExitStack() as closing:
        try:
            came = closing.enter_context(path.open("rb"))
            packed_size = path.stat().st_size
            head = _head(came)
        except OSError as error:
            raise Invalid(f"{path.name} cannot be read: {error.strerror}.") from error
        file: IO[bytes] = came
        if head.startswith((GZIP, ZIP)):
            # It has no name, so that nothing of it stays if the process is killed.
            unpacked = closing.enter_context(tempfile.TemporaryFile(prefix="lea-reports-"))
            _unpack(path, came, head, unpacked, min(MOST_UNPACKED, unpacked_limit(packed_size)))
            file, head = unpacked, _head(unpacked)
            if head.startswith((GZIP, ZIP)):
                raise Invalid(f"{path.name} holds a file that is packed itself; {_WANTED}.")
        kind = None if head.startswith(PARQUET) else kind_of(head)
        if kind is not None:
            seems = "is" if kind == "empty" else "seems to be"
            raise Invalid(f"{path.name} {seems} {kind}; {_WANTED}.")
        size = file.seek(0, 2)
        file.seek(0)
        yield OpenFeed(file, head.startswith(PARQUET), size, packed_size, file is came)


def unpacked_limit(packed: int) -> int:
    """Return the most bytes that so many packed ones may become."""
    return max(_ALWAYS_UNPACKED, packed * _MOST_TIMES)


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head


def _unpack(path: Path, packed: IO[bytes], head: bytes, target: IO[bytes], limit: int) -> None:
    kind, opened = ("zip", _only_member) if head.startswith(ZIP) else ("gzip", _gunzipped)
    try:
        with opened(path, packed) as source:
            done = 0
            while part := source.read(_AT_ONCE):
                done += len(part)
                if done > limit:
                    raise Invalid(
                        f"{path.name} would unpack to more than {limit >> 20:,} MiB, which no feed of its "
                        "size does; send it unpacked if it is one."
                    )
                target.write(part)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise Invalid(f"{path.name} cannot be unpacked here: {error.strerror}.") from error
        raise Invalid(
            f"{path.name} is a {kind} file that cannot be unpacked; make and send it again."
        ) from error


def _gunzipped(_: Path, packed: IO[bytes]) -> AbstractContextManager[Readable]:
    return gzip.GzipFile(fileobj=packed)


@contextmanager
def _only_member(path: Path, packed: IO[bytes]) -> Iterator[Readable]:
    with zipfile.ZipFile(packed) as archive:
        kind = kind_of_zip(archive.namelist())
        if kind is not None:
            raise Invalid(f"{path.name} seems to be {kind}; {_WANTED}.")
        members = [member for member in archive.infolist() if not _is_litter(member)]
        if len(members) != 1:
            raise Invalid(f"{path.name} is a zip file with {len(members):,} files in it; wanted is one feed.")
        if members[0].flag_bits & 1:
            raise Invalid(f"{path.name} is a zip file with a password; wanted is one without.")
        with archive.open(members[0]) as source:
            yield source


def _is_litter(member: zipfile.ZipInfo) -> bool:
    """Tell whether a member is a folder or what a Mac adds to every zip file."""
    name = member.filename
    return member.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")
