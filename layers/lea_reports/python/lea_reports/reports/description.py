"""The page about the reports, made of their declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.reports.definition import Delivery
from lea_reports.reports.parameters import OneOf, SomeOf
from lea_reports.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from lea_reports.reports.definition import ReportDefinition
    from lea_reports.reports.parameters import Parameter

_INTRODUCTION = """# The reports

What a coordinator can ask for. `GET /v1/reports/{code}` has the form of each; `lea-reports report CODE` makes it on one
machine. This page is made of the declarations in `lea_reports/catalog` (`make reports`).
"""

_DELIVERIES = {
    Delivery.IMMEDIATE: "you wait for it",
    Delivery.REQUESTED: "an e-mail says when it is ready",
    Delivery.LINK_ONLY: "only by the link in the e-mail, which works for 24 hours",
}


def reports_page(reports: Iterable[ReportDefinition]) -> str:
    """Return the page, in Markdown."""
    return "\n".join([_INTRODUCTION, *(line for report in reports for line in _report(report))])


def _report(report: ReportDefinition) -> Iterator[str]:
    yield f"## {report.title}\n"
    yield f"{report.contents[0].upper()}{report.contents[1:]}\n"
    yield f"- Code: `{report.code}`"
    yield f"- Who may ask for it: {', '.join(f'`{role}`' for role in sorted(report.roles))}"
    yield f"- How it comes: {_DELIVERIES[report.delivery]}; as {', '.join(f'`.{each}`' for each in report.formats)}\n"
    yield "| parameter | | what it chooses |"
    yield "|---|---|---|"
    for parameter in report.parameters:
        needed = "required" if parameter.required else "may be left out"
        yield f"| {parameter.title} (`{parameter.name}`) | {needed} | {_chosen(parameter)} |"
    yield ""
    if isinstance(report.output, Table):
        yield "| column | | from |"
        yield "|---|---|---|"
        for column in report.output.columns:
            yield f"| {column.heading} | {column.type} | {column.source} |"
        yield ""


def _chosen(parameter: Parameter[Any]) -> str:
    said = [parameter.description] if parameter.description else []
    if isinstance(parameter, (OneOf, SomeOf)):
        said.append(f"{', '.join(f'`{choice.value}`' for choice in parameter.choices)}.")
    return " ".join(said)
