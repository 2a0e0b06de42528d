"""What must not be lost: data, archives, jobs, people, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.encryption_key import EncryptionKey
from infra.constructs.job_table import JobTable
from infra.constructs.link_signer import LinkSigner
from infra.constructs.report_buckets import ReportBuckets
from infra.constructs.user_pool import UserPool

if TYPE_CHECKING:
    from constructs import Construct

    from infra.stages import Stage


class DataStack(Stack):
    """Deployed once and seldom changed; in production it is protected against deletion."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(
            scope,
            construct_id,
            description=f"LEA Reports {stage.name}: data, archives, jobs, people, keys",
            termination_protection=stage.keeps_data,
        )
        self.encryption = EncryptionKey(self, "Encryption", stage=stage)
        self.buckets = ReportBuckets(self, "Buckets", stage=stage, key=self.encryption.key)
        self.jobs = JobTable(self, "Jobs", stage=stage, key=self.encryption.key)
        self.people = UserPool(self, "People", stage=stage)
        self.link_signer = LinkSigner(
            self, "LinkSigner", stage=stage, archives=self.buckets.archives, encryption=self.encryption
        )
        CfnOutput(self, "TableName", value=self.jobs.table.table_name)
        CfnOutput(self, "DataBucketName", value=self.buckets.data.bucket_name)
        CfnOutput(self, "ArchiveBucketName", value=self.buckets.archives.bucket_name)
        CfnOutput(self, "UserPoolId", value=self.people.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.people.client.user_pool_client_id)
        CfnOutput(self, "LinkKeySecretArn", value=self.link_signer.secret_arn)
        CfnOutput(self, "LinkSignerUserName", value=self.link_signer.user.user_name)
