"""Report requests: asked for, followed, cancelled, made once more."""

from collections.abc import Callable
from http import HTTPStatus
from secrets import token_bytes
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from ulid import ULID

from lea_reports.catalog import CATALOG
from lea_reports.delivery.repeat_notice import repeat_notice
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.job import Job
from lea_reports.jobs.request_key import RequestKey
from lea_reports.jobs.retry_job import retry_job
from lea_reports.jobs.submit_once import submit_once
from lea_reports.jobs.submit_request import submit_request
from lea_reports.reports.request import report_request, retry_secret
from request_report.description import IN_LEA, OF_BODY, OF_DATA, answers
from request_report.entity_tag import entity_tag, is_named
from request_report.fields import text_like, whole_number
from request_report.models import JobAnswer, JobsAnswer, RetryRequest
from request_report.request_context import RequestContext, context_of

KEY = r"^[\x21-\x7e]{1,255}$"
JOB_ID = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
IdempotencyKey = Annotated[
    str | None,
    text_like(KEY, "idempotency_key", "A key has 1 to 255 visible ASCII characters."),
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="A text of your choice, 1 to 255 visible ASCII characters. For 24 hours the same request under the "
        "same key gets the same job, also one that is at its end; another request under it is refused (rule "
        "`idempotency_key_reused`).",
    ),
]

router = Router()


@router.post(
    "/v1/report-requests",
    status_code=HTTPStatus.ACCEPTED,
    summary="Ask for a report",
    responses=answers(
        HTTPStatus.ACCEPTED,
        JobAnswer,
        "The request is accepted; Location leads to its status.",
        {**OF_BODY, **OF_DATA},
    ),
)
def post_report_request(
    body: Annotated[dict[str, Any], Body()], idempotency_key: IdempotencyKey = None
) -> Response[JobAnswer]:
    """Ask for a report; it is made in the background, and an e-mail is sent when it is ready."""
    context = context_of(router)
    caller, now, stores = context.caller, context.now, context.dependencies
    asked = report_request(body, CATALOG)
    secret = asked.secret(caller.identity.subject, token_bytes)

    def submit(job_id: str) -> Job:
        return submit_request(
            asked=asked, secret=secret, caller=caller, job_id=job_id, now=now,
            jobs=stores.jobs, datasets=stores.datasets, builds=stores.builds, telemetry=stores.telemetry,
        )  # fmt: skip

    def key(text: str, job_id: str) -> RequestKey:
        return RequestKey.of(text, caller, asked.code, asked.chosen, secret, job_id=job_id, now=now)

    job = _submitted(context, submit, key, idempotency_key)
    return _accepted(context, job, f"report-requests/{job.id}")


@router.get(
    "/v1/report-requests",
    summary="List your report requests",
    responses=answers(HTTPStatus.OK, JobsAnswer, "A page of your requests, newest first."),
)
def get_report_requests(
    limit: Annotated[
        int,
        whole_number(
            1, 100, "page_size", "A page has 1 to 100 requests; write a whole number in plain digits."
        ),
        Query(ge=1, le=100),
    ] = 25,
    before: Annotated[
        str | None,
        text_like(JOB_ID, "unknown_place", "Use `next` of the page before."),
        Query(pattern=JOB_ID, description="`next` of the page before."),
    ] = None,
) -> JobsAnswer:
    """List your own report requests, newest first."""
    context = context_of(router)
    lea, subject = context.caller.assignment.lea, context.caller.identity.subject
    jobs = context.dependencies.jobs.requests_of(lea, subject, limit, before)
    return JobsAnswer(
        report_requests=[JobAnswer.of(job, context.now) for job in jobs],
        next=jobs[-1].id if len(jobs) == limit else None,
    )


@router.get(
    "/v1/report-requests/<job_id>",
    summary="See how far a report request is",
    responses=answers(
        HTTPStatus.OK,
        JobAnswer,
        "Where it stands, with an ETag.",
        {**IN_LEA, HTTPStatus.NOT_MODIFIED: "Nothing changed since that ETag."},
    ),
)
def get_report_request(job_id: str) -> Response[JobAnswer | None]:
    """Show how far one of your report requests is."""
    context = context_of(router)
    job = context.own_job(job_id)
    tag = entity_tag(job, context.now)
    if is_named(tag, context.event.headers.get("If-None-Match")):
        return Response(HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    headers = {"ETag": tag, **({"Retry-After": "2"} if job.state.is_open else {})}
    return Response(HTTPStatus.OK, "application/json", JobAnswer.of(job, context.now), headers)


@router.post(
    "/v1/report-requests/<job_id>/cancel",
    summary="Cancel a report request",
    responses=answers(
        HTTPStatus.OK,
        JobAnswer,
        "It is cancelled, now or before.",
        {**IN_LEA, HTTPStatus.CONFLICT: "It is at its end already (rule `already_ended`)."},
    ),
)
def post_cancel(job_id: str) -> JobAnswer:
    """Stop one of your report requests; work on it ends within seconds, and no e-mail is sent."""
    context = context_of(router)
    job, stores, now = context.own_job(job_id), context.dependencies, context.now
    cancelled = cancel_job(job, jobs=stores.jobs, telemetry=stores.telemetry, now=now)
    return JobAnswer.of(cancelled, now)


@router.post(
    "/v1/report-requests/<job_id>/notice",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have the e-mail sent again",
    responses=answers(
        HTTPStatus.ACCEPTED,
        JobAnswer,
        "An e-mail with a new link will be sent.",
        {
            **IN_LEA,
            HTTPStatus.CONFLICT: "The report is not ready (rule `not_ready`), or the last e-mail is less than a minute "
            "old (`sent_just_now`).",
            HTTPStatus.GONE: "The report was deleted (rule `report_deleted`).",
        },
    ),
)
def post_notice(job_id: str) -> Response[JobAnswer]:
    """Have the e-mail of a report that is ready sent again, with a new link; the report is not made again."""
    context = context_of(router)
    job, stores, now = context.own_job(job_id), context.dependencies, context.now
    repeat_notice(job, jobs=stores.jobs, notices=stores.notices, telemetry=stores.telemetry, now=now)
    answer = JobAnswer.of(context.own_job(job_id), now)
    location = context.address(f"../{job_id}")
    return Response(HTTPStatus.ACCEPTED, "application/json", answer, {"Location": location})


@router.post(
    "/v1/report-requests/<job_id>/retry",
    status_code=HTTPStatus.ACCEPTED,
    summary="Retry what is not included",
    responses=answers(
        HTTPStatus.ACCEPTED,
        JobAnswer,
        "A request of its own for what is not included; Location leads to its status.",
        {
            **OF_BODY,
            **IN_LEA,
            HTTPStatus.CONFLICT: "The request is not at its end (rule `not_ended`), or it has "
            "nothing to retry (`nothing_to_retry`).",
            HTTPStatus.GONE: "The report was deleted (rule `report_deleted`).",
        },
    ),
)
def post_retry(
    job_id: str,
    request: Annotated[RetryRequest | None, Body()] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[JobAnswer]:
    """Make the SSRs that one of your report requests does not include, or all if it failed, from the present data."""
    context = context_of(router)
    caller, now, stores = context.caller, context.now, context.dependencies
    retried = context.own_job(job_id)
    password = request.password.get_secret_value() if request and request.password else None
    subject, report = caller.identity.subject, CATALOG[retried.report]
    secret = retry_secret(report, retried.parameters, password, subject, token_bytes)

    def submit(new_id: str) -> Job:
        return retry_job(
            job=retried, secret=secret, caller=caller, job_id=new_id, now=now,
            jobs=stores.jobs, datasets=stores.datasets, builds=stores.builds, telemetry=stores.telemetry,
        )  # fmt: skip

    def key(text: str, new_id: str) -> RequestKey:
        return RequestKey.of(
            text, caller, report.code, retried.parameters, secret,
            retry_of=retried.id, job_id=new_id, now=now,
        )  # fmt: skip

    job = _submitted(context, submit, key, idempotency_key)
    return _accepted(context, job, f"../{job.id}")


def _submitted(
    context: RequestContext,
    submit: Callable[[str], Job],
    key: Callable[[str, str], RequestKey],
    text: str | None,
) -> Job:
    """Submit a request, once if it bears the text of an Idempotency-Key; `key` is made of that and of the job's id."""
    job_id = str(ULID())
    if text is None:
        return submit(job_id)
    return submit_once(key(text, job_id), submit, jobs=context.dependencies.jobs, now=context.now)


def _accepted(context: RequestContext, job: Job, location: str) -> Response[JobAnswer]:
    """Answer that a job is stored; `location` leads to it from the address of the request."""
    headers = {"Location": context.address(location), "Retry-After": "2"}
    return Response(HTTPStatus.ACCEPTED, "application/json", JobAnswer.of(job, context.now), headers)
