"""The reports that the caller may ask for."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler.api_gateway import Router

from lea_reports.catalog import CATALOG
from lea_reports.errors import NotFound
from request_report.description import answers
from request_report.models import ReportAnswer, ReportFormAnswer, ReportsAnswer
from request_report.request_context import context_of

router = Router()


@router.get(
    "/v1/reports",
    summary="List the reports that you may ask for",
    responses=answers(HTTPStatus.OK, ReportsAnswer, "The reports of the role in use."),
)
def get_reports() -> ReportsAnswer:
    """List the reports that your role may ask for."""
    assignment = context_of(router).caller.assignment
    return ReportsAnswer(
        reports=[ReportAnswer.of(report) for report in CATALOG.values() if assignment.role in report.roles]
    )


@router.get(
    "/v1/reports/<code>",
    summary="See a report and the form that asks for it",
    responses=answers(
        HTTPStatus.OK,
        ReportFormAnswer,
        "The report, with the JSON Schema of its form.",
        {HTTPStatus.NOT_FOUND: "There is no such report."},
    ),
)
def get_report(code: str) -> ReportFormAnswer:
    """Tell what a report is and what a request for it chooses."""
    assignment = context_of(router).caller.assignment
    report = CATALOG.get(code)
    if report is None:
        raise NotFound("There is no such report.")
    report.check_role(assignment)
    return ReportFormAnswer.of(report)
