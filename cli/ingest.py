"""`lea-reports ingest`: take a feed in."""

import re
import sys
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click
from ulid import ULID

from cli.place import Place, place_options, s3_address
from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.ingest import MOST_DROPPED, IngestDependencies, IngestOrder, IngestSummary
from lea_reports.datasets.ingest import ingest as take_in
from lea_reports.datasets.scratch import scratch_folder
from lea_reports.storage.s3_objects import S3Objects

_REASONS_TOLD = 20
_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_FILE_NAME = 200  # bytes; file systems have 255, and a download adds to it meanwhile


class _Options(TypedDict):
    year: int | None
    as_of: date | None
    bucket: str | None
    target: str | None
    allow_rejects: bool
    accept_drop: bool
    most_dropped: int
    rejects: Path


class _Day(click.ParamType[date]):
    """A day as people and feeds write it."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        text = str(value)
        with suppress(ValueError):
            if _WRITTEN_DAY.fullmatch(text):
                return date.fromisoformat(text)
        raise click.BadParameter(f"{text} is no date that exists, written YYYY-MM-DD.", ctx, param)


def _in_a_folder(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    """Refuse a file in a folder that does not exist, before anything is downloaded or read."""
    if not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent} for {path.name}.")
    return path


@click.command()
@click.argument("dataset", type=click.Choice([*FEEDS]))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--year",
    type=int,
    show_default="the school year of the roster's date",
    help="Administration year of a roster, as the ending year: 2026 is 2025-26. Scores say theirs themselves.",
)
@click.option(
    "--as-of",
    type=_Day(),
    show_default="today, or the end of an earlier --year",
    help="The day whose enrollment a roster tells, unless its column as_of_date does.",
)
@place_options("Publish in")
@click.option("--allow-rejects", is_flag=True, help="Publish the good rows although there are bad ones.")
@click.option(
    "--most-dropped",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    default=MOST_DROPPED,
    show_default=True,
    help="How much of the rows may be missing or left out, and of the students with results become unknown to every "
    "roster, without --accept-drop.",
)
@click.option("--accept-drop", is_flag=True, help="Publish although much, or an LEA, would be gone.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_in_a_folder,
    default="rejects.csv",
    show_default=True,
    help="Where to write why rows were left out.",
)
def ingest(dataset: str, files: tuple[str, ...], **options: Unpack[_Options]) -> None:
    """Check every row of FILE... and publish them as the new snapshot of DATASET.

    FILE is CSV or Parquet, as it is or packed with gzip or zip, on this machine or s3://BUCKET/KEY. Organizations come
    first: everything else is checked against them. If a row is bad, nothing changes and the
    exit code is 1, unless --allow-rejects is given; so it is, unless --accept-drop is given, if much that is published
    would be gone. Jobs that are running keep the snapshot they began with.
    """
    feed = FEEDS[dataset]
    if not feed.is_roster and (options["year"] is not None or options["as_of"] is not None):
        raise click.UsageError(f"--year and --as-of are of a roster; {dataset} are none.")
    place = Place.of(options["target"], options["bucket"], "where to publish")
    if "organizations" in feed.refers_to:
        place.require_organizations()
    year = options["year"]
    with scratch_folder() as folder:
        paths = tuple(_local(file, folder / str(number)) for number, file in enumerate(files))
        order = IngestOrder(
            feed,
            paths,
            None if year is None else AdministrationYear(year),
            options["rejects"],
            options["allow_rejects"],
            options["as_of"],
            options["most_dropped"],
            options["accept_drop"],
        )
        size = sum(path.stat().st_size for path in paths)
        with click.progressbar(length=size, label=f"Checking {dataset}", file=sys.stderr) as bar:
            summary = take_in(
                order,
                IngestDependencies(place.objects, lambda: datetime.now(UTC), lambda: str(ULID()), bar.update),
            )
    _tell(dataset, summary, options["rejects"])


def _local(file: str, folder: Path) -> Path:
    place = s3_address(file)
    if place is None:
        path = Path(file)
        if path.is_dir():
            raise click.UsageError(f"{file} is a folder.")
        if not path.is_file():
            raise click.UsageError(f"There is no file {file}.")
        return path
    if not place.key:
        raise click.UsageError(f"{file} names a bucket; wanted is s3://BUCKET/KEY.")
    folder.mkdir()
    path = folder / _file_name(place.key)
    S3Objects.of_bucket(place.bucket).download(place.key, path)
    return path


def _file_name(key: str) -> str:
    """Return the last part of a key as far as it can be the name of a file."""
    name = key.rpartition("/")[2].replace("\0", "")
    return "feed" if name in {"", ".", ".."} else name.encode()[-_LONGEST_FILE_NAME:].decode(errors="ignore")


def _tell(dataset: str, summary: IngestSummary, rejects: Path) -> None:
    left_out = (
        f", {summary.rejected:,} left out (reasons in {click.format_filename(rejects)})"
        if summary.rejected
        else ""
    )
    click.echo(f"{dataset}: {summary.accepted:,} rows are good{left_out}.")
    for column, rule, rows in summary.reasons[:_REASONS_TOLD]:
        click.echo(f"  left out, {rows:,}: {column}: {rule}" if column else f"  left out, {rows:,}: {rule}")
    more = len(summary.reasons) - _REASONS_TOLD
    if more > 0:
        click.echo(f"  and {more:,} more reasons")
    for remark in summary.remarks:
        places = f"{', '.join(remark.places)}{', ...' if remark.rows > len(remark.places) else ''}"
        click.echo(f"  taken, {remark.rows:,}: {remark.column}: {remark.rule} ({places})")
    if summary.embargoed:
        click.echo(
            f"  taken, {summary.embargoed:,}: their SSRs appear after today and are kept back until then"
        )
    for sentence in (*summary.notes, *summary.drops):
        click.echo(f"  {sentence}")
    if summary.published is None:
        _refuse(summary)
        return
    click.echo(f"Published snapshot {summary.published.snapshot}{_roster(summary)}.")


def _roster(summary: IngestSummary) -> str:
    """Say which roster the students are, and for whom it decides who may ask for their SSRs."""
    roster, deciding = summary.roster, summary.deciding
    if roster is None or deciding is None:
        return ""
    what = f": the roster of {roster.year.label} as of {roster.as_of}"
    if roster == deciding:
        return f"{what}, which decides now who may ask for SSRs"
    return (
        f"{what}. Who may ask for SSRs is decided by the roster of {deciding.year.label} as of {deciding.as_of}; this "
        f"one decides for results of {roster.year.label} of students who are nowhere in that one"
    )


def _refuse(summary: IngestSummary) -> None:
    if summary.drops:
        raise click.ClickException(
            "Nothing was published: much would be gone. Correct the feed, or publish it with --accept-drop if all of "
            "that is meant."
        )
    if not summary.accepted:
        raise click.ClickException("Nothing was published: no row is good. Correct the rows.")
    raise click.ClickException(
        "Nothing was published. Correct the rows, or publish the good ones with --allow-rejects."
    )
