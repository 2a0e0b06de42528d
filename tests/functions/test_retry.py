"""What could not be made is asked for once more."""

import io
import zipfile
from urllib.parse import urljoin

import pytest

from local.archive_check import NOT_INCLUDED, read_list

REQUESTS = "/v1/report-requests"
WORDS = "correct horse battery"


def rules(document):
    """Return the rules that a problem names."""
    return [problem["rule"] for problem in document["problems"]]


def archive_of(functions, job):
    """Return the names of an archive's PDFs, and its list of what is missing."""
    key = f"archives/99100010000000/{job['id']}/{job['files'][0]['name']}"
    content = functions.s3.get_object(Bucket="archive", Key=key)["Body"].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pdfs = [name for name in archive.namelist() if name.endswith(".pdf")]
        return pdfs, read_list(archive, NOT_INCLUDED)


def test_only_what_failed_is_made_and_mailed(functions, lacking):
    """The new request is at an address of its own; both tell of each other."""
    location = lacking()
    status, headers, asked = functions.call("POST", f"{location}/retry")
    functions.work()
    _, _, again = functions.call("GET", urljoin(f"{REQUESTS}/{asked['retry_of']}/retry", headers["location"]))
    _, _, before = functions.call("GET", location)
    pdfs, missing = archive_of(functions, again)

    assert (status, asked["state"]) == (202, "requested")
    assert (again["id"], again["state"]) == (asked["id"], "ready")
    assert (again["retry_of"], before["retried_as"]) == (before["id"], again["id"])
    assert again["counts"] == {"made": 1, "not_included": 0}
    assert [pdf.rpartition("/")[2].split("_")[2] for pdf in pdfs] == ["1000000001"]
    assert missing == []
    assert again["name"] == "Spring-2026_retry-1"


def test_asking_twice_gives_one_request_while_it_is_open(functions, lacking):
    """And under the same Idempotency-Key also after its end."""
    location = lacking()
    key = {"Idempotency-Key": "key-1"}
    first = functions.call("POST", f"{location}/retry", headers=key)[2]["id"]
    assert functions.call("POST", f"{location}/retry")[2]["id"] == first
    functions.work()

    assert functions.call("POST", f"{location}/retry", headers=key)[2]["id"] == first
    assert functions.call("POST", f"{location}/retry")[2]["id"] != first


def test_a_key_of_a_request_is_none_of_its_retry(functions, lacking, request_body):
    """They are two requests, though all that was chosen is the same."""
    location = lacking()
    key = {"Idempotency-Key": "key-1"}
    functions.call("POST", REQUESTS, request_body(), headers=key)
    status, _, refused = functions.call("POST", f"{location}/retry", headers=key)

    assert (status, rules(refused)) == (422, ["idempotency_key_reused"])


def test_a_request_that_includes_everything_cannot_be_retried(functions, request_body):
    """Nor one that is not at its end."""
    _, headers, _ = functions.call("POST", REQUESTS, request_body())
    early, _, open_one = functions.call("POST", f"{headers['location']}/retry")
    functions.work()
    late, sent, whole = functions.call("POST", f"{headers['location']}/retry")

    assert (early, rules(open_one)) == (409, ["not_ended"])
    assert (late, rules(whole)) == (409, ["nothing_to_retry"])
    assert sent["content-type"] == "application/problem+json"


def test_a_protected_request_wants_a_password_again(functions, lacking):
    """The one before is known to nobody."""
    location = lacking(password=WORDS)
    without, _, required = functions.call("POST", f"{location}/retry")
    unusable, _, short = functions.call("POST", f"{location}/retry", {"password": "short"})
    status, _, asked = functions.call("POST", f"{location}/retry", {"password": WORDS})
    functions.work()
    again = functions.call("GET", f"{REQUESTS}/{asked['id']}")[2]

    assert (without, required["problems"][0]["pointer"], rules(required)) == (422, "/password", ["required"])
    assert (unusable, rules(short)) == (422, ["password"])
    assert (status, again["state"], again["parameters"]["protected"]) == (202, "ready", True)
    assert again["counts"]["made"] == 1


@pytest.mark.parametrize("body", [{"passwort": WORDS}, {"password": WORDS}, "[]", "{"])
def test_a_body_that_does_not_fit_is_refused(functions, lacking, body):
    """An unknown field, a password for PDFs that ask for none, no object, no JSON."""
    status, _, document = functions.call("POST", f"{lacking()}/retry", body)

    assert status in {400, 422}
    assert len(rules(document)) == 1


@pytest.mark.parametrize("body", [None, "{}"])
def test_nothing_needs_to_be_sent(functions, lacking, body):
    """A request without a password has nothing to add."""
    assert functions.call("POST", f"{lacking()}/retry", body)[0] == 202


@pytest.mark.parametrize("subject", ["colleague", "foreigner"])
def test_other_peoples_requests_do_not_exist(functions, lacking, subject):
    """Neither a colleague's nor another LEA's."""
    location = lacking()

    assert functions.call("POST", f"{location}/retry", subject=subject)[0] == 404
    assert functions.call("GET", location)[2]["retried_as"] is None
