"""Which snapshot of each dataset is current, and the one write that changes it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from lea_reports.datasets.roster import Roster, newest_roster
from lea_reports.errors import Conflict, NotFound
from lea_reports.storage.objects import ObjectStore

POINTER = "datasets/current.json"
ROOT = "datasets"

FORMER_KEPT = timedelta(days=7)
"""How long a snapshot is kept after another took its place. Jobs that were asked for before read it for some hours;
for a week the older pointer, a version of its object, can be put back as it is."""


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The snapshots that belong to one moment, by dataset; a dataset that was never published has none.

    `roster` is the newest one of their students. Whoever reads datasets for longer than one read keeps this value, so
    that all reads agree.
    """

    ids: Mapping[str, str] = field(default_factory=dict, hash=False)
    roster: Roster | None = None

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        roster = content.get("roster")
        return cls(content["ids"], None if roster is None else Roster.from_json(roster))

    def to_json(self) -> dict[str, object]:
        """Return it as plain JSON values."""
        return {"ids": dict(self.ids), "roster": None if self.roster is None else self.roster.to_json()}

    def of(self, dataset: str) -> str | None:
        """Return the snapshot of a dataset by its name."""
        return self.ids.get(dataset)


@dataclass(frozen=True, slots=True)
class Former:
    """Snapshots, by dataset, that were current until others took their place."""

    snapshots: Mapping[str, str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Pointer:
    """The pointer as it was read; `etag` None means that nothing was ever published.

    `rosters` says of which day the roster of a year is, as far as that was recorded. `former` are the snapshots that
    were replaced in the last days; None if the pointer was written before they were recorded. `in_no_roster` says how
    many students with scores of a year no roster that decides had, when they were last looked for.
    """

    snapshots: Snapshots
    etag: str | None
    rosters: Mapping[int, date] = field(default_factory=dict)
    former: tuple[Former, ...] | None = ()
    in_no_roster: Mapping[int, int] = field(default_factory=dict)


def read_pointer(objects: ObjectStore) -> Pointer:
    """Read which snapshots are current."""
    try:
        stored = objects.get(POINTER)
    except NotFound:
        return Pointer(Snapshots(), None)
    content = json.loads(stored.content)
    former = content.get("former")
    rosters = {int(year): date.fromisoformat(day) for year, day in content.get("rosters", {}).items()}
    return Pointer(
        Snapshots(content["snapshots"], newest_roster(rosters, rosters)),
        stored.etag,
        rosters,
        None
        if former is None
        else tuple(Former(entry["snapshots"], datetime.fromisoformat(entry["until"])) for entry in former),
        {int(year): students for year, students in content.get("in_no_roster", {}).items()},
    )


def switch_pointer(
    objects: ObjectStore,
    before: Pointer,
    published: Mapping[str, str],
    now: datetime,
    roster: Roster | None = None,
    in_no_roster: Mapping[int, int] | None = None,
) -> None:
    """Make the snapshots in `published` current, and what is known of them, at once, if the pointer still is `before`.

    What is known is the date of a roster, and how many students of each year are in no roster (None: as before).
    Raises `Conflict` if somebody else published in between; then nothing changed.
    """
    rosters = dict(before.rosters)
    if roster is not None:
        rosters[roster.year] = roster.as_of
    content = {
        "snapshots": {**before.snapshots.ids, **published},
        "rosters": {str(year): rosters[year].isoformat() for year in sorted(rosters)},
        "in_no_roster": {
            str(year): students
            for year, students in sorted(
                (before.in_no_roster if in_no_roster is None else in_no_roster).items()
            )
        },
        "published_at": _stamp(now),
        "former": [
            {"snapshots": dict(former.snapshots), "until": _stamp(former.until)}
            for former in _former(before, published, now)
        ],
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


def _former(before: Pointer, published: Mapping[str, str], now: datetime) -> Iterator[Former]:
    yield from (former for former in before.former or () if former.until > now - FORMER_KEPT)
    replaced = {name: snapshot for name, snapshot in before.snapshots.ids.items() if name in published}
    if replaced:
        yield Former(replaced, now)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


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
