"""Columns of datasets: what each may hold, and the kinds of columns that feeds are declared with."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

LAYOUT = "student data file layout 2021-22"
HEADER = "student data file header 2023-24"
ELPAC_LAYOUT = "Summative ELPAC layout 2020-21"
"""What the columns are named after: docs/domain.md#layouts."""

YES_NO = ("Yes", "No")
Y_N = ("Y", "N")
GENRES = ("ARGU", "EXPL", "INFO", "NARR", "OPIN")
ESSAY_CONDITION_CODES = ("B", "I", "L", "T", "M")
HISTORY_YEARS = (1, 2, 3)
LANGUAGE_DOMAINS = ("listening", "speaking", "reading", "writing")
"""The domains of the English proficiency tests, in the order of their file."""


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters that a text must not have: as a regular expression (RE2), and the rule in words for people."""

    expression: str
    words: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a whole text looks like: as a regular expression (RE2), and in words for people."""

    expression: str
    words: str
    without: tuple[Characters, ...] = ()
    """What it must not have beside, each with a sentence of its own."""


CDS_CODE = Pattern(r"[0-9]{14}", "14 digits")
SSID = Pattern(r"[0-9]{10}", "10 digits")
UIN = Pattern(r"[0-9]{16}", "16 digits")
LANGUAGE_CODE = Pattern(r"[0-9]{2}", "2 digits")
READING_MEASURE = Pattern(r"(BR|EM)?[0-9]{1,4}[LQ]", "a measure like 880L, BR120L or EM45Q")
DAMAGE = (
    Characters(r"\x{FFFD}", "text with all its letters: \ufffd (U+FFFD) stands where one was lost before"),
    Characters(
        r"[\x{80}-\x{9F}]",
        "text without control characters U+0080 to U+009F; they come from a wrong encoding",
    ),
    Characters(
        r"[\x{FDD0}-\x{FDEF}"
        + "".join(rf"\x{{{plane:X}FFFE}}\x{{{plane:X}FFFF}}" for plane in range(17))
        + "]",
        "text without noncharacters, such as U+FFFE",
    ),
)
"""What names hold that were damaged on their way here."""
PRINTABLE = Pattern(
    r"[^\x00-\x1f\x7f\s\p{Z}\x{85}]"
    r"([^\x00-\x1f\x7f\x{2028}\x{2029}]*[^\x00-\x1f\x7f\s\p{Z}\x{85}])?",
    "text without control characters, and without spaces at its ends",
    without=DAMAGE,
)


class ColumnType(StrEnum):
    """How a column is stored."""

    TEXT = "text"
    DATE = "date"
    INT8 = "int8"
    INT16 = "int16"

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type."""
        return {"text": pa.string(), "date": pa.date32(), "int8": pa.int8(), "int16": pa.int16()}[self.value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset. A missing value is null, never an empty text."""

    name: str
    type: ColumnType
    meaning: str
    source: str
    required: bool = False
    allowed: tuple[str, ...] | None = None
    """The only values a text may have."""
    pattern: Pattern | None = None
    longest: int | None = None
    """The most characters a text may have."""
    lowest: int | None = None
    highest: int | None = None


def code(name: str, meaning: str, source: str, allowed: tuple[str, ...], *, required: bool = False) -> Column:
    """Return a column of texts of which only some are allowed."""
    return Column(name, ColumnType.TEXT, meaning, source, required=required, allowed=allowed)


def matching(name: str, meaning: str, source: str, pattern: Pattern, *, required: bool = True) -> Column:
    """Return a column of texts that look like a pattern."""
    return Column(name, ColumnType.TEXT, meaning, source, required=required, pattern=pattern)


def name(name: str, meaning: str, source: str, longest: int, *, required: bool = False) -> Column:
    """Return a column of names, or of other text that people read."""
    return Column(
        name, ColumnType.TEXT, meaning, source, required=required, pattern=PRINTABLE, longest=longest
    )


def day(name: str, meaning: str, source: str, *, required: bool = False) -> Column:
    """Return a column of days."""
    return Column(name, ColumnType.DATE, meaning, source, required=required)


def score(name: str, meaning: str, source: str, highest: int = 2999) -> Column:
    """Return a column of whole numbers from 0 up."""
    return Column(name, ColumnType.INT16, meaning, source, lowest=0, highest=highest)


def level(name: str, meaning: str, source: str, highest: int, lowest: int = 1) -> Column:
    """Return a column of small whole numbers."""
    return Column(name, ColumnType.INT8, meaning, source, lowest=lowest, highest=highest)
