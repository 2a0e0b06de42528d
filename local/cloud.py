"""Where a running emulator answers, and typed AWS clients for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

ACCOUNT = "000000000000"
REGION: Final = "us-west-2"
ROOT_KEY = "test"  # the emulator's root key and its secret: they open nothing but this emulator


class LocalStackError(RuntimeError):
    """Something about the local stack that a person must know; the text says it in full."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an emulator answers: its URL and, for https, the path of the certificate that vouches for it."""

    url: str
    certificate: str | None = None

    def environment(self) -> dict[str, str]:
        """Return the variables that lead AWS clients of another process to this emulator."""
        variables = {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        return variables | ({"AWS_CA_BUNDLE": self.certificate} if self.certificate else {})


class Cloud:
    """Clients of the emulator at `address`, as its root user, whatever this process's environment says."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.session = boto3.Session(
            aws_access_key_id=ROOT_KEY,
            aws_secret_access_key=ROOT_KEY,
            region_name=REGION,
        )
        self._url = address.url
        # Of the machine's certificates none is asked: over http it is not used, over https ours decides.
        self._verify = address.certificate or False
        self._config = Config(
            retries={"total_max_attempts": 2, "mode": "standard"},
            s3={"addressing_style": "path"},
            signature_version="s3v4",
        )

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """Stacks."""
        return self.session.client("cloudformation", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def cloudwatch(self) -> CloudWatchClient:
        """Metrics, alarms, dashboards."""
        return self.session.client("cloudwatch", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def cognito(self) -> CognitoIdentityProviderClient:
        """The user pool."""
        return self.session.client("cognito-idp", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The table."""
        return self.session.client("dynamodb", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def functions(self) -> LambdaClient:
        """Lambda; not named so because that is Python's word."""
        return self.session.client("lambda", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def iam(self) -> IAMClient:
        """Users, roles, access keys."""
        return self.session.client("iam", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """Log groups."""
        return self.session.client("logs", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def s3(self) -> S3Client:
        """Buckets; SigV4 also when presigning, since the emulator verifies nothing else."""
        return self.session.client("s3", endpoint_url=self._url, verify=self._verify, config=self._config)

    @cached_property
    def secrets(self) -> SecretsManagerClient:
        """Secrets Manager."""
        return self.session.client("secretsmanager", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def ses(self) -> SESV2Client:
        """Mail."""
        return self.session.client("sesv2", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def sqs(self) -> SQSClient:
        """Queues."""
        return self.session.client("sqs", endpoint_url=self._url, verify=self._verify)

    @cached_property
    def ssm(self) -> SSMClient:
        """Parameters."""
        return self.session.client("ssm", endpoint_url=self._url, verify=self._verify)
