"""Which faults of AWS pass by themselves, so that the same call may succeed later."""

from __future__ import annotations

from botocore.exceptions import (
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as CannotConnect,
)

PASSING_CODES = frozenset(
    {
        # Too much at once (botocore's own list for its retries, "Retry behavior" in the SDKs' reference guide).
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        # Meetings ("Error handling with DynamoDB").
        "ReplicatedWriteConflictException",
        "TransactionConflictException",
        "TransactionInProgressException",
        # The service is unwell, or its answer was too slow (the same, and "Error responses" of Amazon S3).
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "OperationAborted",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    }
)

_PASSING_KINDS = (
    CannotConnect,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
)
_SERVER_FAULT = 500


def is_passing(error: BaseException | None) -> bool:
    """Whether what boto3 raised passes by itself: throttling, a service that is unwell, a broken connection."""
    if not isinstance(error, ClientError):
        return isinstance(error, _PASSING_KINDS)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.response.get("Error", {}).get("Code") in PASSING_CODES or status >= _SERVER_FAULT
