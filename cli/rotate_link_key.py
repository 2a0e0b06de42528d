"""`lea-reports rotate-link-key`: give the link signer a new key."""

from __future__ import annotations

from datetime import UTC, datetime

import boto3
import click

from lea_reports.delivery.link_key import rotate_link_key as rotate


@click.command("rotate-link-key")
@click.option("--user", required=True, help="Stack output LinkSignerUserName.")
@click.option("--secret", required=True, help="Stack output LinkKeySecretArn.")
def rotate_link_key(user: str, secret: str) -> None:
    """Make a new key for the links in e-mails.

    Run it after the first deployment and then as often as your rules ask for. The key before stays valid for
    48 hours, so that links that were sent keep working; run it again after that to delete it.
    """
    key = rotate(
        boto3.client("iam"), boto3.client("secretsmanager"), user=user, secret=secret, now=datetime.now(UTC)
    )
    click.echo(f"Links are signed with key {key} from now on.")
