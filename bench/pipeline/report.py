"""What the bench of whole jobs found, and the targets."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.pipeline.cost import cost_of, price_table
from bench.report import Reached, Target
from infra.stages import PROD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.pipeline.job import Delivered

UNMERGED, MERGED = "unmerged", "merged"
_MB = 10**6
_RATIO_TO_PLAIN = 300.0
_LINEAR = 0.8
_LARGEST_MERGED_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Row:
    """One job."""

    case: str
    way: str
    schools: int
    made: Delivered

    @property
    def per_second(self) -> float:
        """SSRs a second from the request to the mail."""
        return self.made.ssrs / self.made.seconds

    @property
    def sent_per_archive(self) -> float:
        """Bytes of all objects that were sent to S3, the intermediate ones included, by those of the archive."""
        return self.made.usage.bytes_sent / self.made.archive_bytes

    @property
    def writes_per_ssr(self) -> float:
        """Items written to DynamoDB."""
        return self.made.usage.items_written / self.made.ssrs

    @property
    def peak_mb(self) -> float:
        """The most memory that a build worker held."""
        return self.made.usage.peak_bytes / _MB

    @property
    def line(self) -> str:
        """Say it in one line."""
        made, shares = self.made, self.made.usage.shares()
        cost = sum(self._cost().values())
        return (
            f"{self.case:<9}{self.way:<10}{made.ssrs:>9,}{made.archive_bytes / _MB:>12,.1f}{made.seconds:>9.1f}"
            f"{self.per_second:>9,.0f}{shares['rendering']:>8.0%}{shares['s3']:>6.0%}{shares['dynamodb']:>6.0%}"
            f"{shares['sqs']:>6.0%}{self.sent_per_archive:>8.3f}{self.peak_mb:>8,.0f}{made.usage.messages:>7,}"
            f"{self.writes_per_ssr:>9.4f}{cost:>9.4f}"
        )

    def _cost(self) -> dict[str, float]:
        return cost_of(self.made.usage, self.made.rows, archive_bytes=self.made.archive_bytes)

    def as_json(self) -> dict[str, object]:
        """Return what the JSON file says of it."""
        made, usage = self.made, self.made.usage
        shares = usage.shares()
        cost = self._cost()
        return {
            "case": self.case,
            "way": self.way,
            "schools": self.schools,
            "ssrs": made.ssrs,
            "archive_bytes": made.archive_bytes,
            "archive_files": made.entries,
            "archive_read_back": made.checked,
            "seconds_to_mail": round(made.seconds, 2),
            "ssrs_per_second": round(self.per_second, 1),
            "share_of_time": {kind: round(share, 4) for kind, share in shares.items()},
            "processor_seconds": {
                kind: round(seconds, 3) for kind, seconds in usage.processor_seconds().items()
            },
            "steps": {
                step: {
                    "invocations": usage.steps[step],
                    "seconds": round(usage.seconds_of_step(step), 3),
                    "processor_seconds": round(usage.processor_seconds_of_step(step), 3),
                    "requests": usage.requests_of_step(step),
                    "peak_memory_mb": round(usage.peak_bytes_of_step(step) / _MB, 1),
                }
                for step in ("plan", "chunk", "finish", "notice")
            },
            "bytes_uploaded": dict(usage.total("sent")),
            "bytes_uploaded_per_archive": round(self.sent_per_archive, 4),
            "peak_memory_mb": round(self.peak_mb, 1),
            "messages": usage.messages,
            "requests": dict(usage.total("calls")),
            "dynamodb_writes": usage.items_written,
            "dynamodb_writes_per_ssr": round(self.writes_per_ssr, 5),
            "row_bytes": dict(made.rows.sizes),
            "cost_usd": {service: round(dollars, 6) for service, dollars in cost.items()},
            "cost_usd_total": round(sum(cost.values()), 6),
        }


@dataclass(frozen=True, slots=True)
class PipelineReport:
    """A whole run."""

    rows: Sequence[Row]
    plain_per_second: float
    """SSRs a second of the plain pipeline, in the same run."""
    remarks: Sequence[str]

    def as_json(self) -> str:
        """Return the JSON document."""
        reached = list(self.reached())
        return json.dumps(
            {
                "name": "pipeline",
                "python": platform.python_version(),
                "processors": os.cpu_count(),
                "chunk_ssrs": PROD.chunk_ssrs,
                "prices": {name: price_table()[name] for name in ("region", "currency", "looked_up", "how")},
                "plain_pipeline_ssrs_per_second": round(self.plain_per_second, 2),
                "rows": [row.as_json() for row in self.rows],
                "ratios": {each.target.name: round(each.measured, 4) for each in reached},
                "targets": {each.target.name: each.target.met(each.measured) for each in reached},
                "remarks": list(self.remarks),
            },
            indent=2,
            ensure_ascii=False,
        )

    def lines(self) -> list[str]:
        """Return the lines to print."""
        head = (
            f"{'case':<9}{'way':<10}{'SSRs':>9}{'archive MB':>12}{'seconds':>9}{'SSR/s':>9}{'render':>8}{'S3':>6}"
            f"{'Dyn.':>6}{'SQS':>6}{'sent/a.':>8}{'RSS MB':>8}{'mess.':>7}{'writes/S':>9}{'USD':>9}"
        )
        told = [head, *(row.line for row in self.rows)]
        told += ["", f"{'target':<72} {'wanted':>12} {'measured':>12}"]
        told += [each.line for each in self.reached()]
        return [*told, "", *self.remarks] if self.remarks else told

    def reached(self) -> Iterator[Reached]:
        """Compare what was measured with what is promised; nothing is said of what was left out."""
        found = {(row.case, row.way): row for row in self.rows}
        for row in self.rows:
            where = f"{row.case}, {row.way}"
            key = f"{row.case}_{row.way}"
            yield Reached(
                Target(f"{key}_sent", f"{where}: bytes uploaded / archive", 1.05, at_most=True),
                row.sent_per_archive,
            )
            yield Reached(
                Target(f"{key}_writes", f"{where}: DynamoDB writes per SSR", 0.02, at_most=True),
                row.writes_per_ssr,
            )
            yield Reached(
                Target(f"{key}_memory", f"{where}: MB of memory per worker", 512.0, at_most=True),
                row.peak_mb,
            )
        for way in (UNMERGED, MERGED):
            large, largest = found.get(("large", way)), found.get(("largest", way))
            if large and largest:
                yield Reached(
                    Target(f"linear_{way}", f"{way}: SSRs a second, largest / large", _LINEAR),
                    largest.per_second / large.per_second,
                )
        largest = found.get(("largest", MERGED))
        if largest:
            yield Reached(
                Target(
                    "largest_merged_seconds",
                    "largest, merged: seconds from request to mail",
                    _LARGEST_MERGED_SECONDS,
                    at_most=True,
                ),
                largest.made.seconds,
            )
            yield Reached(
                Target(
                    "merged_per_plain",
                    "largest, merged / plain pipeline: SSRs a second",
                    _RATIO_TO_PLAIN,
                ),
                largest.per_second / self.plain_per_second,
            )
