"""The port for objects by key, with one conditional write, and its twins in memory and in a folder."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lea_reports.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object's bytes, and the tag of exactly these bytes."""

    content: bytes
    etag: str


class ObjectStore(Protocol):
    """Objects under slash-separated keys. A write is seen whole or not at all.

    Every call raises `Transient` if the store cannot answer and may be able to later, and `Forbidden` if it refuses us.
    """

    def get(self, key: str) -> StoredObject:
        """Return an object. Raises `NotFound`."""
        ...

    def read(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Return the bytes of an object from `start` to `end` (exclusive), none behind its end. Raises `NotFound`."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Write an object, over an older one if there is one."""
        ...

    def put_if(self, key: str, content: bytes, etag: str | None) -> None:
        """Write an object only if its tag still is `etag` (None: only if there is none).

        Raises `Conflict` if somebody else wrote first.
        """
        ...

    def copy(self, source: str, target: str) -> None:
        """Copy an object without moving its bytes through here. Raises `NotFound`."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """List the keys that begin with `prefix`, in order."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """List the different beginnings of keys from `prefix` to the next slash, which they include, in order."""
        ...

    def delete(self, prefix: str) -> None:
        """Remove all objects whose keys begin with `prefix`, and what is left of writes to such keys that broke off.

        Raises an error if one of them stays.
        """
        ...


class MemoryObjects:
    """Objects in memory: the twin of `S3Objects` for tests."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    def get(self, key: str) -> StoredObject:
        """Return an object. Raises `NotFound`."""
        if key not in self._objects:
            raise NotFound(f"There is no object {key}.")
        content = self._objects[key]
        return StoredObject(content, _etag(content))

    def read(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes of an object. Raises `NotFound`."""
        return self.get(key).content[start:end]

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        self._objects[key] = content

    def put_if(self, key: str, content: bytes, etag: str | None) -> None:
        """Write an object only if its tag still is `etag`. Raises `Conflict`."""
        stored = self._objects.get(key)
        if (None if stored is None else _etag(stored)) != etag:
            raise Conflict(f"Somebody else wrote {key} first.")
        self._objects[key] = content

    def copy(self, source: str, target: str) -> None:
        """Copy an object. Raises `NotFound`."""
        self._objects[target] = self.get(source).content

    def keys(self, prefix: str) -> Iterator[str]:
        """List the keys that begin with `prefix`, in order."""
        yield from sorted(key for key in self._objects if key.startswith(prefix))

    def folders(self, prefix: str) -> Iterator[str]:
        """List the beginnings of keys from `prefix` to the next slash, in order."""
        return _folders(self.keys(prefix), prefix)

    def delete(self, prefix: str) -> None:
        """Remove objects."""
        for key in list(self.keys(prefix)):
            del self._objects[key]


class FolderObjects:
    """Objects as files below a folder, for looking at datasets without a cloud."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> StoredObject:
        """Return an object. Raises `NotFound`."""
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"There is no object {key}.") from None
        return StoredObject(content, _etag(content))

    def read(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Return bytes of an object. Raises `NotFound`."""
        return self.get(key).content[start:end]

    def put(self, key: str, content: bytes) -> None:
        """Write an object."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # The name is outside the key space of callers, so a half-written file is never listed.
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)

    def put_if(self, key: str, content: bytes, etag: str | None) -> None:
        """Write an object only if its tag still is `etag`. Raises `Conflict`."""
        with self._locked():
            try:
                stored: str | None = self.get(key).etag
            except NotFound:
                stored = None
            if stored != etag:
                raise Conflict(f"Somebody else wrote {key} first.")
            self.put(key, content)

    def copy(self, source: str, target: str) -> None:
        """Copy an object. Raises `NotFound`."""
        self.put(target, self.get(source).content)

    def keys(self, prefix: str) -> Iterator[str]:
        """List the keys that begin with `prefix`, in order."""
        yield from (key for key in self._files(prefix) if not key.rpartition("/")[2].startswith("."))

    def folders(self, prefix: str) -> Iterator[str]:
        """List the beginnings of keys from `prefix` to the next slash, in order; also where drafts are all there is."""
        return _folders(self._files(prefix), prefix)

    def delete(self, prefix: str) -> None:
        """Remove objects, and drafts of writers that were killed."""
        for name in self._files(prefix):
            self._path(name).unlink(missing_ok=True)

    def _files(self, prefix: str) -> Iterator[str]:
        """List the keys and drafts that begin with `prefix`, in order."""
        paths = (path for path in self._folder.rglob("*") if path.is_file())
        names = (path.relative_to(self._folder).as_posix() for path in paths)
        yield from sorted(name for name in names if name.startswith(prefix))

    def _path(self, key: str) -> Path:
        return self._folder.joinpath(*key.split("/"))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _folders(keys: Iterator[str], prefix: str) -> Iterator[str]:
    beginnings = (key[len(prefix) :].partition("/") for key in keys)
    yield from sorted({f"{prefix}{name}/" for name, slash, _ in beginnings if slash})


def _etag(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
