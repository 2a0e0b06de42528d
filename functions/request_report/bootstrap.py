"""Chooses the implementations that the routes work with, once per execution environment."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import boto3

from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.datasets.lake import Lake
from lea_reports.datasets.s3 import S3Objects
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.sqs_queue import SqsQueue
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from request_report.environment import Environment

if TYPE_CHECKING:
    from lea_reports.access.store import RoleAssignments
    from lea_reports.jobs.messages import MessageQueue
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry


@dataclass(frozen=True, slots=True)
class FrontDesk:
    """The stores and queues behind the API."""

    assignments: RoleAssignments
    jobs: JobStore
    lake: Lake
    builds: MessageQueue
    telemetry: Telemetry


@cache
def front_desk() -> FrontDesk:
    """Return what the environment names."""
    environment = Environment.read()
    return FrontDesk(
        assignments=DynamoRoleAssignments(environment.table_name),
        jobs=DynamoJobStore(environment.table_name),
        lake=Lake(S3Objects.of_bucket(environment.data_bucket)),
        builds=SqsQueue(boto3.client("sqs"), environment.build_queue_url),
        telemetry=CloudWatchTelemetry("request_report", environment.stage),
    )
