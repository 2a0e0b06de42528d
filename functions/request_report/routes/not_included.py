"""The SSRs of a report request that its file does not include."""

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query

from lea_reports.ssr_archive.not_included import not_included_page
from request_report.description import IN_LEA, answers
from request_report.fields import whole_number
from request_report.models import NotIncludedAnswer
from request_report.request_context import context_of

router = Router()


@router.get(
    "/v1/report-requests/<job_id>/not-included",
    summary="List what is not included",
    responses=answers(
        HTTPStatus.OK,
        NotIncludedAnswer,
        "A page of the SSRs that the file does not include; its list `not_included` names all of them.",
        {
            **IN_LEA,
            HTTPStatus.CONFLICT: "The report is not ready (rule `not_ready`).",
            HTTPStatus.GONE: "The report was deleted (rule `report_deleted`).",
        },
    ),
)
def get_not_included(
    job_id: str,
    limit: Annotated[
        int,
        whole_number(
            1, 1000, "page_size", "A page has 1 to 1000 SSRs; write a whole number in plain digits."
        ),
        Query(ge=1, le=1000),
    ] = 100,
    after: Annotated[
        int | None,
        whole_number(2, 10**15, "unknown_place", "Use `next` of the page before."),
        Query(ge=2, description="`next` of the page before."),
    ] = None,
) -> NotIncludedAnswer:
    """List the SSRs of one of your report requests that are not included, with the reasons."""
    context = context_of(router)
    job, storage = context.own_job(job_id), context.dependencies.storage
    return NotIncludedAnswer.of(not_included_page(job, storage, limit=limit, after=after, now=context.now))
