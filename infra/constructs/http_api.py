"""The HTTP API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs.gateway_problems import GatewayProblems
from infra.constructs.report_function import RETENTION
from infra.findings import accept

if TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

    from infra.stages import Stage

API_STAGE = "live"

#: What the access log tells of a request: who (the subject, not the address), what, and how it went.
ACCESS_LOG = {
    "request_id": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "caller": "$context.authorizer.claims.sub",
    "method": "$context.httpMethod",
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "milliseconds": "$context.responseLatency",
    "bytes": "$context.responseLength",
}


#: The method of a resource that stands for those that it does not name: the function answers 405, the gateway would say
#: that a token is missing.
ANY = "ANY"
LINK_PATH = "/links/{token}"
#: Browsers open a link with GET, mail scanners look where it leads with HEAD; the rest is told so.
LINK_METHODS = ("GET", "HEAD", ANY)
#: Links opened per second, and at once: the one address without a sign-in must not use up the others' rate.
LINK_RATE = 20
LINK_BURST = 40


class HttpApi(Construct):
    """A regional REST API: checks the token, and that a body is a JSON object; throttles.

    `handler` answers signed-in people, `link_handler` whoever opens the link of an e-mail.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        key: kms.IKey,
        user_pool: cognito.IUserPool,
        handler: lambda_.IFunction,
        link_handler: lambda_.IFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        removal = RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY
        access_log = logs.LogGroup(
            self,
            "AccessLog",
            log_group_name=f"/lea-reports/{stage.name}/api",
            encryption_key=key,
            retention=RETENTION[stage.log_retention_days],
            removal_policy=removal,
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=f"lea-reports-{stage.name}",
            description="Report requests of LEA coordinators",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.DESTROY,
            deploy_options=apigateway.StageOptions(
                stage_name=API_STAGE,
                throttling_rate_limit=stage.api_rate,
                throttling_burst_limit=stage.api_burst,
                method_options={
                    f"{LINK_PATH}/{method}": apigateway.MethodDeploymentOptions(
                        throttling_rate_limit=LINK_RATE, throttling_burst_limit=LINK_BURST
                    )
                    for method in LINK_METHODS
                },
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                data_trace_enabled=False,  # bodies name schools and SSIDs
                metrics_enabled=True,
                tracing_enabled=False,  # X-Ray keeps addresses, and links hold tokens; functions are traced
                access_log_destination=apigateway.LogGroupLogDestination(access_log),
                access_log_format=apigateway.AccessLogFormat.custom(json.dumps(ACCESS_LOG)),
            ),
        )
        accept(
            self.api,
            "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs]",
            "AWS's own policy for this one purpose: API Gateway writing its logs, once per account.",
        )
        if not stage.firewall:
            accept(
                self.api,
                "AwsSolutions-APIG3",
                "The firewall is paid by the month; this stage holds synthetic students only.",
            )
        # CDK's own output of the address; ours is `ApiUrl`.
        self.api.node.try_remove_child("Endpoint")
        # API Gateway makes this log itself, without an end, unless it is there already.
        error_log = logs.LogGroup(
            self,
            "ErrorLog",
            log_group_name=f"API-Gateway-Execution-Logs_{self.api.rest_api_id}/{API_STAGE}",
            encryption_key=key,
            retention=RETENTION[stage.log_retention_days],
            removal_policy=removal,
        )
        self.api.deployment_stage.node.add_dependency(error_log)
        self._authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self,
            "SignedIn",
            authorizer_name="signed-in",
            cognito_user_pools=[user_pool],
            identity_source="method.request.header.Authorization",
        )
        self._integration = apigateway.LambdaIntegration(handler, allow_test_invoke=False)
        self._link_integration = apigateway.LambdaIntegration(link_handler, allow_test_invoke=False)
        self._add_methods()
        GatewayProblems(self, "Problems", api=self.api)

    def _add_methods(self) -> None:
        json_object = self.api.add_model(
            "JsonObject",
            content_type="application/json",
            schema=apigateway.JsonSchema(
                schema=apigateway.JsonSchemaVersion.DRAFT4, type=apigateway.JsonSchemaType.OBJECT
            ),
        )
        with_body = self.api.add_request_validator(
            "JsonBody", validate_request_body=True, validate_request_parameters=True
        )
        without_body = self.api.add_request_validator("Parameters", validate_request_parameters=True)
        v1 = self.api.root.add_resource("v1")
        report_requests = v1.add_resource("report-requests")
        self._add_method(
            report_requests, "POST", validator=with_body, request_models={"application/json": json_object}
        )
        report_request = report_requests.add_resource("{id}")
        organization, reports = v1.add_resource("organization"), v1.add_resource("reports")
        not_included = report_request.add_resource("not-included")
        actions = [report_request.add_resource(action) for action in ("cancel", "notice", "retry")]
        report = reports.add_resource("{code}")
        readable = (report_requests, report_request, not_included, organization, reports, report)
        for resource in readable:
            self._add_method(resource, "GET", validator=without_body)
        for resource in actions:
            self._add_method(resource, "POST", validator=without_body)
        for resource in (*readable, *actions):
            self._add_method(resource, ANY, validator=without_body)
        self._add_link_methods(without_body)

    def _add_link_methods(self, validator: apigateway.IRequestValidator) -> None:
        """Let everybody open links: a browser that follows one from an e-mail has no token of the user pool."""
        link = self.api.root.resource_for_path(LINK_PATH)
        for verb in LINK_METHODS:
            method = link.add_method(
                verb,
                self._link_integration,
                authorization_type=apigateway.AuthorizationType.NONE,
                request_validator=validator,
            )
            for rule in ("AwsSolutions-APIG4", "AwsSolutions-COG4"):
                accept(
                    method,
                    rule,
                    "The encrypted token in the path is the authorization; the function checks it.",
                )

    def _add_method(
        self,
        resource: apigateway.Resource,
        method: str,
        *,
        validator: apigateway.IRequestValidator,
        request_models: dict[str, apigateway.IModel] | None = None,
    ) -> None:
        resource.add_method(
            method,
            self._integration,
            authorization_type=apigateway.AuthorizationType.COGNITO,
            authorizer=self._authorizer,
            request_validator=validator,
            request_models=request_models,
        )
