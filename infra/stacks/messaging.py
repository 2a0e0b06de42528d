"""What is under way: the queues between the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Duration, Stack

from infra.constructs.work_queue import WorkQueue

if TYPE_CHECKING:
    from constructs import Construct

    from infra.stages import Stage

#: Time limits of the functions that the queues feed; a queue hides a message for six times as long.
BUILD_TIMEOUT = Duration.seconds(900)
NOTIFY_TIMEOUT = Duration.seconds(60)


class MessagingStack(Stack):
    """Apart from the functions, so that messages survive their replacement."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(
            scope,
            construct_id,
            description=f"LEA Reports {stage.name}: queues",
            termination_protection=stage.keeps_data,
        )
        self.build = WorkQueue(self, "Build", function_timeout=BUILD_TIMEOUT)
        self.notice = WorkQueue(self, "Notice", function_timeout=NOTIFY_TIMEOUT)
        CfnOutput(self, "BuildQueueUrl", value=self.build.queue.queue_url)
        CfnOutput(self, "BuildDeadLetterQueueUrl", value=self.build.dead_letters.queue_url)
        CfnOutput(self, "NoticeQueueUrl", value=self.notice.queue.queue_url)
        CfnOutput(self, "NoticeDeadLetterQueueUrl", value=self.notice.dead_letters.queue_url)
