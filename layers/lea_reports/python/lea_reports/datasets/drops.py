"""What a feed has less of than it should: compared with what is published and with the other datasets."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lea_reports.datasets.parquet import row_count
from lea_reports.datasets.snapshots import partitions
from lea_reports.storage.objects import ObjectStore

_NAMED = 10


@dataclass(frozen=True, slots=True)
class DropLimit:
    """How many percent of its rows a feed may lose without being asked about it; and names, for saying what it lost."""

    percent: int
    names: Mapping[str, str]

    def drops(self, what: str, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
        """Say, in sentences, what of the rows of each LEA there were is too few now."""
        old, new = sum(before.values()), sum(after.values())
        if self.is_passed_by(old - new, old):
            yield f"{what}: {new:,} rows, where {old:,} are published."
        gone = sorted(lea for lea, rows in before.items() if rows and not after.get(lea))
        if gone:
            yield f"{what}: no rows any more of {self.named(gone)}."

    def is_passed_by(self, part: int, whole: int) -> bool:
        """Tell whether a part is more than the limit allows."""
        return part * 100 > whole * self.percent

    def named(self, codes: Collection[str]) -> str:
        """Return the first ten of some codes with their names, and how many there are beyond."""
        first = sorted(codes)[:_NAMED]
        listed = ", ".join(f"{code} ({self.names[code]})" if code in self.names else code for code in first)
        more = len(codes) - len(first)
        return f"{listed} and {more:,} more" if more else listed


def rows_by_year_and_lea(
    objects: ObjectStore, dataset: str, snapshot: str | None, years: Collection[int]
) -> dict[int, Counter[str]]:
    """Count the published rows of some years by LEA."""
    counts: dict[int, Counter[str]] = {year: Counter() for year in years}
    for partition in partitions(objects, dataset, snapshot) if snapshot else ():
        if partition.year in counts:
            counts[partition.year][partition.lea] += row_count(objects.get(partition.key).content)
    return counts
