"""What a dataset is, and a feed: a dataset that comes from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

if TYPE_CHECKING:
    from random import Random

    from lea_reports.datasets.columns import Column
    from lea_reports.datasets.invented import InventedStudent


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """What a dataset is called, what its rows hold, and how it is cut into partitions."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that tell rows apart; the rows of a partition stand in this order."""
    lea_column: str | None
    """The column that names a row's partition; None for a dataset that is one small file."""
    year_column: str | None = None
    """The column that names a row's administration year; None if the ingest says it for all rows."""
    repeated: str = "these key columns were given before"
    """The rule that a second row with the same key breaks, in words."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, strings as plain strings."""
        return pa.schema([pa.field(column.name, column.type.arrow) for column in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Fault:
    """Rows that break one rule: the column to name, a mask of the rows, and the rule in words."""

    column: str
    broken: pa.BooleanArray
    rule: str


Rule: TypeAlias = Callable[[pa.Table], Iterator[Fault]]
"""Finds faults in a whole batch, whose single values are already right; it must take a batch without rows."""

RemarkRule: TypeAlias = Callable[[pa.Table, date], Iterator[Fault]]
"""Finds, on a day of the program, what is said of rows that are taken in all the same."""


@dataclass(frozen=True, slots=True)
class Place:
    """The columns that name the LEA and the school of a row, which have to be known.

    `was`: they tell where a student was, not where they are. The school may have gone to another LEA since, so that it
    is only said if it is of another one.
    """

    lea: str
    school: str
    was: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Feed(Dataset):
    """A dataset that comes from outside: its rules, and how a made-up one comes to be.

    `refers_to` names the feeds that have to be taken in before. `whole_rules` look at all rows of a dataset that is one
    file. A feed is a roster if it is the enrollment of one day (`as_of_date`); the ingest then knows its year.
    `embargo_column` has the day from which on something of a row is handed out.

    `examples` are rows that are taken in, feed by feed in their order; what they leave out may be blank. `against`
    are sentences of what is checked against what is published. `invented` returns the rows of one invented student;
    None for those that `lea_reports.datasets.synthesis` writes itself.
    """

    refers_to: tuple[str, ...] = ("organizations",)
    rules: tuple[Rule, ...] = ()
    whole_rules: tuple[Rule, ...] = ()
    remarks: tuple[RemarkRule, ...] = ()
    place: Place | None = None
    is_roster: bool = False
    embargo_column: str | None = None
    examples: tuple[Mapping[str, str], ...] = ()
    against: tuple[str, ...] = ()
    invented: Callable[[InventedStudent, Random], Iterable[Mapping[str, object]]] | None = None

    def __post_init__(self) -> None:
        if self.lea_column is not None and (self.year_column is None) is not self.is_roster:
            raise ValueError(f"{self.name}: rows say their administration year, unless the feed is a roster")
