"""The coordinators' sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.findings import accept

if TYPE_CHECKING:
    from infra.stages import Stage

MFA = {"off": cognito.Mfa.OFF, "optional": cognito.Mfa.OPTIONAL, "required": cognito.Mfa.REQUIRED}


class UserPool(Construct):
    """Says who someone is. What they may do stands in the table of role assignments, not in a group here."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            # Links go to this address: a new one counts only once its owner has shown that it is theirs.
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True),
                timezone=cognito.StandardAttribute(required=False, mutable=True),
            ),
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_lowercase=True,
                require_uppercase=True,
                require_digits=True,
                require_symbols=True,
                temp_password_validity=Duration.days(3),
            ),
            mfa=MFA[stage.mfa],
            # No text messages: numbers are stolen, and codes by text can be asked for by phone.
            mfa_second_factor=None if stage.mfa == "off" else cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            feature_plan=cognito.FeaturePlan.PLUS
            if stage.threat_protection
            else cognito.FeaturePlan.ESSENTIALS,
            standard_threat_protection_mode=(
                cognito.StandardThreatProtectionMode.FULL_FUNCTION if stage.threat_protection else None
            ),
            user_invitation=cognito.UserInvitationConfig(
                email_subject="Your account for LEA Reports",
                email_body=(
                    "You can now sign in to LEA Reports as {username}. Your first password is {####} and is "
                    "valid for three days. You will be asked to choose your own."
                ),
            ),
            deletion_protection=stage.keeps_data,
            removal_policy=RemovalPolicy.RETAIN if stage.keeps_data else RemovalPolicy.DESTROY,
        )
        self.client = self.pool.add_client(
            "Web",
            auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=stage.password_sign_in),
            disable_o_auth=True,
            generate_secret=False,  # the client is static pages: it could not keep one
            id_token_validity=Duration.hours(1),
            access_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.hours(10),  # a working day
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
        )
        #: What the claim `iss` of its tokens says. Of its two addresses only this one needs no attribute of the pool.
        self.issuer = f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{self.pool.user_pool_id}"
        if stage.mfa != "required":
            accept(
                self.pool,
                "AwsSolutions-COG2",
                "This stage holds synthetic students only; production requires a second factor.",
            )
        if not stage.threat_protection:
            accept(
                self.pool,
                "AwsSolutions-COG3",
                "Threat protection is paid per user; this stage holds synthetic students only.",
            )
            accept(
                self.pool,
                "AwsSolutions-COG8",
                "The Plus plan is paid per user; this stage holds synthetic students only.",
            )
