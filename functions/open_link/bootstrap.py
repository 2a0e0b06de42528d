"""Chooses the implementations that links are opened with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from botocore.exceptions import ClientError

from lea_reports.delivery.links import LinkKey, PresignedDownloads
from lea_reports.jobs.dynamo_store import DynamoJobStore
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from open_link.environment import Environment

if TYPE_CHECKING:
    from lea_reports.delivery.links import Downloads
    from lea_reports.jobs.store import JobStore
    from lea_reports.telemetry.events import Telemetry

_READ_AGAIN_AFTER = 60  # seconds; a key may be used for a link as soon as it is made


@dataclass(frozen=True, slots=True)
class LinkDependencies:
    """The stores behind the public address; each version of the key is read, and remembered, by a reader of its own."""

    jobs: JobStore
    telemetry: Telemetry
    present: SecretsProvider
    previous: SecretsProvider
    environment: Environment

    def keys(self) -> list[LinkKey]:
        """Return the keys whose links may still live: the present one and, if there is one, the one before."""
        secret = self.environment.link_key_secret
        keys = [LinkKey.parse(str(self.present.get(secret, max_age=_READ_AGAIN_AFTER)))]
        try:
            before = self.previous.get(secret, max_age=_READ_AGAIN_AFTER, VersionStage="AWSPREVIOUS")
        except GetParameterError as error:
            if not _is_missing(error.__context__):
                raise
        else:
            if before:  # what stood there before the first key
                keys.append(LinkKey.parse(str(before)))
        return keys

    def downloads(self, key: LinkKey) -> Downloads:
        """Return what signs the URLs of downloads."""
        return PresignedDownloads(self.environment.archive_bucket, key)


def _is_missing(error: BaseException | None) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ResourceNotFoundException"


@cache
def link_dependencies() -> LinkDependencies:
    """Return what the environment names."""
    environment = Environment.read()
    return LinkDependencies(
        jobs=DynamoJobStore(environment.table_name),
        telemetry=CloudWatchTelemetry("open_link", environment.stage),
        present=SecretsProvider(),
        previous=SecretsProvider(),
        environment=environment,
    )
