"""Bodies of requests and answers, as they stand in the OpenAPI document."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StrictBool,
    StrictStr,
)

from lea_reports.access.identity import Identity
from lea_reports.archive.listing import REASONS
from lea_reports.archive.naming import LONGEST_REPORT
from lea_reports.assessments import AdministrationYear, Assessment, year_of_latest_results
from lea_reports.errors import Invalid
from lea_reports.jobs.failures import FailuresPage
from lea_reports.jobs.job import Job, JobState, PasswordLock
from lea_reports.organizations import LeaDirectory
from lea_reports.pdf.encryption import LONGEST_PASSWORD, SHORTEST_PASSWORD, prepared
from lea_reports.reports.catalog import CATALOG, ReportDefinition
from lea_reports.reports.language_choices import LanguageChoice
from lea_reports.reports.student_score_reports import (
    ASSESSMENTS_WITH_SSR,
    GRADES_WITH_SSR,
    SsrSelection,
)
from request_report.fields import all_or_some, all_or_some_schema, calendar_date, stated

MOST_SCHOOLS = 1500  # more than the largest LEA has


def _known_report(code: str) -> str:
    if code not in CATALOG:
        raise ValueError(code)
    return code


def _known_grade(grade: str) -> str:
    if grade not in GRADES_WITH_SSR:
        raise ValueError(grade)
    return grade


def _year(label: str) -> str:
    try:
        return AdministrationYear.parse(label).label
    except Invalid as error:
        raise ValueError(label) from error


def _usable_password(password: SecretStr) -> SecretStr:
    prepared(password.get_secret_value())
    return password


def _offered_assessment(assessment: Assessment) -> Assessment:
    if assessment not in ASSESSMENTS_WITH_SSR:
        raise ValueError(assessment)
    return assessment


_ASSESSMENTS = ", ".join(ASSESSMENTS_WITH_SSR)
_LANGUAGES = ", ".join(choice for choice in LanguageChoice if choice is not LanguageChoice.ALL)
_GRADES = ", ".join(f'"{grade}"' for grade in GRADES_WITH_SSR)
_MEANINGS = "; ".join(f'"{choice}": {choice.meaning}' for choice in LanguageChoice)

Report = Annotated[
    StrictStr,
    AfterValidator(_known_report),
    stated("known_report", f"The reports that can be asked for here: {', '.join(CATALOG)}."),
]
Name = Annotated[
    StrictStr,
    Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=LONGEST_REPORT),
    stated(
        "report_name",
        f"A name has 1 to {LONGEST_REPORT} letters A–Z and a–z, digits, hyphens and underscores; "
        "spaces are not allowed.",
    ),
]
SchoolCode = Annotated[
    StrictStr,
    Field(pattern=r"^[0-9]{14}$"),
    stated("cds_code", "A school is given by its CDS code of 14 digits, as text, in quotes."),
]
Grade = Annotated[
    StrictStr,
    AfterValidator(_known_grade),
    stated("known_grade", f"The grades with SSRs, as text, in quotes: {_GRADES}."),
]
Day = Annotated[
    date,
    BeforeValidator(calendar_date),
    stated("calendar_date", "A date is written YYYY-MM-DD and must exist."),
]
AssessmentChoice = Annotated[
    Assessment,
    AfterValidator(_offered_assessment),
    stated("known_assessment", f"The assessments: {_ASSESSMENTS}."),
]
Language = Annotated[
    LanguageChoice, stated("known_language", f"The score reporting languages: {_LANGUAGES}.")
]
Year = Annotated[
    StrictStr,
    AfterValidator(_year),
    stated(
        "administration_year", 'An administration year is written like "2025-26"; the first one is "2014-15".'
    ),
]
Password = Annotated[
    SecretStr,
    AfterValidator(_usable_password),
    stated(
        "password",
        f"A password has at least {SHORTEST_PASSWORD} characters and at most {LONGEST_PASSWORD} bytes of UTF-8; "
        "control characters and emoji are not allowed.",
    ),
]


class ReportRequest(BaseModel):
    """A request for Student Score Report PDFs, as the screen has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    report: Report = Field(description="The report's code.", examples=["student-score-report-pdfs"])
    name: Name = Field(description="Your name for this report; the downloaded files bear it.")
    schools: Annotated[
        list[SchoolCode] | None,
        all_or_some('Choose "all" or a list of at least one school, each once.', MOST_SCHOOLS),
        all_or_some_schema({"type": "string", "pattern": "^[0-9]{14}$"}),
    ] = Field(description="Schools of your LEA by CDS code, where the students are enrolled now.")
    grades: Annotated[
        list[Grade] | None,
        all_or_some('Choose "all" or a list of at least one grade, each once.'),
        all_or_some_schema({"enum": list(GRADES_WITH_SSR)}),
    ] = Field(description="Grades in which the students were tested.")
    start_date: Day = Field(
        description="First SSR availability date, included; not after today in California."
    )
    end_date: Day = Field(
        description="Last SSR availability date, included; a day ahead means until the day of the request."
    )
    assessments: Annotated[
        list[AssessmentChoice] | None,
        all_or_some('Choose "all" or a list of at least one assessment, each once.'),
        all_or_some_schema({"enum": list(ASSESSMENTS_WITH_SSR)}),
    ]
    languages: Annotated[
        list[Language] | None,
        all_or_some('Choose "all" or a list of at least one score reporting language, each once.'),
        all_or_some_schema({"enum": [c for c in LanguageChoice if c is not LanguageChoice.ALL]}),
    ] = Field(description=f"Which SSRs are made, for each student once: {_MEANINGS}.")
    merge: Annotated[StrictBool, stated("yes_or_no", "Say true to merge the SSRs into files, or false.")] = (
        Field(default=False, description="Whether to merge the SSRs, up to 10,000 in a file.")
    )
    tagged: Annotated[
        StrictBool, stated("yes_or_no", "Say true to make merged files accessible (tagged), or false.")
    ] = Field(
        default=False,
        description="Whether merged files are accessible (tagged), which makes them larger and slower to make. Single "
        "files always are; only with merge.",
    )
    password: Password | None = Field(
        default=None,
        description="Everyone who opens the PDFs needs this password (AES-256). It is not stored, it is not in the "
        "e-mail, and nobody can recover it. Names of files and the archive's lists are not protected by it.",
        json_schema_extra={"minLength": SHORTEST_PASSWORD, "maxLength": LONGEST_PASSWORD},
    )
    administration_year: Year | None = Field(
        default=None, description="The school year of the tests; the latest with results if left out."
    )

    def selection(self, today: date) -> SsrSelection:
        """Return what was chosen."""
        year = self.administration_year
        return SsrSelection(
            name=self.name,
            administration_year=AdministrationYear.parse(year) if year else year_of_latest_results(today),
            schools=None if self.schools is None else tuple(self.schools),
            grades=None if self.grades is None else frozenset(self.grades),
            start=self.start_date,
            end=self.end_date,
            assessments=None if self.assessments is None else frozenset(self.assessments),
            languages=frozenset(self.languages or (LanguageChoice.ALL,)),
            merge=self.merge,
            tagged=self.tagged,
        )

    def chosen(self, selection: SsrSelection) -> dict[str, object]:
        """Return a selection made of this request as plain JSON values: the same on whatever day it is sent."""
        return selection.to_json() | {"administration_year": self.administration_year}

    def lock(self, identity: Identity, random_bytes: Callable[[int], bytes]) -> PasswordLock | None:
        """Return what the job keeps of the password; None if there is none."""
        return _lock(self.password, identity, random_bytes)


class RetryRequest(BaseModel):
    """What a request to retry what is not included adds to the request before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    password: Password | None = Field(
        default=None,
        description="For the new PDFs, if those of the request before ask for one; it need not be the same.",
        json_schema_extra={"minLength": SHORTEST_PASSWORD, "maxLength": LONGEST_PASSWORD},
    )

    def lock(self, identity: Identity, random_bytes: Callable[[int], bytes]) -> PasswordLock | None:
        """Return what the job keeps of the password; None if there is none."""
        return _lock(self.password, identity, random_bytes)


def _lock(
    password: SecretStr | None, identity: Identity, random_bytes: Callable[[int], bytes]
) -> PasswordLock | None:
    if password is None:
        return None
    return PasswordLock.chosen(password.get_secret_value(), identity.subject, random_bytes)


class ProgressAnswer(BaseModel):
    """SSRs of a job: all, done, and of these not included; and the bytes that were made so far."""

    total: int
    done: int
    not_included: int
    bytes: int


class CountsAnswer(BaseModel):
    """SSRs by outcome."""

    made: int
    not_included: int


class ArchiveAnswer(BaseModel):
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
        description="Until every SSR is made, from the pace so far. Null until the pace is known, while the files are "
        "put together, and while nothing is seen to move: a worker that died is replaced within minutes."
    )
    requested_at: datetime
    ended_at: datetime | None
    reason: str | None
    archives: list[ArchiveAnswer]
    notice: NoticeAnswer | None
    retry_of: str | None
    retried_as: str | None

    @classmethod
    def of(cls, job: Job, now: datetime) -> Self:
        """Describe a job as it stands now."""
        progress, notice, kept_until = job.progress, job.notice, job.archives_expire_at
        return cls(
            id=job.id,
            report=job.report,
            name=job.selection.name,
            state=job.state,
            parameters=job.selection.to_json(),
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
            archives=[
                ArchiveAnswer(
                    name=archive.name,
                    bytes=archive.size,
                    entries=archive.entries,
                    expires_at=kept_until,
                )
                for archive in job.archives
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
    """A page of the SSRs that the archive does not include, in its order; `next` asks for the following page."""

    not_included: list[NotIncludedSsrAnswer]
    next: int | None

    @classmethod
    def of(cls, page: FailuresPage) -> Self:
        """Describe a page."""
        return cls(
            not_included=[
                NotIncludedSsrAnswer(**each._asdict(), explanation=REASONS[each.reason])
                for each in page.failures
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

    @classmethod
    def of(cls, report: ReportDefinition) -> Self:
        """Describe a report."""
        return cls(code=report.code, title=report.title)


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
