"""Lambda entry point of the build worker: one queue message is one step of one job."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from build_report.bootstrap import build_dependencies
from lea_reports.jobs.build_chunk import build_chunk
from lea_reports.jobs.finish_job import finish_job
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.jobs.plan_job import plan_job
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.worker import Worker
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import CHUNK_TIME

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

RECONCILE = {"step": "reconcile"}
"""What the schedule sends."""

FIRST_PAUSE = timedelta(seconds=30)
"""Until a step that failed is tried again; doubled each time. The queue alone would wait for six timeouts."""

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def _take(record: SQSRecord, lambda_context: LambdaContext) -> None:
    try:
        _do(BuildMessage.model_validate_json(record.body), lambda_context)
    except Exception:
        deliveries = int(record.attributes.approximate_receive_count)
        build_dependencies().builds.deliver_again(record.receipt_handle, FIRST_PAUSE * 2 ** (deliveries - 1))
        raise


def _do(message: BuildMessage, lambda_context: LambdaContext) -> None:
    dependencies, worker = build_dependencies(), _worker(lambda_context)
    try:
        match message.step:
            case Step.PLAN:
                plan_job(dependencies, message.lea, message.job, worker)
            case Step.CHUNK:
                started = monotonic()
                build_chunk(dependencies, message.lea, message.job, message.chunk or 0, worker)
                dependencies.telemetry.measure(CHUNK_TIME, monotonic() - started)
            case Step.FINISH:
                finish_job(dependencies, message.lea, message.job, worker)
    except Exception as error:
        dependencies.telemetry.event(
            Event.STEP_FAILED,
            lea=message.lea,
            job=message.job,
            step=message.step.value,
            **Fault.of(error).fields,
        )
        raise


def _worker(lambda_context: LambdaContext) -> Worker:
    def time_left() -> timedelta:
        return timedelta(milliseconds=lambda_context.get_remaining_time_in_millis())

    return Worker(lambda_context.aws_request_id, partial(datetime.now, UTC), time_left)


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do the steps that a batch of messages asks for, or look after stuck jobs when the schedule says so.

    A message whose step fails is reported, and the queue delivers it again.
    """
    build_dependencies().telemetry.begin(request_id=context.aws_request_id)
    if event == RECONCILE:
        reconcile(build_dependencies(), datetime.now(UTC))
        return {}
    return dict(process_partial_response(event, _take, processor, context))
