import pyarrow as pa
import pytest

from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.scores import FEED as SCORES

COLUMNS = [
    pytest.param(dataset, column, id=f"{dataset.name}.{column.name}")
    for dataset in FEEDS.values()
    for column in dataset.columns
]


@pytest.mark.parametrize(("dataset", "column"), COLUMNS)
def test_every_column_says_what_it_means_and_where_that_stands(dataset, column):
    """Name, meaning and source are there, and a rule about text stands at a text only."""
    assert column.meaning.endswith(".")
    assert column.source
    is_text = column.type.arrow == pa.string()
    assert is_text or (column.allowed is None and column.pattern is None and column.longest is None)
    assert dataset.schema.field(column.name).type == column.type.arrow


def test_codes_are_plain_strings_so_that_leading_zeros_stay():
    """No column is a dictionary, no code a number."""
    for dataset in FEEDS.values():
        for name in ("ssid", "cds_code", "lea", "school", "tested_lea", "tested_school", "grade", "uin"):
            if name in dataset.names:
                assert dataset.schema.field(name).type == pa.string()
        assert not any(pa.types.is_dictionary(field.type) for field in dataset.schema)


def test_the_key_columns_exist_and_are_required():
    """A row without its key could not be told apart from others."""
    for dataset in FEEDS.values():
        required = {column.name for column in dataset.columns if column.required}
        assert set(dataset.key) <= required
        assert dataset.lea_column is None or dataset.lea_column in required


def test_scores_by_enrolled_has_the_columns_of_scores():
    """It is the same records in other partitions."""
    assert SCORES_BY_ENROLLED.schema == SCORES.schema


def test_history_goes_back_three_years_with_six_columns_each():
    """Field 308 and following, 326 and following, 344 and following."""
    for years in (1, 2, 3):
        assert len([name for name in SCORES.names if name.endswith(f"_minus_{years}")]) == 6
