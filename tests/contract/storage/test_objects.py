import boto3
import pytest

from lea_reports.errors import Conflict, Forbidden, NotFound
from lea_reports.storage.objects import ObjectStore
from lea_reports.storage.s3_objects import S3Objects
from tests.contract.conftest import BUCKET


def test_what_was_put_is_got(objects: ObjectStore):
    """The bytes come back unchanged, also empty ones."""
    objects.put("a/b.bin", b"\x00\xff")
    objects.put("a/empty", b"")
    assert objects.get("a/b.bin").content == b"\x00\xff"
    assert objects.get("a/empty").content == b""


def test_bytes_of_an_object_are_read_by_their_places(objects: ObjectStore):
    """Ranges count from 0 and leave their end out; behind the end there is nothing."""
    objects.put("key", b"0123456789")
    assert objects.read("key") == b"0123456789"
    assert objects.read("key", 2, 5) == b"234"
    assert objects.read("key", 7) == b"789"
    assert objects.read("key", 3, 3) == objects.read("key", 10, 20) == objects.read("key", 99) == b""


def test_a_missing_object_is_not_found(objects: ObjectStore):
    """Getting and copying both say so."""
    with pytest.raises(NotFound):
        objects.get("nothing")
    with pytest.raises(NotFound):
        objects.read("nothing", 0, 1)
    with pytest.raises(NotFound):
        objects.copy("nothing", "something")


def test_putting_again_replaces_and_changes_the_tag(objects: ObjectStore):
    """The tag belongs to the bytes."""
    objects.put("key", b"one")
    before = objects.get("key").etag
    objects.put("key", b"two")
    assert objects.get("key").content == b"two"
    assert objects.get("key").etag != before


def test_a_first_conditional_write_succeeds_once(objects: ObjectStore):
    """With no tag given the object must not exist yet."""
    objects.put_if("pointer", b"one", None)
    with pytest.raises(Conflict):
        objects.put_if("pointer", b"two", None)
    assert objects.get("pointer").content == b"one"


def test_of_two_writers_who_read_the_same_the_second_fails(objects: ObjectStore):
    """Both hold the same tag; the first write makes it stale."""
    objects.put_if("pointer", b"zero", None)
    etag = objects.get("pointer").etag
    objects.put_if("pointer", b"one", etag)
    with pytest.raises(Conflict):
        objects.put_if("pointer", b"two", etag)
    assert objects.get("pointer").content == b"one"


def test_a_conditional_write_to_a_removed_object_conflicts(objects: ObjectStore):
    """A tag of something that is gone is stale as well."""
    objects.put_if("pointer", b"zero", None)
    etag = objects.get("pointer").etag
    objects.delete("pointer")
    with pytest.raises(Conflict):
        objects.put_if("pointer", b"one", etag)


def test_a_copy_is_equal_and_independent(objects: ObjectStore):
    """Changing the original later does not change the copy."""
    objects.put("a", b"one")
    objects.copy("a", "b/c")
    objects.put("a", b"two")
    assert objects.get("b/c").content == b"one"


def test_keys_are_listed_by_prefix_in_order(objects: ObjectStore):
    """A prefix may end within a name, as on S3."""
    for key in ("x/2", "x/10", "x/1/z", "y/1", "xx"):
        objects.put(key, b"")
    assert list(objects.keys("x/")) == ["x/1/z", "x/10", "x/2"]
    assert list(objects.keys("x/1")) == ["x/1/z", "x/10"]
    assert list(objects.keys("z")) == []


def test_folders_are_listed_once_each_in_order(objects: ObjectStore):
    """What stands between a prefix and the next slash; keys without a further slash are no folders."""
    for key in ("x/b/1", "x/a/1", "x/a/2/3", "x/file", "xy/c/1"):
        objects.put(key, b"")
    assert list(objects.folders("x/")) == ["x/a/", "x/b/"]
    assert list(objects.folders("x/a")) == ["x/a/"]
    assert list(objects.folders("z/")) == []


def test_more_keys_than_one_page_are_listed_and_removed(objects: ObjectStore):
    """S3 lists and deletes a thousand keys at a time."""
    keys = [f"many/{number:04d}" for number in range(1005)]
    for key in keys:
        objects.put(key, b"")
    assert list(objects.keys("many/")) == keys
    objects.put("many-more", b"")
    for _ in range(2):
        objects.delete("many/")
        assert list(objects.keys("many")) == ["many-more"]


@pytest.mark.usefixtures("moto_objects")
def test_what_s3_did_not_remove_is_an_error(monkeypatch: pytest.MonkeyPatch):
    """It answers 200 and names the objects that stay: nobody may take them for swept."""
    client = boto3.client("s3")
    objects = S3Objects(client, BUCKET)
    objects.put("x/1", b"")
    answer = {"Errors": [{"Key": "x/1", "Code": "AccessDenied", "Message": "Access Denied"}]}
    monkeypatch.setattr(client, "delete_objects", lambda **_: answer)
    with pytest.raises(Forbidden, match=r"S3 refuses access to s3://datasets/x/1 \(AccessDenied\)"):
        objects.delete("x/")
