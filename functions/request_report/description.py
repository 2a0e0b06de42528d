"""What the OpenAPI document says beyond the routes and models; `docs/api/openapi.json` is made from it."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.event_handler.openapi.models import HTTPBearer

from lea_reports.catalog import CATALOG
from lea_reports.reports.request import body_model
from request_report.models import ProblemAnswer
from request_report.problems import CONTENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver
    from pydantic import BaseModel

    from lea_reports.reports.definition import ReportDefinition

_REF = "#/components/schemas/{model}"
ROLE_HEADER = "LEA-Reports-Role"
_ROLE = {
    "in": "header",
    "name": ROLE_HEADER,
    "required": False,
    "description": "The role that you work in, such as `lea-caaspp-coordinator@19647330000000`; whoever holds several "
    "names one (rule `role_required` lists them).",
    "schema": {"type": "string"},
}

_OF_ALL = {
    HTTPStatus.UNAUTHORIZED: "There is no token, or it is expired or forged.",
    HTTPStatus.FORBIDDEN: "Your role may not do this, or the token is not the ID token of this application.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not answer the method; Allow names those that it does.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Fields or the query break rules; each problem names the place and the rule. A "
    "query parameter that the operation does not have is refused (rule `unknown_parameter`), and so is one that stands "
    "twice (`duplicate_parameter`).",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; Retry-After says when to try again.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "A fault of ours.",
    HTTPStatus.SERVICE_UNAVAILABLE: "A passing fault; Retry-After says when to try again.",
}
OF_BODY = {
    HTTPStatus.BAD_REQUEST: "The body is not JSON in UTF-8.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body's Content-Type is not application/json.",
}
"""What those answer that read a body; the others do not look at it."""
IN_LEA = {HTTPStatus.NOT_FOUND: "There is no such thing in your LEA."}
OF_DATA = {HTTPStatus.NOT_FOUND: "There is no data yet."}


def answers(
    status: HTTPStatus,
    model: type[BaseModel],
    description: str,
    others: Mapping[HTTPStatus, str] | None = None,
) -> dict[int, Any]:
    """Return every answer of a route: the one that is hoped for, its own others, and those that any may have."""
    described: dict[int, Any] = {
        status.value: {"description": description, "content": {"application/json": {"model": model}}}
    }
    for other, sentence in sorted({**_OF_ALL, **(others or {})}.items()):
        is_problem = other >= HTTPStatus.BAD_REQUEST
        described[other.value] = {
            "description": sentence,
            "content": {CONTENT_TYPE: {"model": ProblemAnswer}} if is_problem else {},
        }
    return described


def describe(app: APIGatewayRestResolver) -> None:
    """Give the document its title and say how callers prove who they are."""
    app.configure_openapi(
        title="LEA Reports",
        version="1",
        description=(
            "Ask for LEA reports and follow how they are made. The LEA comes from the verified identity; whoever "
            "holds several roles names the one in use in the header LEA-Reports-Role. HEAD is answered as GET, without "
            "the body."
        ),
        security_schemes={
            "id_token": HTTPBearer(description="ID token of the user pool", bearerFormat="JWT")
        },
        security=[{"id_token": []}],
    )


def openapi(app: APIGatewayRestResolver) -> str:
    """Return the OpenAPI document as it is committed.

    The framework knows neither the header that all routes read, nor that none of its own problems is ever sent.
    """
    document = json.loads(app.get_openapi_json_schema())
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["parameters"] = [*operation.get("parameters", []), _ROLE]
    schemas = document["components"]["schemas"]
    _describe_requests(document, CATALOG)
    used = _named(document["paths"], schemas)
    document["components"]["schemas"] = {name: schemas[name] for name in schemas if name in used}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _describe_requests(document: dict[str, Any], catalog: Mapping[str, ReportDefinition]) -> None:
    """Let the body of a request be what the report that it names asks for."""
    schemas = document["components"]["schemas"]
    refs: dict[str, str] = {}
    for code, report in catalog.items():
        schema = body_model(report).model_json_schema(ref_template=_REF)
        refs[code] = _REF.format(model=schema["title"])
        schemas[schema["title"]] = schema
    body = document["paths"]["/v1/report-requests"]["post"]["requestBody"]
    body["content"]["application/json"]["schema"] = {
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "report", "mapping": refs},
    }


def _named(described: object, schemas: Mapping[str, object]) -> set[str]:
    """Return the names of the schemas that something described refers to, directly or through others."""
    names: set[str] = set()
    waiting = [described]
    while waiting:
        match waiting.pop():
            case {"$ref": str(reference), **others}:
                name = reference.rpartition("/")[2]
                if name not in names:
                    names.add(name)
                    waiting.append(schemas[name])
                waiting.extend(others.values())
            case dict(branch):
                waiting.extend(branch.values())
            case list(branch):
                waiting.extend(branch)
    return names
