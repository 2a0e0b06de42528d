"""Folders for the rows that wait on disk, and what is left of them when an ingest is killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "lea-reports-ingest-"


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """Make a folder that only its owner may read, and remove it at the end.

    It is locked as long as the process lives. The system gives the lock back however the process ends, so
    `sweep_scratch` knows what nobody uses any more.
    """
    folder = None
    while folder is None:
        folder, lock = _locked_folder(parent or _usual_parent())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep_scratch(parent: Path | None = None) -> int:
    """Remove the folders that killed processes left; return how many there were.

    What belongs to somebody else, or is in use, stays.
    """
    swept = 0
    for folder in (parent or _usual_parent()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                swept += 1
            finally:
                os.close(lock)
    return swept


def _locked_folder(parent: Path) -> tuple[Path | None, int]:
    """Make a folder and lock it; None if somebody who swept came between the two."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None, -1
    fcntl.flock(lock, fcntl.LOCK_EX)
    if folder.exists():
        return folder, lock
    os.close(lock)
    return None, -1


def _usual_parent() -> Path:
    return Path(tempfile.gettempdir())
