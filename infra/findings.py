"""Security findings that are accepted, each with its reason beside the resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Acknowledgment, Stack, Validations

if TYPE_CHECKING:
    from aws_cdk import CfnElement
    from aws_cdk import aws_s3 as s3
    from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept the finding `rule` (such as `AwsSolutions-S1`) on `construct` and all below it."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))


def accept_prefix(construct: IConstruct, bucket: s3.IBucket, prefix: str, reason: str) -> None:
    """Accept that a policy below `construct` covers all objects of `bucket` whose keys begin with `prefix`."""
    theirs, ours = Stack.of(bucket), Stack.of(construct)
    if theirs is ours:
        logical_id = ours.get_logical_id(cast("CfnElement", bucket.node.default_child))
        arn = f"<{logical_id}.Arn>"
    else:
        arn = ours.resolve(theirs.export_value(bucket.bucket_arn))["Fn::ImportValue"]
    accept(construct, f"AwsSolutions-IAM5[Resource::{arn}/{prefix}*]", reason)
