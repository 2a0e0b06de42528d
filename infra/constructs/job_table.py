"""The table of jobs, chunks and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from infra.stages import Stage

CALLER_INDEX = "caller_index"
DUE_INDEX = "due_index"


class JobTable(Construct):
    """One table; the partition is the LEA, so that a foreign id cannot be read by construction.

    `caller_index` lists a caller's requests. `due_index` is sparse: it holds the rows that reconcile must
    look at, ordered by when.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=text("pk"),
            sort_key=text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            deletion_protection=stage.keeps_data,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        self.table.add_global_secondary_index(
            index_name=CALLER_INDEX, partition_key=text("caller"), sort_key=text("sk")
        )
        self.table.add_global_secondary_index(
            index_name=DUE_INDEX, partition_key=text("due"), sort_key=text("next_check_at")
        )


def text(name: str) -> dynamodb.Attribute:
    """Declare a key attribute that holds text."""
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
