"""Reading the CSV tables of facts that stand beside this module."""

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class YearSpan:
    """Administration years for which a fact holds, both ends included; None means open."""

    first: int | None
    last: int | None

    def __contains__(self, year: int) -> bool:
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


def read_table(name: str) -> list[dict[str, str]]:
    """Read `tables/<name>.csv` as one dict per row, keyed by the header."""
    text = files("lea_reports.assessments").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def year_span(row: dict[str, str]) -> YearSpan:
    """Read the columns first_year and last_year; an empty cell means open."""
    first, last = row["first_year"], row["last_year"]
    return YearSpan(int(first) if first else None, int(last) if last else None)
