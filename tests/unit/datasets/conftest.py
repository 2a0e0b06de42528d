import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.ingest import IngestDependencies, IngestOrder, IngestSummary, ingest
from lea_reports.storage.objects import MemoryObjects, ObjectStore

NOW = datetime(2026, 7, 11, tzinfo=UTC)
LEA, OTHER_LEA = "99100010000000", "99100020000000"
SCHOOL, OTHER_SCHOOL = "99100016000001", "99100026000001"

Row = dict[str, str]

GOOD_ROWS: dict[str, Row] = {
    "organizations": {
        "cds_code": LEA,
        "kind": "district",
        "lea": LEA,
        "name": "Sample Valley Unified",
        "county_name": "Sample",
        "window_start": "2026-03-02",
        "window_end": "2026-05-29",
    },
    "students": {
        "ssid": "9000000001",
        "last_name": "Nguyễn",
        "first_name": "Ánh",
        "birth_date": "2015-03-01",
        "gender": "F",
        "grade": "05",
        "lea": LEA,
        "school": SCHOOL,
        "enrollment_date": "2021-08-16",
        "primary_language": "02",
        "elas": "RFEP",
        "reporting_ethnicity": "200",
        "parent_education_level": "12",
        "special_education": "No",
        "economic_disadvantage": "Yes",
    },
    "scores": {
        "administration_year": "2026",
        "record_type": "01",
        "ssid": "9000000001",
        "grade_assessed": "05",
        "tested_lea": LEA,
        "tested_school": SCHOOL,
        "test_completed_date": "2026-04-20",
        "attemptedness": "Y",
        "score_status": "V",
        "include_indicator": "Y",
        "ssr_eligible": "Y",
        "ssr_available_date": "2026-06-01",
        "lexile_or_quantile_measure": "880L",
        "scale_score": "2510",
        "standard_error": "24",
        "error_band_min": "2486",
        "error_band_max": "2534",
        "achievement_level": "3",
        "composite_claim_1_level": "2",
        "composite_claim_2_level": "3",
        "genre": "OPIN",
        "writing_organization_purpose": "3",
        "writing_evidence_elaboration": "2",
        "writing_conventions": "2",
        "test_mode": "O",
        "ssr_eligible_minus_1": "Y",
        "grade_assessed_minus_1": "04",
        "scale_score_minus_1": "2450",
        "standard_error_minus_1": "25",
        "achievement_level_minus_1": "2",
        "uin": "9900000000000001",
    },
}


@pytest.fixture
def good_row() -> Callable[..., Row]:
    """Return a maker of rows without fault; keyword arguments change values, "" blanks them."""

    def make(dataset: str, **changes: str) -> Row:
        return {**GOOD_ROWS[dataset], **changes}

    return make


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of CSV files with all columns of a dataset."""
    numbers = count(1)

    def write(dataset: str, rows: Iterable[Mapping[str, str]]) -> Path:
        path = tmp_path / f"{dataset}-{next(numbers)}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, FEEDS[dataset].names)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def ids() -> Callable[[], str]:
    """Return ids that count upwards."""
    numbers = count(1)
    return lambda: f"{next(numbers):026d}"


@pytest.fixture
def take_in(tmp_path: Path, ids: Callable[[], str]) -> Callable[..., IngestSummary]:
    """Return an ingest of files into a store, with everything else at hand."""

    def take(
        store: ObjectStore,
        dataset: str,
        *paths: Path,
        year: int | None = 2026,
        now: datetime = NOW,
        accept_drop: bool = True,  # a few rows more or less are not what most tests are about
        **options: Any,
    ) -> IngestSummary:
        order = IngestOrder(
            FEEDS[dataset],
            paths,
            None if year is None else AdministrationYear(year),
            tmp_path / "rejects.csv",
            accept_drop=accept_drop,
            **options,
        )
        return ingest(order, IngestDependencies(store, lambda: now, ids))

    return take


@pytest.fixture
def rejects(tmp_path: Path) -> Callable[[], list[dict[str, str]]]:
    """Return a reader of rejects.csv, as a spreadsheet shows it; no file reads as no rows."""

    def read() -> list[dict[str, str]]:
        path = tmp_path / "rejects.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return [{**row, "value": row["value"].removeprefix("'")} for row in rows]

    return read
