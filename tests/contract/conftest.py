from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from ulid import ULID

from lea_reports.storage.objects import FolderObjects, MemoryObjects, ObjectStore
from lea_reports.storage.s3_objects import S3Objects
from local.stack import Stack

BUCKET = "datasets"


@pytest.fixture(params=["memory", "folder", "moto", "emulator"])
def objects(request: pytest.FixtureRequest) -> ObjectStore:
    """Make an empty object store of each kind; every kind must pass the same tests."""
    store: ObjectStore = request.getfixturevalue(f"{request.param}_objects")
    return store


@pytest.fixture
def memory_objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def folder_objects(tmp_path_factory: pytest.TempPathFactory) -> FolderObjects:
    return FolderObjects(tmp_path_factory.mktemp("objects"))


@pytest.fixture
def moto_objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Objects]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
        )
        yield S3Objects.of_bucket(BUCKET)


@pytest.fixture
def emulator_objects(stack: Stack) -> S3Objects:
    bucket = f"lake-{ULID()}".lower()
    stack.cloud.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return S3Objects(stack.cloud.s3, bucket)
