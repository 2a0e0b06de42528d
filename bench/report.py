"""What a bench found: rows, ratios, targets; as a table for a person and as JSON for a machine."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contest import Measured


@dataclass(frozen=True, slots=True)
class Row:
    """One contender's figures."""

    method: str
    language: str
    tagged: bool
    per_second: float
    bytes_per_ssr: float
    rss_mb: float
    ssrs: int
    """SSRs of its largest round."""

    @classmethod
    def of(cls, measured: Measured, *, tagged: bool) -> Row:
        """Take the medians."""
        return cls(
            measured.name,
            measured.language,
            tagged,
            measured.per_second,
            measured.bytes_per_ssr,
            measured.rss_mb,
            measured.most_at_once,
        )

    def as_json(self) -> dict[str, object]:
        """Return what the JSON file says of it."""
        return {
            "method": self.method,
            "language": self.language,
            "tagged": self.tagged,
            "per_second": round(self.per_second, 3),
            "bytes_per_ssr": round(self.bytes_per_ssr),
            "rss_mb": round(self.rss_mb, 1),
        }


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach: a ratio of two figures of one run, or a figure itself."""

    name: str
    """The key in the JSON file."""
    words: str
    wanted: float
    at_most: bool = False
    """Less is better."""

    def met(self, measured: float) -> bool:
        """Tell whether a measured value reaches it."""
        return measured <= self.wanted if self.at_most else measured >= self.wanted


@dataclass(frozen=True, slots=True)
class Reached:
    """A target and what was measured."""

    target: Target
    measured: float

    @property
    def line(self) -> str:
        """Say it in one line."""
        sign = "<=" if self.target.at_most else ">="
        verdict = "met" if self.target.met(self.measured) else "NOT MET"
        return (
            f"{self.target.words:<72} {sign} {self.target.wanted:>9,.2f} {self.measured:>12,.3f}  {verdict}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run."""

    name: str
    rows: Sequence[Row]
    reached: Sequence[Reached]
    remarks: Sequence[str]
    """Who was left out and why, and what the comparison of the pages found."""

    def as_json(self) -> str:
        """Return the JSON document."""
        return json.dumps(
            {
                "name": self.name,
                "python": platform.python_version(),
                "rows": [row.as_json() for row in self.rows],
                "ratios": {each.target.name: round(each.measured, 4) for each in self.reached},
                "targets": {each.target.name: each.target.met(each.measured) for each in self.reached},
                "remarks": list(self.remarks),
            },
            indent=2,
            ensure_ascii=False,
        )

    def lines(self) -> list[str]:
        """Return the lines to print."""
        told = [
            f"{'method':<32}{'language':<10}{'tagged':<8}{'SSR/s':>11}{'bytes/SSR':>12}{'RSS MB':>9}{'at once':>9}"
        ]
        told += [
            f"{row.method:<32}{row.language:<10}{'yes' if row.tagged else 'no':<8}{row.per_second:>11,.1f}"
            f"{row.bytes_per_ssr:>12,.0f}{row.rss_mb:>9,.0f}{row.ssrs:>9,}"
            for row in self.rows
        ]
        if self.reached:
            told += ["", f"{'target':<72} {'wanted':>12} {'measured':>12}"]
            told += [each.line for each in self.reached]
        return [*told, "", *self.remarks] if self.remarks else told
