"""Puts the stacks of one stage together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import App, Stack, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra.stacks.api import ApiStack
from infra.stacks.compute import ComputeStack
from infra.stacks.data import DataStack
from infra.stacks.messaging import MessagingStack
from infra.stacks.observability import ObservabilityStack

if TYPE_CHECKING:
    from infra.artifacts import Artifacts
    from infra.stages import Stage

#: CDK behaviours newer than its defaults. Here, not in cdk.json, so that a synthesis without the CDK command
#: writes the same templates.
FEATURES = {
    "@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId": True,
    "@aws-cdk/aws-apigateway:requestValidatorUniqueId": True,
    "@aws-cdk/aws-iam:minimizePolicies": True,
    "@aws-cdk/aws-lambda:recognizeLayerVersion": True,
    "@aws-cdk/aws-s3:createDefaultLoggingPolicy": True,
    "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": True,
    "@aws-cdk/core:checkSecretUsage": True,
    "@aws-cdk/core:enablePartitionLiterals": True,
}


@dataclass(frozen=True, slots=True)
class Stacks:
    """The stacks of one stage, in the order of deployment."""

    data: DataStack
    messaging: MessagingStack
    compute: ComputeStack
    api: ApiStack
    observability: ObservabilityStack

    @property
    def all(self) -> tuple[Stack, ...]:
        """Every stack, each after those it takes values from."""
        return (self.data, self.messaging, self.compute, self.api, self.observability)


def new_app(outdir: str, *, validate_templates: bool = True) -> App:
    """Start an app that writes into `outdir`; without `validate_templates` three times as fast."""
    return App(
        outdir=outdir,
        analytics_reporting=False,
        builtin_cloud_formation_validation=validate_templates,
        post_cli_context=FEATURES,
        tree_metadata=False,
    )


def add_stacks(app: App, stage: Stage, artifacts: Artifacts) -> Stacks:
    """Add the stacks of `stage`; `app.synth()` fails on a security finding that has no reason."""
    if stage.checks_findings:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    Tags.of(app).add("application", "lea-reports")
    Tags.of(app).add("stage", stage.name)
    data = DataStack(app, f"lea-reports-{stage.name}-data", stage=stage)
    messaging = MessagingStack(app, f"lea-reports-{stage.name}-messaging", stage=stage)
    compute = ComputeStack(
        app,
        f"lea-reports-{stage.name}-compute",
        stage=stage,
        artifacts=artifacts,
        data=data,
        messaging=messaging,
    )
    api = ApiStack(app, f"lea-reports-{stage.name}-api", stage=stage, data=data, compute=compute)
    observability = ObservabilityStack(
        app,
        f"lea-reports-{stage.name}-observability",
        stage=stage,
        data=data,
        messaging=messaging,
        compute=compute,
        api=api,
    )
    return Stacks(data, messaging, compute, api, observability)
