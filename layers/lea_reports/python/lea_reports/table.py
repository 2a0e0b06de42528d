"""The one DynamoDB table: every kind of row is a pynamodb model that is bound to the table's name at start."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from lea_reports.aws_faults import is_passing
from lea_reports.errors import Transient

if TYPE_CHECKING:
    from collections.abc import Callable

    from pynamodb.models import Model

    Row = TypeVar("Row", bound=Model)
    Store = TypeVar("Store")

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_PASSING_REASONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})
"""Why DynamoDB cancels a transaction that may succeed later ("TransactWriteItems" in its API reference)."""


def bound(row: type[Row], table: str) -> type[Row]:
    """Return the kind of row as it stands in the table of this name."""
    return type(row.__name__, (row,), {"Meta": type("Meta", (), {"table_name": table})})


def in_table(store: type[Store]) -> type[Store]:
    """Let every method of a store raise `Transient` if the table could not answer for a reason that passes.

    Whatever else the table refuses is a fault of ours and is raised as it is.
    """
    for name, method in list(vars(store).items()):
        if callable(method) and not name.startswith("_"):
            setattr(store, name, _translated(method))
    return store


def _translated(method: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    @wraps(method)
    def translated(*args: Arguments.args, **options: Arguments.kwargs) -> Answer:
        try:
            return method(*args, **options)
        except PynamoDBException as error:
            if _passes(error):
                raise Transient("The table did not answer; try again.") from error
            raise

    return translated


def condition_failed(error: PynamoDBException) -> bool:
    """Whether the table refused a write because its condition, or one of a transaction, did not hold."""
    if isinstance(error, TransactWriteError) and error.cancellation_reasons:
        return "ConditionalCheckFailed" in cancellation_codes(error)
    cause = error.cause  # which knows no code if nothing was answered
    return (
        isinstance(cause, ClientError)
        and cause.response["Error"]["Code"] == "ConditionalCheckFailedException"
    )


def cancellation_codes(error: TransactWriteError) -> set[str]:
    """Return why DynamoDB cancelled a transaction."""
    return {reason.code for reason in error.cancellation_reasons if reason is not None}


def _passes(error: PynamoDBException) -> bool:
    if isinstance(error, TransactWriteError) and error.cancellation_reasons:
        return bool(cancellation_codes(error) & _PASSING_REASONS)
    return is_passing(error.cause)
