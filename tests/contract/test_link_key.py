"""The key that signs links is replaced without breaking links that were sent."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from lea_reports.delivery.link_key import OVERLAP, rotate_link_key
from lea_reports.delivery.links import LinkKey
from lea_reports.errors import Conflict


@pytest.fixture
def signer(aws):
    """A signing user and an empty secret, as the data stack makes them."""
    iam, secrets = boto3.client("iam"), boto3.client("secretsmanager")
    iam.create_user(UserName="link-signer")
    secrets.create_secret(Name="link-key")

    def rotate(now):
        return rotate_link_key(iam, secrets, user="link-signer", secret="link-key", now=now)

    def keys():
        return {
            key["AccessKeyId"] for key in iam.list_access_keys(UserName="link-signer")["AccessKeyMetadata"]
        }

    def stored():
        return LinkKey.parse(secrets.get_secret_value(SecretId="link-key")["SecretString"])

    return rotate, keys, stored


def test_the_first_rotation_makes_the_key(signer):
    """After a deployment the secret is empty."""
    rotate, keys, stored = signer

    made = rotate(datetime.now(UTC))

    assert keys() == {made}
    assert stored().access_key_id == made


def test_the_key_before_stays_for_48_hours(signer):
    """Links live 24 hours, so those that were signed with it keep working."""
    rotate, keys, stored = signer
    first = rotate(datetime.now(UTC))

    second = rotate(datetime.now(UTC))

    assert keys() == {first, second}
    assert stored().access_key_id == second
    with pytest.raises(Conflict):
        rotate(datetime.now(UTC))
    assert stored().access_key_id == second


def test_a_key_that_was_replaced_long_ago_is_deleted(signer):
    """Rotating again after 48 hours leaves two keys: the one before and the new one."""
    rotate, keys, _ = signer
    rotate(datetime.now(UTC))
    second = rotate(datetime.now(UTC))

    third = rotate(datetime.now(UTC) + OVERLAP + timedelta(minutes=1))

    assert keys() == {second, third}


def test_keys_overlap_for_48_hours(signer):
    """Twice as long as a link lives: rotating again is refused until then."""
    rotate, keys, _ = signer
    rotate(datetime.now(UTC))
    rotate(datetime.now(UTC))

    with pytest.raises(Conflict):
        rotate(datetime.now(UTC) + timedelta(hours=47, minutes=59))
    rotate(datetime.now(UTC) + timedelta(hours=48, minutes=1))
    assert len(keys()) == 2
