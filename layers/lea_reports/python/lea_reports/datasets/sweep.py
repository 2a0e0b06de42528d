"""Removing snapshots that nobody can read any more: a killed ingest left them, or others took their place."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ulid import ULID

from lea_reports.datasets.snapshots import ROOT, Pointer, read_pointer, snapshot_prefix
from lea_reports.storage.objects import ObjectStore

UNDER_WAY = timedelta(hours=24)
"""An ingest takes less: a snapshot that is younger may still become current. The age stands in its id."""


def sweep_snapshots(objects: ObjectStore, now: datetime) -> int:
    """Remove every snapshot that neither is current nor was in the last days; return how many there were.

    What was current for the last time longer ago than `FORMER_KEPT` goes with the first publication after that, which
    forgets it. Nothing is removed as long as the pointer does not know the past day: jobs may read what it does not
    know.
    """
    pointer = read_pointer(objects)
    if not _knows_the_past_day(pointer, now):
        return 0
    named = (pointer.snapshots.ids, *(former.snapshots for former in pointer.former or ()))
    kept = {snapshot for snapshots in named for snapshot in snapshots.values()}
    swept = 0
    for prefix, snapshot in _stored(objects):
        if snapshot not in kept and _is_old(snapshot, now):
            objects.delete(prefix)
            swept += 1
    return swept


def _knows_the_past_day(pointer: Pointer, now: datetime) -> bool:
    if pointer.former is None:
        return False
    return all(former.until < now - UNDER_WAY for former in pointer.former[:1])


def _stored(objects: ObjectStore) -> Iterator[tuple[str, str]]:
    for dataset in objects.folders(f"{ROOT}/"):
        name = dataset.removeprefix(f"{ROOT}/").removesuffix("/")
        beginning = snapshot_prefix(name, "").removesuffix("/")
        for prefix in objects.folders(dataset):
            if prefix.startswith(beginning):
                yield prefix, prefix.removeprefix(beginning).removesuffix("/")


def _is_old(snapshot: str, now: datetime) -> bool:
    try:
        made = ULID.from_str(snapshot).datetime
    except ValueError:
        # No ingest gave it this name; whoever did may remove it.
        return False
    return made < now.astimezone(UTC) - UNDER_WAY
