"""Which organizations the published students and scores point to."""

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import from_parquet
from lea_reports.datasets.roster import newest_roster
from lea_reports.datasets.snapshots import Pointer, partitions
from lea_reports.storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class References:
    """The codes of the LEAs and schools that the students of the newest roster are in, and all that data point to.

    `schools_now` are the schools of that roster, by the LEA that it has them in.
    """

    now: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)
    schools_now: dict[str, set[str]] = field(default_factory=dict)


def references(objects: ObjectStore, pointer: Pointer) -> References:
    """Collect the codes that the published students and scores of all years hold."""
    found = References()
    for dataset, school in ((STUDENTS, "school"), (SCORES, "tested_school")):
        snapshot = pointer.snapshots.of(dataset.name)
        if snapshot is None:
            continue
        stored = list(partitions(objects, dataset.name, snapshot))
        newest = newest_roster({partition.year for partition in stored}, pointer.rosters)
        for partition in stored:
            content = objects.get(partition.key).content
            schools = pc.unique(from_parquet(content, dataset, [school])[school]).to_pylist()
            codes = {partition.lea, *schools}
            found.ever.update(codes)
            if dataset is STUDENTS and newest is not None and partition.year == newest.year:
                found.now.update(codes)
                found.schools_now[partition.lea] = set(schools)
    return found


def with_what_is_closed(organizations: pa.Table, published: pa.Table, needed: set[str]) -> pa.Table:
    """Return a feed of organizations with the published rows that it lacks and that `needed` names, and their LEAs.

    A school that was closed is still in the results of the years before.
    """
    lacking = needed - set(organizations["cds_code"].to_pylist())
    closed = published.filter(pc.is_in(published["cds_code"], value_set=_texts(lacking)))
    lacking |= set(closed["lea"].to_pylist()) - set(organizations["cds_code"].to_pylist())
    closed = published.filter(pc.is_in(published["cds_code"], value_set=_texts(lacking)))
    return pa.concat_tables([organizations, closed.select(organizations.column_names)])


def _texts(codes: set[str]) -> pa.StringArray:
    return pa.array(sorted(codes), pa.string())
