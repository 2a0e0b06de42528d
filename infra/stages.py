"""The stages: what differs between a developer's machine, the shared test account and production, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lea_reports.delivery.links import LinkForm
from lea_reports.ssr_archive.planning import MOST_ARCHIVE_BYTES


class UnknownStageError(ValueError):
    """The named stage is not in the table below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The settings of one stage. Account and region are those of the credentials that deploy it."""

    name: str
    #: Processor of the functions and of the compiled packages in their layer; `host` is this machine's.
    processor: Literal["arm64", "host"]
    #: Whether data outlives the stack, cannot be deleted by mistake and is recoverable to any second.
    keeps_data: bool
    log_retention_days: int
    #: How long the logs of who opened which object are kept.
    access_log_retention_days: int
    #: Chunks built at once, over all LEAs (the event source's maximum; AWS allows no less than 2).
    build_concurrency: int
    #: Whether functions get their own share of the account's concurrency. New accounts have 10 in all and
    #: refuse any reservation.
    reserves_concurrency: bool
    request_memory: int
    build_memory: int
    notify_memory: int
    #: SSRs that one invocation renders.
    chunk_ssrs: int
    #: SSRs in one merged file, at most.
    merged_file_limit: int
    #: The largest archive; a report that is larger comes as several.
    archive_bytes: int
    #: Requests per second and burst of the whole API.
    api_rate: int
    api_burst: int
    #: Address that notices come from. The operator verifies it, or its domain, in SES beforehand.
    sender: str
    #: What the link of a mail is: an address of ours, or a URL of S3 signed for 24 hours (decision 13).
    link_form: LinkForm = LinkForm.PAGE
    #: Who is told of alarms; none where nobody watches.
    alarm_address: str | None
    mfa: Literal["off", "optional", "required"]
    #: Whether a password alone signs in through the administrators' API (for demo users), or only SRP.
    password_sign_in: bool
    #: Cognito's threat protection: compromised passwords, unusual sign-ins.
    threat_protection: bool
    firewall: bool
    tracing: bool
    log_level: Literal["DEBUG", "INFO", "WARNING"]
    #: Whether the functions read the fonts from this checkout. The emulator unpacks layers elsewhere than in
    #: `/opt`.
    fonts_from_checkout: bool
    #: Whether alarms may compute with several metrics. The emulator's cannot.
    computes_alarms: bool
    #: Whether synthesis itself looks for security findings and template errors. The tests do, for every stage.
    checks_findings: bool


LOCAL = Stage(
    name="local",
    processor="host",
    keeps_data=False,
    log_retention_days=1,
    access_log_retention_days=1,
    build_concurrency=2,
    reserves_concurrency=False,
    request_memory=1024,
    build_memory=1769,
    notify_memory=512,
    chunk_ssrs=100,
    merged_file_limit=10_000,
    archive_bytes=MOST_ARCHIVE_BYTES,
    api_rate=1_000,
    api_burst=2_000,
    sender="lea-reports@example.org",
    alarm_address=None,
    mfa="off",
    password_sign_in=True,
    threat_protection=False,
    firewall=False,
    tracing=False,
    log_level="INFO",
    fonts_from_checkout=True,
    computes_alarms=False,
    checks_findings=False,
)

DEV = Stage(
    name="dev",
    processor="arm64",
    keeps_data=False,
    log_retention_days=14,
    access_log_retention_days=30,
    build_concurrency=5,
    reserves_concurrency=False,
    request_memory=1024,
    build_memory=1769,
    notify_memory=512,
    chunk_ssrs=250,
    merged_file_limit=10_000,
    archive_bytes=MOST_ARCHIVE_BYTES,
    api_rate=50,
    api_burst=100,
    sender="lea-reports@example.org",
    alarm_address=None,
    mfa="optional",
    password_sign_in=False,
    threat_protection=False,
    firewall=False,
    tracing=True,
    log_level="DEBUG",
    fonts_from_checkout=False,
    computes_alarms=True,
    checks_findings=True,
)

PROD = Stage(
    name="prod",
    processor="arm64",
    keeps_data=True,
    log_retention_days=365,
    access_log_retention_days=365,
    build_concurrency=100,
    reserves_concurrency=True,
    request_memory=1024,
    build_memory=1769,
    notify_memory=512,
    chunk_ssrs=1000,
    merged_file_limit=10_000,
    archive_bytes=MOST_ARCHIVE_BYTES,
    api_rate=200,
    api_burst=400,
    sender="lea-reports@example.org",
    alarm_address="lea-reports-alarms@example.org",
    mfa="required",
    password_sign_in=False,
    threat_protection=True,
    firewall=True,
    tracing=True,
    log_level="INFO",
    fonts_from_checkout=False,
    computes_alarms=True,
    checks_findings=True,
)

STAGES = {stage.name: stage for stage in (LOCAL, DEV, PROD)}


def public_url_parameter(stage: Stage) -> str:
    """Name the parameter (Systems Manager) that holds the address of the API, which links in e-mails begin with."""
    return f"/lea-reports/{stage.name}/public-url"


def stage_named(name: str) -> Stage:
    """Look a stage up; an unknown name raises `UnknownStageError`, which lists the known ones."""
    try:
        return STAGES[name]
    except KeyError:
        raise UnknownStageError(f"There is no stage {name!r}. Stages: {', '.join(STAGES)}.") from None
