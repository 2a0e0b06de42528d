"""What runs: the four functions, what wakes them, and what each may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda_event_sources as event_sources

from infra.constructs.job_table import CALLER_INDEX, DUE_INDEX
from infra.constructs.report_function import ReportFunction
from infra.constructs.report_layers import ReportLayers
from infra.stacks.messaging import BUILD_TIMEOUT, NOTIFY_TIMEOUT
from infra.stages import public_url_parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.artifacts import Artifacts
    from infra.stacks.data import DataStack
    from infra.stacks.messaging import MessagingStack
    from infra.stages import Stage

#: The REST API waits 29 seconds for an answer.
REQUEST_TIMEOUT = Duration.seconds(29)
OPEN_LINK_TIMEOUT = Duration.seconds(15)
LINK_HOURS = 24
#: Invocations beside the chunks under way that the build function needs: reconcile, and one to spare.
BESIDE_CHUNKS = 2


class ComputeStack(Stack):
    """Replaced with every release; holds nothing that would be missed."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        artifacts: Artifacts,
        data: DataStack,
        messaging: MessagingStack,
    ) -> None:
        super().__init__(scope, construct_id, description=f"LEA Reports {stage.name}: functions and layers")
        self._stage = stage
        self._artifacts = artifacts
        self._data = data
        self._messaging = messaging
        self._layers = ReportLayers(self, "Layers", stage=stage, artifacts=artifacts)
        self.request_report = self._request_report()
        self.build_report = self._build_report()
        self.notify = self._notify()
        self.open_link = self._open_link()

    @property
    def functions(self) -> tuple[ReportFunction, ...]:
        """The four functions."""
        return (self.request_report, self.build_report, self.notify, self.open_link)

    def _request_report(self) -> ReportFunction:
        data, messaging = self._data, self._messaging
        function = ReportFunction(
            self,
            "RequestReport",
            package="request_report",
            description="The HTTP API: takes report requests, tells how they are going",
            stage=self._stage,
            artifacts=self._artifacts,
            key=data.encryption.key,
            layers=[self._layers.base, self._layers.reports, self._layers.lea_reports],
            memory=self._stage.request_memory,
            timeout=REQUEST_TIMEOUT,
            environment={
                # Of tokens the gateway checks the pool, not the app client that they are made for.
                "TOKEN_ISSUER": data.people.issuer,
                "USER_POOL_CLIENT_ID": data.people.client.user_pool_client_id,
                "TABLE_NAME": data.jobs.table.table_name,
                "DATA_BUCKET": data.buckets.data.bucket_name,
                "ARCHIVE_BUCKET": data.buckets.archives.bucket_name,
                "BUILD_QUEUE_URL": messaging.build.queue.queue_url,
                "NOTICE_QUEUE_URL": messaging.notice.queue.queue_url,
            },
        )
        function.may_on_objects(
            "s3:GetObject",
            bucket=data.buckets.archives,
            prefix="not-included/",
            reason="Names hold the job's id, which is made at run time.",
        )
        function.may(
            *("dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
            on=self._table_and(CALLER_INDEX),
        )
        self._may_read_datasets(function)
        function.may(
            "sqs:SendMessage", on=[messaging.build.queue.queue_arn, messaging.notice.queue.queue_arn]
        )
        self._may_use_table_key(function)
        return function

    def _build_report(self) -> ReportFunction:
        data, messaging, stage = self._data, self._messaging, self._stage
        fonts = (
            str((self._artifacts.fonts / "fonts").resolve()) if stage.fonts_from_checkout else "/opt/fonts"
        )
        function = ReportFunction(
            self,
            "BuildReport",
            package="build_report",
            description="Plans jobs, builds chunks, assembles archives, puts right what got stuck",
            stage=stage,
            artifacts=self._artifacts,
            key=data.encryption.key,
            layers=[self._layers.base, self._layers.reports, self._layers.lea_reports, self._layers.fonts],
            memory=stage.build_memory,
            timeout=BUILD_TIMEOUT,
            reserved_concurrency=(
                stage.build_concurrency + BESIDE_CHUNKS if stage.reserves_concurrency else None
            ),
            environment={
                "TABLE_NAME": data.jobs.table.table_name,
                "DATA_BUCKET": data.buckets.data.bucket_name,
                "ARCHIVE_BUCKET": data.buckets.archives.bucket_name,
                "BUILD_QUEUE_URL": messaging.build.queue.queue_url,
                "NOTICE_QUEUE_URL": messaging.notice.queue.queue_url,
                "FONTS_DIR": fonts,
                "CHUNK_SSRS": str(stage.chunk_ssrs),
                "MERGED_FILE_LIMIT": str(stage.merged_file_limit),
                "ARCHIVE_BYTES": str(stage.archive_bytes),
                # Arrow's own allocator keeps what a large plan had read; the system's gives it back.
                "ARROW_DEFAULT_MEMORY_POOL": "system",
            },
        )
        function.may(
            *("dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
            on=self._table_and(DUE_INDEX),
        )
        self._may_read_datasets(function)
        archives = data.buckets.archives
        for prefix in ("work/", "archives/"):
            function.may_on_objects(
                *("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
                bucket=archives,
                prefix=prefix,
                reason="Names hold the job's id, which is made at run time.",
            )
        function.may_on_objects(
            *("s3:GetObject", "s3:PutObject"),
            bucket=archives,
            prefix="not-included/",
            reason="Names hold the job's id, which is made at run time.",
        )
        # Without it S3 answers 403, not 404, for an object that is not there yet.
        function.may("s3:ListBucket", on=[archives.bucket_arn])
        function.may(
            "sqs:SendMessage", on=[messaging.build.queue.queue_arn, messaging.notice.queue.queue_arn]
        )
        self._may_use_table_key(function)
        function.role.add_to_policy(data.encryption.use_through("s3", "kms:Decrypt", "kms:GenerateDataKey"))
        function.function.add_event_source(
            event_sources.SqsEventSource(
                messaging.build.queue,
                batch_size=1,
                max_concurrency=stage.build_concurrency,
                report_batch_item_failures=True,
            )
        )
        # Each minute's run looks at everything: neither a late nor a repeated one is of use.
        function.function.configure_async_invoke(retry_attempts=0, max_event_age=Duration.minutes(1))
        events.Rule(
            self,
            "EachMinute",
            description=f"LEA Reports {stage.name}: reconcile jobs",
            schedule=events.Schedule.rate(Duration.minutes(1)),
            targets=[
                targets.LambdaFunction(
                    function.function,
                    event=events.RuleTargetInput.from_object({"step": "reconcile"}),
                    retry_attempts=0,
                    max_event_age=Duration.minutes(1),
                )
            ],
        )
        return function

    def _notify(self) -> ReportFunction:
        data, messaging, stage = self._data, self._messaging, self._stage
        function = ReportFunction(
            self,
            "Notify",
            package="notify",
            description="E-mails the link to a finished report",
            stage=stage,
            artifacts=self._artifacts,
            key=data.encryption.key,
            layers=[self._layers.base, self._layers.lea_reports],
            memory=stage.notify_memory,
            timeout=NOTIFY_TIMEOUT,
            environment={
                "TABLE_NAME": data.jobs.table.table_name,
                "LINK_FORM": stage.link_form.value,
                "ARCHIVE_BUCKET": data.buckets.archives.bucket_name,
                "PUBLIC_URL_PARAMETER": public_url_parameter(stage),
                "LINK_KEY_SECRET": data.link_signer.secret_arn,
                "LINK_HOURS": str(LINK_HOURS),
                "SENDER": stage.sender,
            },
        )
        function.may("dynamodb:Query", "dynamodb:UpdateItem", on=[data.jobs.table.table_arn])
        function.may("secretsmanager:GetSecretValue", on=[data.link_signer.secret_arn])
        # By name: the stack of the API, which comes after this one, writes it.
        function.may(
            "ssm:GetParameter",
            on=[
                f"arn:{Aws.PARTITION}:ssm:{Aws.REGION}:{Aws.ACCOUNT_ID}:parameter{public_url_parameter(stage)}"
            ],
        )
        identities = f"arn:{Aws.PARTITION}:ses:{Aws.REGION}:{Aws.ACCOUNT_ID}:identity"
        # SES checks the identity that was verified: the address itself or its domain.
        function.may(
            "ses:SendEmail",
            on=[f"{identities}/{stage.sender}", f"{identities}/{stage.sender.partition('@')[2]}"],
        )
        self._may_use_table_key(function)
        function.role.add_to_policy(data.encryption.use_through("secretsmanager", "kms:Decrypt"))
        function.function.add_event_source(
            event_sources.SqsEventSource(
                messaging.notice.queue, batch_size=10, report_batch_item_failures=True
            )
        )
        return function

    def _open_link(self) -> ReportFunction:
        data = self._data
        function = ReportFunction(
            self,
            "OpenLink",
            package="open_link",
            description="Where links of e-mails lead: on to the archive, or to a page that says why not",
            stage=self._stage,
            artifacts=self._artifacts,
            key=data.encryption.key,
            layers=[self._layers.base, self._layers.lea_reports],
            memory=self._stage.notify_memory,
            timeout=OPEN_LINK_TIMEOUT,
            environment={
                "TABLE_NAME": data.jobs.table.table_name,
                "ARCHIVE_BUCKET": data.buckets.archives.bucket_name,
                "LINK_KEY_SECRET": data.link_signer.secret_arn,
            },
        )
        # Anybody can call it: it reads one job and the key, and writes nothing.
        function.may("dynamodb:Query", on=[data.jobs.table.table_arn])
        function.may("secretsmanager:GetSecretValue", on=[data.link_signer.secret_arn])
        function.role.add_to_policy(data.encryption.use_through("dynamodb", "kms:Decrypt", "kms:DescribeKey"))
        function.role.add_to_policy(data.encryption.use_through("secretsmanager", "kms:Decrypt"))
        return function

    def _table_and(self, index: str) -> Sequence[str]:
        table = self._data.jobs.table
        return [table.table_arn, f"{table.table_arn}/index/{index}"]

    def _may_read_datasets(self, function: ReportFunction) -> None:
        bucket = self._data.buckets.data
        function.may_on_objects(
            "s3:GetObject",
            bucket=bucket,
            prefix="datasets/",
            reason="Each request is for another LEA's files; whose they may be, `access` decides.",
        )
        # Without it S3 answers 403, not 404, for an LEA without a file.
        function.may("s3:ListBucket", on=[bucket.bucket_arn])
        function.role.add_to_policy(self._data.encryption.use_through("s3", "kms:Decrypt"))

    def _may_use_table_key(self, function: ReportFunction) -> None:
        # The actions that DynamoDB may ask for on the caller's behalf (DynamoDB guide, encryption at rest).
        function.role.add_to_policy(
            self._data.encryption.use_through(
                "dynamodb",
                *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
                *("kms:ReEncryptFrom", "kms:ReEncryptTo"),
            )
        )
