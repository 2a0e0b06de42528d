"""The buckets: what comes in, what goes out, and who fetched it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.findings import accept
from lea_reports.jobs.job import FILES_KEPT
from lea_reports.ssr_archive.not_included import NOT_INCLUDED_KEPT

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from infra.stages import Stage


class ReportBuckets(Construct):
    """`data` (datasets), `archives` and `access_logs`.

    `archives` holds `work/` (fragments), `archives/` for download, and `not-included/`: what each archive lacks.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        removal = RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY
        self.access_logs = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,  # log delivery takes no customer key
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(stage.access_log_retention_days))],
            removal_policy=removal,
        )
        accept(
            self.access_logs,
            "AwsSolutions-S1",
            "It receives the access logs; logging access to it would log the logging.",
        )
        self.data = s3.Bucket(
            self,
            "Data",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            # Snapshots are never overwritten; the pointer to the current one is. A version of it brings the
            # previous snapshot back.
            versioned=True,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix="data/",
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                    noncurrent_version_expiration=Duration.days(30),
                )
            ],
            removal_policy=removal,
        )
        self.archives = s3.Bucket(
            self,
            "Archives",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            # No versions: an archive can be built again byte for byte, and what expires must be gone.
            versioned=False,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix="archives/",
            lifecycle_rules=[
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1)),
                s3.LifecycleRule(prefix="work/", expiration=Duration.days(3)),
                s3.LifecycleRule(prefix="archives/", expiration=Duration.days(FILES_KEPT.days)),
                s3.LifecycleRule(prefix="not-included/", expiration=Duration.days(NOT_INCLUDED_KEPT.days)),
            ],
            removal_policy=removal,
        )
        milliseconds = int(stage.link_form.signature_lives.total_seconds() * 1000)
        self.archives.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OldSignaturesAreRefused",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject"],
                resources=[self.archives.arn_for_objects("archives/*")],
                conditions={"NumericGreaterThan": {"s3:signatureAge": milliseconds}},
            )
        )
