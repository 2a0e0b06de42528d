"""Chooses the implementations that the routes work with, once per execution environment."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3

from lea_reports.access.identity import SignIn
from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import POINTER
from lea_reports.errors import LeaReportsError, NotFound, Transient
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.sqs_queue import SqsQueue
from lea_reports.jobs.storage import S3Storage
from lea_reports.storage.s3_objects import S3Objects
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from request_report.environment import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lea_reports.access.store import RoleAssignments
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.storage import Storage
    from lea_reports.jobs.store import JobStore
    from lea_reports.storage.objects import StoredObject
    from lea_reports.telemetry.events import Telemetry


@contextmanager
def _our_fault() -> Iterator[None]:
    """Answer that something cannot be read at the moment, whatever the reason.

    The errors of `lea_reports.storage` are meant for operators: they name buckets, and what S3 forbids us is no answer
    to a coordinator.
    """
    try:
        yield
    except LeaReportsError as error:
        raise Transient("The data cannot be read at the moment; try again later.") from error


class PublishedData(S3Objects):
    """The datasets as callers of the API see them: only what was never published may be missing."""

    def get(self, key: str) -> StoredObject:
        """Return an object."""
        with _our_fault():
            try:
                return super().get(key)
            except NotFound:
                if key != POINTER:
                    raise
        raise NotFound("There is no data yet.")


class StoredLists(S3Storage):
    """The lists of what is not included, as callers of the API see them."""

    def get(self, key: str, start: int = 0, end: int | None = None) -> bytes:
        """Read an object or a range of it."""
        with _our_fault():
            return super().get(key, start, end)


@dataclass(frozen=True, slots=True)
class ApiDependencies:
    """The stores and queues behind the API, and whose tokens it takes."""

    sign_in: SignIn
    assignments: RoleAssignments
    jobs: JobStore
    datasets: DatasetReader
    builds: MessageQueue
    notices: MessageQueue
    storage: Storage
    telemetry: Telemetry


@cache
def api_dependencies() -> ApiDependencies:
    """Return what the environment names."""
    environment = Environment.read()
    sqs = boto3.client("sqs")
    return ApiDependencies(
        sign_in=SignIn(environment.token_issuer, environment.user_pool_client_id),
        assignments=DynamoRoleAssignments(environment.table_name),
        jobs=DynamoJobStore(environment.table_name),
        datasets=DatasetReader(PublishedData.of_bucket(environment.data_bucket)),
        builds=SqsQueue(sqs, environment.build_queue_url),
        notices=SqsQueue(sqs, environment.notice_queue_url),
        storage=StoredLists.of_bucket(environment.archive_bucket),
        telemetry=CloudWatchTelemetry("request_report", environment.stage),
    )
