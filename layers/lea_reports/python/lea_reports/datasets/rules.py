"""The rules of a feed: its own, and what is checked of its places against the published organizations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.dataset import Fault, Feed, Place, RemarkRule, Rule
from lea_reports.organizations import OrganizationKind

SCHOOL_OF_THE_LEA = "the school belongs to the LEA"


@dataclass(frozen=True, slots=True)
class KnownOrganizations:
    """The LEAs and schools that are published, for checking codes against them."""

    codes: pa.StringArray
    leas: pa.StringArray
    lea_codes: pa.StringArray

    @classmethod
    def from_table(cls, organizations: pa.Table) -> "KnownOrganizations":
        """Keep what is needed of the `organizations` dataset."""
        table = organizations.combine_chunks()
        lea_kinds = pa.array([kind.value for kind in OrganizationKind if kind.is_lea])
        leas = table.filter(pc.is_in(table["kind"], value_set=lea_kinds))
        return cls(_flat(table["cds_code"]), _flat(table["lea"]), _flat(leas["cds_code"]))


def rules_of(feed: Feed, organizations: KnownOrganizations | None) -> Iterator[Rule]:
    """Return the rules of a feed; those about organizations only if some are known."""
    yield from feed.rules
    if organizations is not None and feed.place is not None:
        yield partial(_known, organizations, feed.place)
        if not feed.place.was:
            yield partial(_of_the_lea, organizations, feed.place)


def remarks_of(feed: Feed, organizations: KnownOrganizations | None, today: date) -> Iterator[Rule]:
    """Return what is said of rows of a feed that are taken in all the same."""
    for remarks in feed.remarks:
        yield _on_day(remarks, today)
    if organizations is not None and feed.place is not None and feed.place.was:
        yield partial(_of_the_lea, organizations, feed.place)


def _on_day(remarks: RemarkRule, day: date) -> Rule:
    return lambda rows: remarks(rows, day)


def _known(organizations: KnownOrganizations, place: Place, rows: pa.Table) -> Iterator[Fault]:
    is_known = pc.is_in(rows[place.lea], value_set=organizations.lea_codes)
    yield Fault(place.lea, pc.invert(is_known), "the LEA is a known one")
    position = pc.index_in(rows[place.school], value_set=organizations.codes)
    yield Fault(place.school, pc.is_null(position), "the school is a known one")


def _of_the_lea(organizations: KnownOrganizations, place: Place, rows: pa.Table) -> Iterator[Fault]:
    position = pc.index_in(rows[place.school], value_set=organizations.codes)
    leas = organizations.leas.take(_flat(position))
    yield Fault(place.school, pc.not_equal(leas, rows[place.lea]), SCHOOL_OF_THE_LEA)


def _flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
