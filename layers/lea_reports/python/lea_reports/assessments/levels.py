"""What achievement levels are called, by administration year."""

from collections.abc import Iterator
from functools import cache

from lea_reports.assessments.administration_year import FIRST_YEAR, AdministrationYear
from lea_reports.assessments.fact_table import read_table, year_span
from lea_reports.assessments.test import Test


@cache
def level_labels(test: Test, year: int) -> dict[int, str]:
    """Return the English name of each achievement level of a test, as used for results of `year`.

    The names changed with 2025-26 results, and a history line keeps the words of its own year, so there is
    no name without a year. Empty if no names are known. Source: docs/domain.md#achievement-levels.
    """
    return {
        int(row["level"]): row["label"]
        for row in read_table("level_labels")
        if row["record_type"] == test.value and year in year_span(row)
    }


def level_label(test: Test, year: int, level: int) -> str | None:
    """Return the English name of one achievement level, or None for level 9 (no score) and unknown ones."""
    return level_labels(test, year).get(level)


@cache
def year_of_other_names(test: Test, first: int, last: int) -> AdministrationYear | None:
    """Return the last administration year after `first`, up to `last`, that brought other names of a test's levels.

    None if they have the same names in all of these years.
    """
    changes = (
        AdministrationYear(year)
        for year in range(last, first, -1)
        if level_labels(test, year) != level_labels(test, year - 1)
    )
    return next(changes, None)


def newest_described_year() -> AdministrationYear:
    """Return the last administration year in which a test has other names of levels than before.

    It is the newest one that the tables know anything of; benches and demos of made-up students are about it.
    """
    return AdministrationYear(max(int(row["first_year"] or FIRST_YEAR) for row in read_table("level_labels")))


def names_in_use(test: Test) -> Iterator[str]:
    """Yield the English name of every level, area, level of an area and composite of a test, of whatever year.

    A name may come more than once.
    """
    for table, column in (
        ("level_labels", "label"),
        ("areas", "name"),
        ("area_levels", "label"),
        ("composites", "name"),
    ):
        yield from (row[column] for row in read_table(table) if row["record_type"] == test.value)
