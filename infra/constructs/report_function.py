"""One function: its code, its role, its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, IgnoreMode, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.report_layers import RUNTIME, architecture_of
from infra.findings import accept, accept_prefix
from lea_reports.telemetry.metrics import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from infra.artifacts import Artifacts
    from infra.stages import Stage

#: The days that CloudWatch Logs can keep a log.
RETENTION = {
    1: logs.RetentionDays.ONE_DAY,
    14: logs.RetentionDays.TWO_WEEKS,
    365: logs.RetentionDays.ONE_YEAR,
}


class ReportFunction(Construct):
    """A function of ours with a role of its own, which may write its log and nothing else until told."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        package: str,
        description: str,
        stage: Stage,
        artifacts: Artifacts,
        key: kms.IKey,
        layers: Sequence[lambda_.ILayerVersion],
        memory: int,
        timeout: Duration,
        environment: Mapping[str, str],
        reserved_concurrency: int | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/lea-reports/{stage.name}/{package}",
            encryption_key=key,
            retention=RETENTION[stage.log_retention_days],
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"LEA Reports {stage.name}: {package}",
        )
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            description=description,
            architecture=architecture_of(stage),
            runtime=RUNTIME,
            handler=f"{package}.handler.handle",
            code=lambda_.Code.from_asset(
                str(artifacts.functions),
                exclude=["/*", f"!/{package}", "__pycache__", "*.pyc"],
                ignore_mode=IgnoreMode.GIT,
            ),
            layers=list(layers),
            memory_size=memory,
            timeout=timeout,
            role=self.role,
            log_group=self.log_group,
            tracing=lambda_.Tracing.ACTIVE if stage.tracing else lambda_.Tracing.DISABLED,
            reserved_concurrent_executions=reserved_concurrency,
            environment={
                "STAGE": stage.name,
                "POWERTOOLS_SERVICE_NAME": package,
                "POWERTOOLS_METRICS_NAMESPACE": NAMESPACE,
                "POWERTOOLS_LOG_LEVEL": stage.log_level,
                **environment,
            },
        )
        accept(
            self.function,
            "AwsSolutions-L1",
            "The newest Python that every locked package has tested wheels for; supported to mid-2029.",
        )
        if stage.tracing:
            accept(
                self.role,
                "AwsSolutions-IAM5[Resource::*]",
                "X-Ray has no resources to name: its two write actions take only `*`.",
            )

    def may_on_objects(self, *actions: str, bucket: s3.IBucket, prefix: str, reason: str) -> None:
        """Allow `actions` on the objects of `bucket` below `prefix`; `reason` says why not on single ones."""
        self.may(*actions, on=[bucket.arn_for_objects(f"{prefix}*")])
        accept_prefix(self.role, bucket, prefix, reason)

    def may(self, *actions: str, on: Sequence[str]) -> None:
        """Allow the function's role `actions` on the resources `on` (ARNs)."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=list(on)))
