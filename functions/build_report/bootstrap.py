"""Chooses the implementations that the steps work with, once per execution environment."""

from __future__ import annotations

from functools import cache

import boto3

from build_report.environment import Environment
from lea_reports.datasets.reader import DatasetReader
from lea_reports.jobs.dependencies import BuildDependencies
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.jobs.sqs_queue import SqsQueue
from lea_reports.jobs.storage import S3Storage
from lea_reports.producers import producers_of
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr_archive.planning import Limits
from lea_reports.storage.s3_objects import S3Objects
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry


@cache
def build_dependencies() -> BuildDependencies:
    """Return what the environment names."""
    environment = Environment.read()
    sqs = boto3.client("sqs")
    telemetry = CloudWatchTelemetry("build_report", environment.stage)
    return BuildDependencies(
        jobs=DynamoJobStore(environment.table_name),
        builds=SqsQueue(sqs, environment.build_queue_url),
        notices=SqsQueue(sqs, environment.notice_queue_url),
        producers=producers_of(
            datasets=DatasetReader(S3Objects.of_bucket(environment.data_bucket)),
            storage=S3Storage.of_bucket(environment.archive_bucket),
            engine=CompiledEngine(environment.fonts_dir),
            limits=Limits(
                environment.chunk_ssrs, environment.merged_file_limit, archive_bytes=environment.archive_bytes
            ),
            telemetry=telemetry,
        ),
        telemetry=telemetry,
    )
