"""What coordinators reach: the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_ssm as ssm

from infra.constructs.firewall import Firewall
from infra.constructs.http_api import HttpApi
from infra.stages import public_url_parameter

if TYPE_CHECKING:
    from constructs import Construct

    from infra.stacks.compute import ComputeStack
    from infra.stacks.data import DataStack
    from infra.stages import Stage


class ApiStack(Stack):
    """Its address is in clients' settings: it is changed in place, never replaced."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stage: Stage, data: DataStack, compute: ComputeStack
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description=f"LEA Reports {stage.name}: HTTP API",
            termination_protection=stage.keeps_data,
        )
        self.http = HttpApi(
            self,
            "Http",
            stage=stage,
            key=data.encryption.key,
            user_pool=data.people.pool,
            handler=compute.request_report.function,
            link_handler=compute.open_link.function,
        )
        if stage.firewall:
            Firewall(self, "Firewall", stage_arn=self.http.api.deployment_stage.stage_arn)
        # `notify` reads it when it runs: as an environment variable it would need this stack before its own.
        ssm.StringParameter(
            self,
            "PublicUrl",
            parameter_name=public_url_parameter(stage),
            description=f"LEA Reports {stage.name}: what links in e-mails begin with",
            string_value=self.http.api.url,
        )
        CfnOutput(self, "ApiUrl", value=self.http.api.url)
        CfnOutput(self, "PublicUrlParameter", value=public_url_parameter(stage))
