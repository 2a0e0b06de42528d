"""`lea-reports sweep`: remove what killed ingests left."""

from datetime import UTC, datetime

import click

from lea_reports.commands.ingest import store_of
from lea_reports.datasets.scratch import sweep_scratch
from lea_reports.datasets.sweep import sweep_snapshots


@click.command()
@click.option("--bucket", envvar="DATA_BUCKET", show_envvar=True, help="Sweep this S3 bucket.")
@click.option("--to", "target", help="Sweep this folder or s3://BUCKET instead of --bucket.")
def sweep(target: str | None, bucket: str | None) -> None:
    """Remove student data that nobody reads any more.

    These are the folders of killed ingests on this machine, and snapshots that were never published or were replaced
    long ago. Every ingest does the same when it begins. What is in use stays.
    """
    snapshots = sweep_snapshots(store_of(target, bucket), datetime.now(UTC))
    folders = sweep_scratch()
    click.echo(f"Removed {folders:,} folders of killed ingests and {snapshots:,} snapshots.")
