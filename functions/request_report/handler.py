"""Lambda entry point of the HTTP API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from request_report.application import app
from request_report.bootstrap import api_dependencies
from request_report.request_context import RequestContext

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP request: HEAD as GET without its body (RFC 9110, 9.3.2)."""
    dependencies = api_dependencies()
    dependencies.telemetry.begin(
        request_id=context.aws_request_id, api_request_id=event["requestContext"]["requestId"]
    )
    request = RequestContext(dependencies, APIGatewayProxyEvent(event), datetime.now(UTC))
    app.context["request"] = request
    method, headers = event["httpMethod"], event.get("headers") or {}
    # Our own reading of bodies looks at the Content-Type; the framework's knows one spelling only.
    asked = {
        **event,
        "httpMethod": "GET" if method == "HEAD" else method,
        "headers": {name: value for name, value in headers.items() if name.lower() != "content-type"},
    }
    answer = app.resolve(asked, context)
    # API Gateway takes null for an empty body; what stands in for it elsewhere need not.
    return answer | {"body": "" if method == "HEAD" else answer.get("body") or ""}
