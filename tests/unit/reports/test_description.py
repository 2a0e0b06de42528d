"""The page about the reports is the one that their declarations mean."""

from pathlib import Path

from lea_reports.catalog import CATALOG
from lea_reports.reports.description import reports_page
from lea_reports.reports.table import Table

COMMITTED = Path(__file__).parents[3] / "docs" / "reports.md"


def test_the_committed_page_is_up_to_date():
    """After a change of a declaration, `make reports` writes it anew and the difference is reviewed."""
    assert COMMITTED.read_text(encoding="utf-8") == reports_page(CATALOG.values())


def test_the_page_has_every_report_with_its_parameters_and_columns():
    """Whoever asks for a report needs no other page."""
    page = reports_page(CATALOG.values())
    for report in CATALOG.values():
        section = page.partition(f"## {report.title}\n")[2].partition("\n## ")[0]
        assert f"`{report.code}`" in section
        assert all(f"(`{parameter.name}`)" in section for parameter in report.parameters)
        if isinstance(report.output, Table):
            assert all(f"| {column.heading} |" in section for column in report.output.columns)
