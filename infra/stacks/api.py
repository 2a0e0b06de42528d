"""What coordinators reach: the HTTP API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.firewall import Firewall
from infra.constructs.http_api import HttpApi

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
        )
        if stage.firewall:
            Firewall(self, "Firewall", stage_arn=self.http.api.deployment_stage.stage_arn)
        CfnOutput(self, "ApiUrl", value=self.http.api.url)
