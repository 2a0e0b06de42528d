"""Which snapshot of each dataset is current, and the one write that changes it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from lea_reports.datasets.object_store import ObjectStore
from lea_reports.errors import Conflict, NotFound

POINTER = "datasets/current.json"
ROOT = "datasets"


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshot of each dataset that belongs to one moment; None for a dataset never published.

    Whoever works with the lake for longer than one read keeps this value, so that all reads agree.
    """

    organizations: str | None = None
    students: str | None = None
    scores: str | None = None
    scores_by_enrolled: str | None = None

    @classmethod
    def from_dict(cls, snapshots: Mapping[str, str | None]) -> "Snapshots":
        """Read what `as_dict` wrote; datasets of later versions are left out."""
        return cls(**{field.name: snapshots.get(field.name) for field in fields(cls)})

    def as_dict(self) -> dict[str, str]:
        """Return the published snapshots by dataset name, ready for JSON."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: snapshot for name, snapshot in named.items() if snapshot is not None}

    def of(self, dataset: str) -> str | None:
        """Return the snapshot of a dataset by its name."""
        return self.as_dict().get(dataset)


@dataclass(frozen=True, slots=True)
class Pointer:
    """The pointer as it was read; `etag` None means that nothing was ever published."""

    snapshots: Snapshots
    etag: str | None


def read_pointer(objects: ObjectStore) -> Pointer:
    """Read which snapshots are current."""
    try:
        stored = objects.get(POINTER)
    except NotFound:
        return Pointer(Snapshots(), None)
    return Pointer(Snapshots.from_dict(json.loads(stored.content)["snapshots"]), stored.etag)


def switch_pointer(
    objects: ObjectStore, before: Pointer, published: Mapping[str, str], now: datetime
) -> None:
    """Make the snapshots in `published` current, all at once, if the pointer still is `before`.

    Raises `Conflict` if somebody else published in between; then nothing changed.
    """
    after = replace(before.snapshots, **published)
    content = {
        "snapshots": after.as_dict(),
        "published_at": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    try:
        objects.put_if(POINTER, json.dumps(content, indent=1).encode(), before.etag)
    except Conflict:
        # A write whose answer was lost is sent again by the client and then meets itself.
        # Its snapshots are current then, or were until another dataset was published on top of them.
        current = read_pointer(objects).snapshots
        if not any(current.of(name) == snapshot for name, snapshot in published.items()):
            raise Conflict(
                "Another ingest published while this one ran. Nothing was changed by this one; run it again."
            ) from None


def snapshot_prefix(dataset: str, snapshot: str) -> str:
    """Return what the keys of all objects of a snapshot begin with."""
    return f"{ROOT}/{dataset}/snapshot={snapshot}/"


def partition_key(dataset: str, snapshot: str, year: int, lea: str) -> str:
    """Return the key of one partition."""
    return f"{snapshot_prefix(dataset, snapshot)}year={year}/lea={lea}/part.parquet"


def whole_key(dataset: str, snapshot: str) -> str:
    """Return the key of a dataset that is one file."""
    return f"{snapshot_prefix(dataset, snapshot)}part.parquet"


@dataclass(frozen=True, slots=True)
class Partition:
    """One stored partition of a snapshot."""

    key: str
    year: int
    lea: str


def partitions(objects: ObjectStore, dataset: str, snapshot: str) -> Iterator[Partition]:
    """List the partitions of a snapshot, by year and LEA."""
    prefix = snapshot_prefix(dataset, snapshot)
    for key in objects.keys(prefix):
        year, lea, _ = key.removeprefix(prefix).split("/")
        yield Partition(key, int(year.removeprefix("year=")), lea.removeprefix("lea="))
