"""The one DynamoDB table: every kind of row is a pynamodb model that is bound to the table's name at start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from pynamodb.models import Model

    Row = TypeVar("Row", bound=Model)


def bound(row: type[Row], table: str) -> type[Row]:
    """Return the kind of row as it stands in the table of this name."""
    return type(row.__name__, (row,), {"Meta": type("Meta", (), {"table_name": table})})
