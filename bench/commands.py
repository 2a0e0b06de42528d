"""`python -m bench`: what the commands take, and where the answer goes."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import click

from bench.merge import bench_merge
from bench.pipeline.run import CASES, WAYS, bench_pipeline, cases
from bench.ssr import bench_ssr
from bench.state import bench_state
from bench.table import bench_table
from lea_reports.ssr.words.texts import LANGUAGES
from local.cloud import LocalStackError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.pipeline.report import PipelineReport
    from bench.report import Report
    from bench.state import StateReport

SCHOOLS = Path(__file__).parents[2] / "shared" / "facts" / "school_grade_tested_2024.csv"
"""Where the table of schools lies if it is there: beside the checkout."""
FONTS = Path(__file__).parents[1] / "build" / "layers" / "fonts" / "fonts"
FIGURES = Path(__file__).parents[1] / "docs" / "pipeline.json"
"""A run of `bench pipeline`."""
_JSON = click.Path(dir_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _schools() -> Path | None:
    return SCHOOLS if SCHOOLS.is_file() else None


@click.command("ssr")
@click.option("--students", type=click.IntRange(1), default=60_000, show_default=True, help="Invented ones.")
@click.option("--languages", default="en", show_default=True, help="Such as en,es,ko; or `all`.")
@click.option("--seconds", type=click.FloatRange(0), default=1.0, show_default=True, help="Of one round.")
@click.option("--peers/--no-peers", default=True, show_default=True, help="Measure other libraries too.")
@click.option("--json", "target", type=_JSON, help="Write the figures to this file as well.")
def measure_ssr(students: int, languages: str, seconds: float, target: Path | None, *, peers: bool) -> None:
    """Single SSRs: every way in one run, on one core."""
    chosen = tuple(LANGUAGES) if languages == "all" else tuple(languages.split(","))
    for language in chosen:
        if language not in LANGUAGES:
            raise click.BadParameter(f"There are no SSRs in {language!r}; there are {', '.join(LANGUAGES)}.")
    _tell(bench_ssr(_fonts(), students=students, languages=chosen, seconds=seconds, peers=peers), target)


@click.command("merge")
@click.option("--students", type=click.IntRange(1), default=10_000, show_default=True, help="Invented ones.")
@click.option("--peers/--no-peers", default=True, show_default=True, help="Measure other programs too.")
@click.option("--json", "target", type=_JSON, help="Write the figures to this file as well.")
def measure_merge(students: int, target: Path | None, *, peers: bool) -> None:
    """One PDF of many SSRs: every way in one run, on one core."""
    _tell(bench_merge(_fonts(), students=students, peers=peers), target)


@click.command("pipeline")
@click.option("--cases", "names", default=",".join(CASES), show_default=True, help="LEAs to measure.")
@click.option("--ways", default=",".join(WAYS), show_default=True, help="How their files are made.")
@click.option("--students", type=click.IntRange(1), help="Of every LEA, in place of its own number.")
@click.option(
    "--schools",
    type=_FILE,
    default=_schools,
    help="Table of tested students by school and grade, for the largest LEA; without it, schools are invented.",
)
@click.option("--limit-unmerged", type=click.IntRange(1), help="Larger LEAs are measured merged only.")
@click.option("--json", "target", type=_JSON, help="Write the figures to this file as well.")
def measure_pipeline(
    names: str,
    ways: str,
    students: int | None,
    schools: Path | None,
    limit_unmerged: int | None,
    target: Path | None,
) -> None:
    """Whole jobs on the local stack, from the request to the mail, through the real API and queues."""
    chosen = cases(_chosen(names, CASES), schools, students)
    try:
        report = bench_pipeline(
            _fonts(), chosen, ways=_chosen(ways, WAYS), limit_unmerged=limit_unmerged, tell=click.echo
        )
    except LocalStackError as error:
        raise click.ClickException(str(error)) from None
    _tell(report, target)


@click.command("state")
@click.option(
    "--figures",
    type=_FILE,
    default=FIGURES,
    help="What `bench pipeline --json` wrote; the run that docs/scale.md tells of, if none is given.",
)
@click.option("--schools", type=_FILE, default=_schools, help="Table of tested students by school and grade.")
@click.option(
    "--concurrency", default="100,1000,3000", show_default=True, help="Chunks at once, over all LEAs."
)
@click.option("--json", "target", type=_JSON, help="Write the figures to this file as well.")
def measure_state(figures: Path, schools: Path | None, concurrency: str, target: Path | None) -> None:
    """Simulate the first morning of the whole state with measured figures and the limits of AWS."""
    if schools is None:
        raise click.UsageError("Say where the table of schools is: --schools FILE.")
    _tell(bench_state(figures, schools, [int(number) for number in concurrency.split(",")]), target)


@click.command("table")
@click.option(
    "--requests", type=click.IntRange(1), default=30, show_default=True, help="One after the other."
)
def measure_table(requests: int) -> None:
    """Small reports on the local stack, from the request to ready."""
    seconds = bench_table(requests)
    click.echo(
        f"{len(seconds)} tables, from request to ready: p50 {median(seconds):.2f} s, longest {max(seconds):.2f} s"
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Measure the SSR engine, whole jobs and the whole state, with peers in one run."""


for _command in (measure_merge, measure_pipeline, measure_ssr, measure_state, measure_table):
    main.add_command(_command)


def _chosen(names: str, known: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(names.split(","))
    for name in chosen:
        if name not in known:
            raise click.BadParameter(f"There is no {name!r}; there are {', '.join(known)}.")
    return chosen


def _fonts() -> Path:
    if not FONTS.is_dir():
        raise click.ClickException("The fonts layer is not built: run `make setup`.")
    return FONTS


def _tell(report: Report | PipelineReport | StateReport, target: Path | None) -> None:
    for line in report.lines():
        click.echo(line)
    if target is not None:
        target.write_text(report.as_json() + "\n", encoding="utf-8")
