"""The main job where IAM is enforced, signatures are checked and only TLS is spoken.

Everything a function may do must stand in its execution role here, as on AWS. A stack of its own, in its own
module, since these are modes of the emulator as a whole.
"""

from __future__ import annotations

import json
import urllib.error
from http import HTTPStatus
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from lea_reports.delivery.links import LinkKey
from local.archive_check import check_archive
from local.cloud import REGION, Address
from local.coordinator import REQUESTS, Coordinator, download_link
from local.emulator import open_url
from local.seed import seed
from local.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.seed import Seeded
    from local.stack import Stack


LONGEST = 90.0


@pytest.fixture(scope="module")
def strict_stack(assembly, tmp_path_factory) -> Iterator[Stack]:
    """Run a strict stack for this module."""
    home = tmp_path_factory.mktemp("strict-stack")
    with running_stack(home=home, assembly=assembly, strict=True) as running:
        yield running


@pytest.fixture(scope="module")
def strict_seeded(strict_stack, feeds) -> Seeded:
    """Take the district in."""
    return seed(strict_stack, feeds)


@pytest.fixture(scope="module")
def coordinator(strict_stack, strict_seeded) -> Coordinator:
    """Sign the LEA's CAASPP coordinator in."""
    return Coordinator.signed_in(strict_stack, strict_seeded.lea_coordinator)


@pytest.mark.parametrize("merge", [False, True], ids=["single files", "merged"])
def test_the_roles_of_the_functions_allow_the_main_job(coordinator, ask, tmp_path, merge):
    """From the request to the download, nothing is denied that is needed."""
    name = f"strict-{merge}"
    location = coordinator.ask(ask(name, merge=merge))
    status = coordinator.watch(location, seconds=LONGEST)
    assert status["state"] == "ready"
    link = download_link(coordinator.wait_for_notice(name)).url
    assert link.startswith("https://")
    path = tmp_path / "reports.zip"
    assert coordinator.browser.download(link, path) == HTTPStatus.OK
    archive = check_archive(path)
    assert archive.problems == ()
    assert archive.student_score_reports == status["counts"]["made"] > 0


def test_the_roles_of_the_functions_allow_a_table(coordinator, tmp_path):
    """It is written by whoever plans it, and read by the same link."""
    request = {"report": "total-enrolled-students", "name": "strict-table", "format": "csv"}
    assert coordinator.watch(coordinator.ask(request), seconds=LONGEST)["state"] == "ready"
    link = download_link(coordinator.wait_for_notice("strict-table"), "Total Enrolled Students")
    path = tmp_path / "table.csv"
    assert coordinator.browser.download(link.url, path) == HTTPStatus.OK
    assert path.read_text(encoding="utf-8-sig").startswith("School CDS Code,")


def test_the_roles_of_the_functions_allow_what_else_a_requester_can_do(coordinator, ask):
    """Ask under a key, cancel, ask under the key again; read and retry what is not included, send a notice again."""
    key = {"Idempotency-Key": "strict-1"}
    asked = coordinator.api.post(REQUESTS, ask("strict-cancelled"), **key)
    location = f"{REQUESTS}/{asked.document()['id']}"
    cancelled = coordinator.api.post(f"{location}/cancel", {})
    again = coordinator.api.post(REQUESTS, ask("strict-cancelled"), **key)

    assert (asked.status, cancelled.status) == (HTTPStatus.ACCEPTED, HTTPStatus.OK)
    assert again.document()["id"] == asked.document()["id"]
    assert again.document()["state"] == "cancelled"
    assert coordinator.api.get(f"{location}/not-included").status == HTTPStatus.CONFLICT
    assert coordinator.api.post(f"{location}/notice", {}).status == HTTPStatus.CONFLICT
    assert coordinator.api.post(f"{location}/retry", {}).status == HTTPStatus.CONFLICT


def test_the_link_key_opens_archives_and_nothing_else(strict_stack, coordinator):
    """Whoever steals the key can read finished archives, not the students behind them."""
    deployment = strict_stack.deployment
    secret = strict_stack.cloud.secrets.get_secret_value(SecretId=deployment.link_key_secret_arn)
    key = LinkKey.parse(secret["SecretString"])
    address = strict_stack.emulator.address
    thief = boto3.Session(key.access_key_id, key.secret_access_key, region_name=REGION)
    s3 = thief.client("s3", endpoint_url=address.url, verify=address.certificate)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_object(Bucket=deployment.data_bucket_name, Key="datasets/current.json")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=deployment.archive_bucket_name)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=deployment.archive_bucket_name, Key="archives/x.zip", Body=b"")
    dynamodb = thief.client("dynamodb", endpoint_url=address.url, verify=address.certificate)
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.scan(TableName=deployment.table_name)


def test_nobody_reads_a_bucket_without_a_signature(strict_stack, coordinator):
    """No object is public."""
    address, bucket = strict_stack.emulator.address, strict_stack.deployment.data_bucket_name
    url = f"{address.url}/{bucket}/datasets/current.json"
    assert coordinator.browser.open("GET", url).status == HTTPStatus.FORBIDDEN


def test_plain_http_is_not_spoken(strict_stack):
    """A request without TLS gets no answer at all."""
    plain = Address(strict_stack.emulator.address.url.replace("https://", "http://"))
    with pytest.raises((urllib.error.URLError, ConnectionError)):
        open_url(plain, "/_ministack/health", seconds=3.0)


def test_buckets_and_queues_refuse_requests_without_tls(strict_stack):
    """Their policies say so themselves, wherever a request comes from."""
    deployment, cloud = strict_stack.deployment, strict_stack.cloud
    policies = [
        cloud.s3.get_bucket_policy(Bucket=bucket)["Policy"]
        for bucket in (deployment.data_bucket_name, deployment.archive_bucket_name)
    ] + [
        cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
        for url in (deployment.build_queue_url, deployment.notice_queue_url)
    ]
    for policy in policies:
        denials = [each for each in json.loads(policy)["Statement"] if each["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in [each.get("Condition") for each in denials]
