"""Lambda entry point of the HTTP API: routes by resource, each one call of a use case."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from secrets import token_bytes
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Query
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
from aws_lambda_powertools.utilities.typing import LambdaContext
from ulid import ULID

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, assignment_in_use
from lea_reports.assessments import program_day
from lea_reports.delivery.repeat_notice import repeat_notice
from lea_reports.errors import LeaReportsError, NotFound
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.failures import failures_of
from lea_reports.jobs.job import Job
from lea_reports.jobs.request_key import RequestKey
from lea_reports.jobs.retry_job import retry_job
from lea_reports.jobs.submit_once import submit_once
from lea_reports.jobs.submit_request import submit_request
from lea_reports.reports.catalog import CATALOG
from lea_reports.telemetry.events import Event
from lea_reports.telemetry.fault import Fault
from lea_reports.telemetry.metrics import REQUESTS
from request_report.body import json_object
from request_report.bootstrap import api_dependencies
from request_report.description import IN_LEA, OF_BODY, OF_DATA, ROLE_HEADER, answers, describe, openapi
from request_report.fields import text_like, whole_number
from request_report.models import (
    FailuresAnswer,
    JobAnswer,
    JobsAnswer,
    OrganizationAnswer,
    ReportAnswer,
    ReportRequest,
    ReportsAnswer,
    RetryRequest,
)
from request_report.problems import from_error, from_field_errors, problem
from request_report.query import check_query, query_problems

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
NO_SUCH_REQUEST = "There is no such report request."
NO_SUCH_ADDRESS = (
    "There is nothing at this address. Begin at /v1/organization, /v1/reports or /v1/report-requests."
)


def _body(text: str) -> dict[str, Any]:
    media_type: str | None = app.context["media_type"]
    return json_object(text, media_type)


app = APIGatewayRestResolver(enable_validation=True, json_body_deserializer=_body)
app.use(middlewares=[check_query])
describe(app)


def _caller() -> Caller:
    """Return who asks and the role they work in."""
    claims = app.current_event.request_context.authorizer.claims or {}
    dependencies = api_dependencies()
    identity = Identity.from_claims(claims, dependencies.sign_in)
    named = app.current_event.headers.get(ROLE_HEADER)
    return Caller(identity, assignment_in_use(dependencies.assignments.of(identity.subject), named))


def _own_job(job_id: str) -> Job:
    """Return a job of the caller in the LEA they work for; anybody else's does not exist for them.

    Raises:
        Forbidden: the role that they work in may not ask for this report; they had, or have, another that may.
    """
    caller = _caller()
    job = api_dependencies().jobs.job(caller.assignment.lea, job_id)
    if job is None or job.requester.subject != caller.identity.subject:
        raise NotFound(NO_SUCH_REQUEST)
    CATALOG[job.report].check_role(caller.assignment)
    return job


@app.post(
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
    request: Annotated[ReportRequest, Body()], idempotency_key: IdempotencyKey = None
) -> Response[JobAnswer]:
    """Ask for a report; it is made in the background, and an e-mail is sent when it is ready."""
    caller, dependencies, now = _caller(), api_dependencies(), datetime.now(UTC)
    report, selection = CATALOG[request.report], request.selection(program_day(now))
    lock = request.lock(caller.identity, token_bytes)

    def submit(job_id: str) -> Job:
        return submit_request(
            report=report,
            selection=selection,
            lock=lock,
            caller=caller,
            job_id=job_id,
            now=now,
            jobs=dependencies.jobs,
            lake=dependencies.lake,
            builds=dependencies.builds,
            telemetry=dependencies.telemetry,
        )

    job_id = str(ULID())
    if idempotency_key is None:
        job = submit(job_id)
    else:
        chosen = request.chosen(selection)
        key = RequestKey.of(idempotency_key, caller, report.code, chosen, lock, job_id=job_id, now=now)
        job = submit_once(key, submit, jobs=dependencies.jobs, now=now)
    return _accepted(job, f"report-requests/{job.id}", now)


@app.get(
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
    caller = _caller()
    jobs = api_dependencies().jobs.requests_of(caller.assignment.lea, caller.identity.subject, limit, before)
    now = datetime.now(UTC)
    return JobsAnswer(
        report_requests=[JobAnswer.of(job, now) for job in jobs],
        next=jobs[-1].id if len(jobs) == limit else None,
    )


@app.get(
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
    """Tell how far one of your report requests is."""
    job, now = _own_job(job_id), datetime.now(UTC)
    progress, notice = job.progress, job.notice
    # Weak: the estimate changes with the clock, and need not be sent again for that; that there is none any more need.
    estimated = "" if job.seconds_left(now) is None else "estimated"
    sent = int(notice.sent_at.timestamp()) if notice.sent_at else 0
    retried = job.retried_as or ""
    tag = f'W/"{job.version}-{progress.chunks_done}-{estimated}-{notice.state}-{sent}-{retried}"'
    if _names(app.current_event.headers.get("If-None-Match"), tag):
        return Response(HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    headers = {"ETag": tag, **({"Retry-After": "2"} if job.state.is_open else {})}
    return Response(HTTPStatus.OK, "application/json", JobAnswer.of(job, now), headers)


@app.post(
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
    job, dependencies, now = _own_job(job_id), api_dependencies(), datetime.now(UTC)
    return JobAnswer.of(
        cancel_job(job, jobs=dependencies.jobs, telemetry=dependencies.telemetry, now=now), now
    )


@app.post(
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
            HTTPStatus.GONE: "The report was deleted (rule `archive_deleted`).",
        },
    ),
)
def post_notice(job_id: str) -> Response[JobAnswer]:
    """Have the e-mail of a report that is ready sent again, with a new link; the report is not made again."""
    job, dependencies, now = _own_job(job_id), api_dependencies(), datetime.now(UTC)
    repeat_notice(
        job, jobs=dependencies.jobs, notices=dependencies.notices, telemetry=dependencies.telemetry, now=now
    )
    answer = JobAnswer.of(_own_job(job_id), now)
    return Response(HTTPStatus.ACCEPTED, "application/json", answer, {"Location": _from_here(f"../{job_id}")})


@app.post(
    "/v1/report-requests/<job_id>/retry",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have what could not be made tried once more",
    responses=answers(
        HTTPStatus.ACCEPTED,
        JobAnswer,
        "A request of its own for the failures; Location leads to its status.",
        {
            **OF_BODY,
            **IN_LEA,
            HTTPStatus.CONFLICT: "The request is not at its end (rule `not_ended`), or it has no failures "
            "(`nothing_failed`).",
            HTTPStatus.GONE: "The report was deleted (rule `archive_deleted`).",
        },
    ),
)
def post_retry(
    job_id: str,
    request: Annotated[RetryRequest | None, Body()] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[JobAnswer]:
    """Make only the SSRs that one of your report requests lacks, all of them if it failed, from the present data."""
    caller, dependencies, now = _caller(), api_dependencies(), datetime.now(UTC)
    retried = _own_job(job_id)
    lock = request.lock(caller.identity, token_bytes) if request else None

    def submit(new_id: str) -> Job:
        return retry_job(
            job=retried,
            lock=lock,
            caller=caller,
            job_id=new_id,
            now=now,
            jobs=dependencies.jobs,
            lake=dependencies.lake,
            builds=dependencies.builds,
            telemetry=dependencies.telemetry,
        )

    new_id = str(ULID())
    if idempotency_key is None:
        job = submit(new_id)
    else:
        key = RequestKey.of(
            idempotency_key,
            caller,
            retried.report,
            retried.selection.to_json(),
            lock,
            retry_of=retried.id,
            job_id=new_id,
            now=now,
        )
        job = submit_once(key, submit, jobs=dependencies.jobs, now=now)
    return _accepted(job, f"../{job.id}", now)


def _accepted(job: Job, location: str, now: datetime) -> Response[JobAnswer]:
    """Answer that a job is stored; `location` leads to it from the address of the request.

    It is a relative one (RFC 9110, 10.2.2): the address begins with the stage or a domain's base path.
    """
    headers = {"Location": _from_here(location), "Retry-After": "2"}
    return Response(HTTPStatus.ACCEPTED, "application/json", JobAnswer.of(job, now), headers)


def _from_here(location: str) -> str:
    """Return a relative address as it is from an address that may end with a slash."""
    return f"../{location}" if app.current_event.path.endswith("/") else location


@app.get(
    "/v1/report-requests/<job_id>/failures",
    summary="List what could not be made",
    responses=answers(
        HTTPStatus.OK,
        FailuresAnswer,
        "A page of the SSRs that the archive lacks; the list `not_included` in it has all of them.",
        {
            **IN_LEA,
            HTTPStatus.CONFLICT: "The report is not ready (rule `not_ready`).",
            HTTPStatus.GONE: "The report was deleted (rule `archive_deleted`).",
        },
    ),
)
def get_failures(
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
) -> FailuresAnswer:
    """List the SSRs of one of your report requests that could not be made, with the reasons."""
    job, storage = _own_job(job_id), api_dependencies().storage
    return FailuresAnswer.of(failures_of(job, storage, limit=limit, after=after, now=datetime.now(UTC)))


@app.get(
    "/v1/organization",
    summary="See the LEA that you work for",
    responses=answers(
        HTTPStatus.OK, OrganizationAnswer, "The LEA of the role in use, with its schools.", OF_DATA
    ),
)
def get_organization() -> OrganizationAnswer:
    """Tell the LEA that you work for, with its schools."""
    assignment = _caller().assignment
    lake = api_dependencies().lake
    return OrganizationAnswer.of(lake.directory(lake.pinned(), assignment.lea), assignment.id)


@app.get(
    "/v1/reports",
    summary="List the reports that you may ask for",
    responses=answers(HTTPStatus.OK, ReportsAnswer, "The reports of the role in use."),
)
def get_reports() -> ReportsAnswer:
    """List the reports that your role may ask for."""
    assignment = _caller().assignment
    return ReportsAnswer(
        reports=[ReportAnswer.of(report) for report in CATALOG.values() if assignment.role in report.roles]
    )


def _names(tags: str | None, tag: str) -> bool:
    """Whether an If-None-Match names this version: any of a list, weak or strong, or `*` for whatever there is."""
    named = {each.strip().removeprefix("W/") for each in (tags or "").split(",")}
    return bool(named & {"*", tag.removeprefix("W/")})


def refuse(error: LeaReportsError) -> Response[str]:
    """Answer one of our own errors."""
    answer = from_error(error)
    _count_refusal(answer.status_code, type(error).__name__)
    return answer


def refuse_fields(error: RequestValidationError) -> Response[str]:
    """Answer a body, a query or headers that do not fit their model."""
    answer = from_field_errors(error.errors(), query_problems(app))
    _count_refusal(answer.status_code, "Invalid")
    return answer


@app.not_found
def refuse_route(_error: NotFoundError) -> Response[str]:
    """Answer a path that leads nowhere, or not with this method.

    The framework takes a path with a slash at its end too, and an id of certain characters only.
    """
    path, method = app.current_event.path, app.current_event.http_method.upper()
    methods = next((methods for each, methods in _methods().items() if re.fullmatch(f"{each}/?", path)), ())
    if not methods or method in methods:
        return problem(HTTPStatus.NOT_FOUND, NO_SUCH_REQUEST if methods else NO_SUCH_ADDRESS)
    allowed = {"Allow": ", ".join(methods)}
    return problem(
        HTTPStatus.METHOD_NOT_ALLOWED, f"This address answers {_enumerated(methods)}.", headers=allowed
    )


def _enumerated(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


@cache
def _methods() -> dict[str, list[str]]:
    """Return which methods each path has, as a pattern; the OpenAPI document is what knows them."""
    paths = json.loads(openapi(app))["paths"]
    return {
        re.sub(r"\{\w+\}", "[^/]+", path): [
            allowed
            for method in operations
            for allowed in (("GET", "HEAD") if method == "get" else (method.upper(),))
        ]
        for path, operations in paths.items()
    }


def fail(error: Exception) -> Response[str]:
    """Answer what we did not expect without telling anything about it."""
    api_dependencies().telemetry.event(Event.REQUEST_FAILED, **Fault.of(error).fields)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side; try again.")


app.exception_handler(LeaReportsError)(refuse)
app.exception_handler(RequestValidationError)(refuse_fields)
app.exception_handler(Exception)(fail)


def _count_refusal(status: int, error: str) -> None:
    telemetry = api_dependencies().telemetry
    telemetry.event(Event.REQUEST_REFUSED, status=status, error=error)
    telemetry.measure(REQUESTS, 1, "refused")


def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one HTTP request: HEAD as GET without its body (RFC 9110, 9.3.2)."""
    api_dependencies().telemetry.begin(
        request_id=context.aws_request_id, api_request_id=event["requestContext"]["requestId"]
    )
    method, headers = event["httpMethod"], event.get("headers") or {}
    # The routes read bodies themselves (`_body`); the framework's own look at the type knows one spelling only.
    app.context["media_type"] = APIGatewayProxyEvent(event).headers.get("Content-Type")
    asked = {
        **event,
        "httpMethod": "GET" if method == "HEAD" else method,
        "headers": {name: value for name, value in headers.items() if name.lower() != "content-type"},
    }
    answer = app.resolve(asked, context)
    # API Gateway takes null for an empty body; what stands in for it elsewhere need not.
    return answer | {"body": "" if method == "HEAD" else answer.get("body") or ""}
