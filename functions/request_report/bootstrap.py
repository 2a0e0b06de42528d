"""Chooses the implementations that the routes work with, once per execution environment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3

from lea_reports.access.identity import SignIn
from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.datasets.lake import Lake
from lea_reports.datasets.s3 import S3Objects
from lea_reports.datasets.snapshots import POINTER
from lea_reports.errors import LeaReportsError, NotFound, Transient
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.sqs_queue import SqsQueue
from lea_reports.jobs.storage import S3Storage
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from request_report.environment import Environment

if TYPE_CHECKING:
    from lea_reports.access.store import RoleAssignments
    from lea_reports.datasets.object_store import StoredObject
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.storage import Storage
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry


class PublishedData(S3Objects):
    """The datasets as callers of the API see them: data that cannot be read is our fault and not theirs.

    The errors of `S3Objects` are meant for operators: they name buckets, and what S3 forbids us is no answer to a
    coordinator. That nothing is published yet is the one thing that may be missing.
    """

    def get(self, key: str) -> StoredObject:
        """Return an object."""
        try:
            return super().get(key)
        except LeaReportsError as error:
            if isinstance(error, NotFound) and key == POINTER:
                raise
            raise Transient("The data cannot be read at the moment; try again later.") from error


@dataclass(frozen=True, slots=True)
class ApiDependencies:
    """The stores and queues behind the API, and whose tokens it takes."""

    sign_in: SignIn
    assignments: RoleAssignments
    jobs: JobStore
    lake: Lake
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
        lake=Lake(PublishedData.of_bucket(environment.data_bucket)),
        builds=SqsQueue(sqs, environment.build_queue_url),
        notices=SqsQueue(sqs, environment.notice_queue_url),
        storage=S3Storage.of_bucket(environment.archive_bucket),
        telemetry=CloudWatchTelemetry("request_report", environment.stage),
    )
