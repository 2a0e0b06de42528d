"""`lea-reports ingest`: take a feed in."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict, Unpack

import click
from ulid import ULID

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.ingest import IngestOrder, IngestSummary, Surroundings
from lea_reports.datasets.ingest import ingest as take_in
from lea_reports.datasets.object_store import FolderObjects, ObjectStore
from lea_reports.datasets.s3 import S3Address, S3Objects
from lea_reports.datasets.schema import FEEDS

_CURRENT_YEAR = 2026
_LONGEST_FILE_NAME = 200  # bytes; file systems have 255, and a download adds to it meanwhile


class _Options(TypedDict):
    year: int
    bucket: str | None
    target: str | None
    allow_rejects: bool
    rejects: Path


@click.command()
@click.argument("dataset", type=click.Choice(sorted(FEEDS)))
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--year",
    default=_CURRENT_YEAR,
    show_default=True,
    help="Administration year of rows that do not say it (the ending year: 2026 is 2025-26).",
)
@click.option("--bucket", envvar="DATA_BUCKET", show_envvar=True, help="Publish in this S3 bucket.")
@click.option("--to", "target", help="Publish in this folder or in s3://BUCKET instead of --bucket.")
@click.option("--allow-rejects", is_flag=True, help="Publish the good rows although there are bad ones.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    default="rejects.csv",
    show_default=True,
    help="Where to write why rows were left out.",
)
def ingest(dataset: str, files: tuple[str, ...], **options: Unpack[_Options]) -> None:
    """Check every row of FILE... and publish them as the new snapshot of DATASET.

    FILE is CSV or Parquet, on this machine or s3://BUCKET/KEY. If a row is bad, nothing changes and the
    exit code is 1, unless --allow-rejects is given. Jobs that are running keep the snapshot they began with.
    """
    objects = _store(options["target"], options["bucket"])
    with tempfile.TemporaryDirectory(prefix="lea-reports-") as folder:
        paths = tuple(_local(file, Path(folder) / str(number)) for number, file in enumerate(files))
        order = IngestOrder(
            FEEDS[dataset],
            paths,
            AdministrationYear(options["year"]),
            options["rejects"],
            options["allow_rejects"],
        )
        size = sum(path.stat().st_size for path in paths)
        with click.progressbar(length=size, label=f"Checking {dataset}", file=sys.stderr) as bar:
            summary = take_in(
                order,
                Surroundings(objects, lambda: datetime.now(UTC), lambda: str(ULID()), bar.update),
            )
    _tell(dataset, summary, options["rejects"])


def _store(target: str | None, bucket: str | None) -> ObjectStore:
    if target is not None:
        place = S3Address.parse(target)
        if place is None:
            return FolderObjects(Path(target))
        if place.key.strip("/"):
            raise click.UsageError("--to s3://BUCKET names a bucket, without a path.")
        return S3Objects.of_bucket(place.bucket)
    if bucket:
        return S3Objects.of_bucket(bucket)
    raise click.UsageError("Say where to publish: --bucket BUCKET or --to FOLDER.")


def _local(file: str, folder: Path) -> Path:
    place = S3Address.parse(file)
    if place is None:
        path = Path(file)
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
    left_out = f", {summary.rejected:,} left out (reasons in {rejects})" if summary.rejected else ""
    click.echo(f"{dataset}: {summary.accepted:,} rows are good{left_out}.")
    for sentence in summary.notes:
        click.echo(f"  {sentence}")
    if summary.published is None:
        raise click.ClickException(
            "Nothing was published. Correct the rows, or publish the good ones with --allow-rejects."
        )
    number = summary.published.partitions
    click.echo(
        f"Published snapshot {summary.published.snapshot} in {number:,} partition{'s' * (number != 1)}."
    )
