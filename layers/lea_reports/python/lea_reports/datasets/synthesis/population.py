"""Who is invented: families with their names and languages, read from tables of our own."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

_PACKAGE = "lea_reports.datasets.synthesis"


def read_table(name: str) -> list[dict[str, str]]:
    """Read `tables/<name>.csv` as one dict per row."""
    text = files(_PACKAGE).joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


class Choice:
    """Weighted values to draw from."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._values = list(weights)
        self._cumulated = list(accumulate(weights.values()))

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """Read weights written like "00:3 01:2"."""
        pairs = (pair.split(":") for pair in text.split())
        return cls({value: float(weight) for value, weight in pairs})

    def draw(self, random: Random) -> str:
        """Draw one value."""
        return random.choices(self._values, cum_weights=self._cumulated)[0]


@dataclass(frozen=True, slots=True)
class Family:
    """Names in one language and script, and what goes with them."""

    names: str
    share: float
    ethnicities: Choice
    languages: Choice
    english_only: float
    """The share whose language at home is English only, between 0 and 1."""
    last: tuple[str, ...]
    given: dict[str, tuple[str, ...]]
    """First names by gender, F and M."""
    middle: dict[str, tuple[str, ...]]
    """Middle names of their own kind by gender; empty where second given names serve."""
    second_given: bool
    """Whether some students have a second given name as their middle name."""


@dataclass(frozen=True, slots=True)
class FullName:
    """A student's name."""

    last: str
    first: str
    middle: str | None


@cache
def families() -> tuple[Family, ...]:
    """Return all families."""
    lists = {(row["names"], row["part"]): tuple(row["values"].split("; ")) for row in read_table("names")}
    return tuple(
        Family(
            row["names"],
            float(row["share"]),
            Choice.parse(row["ethnicities"]),
            Choice.parse(row["languages"]),
            float(row["english_only"]) / 100,
            lists[row["names"], "last"],
            {gender: lists[row["names"], gender] for gender in _LISTED_GENDERS},
            {gender: lists.get((row["names"], f"middle {gender}"), ()) for gender in _LISTED_GENDERS},
            row["second_given"] == "yes",
        )
        for row in read_table("families")
    )


_LISTED_GENDERS = ("F", "M")
_SECOND_LAST_NAME = 0.3
_SECOND_GIVEN_NAME = 0.35
_LONGEST_LAST, _LONGEST_FIRST = 50, 30


def draw_family(random: Random) -> Family:
    """Draw a family by its share."""
    return random.choices(families(), cum_weights=_cumulated_shares())[0]


@cache
def _cumulated_shares() -> tuple[float, ...]:
    return tuple(accumulate(family.share for family in families()))


def draw_name(random: Random, family: Family, gender: str) -> FullName:
    """Draw a name that fits a family and a gender (F, M, X)."""
    listed = gender if gender in _LISTED_GENDERS else random.choice(_LISTED_GENDERS)
    given, middles = family.given[listed], family.middle[listed]
    last = random.choice(family.last)
    if family.names == "spanish" and random.random() < _SECOND_LAST_NAME:
        last = f"{last} {random.choice(family.last)}"
    middle = None
    if middles:
        middle = random.choice(middles)
    elif family.second_given and random.random() < _SECOND_GIVEN_NAME:
        middle = random.choice(given)
    return FullName(last[:_LONGEST_LAST], random.choice(given)[:_LONGEST_FIRST], middle)


@cache
def school_names() -> tuple[str, ...]:
    """Return invented place names for schools, each once."""
    parts = {row["part"]: row["values"].split("; ") for row in read_table("school_names")}
    return tuple(f"{first} {second}" for second in parts["second"] for first in parts["first"])
