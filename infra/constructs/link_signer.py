"""Who signs the 24-hour links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from infra.findings import accept, accept_prefix

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from infra.constructs.encryption_key import EncryptionKey
    from infra.stages import Stage


class LinkSigner(Construct):
    """A user that may only read archives, and the secret that will hold its key.

    A link signed with a function's own credentials dies with them after some hours, whatever it says, so
    links need a key that lasts. The template carries none: `lea-reports rotate-link-key` makes it after
    deployment, hence the secret is created without a value.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        archives: s3.IBucket,
        encryption: EncryptionKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self.user = iam.User(self, "User")
        policy = iam.ManagedPolicy(
            self,
            "ReadArchives",
            description="Read finished archives, as whoever holds a signed link",
            users=[self.user],
            statements=[
                iam.PolicyStatement(
                    actions=["s3:GetObject"], resources=[archives.arn_for_objects("archives/*")]
                ),
                encryption.use_through("s3", "kms:Decrypt"),
            ],
        )
        accept_prefix(
            policy, archives, "archives/", "Archive names are made at run time; it holds archives only."
        )
        self.secret = secretsmanager.CfnSecret(
            self,
            "Key",
            description=f"LEA Reports {stage.name}: the key that signs download links",
            kms_key_id=encryption.key.key_arn,
        )
        self.secret_arn = self.secret.attr_id
        self.secret.apply_removal_policy(RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY)
        accept(
            self.secret,
            "AwsSolutions-SMG4",
            "`lea-reports rotate-link-key` rotates it with 48 hours' overlap, so that links in mails stay "
            "valid; a rotation function could not keep the old key alive that long.",
        )
