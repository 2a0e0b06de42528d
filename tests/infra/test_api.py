"""What coordinators reach."""

from __future__ import annotations

import json

import pytest

from lea_reports.errors import TITLES, problem_type

DECLARED = {
    ("POST", "/v1/report-requests"),
    ("GET", "/v1/report-requests"),
    ("GET", "/v1/report-requests/{id}"),
    ("GET", "/v1/report-requests/{id}/not-included"),
    ("POST", "/v1/report-requests/{id}/cancel"),
    ("POST", "/v1/report-requests/{id}/notice"),
    ("POST", "/v1/report-requests/{id}/retry"),
    ("GET", "/v1/organization"),
    ("GET", "/v1/reports"),
    ("GET", "/v1/reports/{code}"),
    ("GET", "/links/{token}"),
    ("HEAD", "/links/{token}"),
}
METHODS = DECLARED | {("ANY", path) for _, path in DECLARED}
PUBLIC = {(method, "/links/{token}") for method in ("GET", "HEAD", "ANY")}


def path_of(cloud, resource_id):
    """Put a resource's path together from its parents'."""
    if "Fn::GetAtt" in resource_id:
        return ""
    resource = cloud.resolve(resource_id)
    return f"{path_of(cloud, resource.properties['ParentId'])}/{resource.properties['PathPart']}"


def test_the_api_has_these_addresses_and_no_others(cloud):
    """Adding one is a decision, made here too; each tells which methods it knows, whatever it is asked with."""
    assert {name_of(cloud, method) for method in cloud.of_type("ApiGateway::Method")} == METHODS


def name_of(cloud, method):
    """Return a method's verb and path."""
    return method.properties["HttpMethod"], path_of(cloud, method.properties["ResourceId"])


def test_every_address_but_that_of_links_needs_a_token_of_the_user_pool(cloud):
    """A browser that follows a link from an e-mail has none."""
    for method in cloud.of_type("ApiGateway::Method"):
        if name_of(cloud, method) in PUBLIC:
            assert method.properties["AuthorizationType"] == "NONE"
            continue
        assert method.properties["AuthorizationType"] == "COGNITO_USER_POOLS"
        authorizer = cloud.resolve(method.properties["AuthorizerId"])
        (pool,) = authorizer.properties["ProviderARNs"]
        assert cloud.resolve(pool).type == "AWS::Cognito::UserPool"


def test_every_method_validates_and_the_one_with_a_body_wants_an_object(cloud):
    """What is not a JSON object never reaches the function."""
    for method in cloud.of_type("ApiGateway::Method"):
        validator = cloud.resolve(method.properties["RequestValidatorId"])
        with_body = name_of(cloud, method) == ("POST", "/v1/report-requests")
        assert validator.properties["ValidateRequestParameters"] is True
        assert validator.properties.get("ValidateRequestBody", False) is with_body
        if with_body:
            model = cloud.resolve(method.properties["RequestModels"]["application/json"])
            assert model.properties["Schema"]["type"] == "object"


def test_every_gateway_error_is_a_problem_document(cloud):
    """RFC 9457, in our words, with the status that is sent."""
    responses = cloud.of_type("ApiGateway::GatewayResponse")
    assert {response.properties["ResponseType"] for response in responses} >= {
        *("UNAUTHORIZED", "ACCESS_DENIED", "MISSING_AUTHENTICATION_TOKEN", "EXPIRED_TOKEN"),
        *("BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS", "REQUEST_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"),
        *("THROTTLED", "QUOTA_EXCEEDED", "RESOURCE_NOT_FOUND", "WAF_FILTERED", "DEFAULT_4XX", "DEFAULT_5XX"),
    }
    for response in responses:
        body = json.loads(response.properties["ResponseTemplates"]["application/json"])
        assert set(body) >= {"type", "title", "detail"}
        assert body["type"] == problem_type(body["title"])
        assert body["title"] == TITLES.get(body.get("status"), body["title"])
        assert response.properties["ResponseParameters"]["gatewayresponse.header.Content-Type"] == (
            "'application/problem+json'"
        )
        assert body.get("status") == (
            int(response.properties["StatusCode"]) if "StatusCode" in response.properties else None
        )


@pytest.mark.parametrize("kind", ["UNAUTHORIZED", "EXPIRED_TOKEN"])
def test_a_refused_token_says_how_to_sign_in(cloud, kind):
    """RFC 9110: a 401 carries a challenge."""
    (response,) = (
        response
        for response in cloud.of_type("ApiGateway::GatewayResponse")
        if response.properties["ResponseType"] == kind
    )
    assert response.properties["StatusCode"] == "401"
    challenge = response.properties["ResponseParameters"]["gatewayresponse.header.WWW-Authenticate"]
    assert challenge.startswith("'Bearer")


def test_requests_are_throttled_and_logged_without_bodies(cloud):
    """The log says who did what and how it went; never a body."""
    (stage,) = cloud.of_type("ApiGateway::Stage")
    settings, *_ = stage.properties["MethodSettings"]
    assert (settings["HttpMethod"], settings["ResourcePath"]) == ("*", "/*")
    assert settings["ThrottlingRateLimit"] == cloud.stage.api_rate
    assert settings["ThrottlingBurstLimit"] == cloud.stage.api_burst
    assert settings["DataTraceEnabled"] is False
    logged = json.loads(stage.properties["AccessLogSetting"]["Format"])
    assert logged["caller"] == "$context.authorizer.claims.sub"
    assert "$context.identity.sourceIp" not in logged.values()


def test_the_public_address_has_a_rate_of_its_own(cloud):
    """Whoever tries tokens there cannot use up what signed-in people need."""
    (stage,) = cloud.of_type("ApiGateway::Stage")
    _, *others = stage.properties["MethodSettings"]
    assert {(each["HttpMethod"], each["ResourcePath"]) for each in others} == {
        (method, "/~1links~1{token}") for method, _ in PUBLIC
    }
    for settings in others:
        assert settings["ThrottlingRateLimit"] < cloud.stage.api_rate
        assert settings["ThrottlingBurstLimit"] < cloud.stage.api_burst


def test_no_log_of_the_gateway_holds_a_token(cloud):
    """It is part of a path; the access log has the resource instead, in which the token has no value."""
    (stage,) = cloud.of_type("ApiGateway::Stage")
    logged = json.loads(stage.properties["AccessLogSetting"]["Format"]).values()
    assert not {"$context.path", "$context.requestOverride.path"} & set(logged)


def test_no_trace_and_no_sample_of_a_request_holds_a_token(cloud, prod):
    """X-Ray keeps the addresses of requests to a gateway, the firewall's samples their headers too."""
    (stage,) = cloud.of_type("ApiGateway::Stage")
    assert stage.properties.get("TracingEnabled", False) is False
    (acl,) = prod.of_type("WAFv2::WebACL")
    for measured in (acl, *(rule for rule in acl.properties["Rules"])):
        settings = (measured if isinstance(measured, dict) else measured.properties)["VisibilityConfig"]
        assert settings["SampledRequestsEnabled"] is False


def test_links_in_mails_begin_with_the_address_of_the_api(cloud):
    """`notify` reads the parameter that the API's stack writes."""
    (parameter,) = cloud.of_type("SSM::Parameter")
    variables = cloud.function("notify").properties["Environment"]["Variables"]
    assert parameter.properties["Name"] == variables["PUBLIC_URL_PARAMETER"]
    assert "execute-api" in json.dumps(parameter.properties["Value"])


def test_the_gateway_may_call_the_two_functions_behind_it_and_nothing_else(cloud):
    """Each permission is for one method of this API; only the public address leads to `open_link`."""
    calls = [
        permission
        for permission in cloud.of_type("Lambda::Permission")
        if permission.properties["Principal"] == "apigateway.amazonaws.com"
    ]
    assert len(calls) == len(METHODS)
    for permission in calls:
        called = cloud.resolve(permission.properties["FunctionName"])
        public = "/links/*" in json.dumps(permission.properties["SourceArn"])
        assert called == cloud.function("open_link" if public else "request_report")
    assert sum("/links/*" in json.dumps(each.properties["SourceArn"]) for each in calls) == len(PUBLIC)


def test_production_has_a_firewall_in_front(prod):
    """AWS's managed rules and a limit per address."""
    (acl,) = prod.of_type("WAFv2::WebACL")
    assert [rule["Name"] for rule in acl.properties["Rules"]] == [
        "RequestsPerAddress",
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert len(prod.of_type("WAFv2::WebACLAssociation")) == 1


def test_the_firewall_lets_a_long_list_of_schools_through(prod):
    """AWS's common rules block bodies of more than 8 KB, which 500 schools are; they only count them here."""
    (acl,) = prod.of_type("WAFv2::WebACL")
    counted = {
        override["Name"]
        for rule in acl.properties["Rules"]
        for override in rule["Statement"].get("ManagedRuleGroupStatement", {}).get("RuleActionOverrides", ())
        if override["ActionToUse"] == {"Count": {}}
    }
    assert counted == {"SizeRestrictions_BODY"}
