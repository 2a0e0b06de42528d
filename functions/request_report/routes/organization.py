"""The LEA that the caller works for."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler.api_gateway import Router

from request_report.description import OF_DATA, answers
from request_report.models import OrganizationAnswer
from request_report.request_context import context_of

router = Router()


@router.get(
    "/v1/organization",
    summary="See the LEA that you work for",
    responses=answers(
        HTTPStatus.OK, OrganizationAnswer, "The LEA of the role in use, with its schools.", OF_DATA
    ),
)
def get_organization() -> OrganizationAnswer:
    """Show the LEA that you work for, with its schools."""
    context = context_of(router)
    assignment, datasets = context.caller.assignment, context.dependencies.datasets
    return OrganizationAnswer.of(datasets.directory(datasets.pinned(), assignment.lea), assignment.id)
