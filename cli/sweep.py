"""`lea-reports sweep`: remove what killed ingests left."""

from datetime import UTC, datetime

import click

from cli.place import Place, place_options
from lea_reports.datasets.scratch import sweep_scratch
from lea_reports.datasets.sweep import sweep_snapshots


@click.command()
@place_options("Sweep")
def sweep(target: str | None, bucket: str | None) -> None:
    """Remove student data that nobody reads any more.

    These are the folders of killed ingests on this machine, and snapshots that were never published or were replaced
    long ago. Every ingest does the same when it begins. What is in use stays.
    """
    place = Place.of(target, bucket, "what to sweep")
    place.require()
    snapshots = sweep_snapshots(place.objects, datetime.now(UTC))
    folders = sweep_scratch()
    click.echo(f"Removed {folders:,} folders of killed ingests and {snapshots:,} snapshots.")
