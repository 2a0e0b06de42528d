"""Bodies of requests and answers, as they stand in the OpenAPI document."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from lea_reports.assessments import Program
from lea_reports.jobs.job import Job, JobState
from lea_reports.organizations import LeaDirectory
from lea_reports.reports.definition import Delivery, Level, ReportDefinition
from lea_reports.reports.request import form_schema
from lea_reports.ssr_archive.listing import REASONS
from lea_reports.ssr_archive.not_included import NotIncludedPage
from lea_reports.ssr_archive.password import PASSWORD

if TYPE_CHECKING:
    NewPassword = SecretStr | None
else:
    NewPassword = PASSWORD.type


class RetryRequest(BaseModel):
    """What a request to retry what is not included adds to the request before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    password: NewPassword = Field(
        default=None,
        description="For the new PDFs, if those of the request before ask for one; it need not be the same.",
        json_schema_extra=PASSWORD.extra,
    )


class ProgressAnswer(BaseModel):
    """Items of a job (SSRs, rows): all, done, and of these not included; and the bytes that were made so far."""

    total: int
    done: int
    not_included: int
    bytes: int


class CountsAnswer(BaseModel):
    """Items by outcome."""

    made: int
    not_included: int


class FileAnswer(BaseModel):
    """A finished file and until when it is kept; it is only to be had through the link in the e-mail."""

    name: str
    bytes: int
    entries: int
    expires_at: datetime


class NoticeAnswer(BaseModel):
    """The e-mail: when it was last accepted for sending, and until when the link in it works.

    That it was accepted does not say that it arrived.
    """

    sent_at: datetime
    link_expires_at: datetime | None


class JobAnswer(BaseModel):
    """A report request and where it stands.

    `retry_of` is the request that it retries, `retried_as` the last one that retries it.
    """

    id: str
    report: str
    name: str
    state: JobState
    parameters: dict[str, object]
    progress: ProgressAnswer
    counts: CountsAnswer
    estimated_seconds_left: int | None = Field(
        description="Until every item is made, from the pace so far. Null until the pace is known, while the files are "
        "put together, and while nothing is seen to move: a worker that died is replaced within minutes."
    )
    requested_at: datetime
    ended_at: datetime | None
    reason: str | None
    files: list[FileAnswer]
    notice: NoticeAnswer | None
    retry_of: str | None
    retried_as: str | None

    @classmethod
    def of(cls, job: Job, now: datetime) -> Self:
        """Describe a job as it stands now."""
        progress, notice, kept_until = job.progress, job.notice, job.files_kept_until
        return cls(
            id=job.id,
            report=job.report,
            name=job.name,
            state=job.state,
            parameters=dict(job.parameters),
            progress=ProgressAnswer(
                total=progress.total,
                done=progress.done,
                not_included=progress.not_included,
                bytes=progress.size,
            ),
            counts=CountsAnswer(made=progress.made, not_included=progress.not_included),
            estimated_seconds_left=job.seconds_left(now),
            requested_at=job.requested_at,
            ended_at=job.ended_at,
            reason=job.reason,
            files=[
                FileAnswer(
                    name=file.name,
                    bytes=file.size,
                    entries=file.entries,
                    expires_at=kept_until,
                )
                for file in job.files
            ]
            if kept_until
            else [],
            notice=NoticeAnswer(sent_at=notice.sent_at, link_expires_at=notice.link_expires_at)
            if notice.sent_at
            else None,
            retry_of=job.retry.of if job.retry else None,
            retried_as=job.retried_as,
        )


class JobsAnswer(BaseModel):
    """A page of the caller's requests, newest first; `next` asks for the following page."""

    report_requests: list[JobAnswer]
    next: str | None


class NotIncludedSsrAnswer(BaseModel):
    """An SSR that is not included, with the reason as a code and as a sentence."""

    ssid: str
    school: str
    grade: str
    assessment: str
    language: str
    reason: str
    explanation: str


class NotIncludedAnswer(BaseModel):
    """A page of the SSRs that the file does not include, in its order; `next` asks for the following page."""

    not_included: list[NotIncludedSsrAnswer]
    next: int | None

    @classmethod
    def of(cls, page: NotIncludedPage) -> Self:
        """Describe a page."""
        return cls(
            not_included=[
                NotIncludedSsrAnswer(**each._asdict(), explanation=REASONS[each.reason]) for each in page.ssrs
            ],
            next=page.next,
        )


class SchoolAnswer(BaseModel):
    """A school that can be chosen."""

    cds_code: str
    name: str


class OrganizationAnswer(BaseModel):
    """The LEA of the role in use, with its schools."""

    cds_code: str
    name: str
    role: str
    schools: list[SchoolAnswer]

    @classmethod
    def of(cls, directory: LeaDirectory, role: str) -> Self:
        """Describe an LEA."""
        return cls(
            cds_code=directory.lea.cds_code,
            name=directory.lea.name,
            role=role,
            schools=[
                SchoolAnswer(cds_code=school.cds_code, name=school.name) for school in directory.schools
            ],
        )


class ReportAnswer(BaseModel):
    """A report that the role in use may ask for."""

    code: str
    title: str
    contents: str = Field(description="What is in it.")
    program: Program
    level: Level = Field(description="Whose report it is: an LEA's, or a school's (`site`).")
    delivery: Delivery = Field(
        description="How you get it: `immediate`ly, `requested` with an e-mail that says when it is ready, or by the "
        "link in the e-mail alone (`link_only`)."
    )
    formats: list[str]

    @classmethod
    def of(cls, report: ReportDefinition) -> Self:
        """Describe a report."""
        return cls(
            code=report.code,
            title=report.title,
            contents=report.contents,
            program=report.program,
            level=report.level,
            delivery=report.delivery,
            formats=list(report.formats),
        )


class ReportFormAnswer(ReportAnswer):
    """A report with the form that asks for it."""

    form: dict[str, Any] = Field(
        description="A JSON Schema (2020-12): the fields of a request but `report`, in the order of the form, with "
        "titles, descriptions and choices. `x-organization` marks a field whose choices are those of your "
        "LEA: `schools` are the ones of `GET /v1/organization`."
    )

    @classmethod
    def of(cls, report: ReportDefinition) -> Self:
        """Describe a report and its form."""
        return cls(**ReportAnswer.of(report).model_dump(), form=form_schema(report))


class ReportsAnswer(BaseModel):
    """The reports that the role in use may ask for."""

    reports: list[ReportAnswer]


class ProblemOfField(BaseModel):
    """One thing that is wrong: where, which rule, and what to do."""

    pointer: str = Field(
        description="A JSON pointer (RFC 6901) into the body, such as `/schools/0`; for a query or a header its name "
        "after a slash, such as `/limit` and `/Idempotency-Key`; empty if it is about the request as a whole.",
    )
    rule: str
    detail: str


class ProblemAnswer(BaseModel):
    """What went wrong, in the form of RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    problems: list[ProblemOfField] = Field(default_factory=list)
