"""What operators see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.alarms import Alarms
from infra.constructs.dashboard import Dashboard

if TYPE_CHECKING:
    from constructs import Construct

    from infra.stacks.api import ApiStack
    from infra.stacks.compute import ComputeStack
    from infra.stacks.data import DataStack
    from infra.stacks.messaging import MessagingStack
    from infra.stages import Stage


class ObservabilityStack(Stack):
    """Dashboard and alarms: may be replaced at any time without touching the service."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        data: DataStack,
        messaging: MessagingStack,
        compute: ComputeStack,
        api: ApiStack,
    ) -> None:
        super().__init__(scope, construct_id, description=f"LEA Reports {stage.name}: dashboard and alarms")
        functions = {
            "RequestReport": compute.request_report.function,
            "BuildReport": compute.build_report.function,
            "Notify": compute.notify.function,
            "OpenLink": compute.open_link.function,
        }
        queues = {"Build": messaging.build, "Notice": messaging.notice}
        dashboard = Dashboard(
            self,
            "Dashboard",
            stage=stage,
            functions=functions,
            queues=queues,
            table=data.jobs.table,
            api=api.http.api,
        )
        Alarms(
            self,
            "Alarms",
            stage=stage,
            key=data.encryption.key,
            functions=functions,
            queues=queues,
            api=api.http.api,
        )
        CfnOutput(self, "DashboardName", value=dashboard.dashboard.dashboard_name)
