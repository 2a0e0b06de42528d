"""What every storage of a job's bytes promises."""

import boto3
import pytest

from lea_reports.archive.assembly import SMALLEST_PART
from lea_reports.errors import NotFound
from lea_reports.jobs.storage import CopiedRange, MemoryStorage, S3Storage

BIG = bytes(range(256)) * (SMALLEST_PART // 256 + 1)


@pytest.fixture(params=["memory", "moto", "emulator"])
def storage(request):
    """A storage."""
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "emulator":
        stack = request.getfixturevalue("stack")
        return S3Storage(stack.cloud.s3, stack.deployment.archive_bucket_name)
    request.getfixturevalue("aws")
    client = boto3.client("s3")
    client.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return S3Storage(client, "archive")


def test_an_object_comes_back_whole_or_in_part(storage):
    """Ranges count from 0 and leave their end out."""
    storage.put("work/contract/a", b"0123456789")

    assert storage.get("work/contract/a") == b"0123456789"
    assert storage.get("work/contract/a", 2, 5) == b"234"
    assert storage.get("work/contract/a", 7) == b"789"
    assert storage.get("work/contract/a", 3, 3) == b""


def test_writing_again_replaces_the_whole_object(storage):
    """A repeated step overwrites what it wrote before."""
    storage.put("work/contract/b", b"long before")
    storage.put("work/contract/b", b"now")

    assert storage.get("work/contract/b") == b"now"


def test_what_is_not_there_is_not_found(storage):
    """A step that comes before its input fails in a way that can be told."""
    with pytest.raises(NotFound):
        storage.get("work/contract/nothing")


def test_joining_copies_ranges_and_sends_bytes_in_order(storage):
    """The archive is fragments, copied inside, and a last part that may be small."""
    storage.put("work/contract/c", b"head" + BIG + b"tail")

    size = storage.join(
        "archives/contract/c.zip", [CopiedRange("work/contract/c", 4, 4 + len(BIG)), BIG, b"end"]
    )

    assert size == 2 * len(BIG) + 3
    assert storage.get("archives/contract/c.zip") == BIG + BIG + b"end"


def test_a_single_small_part_is_an_object_too(storage):
    """A small job's archive has only the last part."""
    assert storage.join("archives/contract/d.zip", [b"all of it"]) == 9
    assert storage.get("archives/contract/d.zip") == b"all of it"


def test_a_join_that_breaks_leaves_nothing_behind(storage):
    """No object and no unfinished upload, which would cost money."""

    def parts():
        yield BIG
        raise RuntimeError("the worker broke")

    with pytest.raises(RuntimeError):
        storage.join("archives/contract/e.zip", parts())

    with pytest.raises(NotFound):
        storage.get("archives/contract/e.zip")
