"""The bench of the whole state: the first morning under several limits."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench.first_morning import (
    INVOCATION,
    LANGUAGES,
    Cloud,
    Figures,
    Morning,
    binding_limit,
    first_morning,
)
from bench.pipeline.cost import price
from bench.pipeline.schools import sizes_of_leas

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_GB = 10**9


@dataclass(frozen=True, slots=True)
class Outlook:
    """One morning that was simulated."""

    merge: bool
    cloud: Cloud
    morning: Morning
    binds: str
    dollars: float

    @property
    def line(self) -> str:
        """Say it in one line."""
        morning = self.morning
        return (
            f"{'merged' if self.merge else 'unmerged':<10}{self.cloud.concurrency:>11,.0f}{morning.after(0.5):>9,.0f}"
            f"{morning.after(0.95):>9,.0f}{morning.largest_mail:>9,.0f}{morning.last_mail:>9,.0f}"
            f"{morning.most_workers:>9,}{morning.longest_invocation:>9,.0f}{self.dollars:>9,.2f}  {self.binds}"
        )

    def as_json(self) -> dict[str, object]:
        """Return what the JSON file says of it."""
        morning = self.morning
        return {
            "way": "merged" if self.merge else "unmerged",
            "cloud": asdict(self.cloud),
            "chunks": morning.chunks,
            "archive_gb": round(morning.archive_bytes / _GB, 1),
            "seconds_to_half_of_the_mails": round(morning.after(0.5), 1),
            "seconds_to_95_percent_of_the_mails": round(morning.after(0.95), 1),
            "seconds_to_the_mail_of_the_largest": round(morning.largest_mail, 1),
            "seconds_to_last_mail": round(morning.last_mail, 1),
            "most_workers": morning.most_workers,
            "worker_hours": round(morning.worker_seconds / 3600, 2),
            "longest_invocation_seconds": round(morning.longest_invocation, 1),
            "binding_limit": self.binds,
            "cost_usd": round(self.dollars, 2),
            "download_usd": round(morning.archive_bytes / _GB * price("transfer_gb"), 2),
        }


@dataclass(frozen=True, slots=True)
class StateReport:
    """All mornings."""

    outlooks: Sequence[Outlook]

    def as_json(self) -> str:
        """Return the JSON document."""
        morning = self.outlooks[0].morning
        return json.dumps(
            {
                "name": "state",
                "leas": morning.jobs,
                "languages": LANGUAGES,
                "ssrs": morning.ssrs,
                "mornings": [outlook.as_json() for outlook in self.outlooks],
            },
            indent=2,
        )

    def lines(self) -> list[str]:
        """Return the lines to print."""
        morning = self.outlooks[0].morning
        longest = max(outlook.morning.longest_invocation for outlook in self.outlooks)
        head = (
            f"{'way':<10}{'concurrency':>11}{'50 %':>9}{'95 %':>9}{'largest':>9}{'last':>9}{'workers':>9}{'longest':>9}"
            f"{'USD':>9}  binds"
        )
        return [
            f"{morning.jobs:,} LEAs ask at once for {morning.ssrs:,} SSRs in {LANGUAGES} languages. Seconds until:",
            head,
            *(outlook.line for outlook in self.outlooks),
            "",
            f"The longest invocation takes {longest:,.0f} of {INVOCATION:,.0f} s.",
        ]


def bench_state(figures: Path, schools: Path, concurrencies: Sequence[int]) -> StateReport:
    """Simulate the first morning of all LEAs of a table of schools, unmerged and merged, under each concurrency."""
    leas = list(sizes_of_leas(schools).values())
    outlooks = []
    for merge in (False, True):
        measured = Figures.read(figures, merge=merge)
        for concurrency in concurrencies:
            cloud = Cloud(concurrency=concurrency)
            morning = first_morning(leas, measured, cloud)
            binds = binding_limit(leas, measured, cloud)
            dollars = measured.dollars(morning.jobs, morning.ssrs)
            outlooks.append(Outlook(merge, cloud, morning, binds, dollars))
    return StateReport(outlooks)
