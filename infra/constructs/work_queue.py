"""A queue of work and the queue of what could not be done."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_sqs as sqs
from constructs import Construct

#: Deliveries before a message is given up. Throttling costs deliveries too, hence more than one or two.
DELIVERIES = 5


class WorkQueue(Construct):
    """A standard queue with its dead-letter queue, both TLS only and encrypted (messages hold ids)."""

    def __init__(self, scope: Construct, construct_id: str, *, function_timeout: Duration) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(4),
            # AWS: "at least six times the timeout of your function" (Lambda guide, SQS event sources).
            visibility_timeout=Duration.seconds(6 * function_timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=DELIVERIES, queue=self.dead_letters),
            removal_policy=RemovalPolicy.DESTROY,
        )
