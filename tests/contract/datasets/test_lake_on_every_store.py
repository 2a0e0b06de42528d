from datetime import UTC, datetime
from itertools import count

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets import Lake, ObjectStore
from lea_reports.datasets.ingest import IngestOrder, Surroundings, ingest
from lea_reports.datasets.schema import FEEDS
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize

YEAR = AdministrationYear(2026)


def test_a_synthetic_district_is_published_and_read_back(objects: ObjectStore, tmp_path):
    """What goes in as three files comes out by LEA, on every kind of store."""
    written = synthesize(SynthesisOrder(120, 4, 5, YEAR), tmp_path)
    ids = count(1)
    around = Surroundings(objects, lambda: datetime(2026, 7, 11, tzinfo=UTC), lambda: f"{next(ids):026d}")
    for name, dataset in FEEDS.items():
        order = IngestOrder(dataset, (tmp_path / f"{name}.parquet",), YEAR, tmp_path / "rejects.csv")
        assert ingest(order, around).rejected == 0
    lake = Lake(objects)
    pinned = lake.pinned()
    leas = ("99100010000000", "99100020000000")
    assert len(lake.organizations(pinned)) == written.organizations
    assert sum(len(lake.students(pinned, YEAR, lea)) for lea in leas) == written.students
    assert sum(len(lake.scores(pinned, YEAR, lea)) for lea in leas) == written.scores
    assert len(lake.directory(pinned, leas[0]).schools) == 4
    enrolled = set(lake.students(pinned, YEAR, leas[0])["ssid"].to_pylist())
    by_enrolled = lake.scores_by_enrolled(pinned, YEAR, leas[0], ["ssid", "tested_lea"]).to_pylist()
    assert by_enrolled
    assert {record["ssid"] for record in by_enrolled} <= enrolled
