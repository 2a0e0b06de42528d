"""Security findings that are accepted, each with its reason beside the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Acknowledgment, Validations

if TYPE_CHECKING:
    from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept the finding `rule` (such as `AwsSolutions-S1`) on `construct` and all below it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
