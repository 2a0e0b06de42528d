"""`lea-reports synthesize`: invent a district."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click

from lea_reports.assessments import (
    AdministrationYear,
    Assessment,
    program_day,
    year_of_latest_results,
)
from lea_reports.datasets.synthesis import SynthesisOrder
from lea_reports.datasets.synthesis import synthesize as invent


class _Options(TypedDict):
    students: int
    schools: int
    seed: int
    year: int
    lea_name: str
    csv: bool
    assessments: tuple[str, ...]


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--students", type=click.IntRange(1), required=True, help="Enrollment of the district.")
@click.option("--schools", type=click.IntRange(1), required=True, help="Schools of the district.")
@click.option("--seed", type=int, required=True, help="The same seed gives the same district.")
@click.option(
    "--year",
    type=int,
    default=lambda: year_of_latest_results(program_day(datetime.now(UTC))),
    show_default="that of the latest results",
    help="Administration year, as the ending year: 2026 is 2025-26.",
)
@click.option("--lea-name", default="Sample Valley Unified", show_default=True, help="Name of the district.")
@click.option("--csv", is_flag=True, help="Write CSV files beside the Parquet files.")
@click.option(
    "--assessments",
    type=click.Choice(["all", *(each.value for each in Assessment)]),
    multiple=True,
    default=[Assessment.SMARTER_BALANCED.value],
    show_default=True,
    help="An assessment that students take; give the option once for each.",
)
def synthesize(folder: Path, **options: Unpack[_Options]) -> None:
    """Write organizations, students and scores of an invented district into DIR.

    A small neighbouring district comes with it, so that some students were tested in one and are enrolled
    in the other.
    """
    summary = invent(
        SynthesisOrder(
            options["students"],
            options["schools"],
            options["seed"],
            AdministrationYear(options["year"]),
            options["lea_name"],
            options["csv"],
            _assessments(options["assessments"]),
        ),
        folder,
    )
    click.echo(
        f"Wrote {summary.organizations:,} organizations, {summary.students:,} students and "
        f"{summary.scores:,} scores to {folder}."
    )


def _assessments(names: tuple[str, ...]) -> frozenset[Assessment]:
    return frozenset(Assessment) if "all" in names else frozenset(map(Assessment, names))
