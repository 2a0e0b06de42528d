"""The web application firewall in front of the API."""

from __future__ import annotations

from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

#: Requests of one address in five minutes. A school district may stand behind one address.
REQUESTS_PER_ADDRESS = 3_000

#: AWS's rule groups, each with its rules that count instead of blocking. The common one refuses bodies of more
#: than 8 KB: a list of 500 schools. The function has a limit of its own.
MANAGED_RULES = {
    "AWSManagedRulesAmazonIpReputationList": (),
    "AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",),
    "AWSManagedRulesKnownBadInputsRuleSet": (),
}


class Firewall(Construct):
    """AWS's managed rules and a limit per address."""

    def __init__(self, scope: Construct, construct_id: str, *, stage_arn: str) -> None:
        super().__init__(scope, construct_id)
        managed = [
            wafv2.CfnWebACL.RuleProperty(
                name=name,
                priority=priority,
                override_action=wafv2.CfnWebACL.OverrideActionProperty(none={}),
                statement=wafv2.CfnWebACL.StatementProperty(
                    managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                        vendor_name="AWS",
                        name=name,
                        rule_action_overrides=[
                            wafv2.CfnWebACL.RuleActionOverrideProperty(
                                name=counted,
                                action_to_use=wafv2.CfnWebACL.RuleActionProperty(count={}),
                            )
                            for counted in counting
                        ]
                        or None,
                    )
                ),
                visibility_config=measured(name),
            )
            for priority, (name, counting) in enumerate(MANAGED_RULES.items(), start=1)
        ]
        per_address = wafv2.CfnWebACL.RuleProperty(
            name="RequestsPerAddress",
            priority=0,
            action=wafv2.CfnWebACL.RuleActionProperty(block={}),
            statement=wafv2.CfnWebACL.StatementProperty(
                rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                    aggregate_key_type="IP", limit=REQUESTS_PER_ADDRESS
                )
            ),
            visibility_config=measured("RequestsPerAddress"),
        )
        acl = wafv2.CfnWebACL(
            self,
            "Rules",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            rules=[per_address, *managed],
            visibility_config=measured("Firewall"),
        )
        wafv2.CfnWebACLAssociation(self, "Guards", resource_arn=stage_arn, web_acl_arn=acl.attr_arn)


def measured(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    """Count what a rule does; no samples, which keep addresses and headers: tokens stand in both."""
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
