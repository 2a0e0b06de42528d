"""The life of the key that signs links: made, replaced, and kept for as long as its links live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from lea_reports.delivery.links import LinkKey
from lea_reports.errors import Conflict

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

OVERLAP = timedelta(hours=48)
"""How long a replaced key stays: a link lives 24 hours, and a warm function may sign with the old key for a while."""

_MOST_KEYS = 2  # an IAM limit


def rotate_link_key(
    iam: IAMClient, secrets: SecretsManagerClient, *, user: str, secret: str, now: datetime
) -> str:
    """Give the signing user a new key and store it; returns the new key's id.

    Keys that were replaced more than 48 hours ago are deleted first.

    Raises:
        Conflict: the key before the present one may still have living links; try again later.
    """
    keys = retire_link_keys(iam, user=user, now=now)
    if len(keys) >= _MOST_KEYS:
        raise Conflict(
            "The key was rotated less than 48 hours ago, and links signed before may still be in use."
        )
    made = iam.create_access_key(UserName=user)["AccessKey"]
    key = LinkKey(
        access_key_id=made["AccessKeyId"], secret_access_key=made["SecretAccessKey"], created_at=now
    )
    try:
        secrets.put_secret_value(SecretId=secret, SecretString=key.model_dump_json())
    except BaseException:
        iam.delete_access_key(UserName=user, AccessKeyId=key.access_key_id)
        raise
    return key.access_key_id


def retire_link_keys(iam: IAMClient, *, user: str, now: datetime) -> list[str]:
    """Delete every key but the newest if the newest is older than 48 hours; returns the ids that remain."""
    keys = sorted(iam.list_access_keys(UserName=user)["AccessKeyMetadata"], key=lambda key: key["CreateDate"])
    if keys and now - keys[-1]["CreateDate"] > OVERLAP:
        for key in keys[:-1]:
            iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
        keys = keys[-1:]
    return [key["AccessKeyId"] for key in keys]
