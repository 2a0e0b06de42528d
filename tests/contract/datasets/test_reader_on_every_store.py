from datetime import UTC, datetime
from itertools import count

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.ingest import IngestDependencies, IngestOrder, ingest
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize
from lea_reports.storage.objects import ObjectStore

YEAR = AdministrationYear(2026)


def test_a_synthetic_district_is_published_and_read_back(objects: ObjectStore, tmp_path):
    """What goes in as three files comes out by LEA, on every kind of store."""
    written = synthesize(SynthesisOrder(120, 4, 5, YEAR), tmp_path)
    ids = count(1)
    around = IngestDependencies(
        objects, lambda: datetime(2026, 7, 11, tzinfo=UTC), lambda: f"{next(ids):026d}"
    )
    for name, dataset in FEEDS.items():
        order = IngestOrder(dataset, (tmp_path / f"{name}.parquet",), YEAR, tmp_path / "rejects.csv")
        assert ingest(order, around).rejected == 0
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    leas = ("99100010000000", "99100020000000")
    assert len(datasets.organizations(pinned)) == written.organizations
    assert sum(len(datasets.rows(STUDENTS, pinned, YEAR, lea)) for lea in leas) == written.students
    assert sum(len(datasets.rows(SCORES, pinned, YEAR, lea)) for lea in leas) == written.scores
    assert len(datasets.directory(pinned, leas[0]).schools) == 4
    enrolled = set(datasets.rows(STUDENTS, pinned, YEAR, leas[0])["ssid"].to_pylist())
    by_enrolled = datasets.rows(SCORES_BY_ENROLLED, pinned, YEAR, leas[0], ["ssid", "tested_lea"]).to_pylist()
    assert by_enrolled
    assert {record["ssid"] for record in by_enrolled} <= enrolled
