"""`lea-reports redrive`: have the dead letters of a queue delivered again."""

from __future__ import annotations

import boto3
import click

from lea_reports.jobs.dead_letters import redrive as send_again


@click.command()
@click.option(
    "--dead-letters",
    required=True,
    help="Stack output BuildDeadLetterQueueUrl or NoticeDeadLetterQueueUrl.",
)
@click.option(
    "--queue", required=True, help="Stack output BuildQueueUrl or NoticeQueueUrl: of the same queue."
)
def redrive(dead_letters: str, queue: str) -> None:
    """Send the dead letters of a queue again, once their cause is gone.

    It does no harm to run it twice or too late: what a job no longer needs is skipped.
    """
    done = send_again(boto3.client("sqs"), dead_letters=dead_letters, queue=queue)
    click.echo(f"Sent {done.sent:,} messages again.")
    if done.unreadable:
        click.echo(f"{done.unreadable:,} are no messages of ours and stay where they are.", err=True)
