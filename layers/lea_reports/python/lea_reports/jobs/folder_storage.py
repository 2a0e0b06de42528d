"""The bytes of a job as files below a folder, for making reports without a cloud."""

from __future__ import annotations

import shutil
from typing import IO, TYPE_CHECKING, Self

from lea_reports.errors import NotFound
from lea_reports.jobs.storage import Joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

    from lea_reports.jobs.storage import CopiedRange, Upload


class FolderStorage:
    """Storage in a folder, as one process uses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        with self.upload(key) as upload:
            upload.complete(content)

    def upload(self, key: str) -> Upload:
        """Begin an object."""
        return _FolderUpload(self._path(key))

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        try:
            with self._path(key).open("rb") as file:
                file.seek(start)
                return file.read() if end is None else file.read(max(0, end - start))
        except FileNotFoundError:
            raise NotFound(f"There is no object {key}.") from None

    def join(self, key: str, parts: Iterable[Sequence[bytes | CopiedRange]]) -> Joined:
        """Write an object from parts."""
        with self.upload(key) as upload:
            for part in parts:
                for piece in part:
                    upload.write(
                        piece if isinstance(piece, bytes) else self.get(piece.key, piece.start, piece.end)
                    )
            return Joined(upload.complete(), None)

    def move(self, key: str, target: Path) -> None:
        """Move an object out of the folder."""
        shutil.move(self._path(key), target)

    def _path(self, key: str) -> Path:
        return self._folder / key


class _FolderUpload:
    """A file beside its place until it is complete."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._draft = path.with_name(f".{path.name}")
        self._file: IO[bytes] = self._draft.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._file.write(content)

    def complete(self, front: bytes = b"") -> int:
        """Make the object."""
        self._file.close()
        if front:
            with (
                self._draft.open("rb") as rest,
                (whole := self._draft.with_suffix(".whole")).open("wb") as file,
            ):
                file.write(front)
                shutil.copyfileobj(rest, file)
            whole.replace(self._draft)
        size = self._draft.stat().st_size
        self._draft.replace(self._path)
        return size
