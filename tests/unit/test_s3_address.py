import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.errors import Invalid
from lea_reports.storage.s3_objects import S3Address


@given(
    bucket=st.from_regex(r"[a-z0-9][a-z0-9.-]{2,62}", fullmatch=True), key=st.text(min_size=1, max_size=40)
)
def test_a_key_is_everything_after_the_first_slash(bucket, key):
    """Whatever characters it has; what is read is written the same again."""
    address = S3Address.parse(f"s3://{bucket}/{key}")
    assert address == S3Address(bucket, key)
    assert str(address) == f"s3://{bucket}/{key}"


@pytest.mark.parametrize(
    "text", ["datasets", "/datasets", "https://bucket/key", "S3://bucket/key", "s3:/bucket", ""]
)
def test_other_places_are_no_addresses_on_s3(text):
    """A folder may have any name."""
    assert S3Address.parse(text) is None


@pytest.mark.parametrize(
    "text", ["s3://", "s3:///key", "s3://a b/key", "s3://bucket#x", "s3://user@bucket/key"]
)
def test_an_address_without_a_bucket_is_refused(text):
    """The sentence repeats it."""
    with pytest.raises(Invalid, match="name of a bucket"):
        S3Address.parse(text)
