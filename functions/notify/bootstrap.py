"""Chooses the implementations that notices are sent with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from secrets import token_bytes
from typing import TYPE_CHECKING

import boto3
from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider

from lea_reports.delivery.links import LinkForm, LinkKey, PageLinks, PresignedDownloads, PresignedLinks
from lea_reports.delivery.mail import ONCE, SesMailer
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from notify.environment import Environment

if TYPE_CHECKING:
    from lea_reports.delivery.links import Links
    from lea_reports.delivery.mail import Mailer
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

_READ_AGAIN_AFTER = 900  # seconds; a replaced key stays valid for 48 hours


@dataclass(frozen=True, slots=True)
class NoticeDependencies:
    """The stores and senders behind the notices."""

    jobs: JobStore
    mailer: Mailer
    telemetry: Telemetry
    secrets: SecretsProvider
    parameters: SSMProvider
    environment: Environment

    def links(self) -> Links:
        """Return what makes links, with the key that is valid now and the address that the API has now."""
        environment = self.environment
        key = LinkKey.parse(str(self.secrets.get(environment.link_key_secret, max_age=_READ_AGAIN_AFTER)))
        lifetime = timedelta(hours=environment.link_hours)
        if environment.link_form is LinkForm.PRESIGNED:
            return PresignedLinks(PresignedDownloads(environment.archive_bucket, key), lifetime)
        public_url = self.parameters.get(environment.public_url_parameter, max_age=_READ_AGAIN_AFTER)
        return PageLinks(str(public_url), key, token_bytes, lifetime)


@cache
def notice_dependencies() -> NoticeDependencies:
    """Return what the environment names."""
    environment = Environment.read()
    return NoticeDependencies(
        jobs=DynamoJobStore(environment.table_name),
        mailer=SesMailer(boto3.client("sesv2", config=ONCE), environment.sender),
        telemetry=CloudWatchTelemetry("notify", environment.stage),
        secrets=SecretsProvider(),
        parameters=SSMProvider(),
        environment=environment,
    )
