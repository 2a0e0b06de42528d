"""What a job would cost on AWS: what it used, times a table of prices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.stages import PROD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.pipeline.usage import Usage

_PRICES = Path(__file__).with_name("prices.json")
_MEMORY = {
    "request_report": PROD.request_memory,
    "build_report": PROD.build_memory,
    "notify": PROD.notify_memory,
}
_MB_IN_A_GB = 1024
_GB = 10**9
_READS = frozenset({"s3:GetObject", "s3:HeadObject"})
_FREE = frozenset({"s3:AbortMultipartUpload"})
_REQUESTS_OF_A_MESSAGE = 3
"""Sent, received and deleted; messages that are sent ten at a time take fewer."""
_WRITE_UNIT, _READ_UNIT = 1024, 4096
_TRANSACTION, _INDEXES_OF_A_JOB = 2, 2
"""A write in a transaction counts twice; each write of a job's row is also one in its two indexes."""
_KEPT_OF_A_MONTH = 1.0
_WORK_KEPT_OF_A_MONTH = 3 / 30
"""Archives are kept for 30 days, fragments for 3."""


@cache
def price_table() -> dict[str, Any]:
    """Return the table as it is written."""
    table: dict[str, Any] = json.loads(_PRICES.read_text(encoding="utf-8"))
    return table


def price(name: str) -> float:
    """Return what one unit costs, in US dollars."""
    entry = price_table()["prices"][name]
    return float(entry["usd"]) / float(entry["per"])


@dataclass(frozen=True, slots=True)
class RowSizes:
    """Bytes of the rows in the table, by the first word of their sort key."""

    sizes: Mapping[str, int]

    def write_units(self, row: str) -> int:
        """Return how many units a write of such a row takes, in the indexes as well."""
        units = -(-self.sizes.get(row, _WRITE_UNIT) // _WRITE_UNIT)
        return units * (1 + _INDEXES_OF_A_JOB) if row == "JOB" else units

    def read_units(self, row: str) -> int:
        """Return how many units a consistent read of such a row takes."""
        return -(-self.sizes.get(row, _READ_UNIT) // _READ_UNIT)


def cost_of(usage: Usage, rows: RowSizes, *, archive_bytes: int) -> dict[str, float]:
    """Return the US dollars of a job by service, until its archive expires; downloads are not among them.

    Invocations are charged as long as they took here, with production's memory.
    """
    calls = usage.total("calls")
    s3 = {name: count for name, count in calls.items() if name.startswith("s3:") and name not in _FREE}
    reads = sum(count for name, count in s3.items() if name in _READS)
    gb_seconds = sum(seconds * _MEMORY[name] / _MB_IN_A_GB for name, seconds in usage.seconds.items())
    write_units = sum(count * rows.write_units(row) for row, count in usage.total("writes").items()) + sum(
        count * rows.write_units(row) * _TRANSACTION for row, count in usage.total("transacted").items()
    )
    queries = sum(count for name, count in calls.items() if name in {"dynamodb:Query", "dynamodb:GetItem"})
    kept = archive_bytes * _KEPT_OF_A_MONTH + usage.bytes_sent * _WORK_KEPT_OF_A_MONTH
    return {
        "lambda": gb_seconds * price("lambda_gb_second") + len(usage.notes) * price("lambda_request"),
        "s3_requests": (sum(s3.values()) - reads) * price("s3_write_request")
        + reads * price("s3_read_request"),
        "s3_storage": kept / _GB * price("s3_gb_month"),
        "dynamodb": write_units * price("dynamodb_write_unit")
        + queries * rows.read_units("JOB") * price("dynamodb_read_unit"),
        "sqs": usage.messages * _REQUESTS_OF_A_MESSAGE * price("sqs_request"),
        "ses": usage.steps["notice"] * price("ses_mail"),
        "api": price("api_request"),
    }
