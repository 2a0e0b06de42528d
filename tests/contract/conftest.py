"""The stores that the contract suites run on: in memory, an in-process table, and the emulator's."""

from contextlib import ExitStack

import boto3
import pytest
from moto import mock_aws

REGION = "us-west-2"


@pytest.fixture
def aws(monkeypatch):
    """AWS inside this process; nothing of the machine's own credentials is seen."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:
        stack.enter_context(mock_aws())
        yield


@pytest.fixture
def table(aws):
    """The table of the data stack, as `infra` describes it."""
    boto3.client("dynamodb").create_table(
        TableName="reports",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("pk", "sk", "caller", "due", "next_check_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": name,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": sort, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for name, partition, sort in (
                ("caller_index", "caller", "sk"),
                ("due_index", "due", "next_check_at"),
            )
        ],
    )
    return "reports"
