"""Which producer makes which report: where the reports of the catalog meet what makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.catalog import CATALOG
from lea_reports.reports.definition import SsrArchive
from lea_reports.reports.table import Table
from lea_reports.ssr_archive.producer import SsrArchives
from lea_reports.tabular.producer import Tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.producer import Producer
    from lea_reports.jobs.storage import Storage
    from lea_reports.reports.definition import Output
    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr_archive.planning import Limits
    from lea_reports.telemetry.events import Telemetry


def producers_of(
    *, datasets: DatasetReader, storage: Storage, engine: SsrEngine, limits: Limits, telemetry: Telemetry
) -> Mapping[str, Producer]:
    """Return what makes each report of the catalog, by the report's code."""
    makers: dict[type[Output], Producer] = {
        SsrArchive: SsrArchives(datasets, storage, engine, limits, telemetry),
        Table: Tables(CATALOG, datasets, storage),
    }
    return {code: makers[type(report.output)] for code, report in CATALOG.items()}
