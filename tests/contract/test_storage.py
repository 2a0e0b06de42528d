"""What every storage of a job's bytes promises."""

import boto3
import pytest

from lea_reports.archive.assembly import SMALLEST_PART
from lea_reports.errors import NotFound
from lea_reports.jobs.folder_storage import FolderStorage
from lea_reports.jobs.storage import SENT_AT_ONCE, CopiedRange, MemoryStorage, S3Storage

BIG = bytes(range(256)) * (SMALLEST_PART // 256 + 1)


@pytest.fixture(params=["memory", "folder", "moto", "emulator"])
def storage(request, monkeypatch):
    """A storage."""
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "folder":
        return FolderStorage(request.getfixturevalue("tmp_path"))
    if request.param == "emulator":
        stack = request.getfixturevalue("stack")
        for name, value in stack.emulator.address.environment().items():
            monkeypatch.setenv(name, value)
        return S3Storage.of_bucket(stack.deployment.archive_bucket_name)
    request.getfixturevalue("aws")
    client = boto3.client("s3")
    client.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return S3Storage.of_bucket("archive")


def test_an_object_comes_back_whole_or_in_part(storage):
    """Ranges count from 0 and leave their end out."""
    storage.put("work/contract/a", b"0123456789")

    assert storage.get("work/contract/a") == b"0123456789"
    assert storage.get("work/contract/a", 2, 5) == b"234"
    assert storage.get("work/contract/a", 7) == b"789"
    assert storage.get("work/contract/a", 3, 3) == b""
    assert storage.get("work/contract/a", 10, 20) == storage.get("work/contract/a", 99) == b""


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

    copied = CopiedRange("work/contract/c", 4, 4 + len(BIG))
    joined = storage.join(
        "archives/contract/c.zip", [[copied], [BIG], [CopiedRange("work/contract/c", 0, 4), b"end"]]
    )

    assert joined.size == 2 * len(BIG) + 7
    assert storage.get("archives/contract/c.zip") == BIG + BIG + b"headend"


def test_a_single_small_part_is_an_object_too(storage):
    """A small job's archive has only the last part."""
    assert storage.join("archives/contract/d.zip", [[b"all of it"]]).size == 9
    assert storage.get("archives/contract/d.zip") == b"all of it"


def test_a_join_that_breaks_leaves_nothing_behind(storage):
    """No object and no unfinished upload, which would cost money."""

    def parts():
        yield [BIG]
        raise RuntimeError("the worker broke")

    with pytest.raises(RuntimeError):
        storage.join("archives/contract/e.zip", parts())

    with pytest.raises(NotFound):
        storage.get("archives/contract/e.zip")


@pytest.mark.parametrize("size", [0, 1000, SENT_AT_ONCE, SENT_AT_ONCE + 1, 3 * SENT_AT_ONCE + 5])
def test_an_upload_is_the_bytes_in_order_behind_its_front(storage, size):
    """Small or in many parts: what stands in front may be known last."""
    content = (BIG * 6)[:size]
    with storage.upload("work/contract/f") as upload:
        for start in range(0, size, 1_000_001):
            upload.write(content[start : start + 1_000_001])
        written = upload.complete(b"front")

    assert written == size + 5
    assert storage.get("work/contract/f") == b"front" + content


@pytest.mark.parametrize("size", [1000, 2 * SENT_AT_ONCE + 5])
def test_an_upload_that_breaks_leaves_nothing_behind(storage, size):
    """A worker that stops has not made half an object."""

    def work():
        with storage.upload("work/contract/g") as upload:
            upload.write(bytes(size))
            upload.write(bytes(size))
            raise RuntimeError("the worker broke")

    with pytest.raises(RuntimeError):
        work()

    with pytest.raises(NotFound):
        storage.get("work/contract/g")


def test_a_part_that_cannot_be_sent_breaks_the_join(storage):
    """Parts travel by threads; what goes wrong there is told to whoever joins."""
    with pytest.raises(NotFound):
        storage.join("archives/contract/h.zip", [[CopiedRange("work/contract/gone", 0, 9)], [b"end"]])

    with pytest.raises(NotFound):
        storage.get("archives/contract/h.zip")
