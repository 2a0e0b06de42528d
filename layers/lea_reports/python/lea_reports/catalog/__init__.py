"""Every report that can be asked for: one file each, whose `REPORT` is its declaration."""

from importlib import import_module
from pkgutil import iter_modules

from lea_reports.reports.definition import ReportDefinition


def _declared() -> dict[str, ReportDefinition]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    reports: list[ReportDefinition] = [module.REPORT for module in modules]
    return {report.code: report for report in reports}


CATALOG = _declared()
"""Reports by code."""
