"""A report that is too large for one archive, from the request to the downloads."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import sent_mails

REQUESTS = "/v1/report-requests"


@pytest.fixture
def large(functions, request_body, monkeypatch):
    """A report of three chunks, two of which would be too much for one archive; returns its resource."""
    monkeypatch.setenv("ARCHIVE_BYTES", "70000")
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    functions.work()
    return headers["location"]


def test_each_archive_is_told_and_has_its_own_link(functions, large):
    """In the answer of the API and, in the same order, in the one mail."""
    told = functions.call("GET", large)[2]["files"]
    (mail,) = sent_mails()
    tokens = list(dict.fromkeys(re.findall(r"/live/links/([\w-]+)", str(mail.__dict__))))
    opened = [urlsplit(functions.open_link(token)[1]["Location"]) for token in tokens]

    names = [f"Spring-2026_{number}-of-3.zip" for number in (1, 2, 3)]
    assert [archive["name"] for archive in told] == names
    assert [url.path.rpartition("/")[2] for url in opened] == names
    assert [parse_qs(url.query)["response-content-disposition"] for url in opened] == [
        [f'attachment; filename="{name}"'] for name in names
    ]
    stored = functions.s3.list_objects_v2(Bucket="archive", Prefix="archives/")["Contents"]
    assert [archive["bytes"] for archive in told] == [item["Size"] for item in stored]
