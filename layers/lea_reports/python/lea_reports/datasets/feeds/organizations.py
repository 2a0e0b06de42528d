"""The feed of organizations, against which everything else is checked."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.columns import CDS_CODE, LAYOUT, code, day, matching, name
from lea_reports.datasets.dataset import Fault, Feed
from lea_reports.organizations import OrganizationKind

_LEA_KINDS = pa.array([kind.value for kind in OrganizationKind if kind.is_lea])


def _rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that an LEA belongs to itself, a school to another organization; and the testing window."""
    is_lea = pc.is_in(rows["kind"], value_set=_LEA_KINDS)
    own = pc.equal(rows["lea"], rows["cds_code"])
    yield Fault("lea", pc.and_(is_lea, pc.invert(own)), "an LEA belongs to itself")
    yield Fault("lea", pc.and_(pc.invert(is_lea), own), "a school belongs to an LEA, not to itself")
    yield Fault(
        "window_end",
        pc.less(rows["window_end"], rows["window_start"]),
        "the testing window ends on or after its start",
    )
    yield Fault(
        "window_end",
        pc.xor(pc.is_valid(rows["window_start"]), pc.is_valid(rows["window_end"])),
        "a testing window has both a start and an end",
    )


def _memberships(rows: pa.Table) -> Iterator[Fault]:
    """Check that the LEA that a row names has a row itself."""
    leas = rows["cds_code"].filter(pc.is_in(rows["kind"], value_set=_LEA_KINDS))
    known = pc.is_in(rows["lea"], value_set=leas.combine_chunks())
    yield Fault("lea", pc.invert(known), "the LEA is a row of its own")


FEED = Feed(
    "organizations",
    "Every LEA and school that takes part in testing.",
    (
        matching(
            "cds_code",
            "Its County-District-School code.",
            "docs/domain.md#cds-codes",
            CDS_CODE,
            required=True,
        ),
        code(
            "kind",
            "What it is.",
            "docs/domain.md#kinds-of-organizations",
            tuple(kind.value for kind in OrganizationKind),
            required=True,
        ),
        matching(
            "lea",
            "The code of the LEA it belongs to; its own code if it is one.",
            "docs/domain.md#organizations",
            CDS_CODE,
        ),
        name("name", "Its name.", f"{LAYOUT}, fields 13 and 15", 100, required=True),
        name(
            "county_name",
            "The county it lies in.",
            "docs/domain.md#kinds-of-organizations",
            100,
            required=True,
        ),
        day("window_start", "The first day on which it gives tests.", f"{LAYOUT}, fields 104-111"),
        day("window_end", "The last day on which it gives tests.", f"{LAYOUT}, fields 104-111"),
    ),
    key=("cds_code",),
    repeated="this CDS code was given before",
    lea_column=None,
    refers_to=(),
    rules=(_rules,),
    whole_rules=(_memberships,),
    examples=(
        {
            "cds_code": "99100010000000",
            "kind": "district",
            "lea": "99100010000000",
            "name": "Sample Valley Unified",
            "county_name": "Sample",
            "window_start": "2026-03-02",
            "window_end": "2026-05-29",
        },
        {
            "cds_code": "99100016000001",
            "kind": "school",
            "lea": "99100010000000",
            "name": "Maple Elementary",
            "county_name": "Sample",
        },
    ),
    against=(
        "Organizations that students of the newest roster are in cannot be left out.",
        "Organizations that only data of earlier years point to are kept.",
    ),
)
