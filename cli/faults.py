"""What goes wrong outside of the program, in a sentence for whoever ran a command: AWS, the table, files."""

from __future__ import annotations

from boto3.exceptions import Boto3Error
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    TokenRetrievalError,
)
from pynamodb.exceptions import PynamoDBException

OUTSIDE = (Boto3Error, BotoCoreError, ClientError, PynamoDBException, OSError)
"""What boto3, botocore, pynamodb and the system raise."""

_CREDENTIALS = (
    "give some as boto3 finds them, such as AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
_SENTENCES: tuple[tuple[type[BotoCoreError], str], ...] = (
    (NoCredentialsError, f"There are no AWS credentials. Wanted: {_CREDENTIALS}."),
    (PartialCredentialsError, f"The AWS credentials are not complete. Wanted: {_CREDENTIALS}."),
    (CredentialRetrievalError, "The AWS credentials cannot be had: sign in again."),
    (TokenRetrievalError, "The AWS credentials cannot be had: sign in again."),
    (NoRegionError, "No AWS Region is named. Set AWS_REGION or AWS_DEFAULT_REGION."),
    (
        EndpointConnectionError,
        "AWS cannot be reached: look at the network, the Region and AWS_ENDPOINT_URL.",
    ),
)


def sentence(error: BaseException) -> str:
    """Say what went wrong, in one line."""
    while isinstance(error, PynamoDBException) and error.cause is not None:
        error = error.cause
    for kind, words in _SENTENCES:
        if isinstance(error, kind):
            return words
    if isinstance(error, ClientError):
        told = error.response.get("Error", {})
        message = _one_line(told.get("Message", "")) or "without a reason"
        return f"AWS refused {error.operation_name}: {message} ({told.get('Code', 'no code')})."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return f"AWS could not be asked: {_one_line(error)}."


def _one_line(text: object) -> str:
    return " ".join(str(text).split()).removesuffix(".")
