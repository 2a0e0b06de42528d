"""`lea-reports bench`: what the commands take, and where the answer goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.merge import bench_merge
from bench.ssr import bench_ssr
from lea_reports.ssr.texts import LANGUAGES

if TYPE_CHECKING:
    from bench.report import Report

FONTS = Path(__file__).parents[1] / "build" / "layers" / "fonts" / "fonts"
_JSON = click.Path(dir_okay=False, path_type=Path)


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


COMMANDS: tuple[click.Command, ...] = (measure_ssr, measure_merge)


def _fonts() -> Path:
    if not FONTS.is_dir():
        raise click.ClickException("The fonts layer is not built: run `make setup`.")
    return FONTS


def _tell(report: Report, target: Path | None) -> None:
    for line in report.lines():
        click.echo(line)
    if target is not None:
        target.write_text(report.as_json() + "\n", encoding="utf-8")
