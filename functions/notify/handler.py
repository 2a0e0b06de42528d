"""Lambda entry point of the notices: one queue message is one job that came to its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)

from lea_reports.delivery.send_notice import send_notice
from lea_reports.jobs.messages import NoticeMessage
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from notify.bootstrap import notice_dependencies

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
    from aws_lambda_powertools.utilities.typing import LambdaContext

processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)


def _take(record: SQSRecord) -> None:
    message = NoticeMessage.model_validate_json(record.body)
    dependencies = notice_dependencies()
    try:
        send_notice(
            dependencies.jobs,
            dependencies.links(),
            dependencies.mailer,
            dependencies.telemetry,
            lea=message.lea,
            job_id=message.job,
            now=datetime.now(UTC),
        )
    except Exception as error:
        dependencies.telemetry.event(
            Event.STEP_FAILED, lea=message.lea, job=message.job, step="notice", **Fault.of(error).fields
        )
        raise


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Send the notices of a batch; one that fails is reported, and the queue delivers it again."""
    notice_dependencies().telemetry.begin(request_id=context.aws_request_id)
    return dict(process_partial_response(event, _take, processor, context))
