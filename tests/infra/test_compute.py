"""What runs, what wakes it, and what it may touch."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path

import pytest

from infra.stages import DEV

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
PACKAGES = ("request_report", "build_report", "notify", "open_link")

#: The only wildcards a role of ours may hold: (action, what its resource looks like), with the reason.
WILDCARDS = {
    ("s3:GetObject", "/datasets/*"),  # each request is for another LEA's files
    *(
        (action, prefix)
        for prefix in ("/work/*", "/archives/*")
        for action in (  # names hold a job's id
            "s3:GetObject",
            "s3:PutObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
        )
    ),
    ("s3:GetObject", "/not-included/*"),  # names hold a job's id
    ("s3:PutObject", "/not-included/*"),
    ("xray:PutTraceSegments", "*"),  # X-Ray has no resources to name
    ("xray:PutTelemetryRecords", "*"),
}


def role_statements(cloud, package):
    """Return what the role of a function may do."""
    function = cloud.function(package)
    role = cloud.resolve(function.properties["Role"])
    return [
        statement
        for policy in cloud.of_type("IAM::Policy")
        for holder in policy.properties["Roles"]
        if cloud.resolve(holder).logical_id == role.logical_id
        for statement in policy.properties["PolicyDocument"]["Statement"]
    ]


def listed(value):
    """Return a policy's entry as the list that it may be short for."""
    return value if isinstance(value, list) else [value]


def test_every_function_runs_on_python_3_13(cloud):
    """The lock's wheels are of this version."""
    assert {function.properties["Runtime"] for function in cloud.of_type("Lambda::Function")} == {
        "python3.13"
    }


def test_production_functions_run_on_arm(prod):
    """Cheaper by a fifth, and the layers are built for it."""
    for resource in (*prod.of_type("Lambda::Function"), *prod.of_type("Lambda::LayerVersion")):
        key = "Architectures" if resource.type.endswith("Function") else "CompatibleArchitectures"
        assert resource.properties[key] == ["arm64"]


def test_there_are_the_four_functions_and_no_others(cloud):
    """CDK adds functions of its own for some conveniences; we use none of those."""
    assert {function.properties["Handler"] for function in cloud.of_type("Lambda::Function")} == {
        f"{package}.handler.handle" for package in PACKAGES
    }


def test_every_function_has_a_role_of_its_own(cloud):
    """One function's rights are never another's."""
    roles = [cloud.resolve(cloud.function(package).properties["Role"]) for package in PACKAGES]
    assert len({role.logical_id for role in roles}) == len(PACKAGES)
    assert not any("ManagedPolicyArns" in role.properties for role in roles)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_role_holds_no_wildcard_but_the_listed(cloud, package):
    """Every action is named, and every resource, or the table above says why not."""
    for statement in role_statements(cloud, package):
        for action in listed(statement["Action"]):
            assert "*" not in action
            for resource in listed(statement["Resource"]):
                text = json.dumps(resource)
                if "*" in text:
                    assert any(
                        action == allowed and text.rstrip('"]}').endswith(ending)
                        for allowed, ending in WILDCARDS
                    ), (action, text)


def test_only_notify_sends_mail_and_only_it_and_open_link_read_the_link_key(cloud):
    """The key is read where links are made and where they are opened, and nowhere else."""
    holders = {
        action: {
            package
            for package in PACKAGES
            if any(action in listed(statement["Action"]) for statement in role_statements(cloud, package))
        }
        for action in ("secretsmanager:GetSecretValue", "ses:SendEmail")
    }
    assert holders == {
        "secretsmanager:GetSecretValue": {"notify", "open_link"},
        "ses:SendEmail": {"notify"},
    }


def test_what_anybody_can_call_reads_one_table_and_the_link_key_and_writes_nothing(cloud):
    """Neither data nor queues nor archives: whoever breaks it gets no further."""
    actions = {
        action
        for statement in role_statements(cloud, "open_link")
        for action in listed(statement["Action"])
        if not action.startswith(("logs:", "xray:"))
    }
    assert actions == {
        *("dynamodb:Query", "secretsmanager:GetSecretValue", "kms:Decrypt", "kms:DescribeKey"),
    }


def test_a_role_may_do_what_is_listed_and_nothing_else(cloud):
    """Each action more is a decision that is made here too; that none is missing, the strict stack shows."""
    may = {
        package: {
            action
            for statement in role_statements(cloud, package)
            for action in listed(statement["Action"])
            if not action.startswith("xray:")
        }
        for package in PACKAGES
    }
    writes_log = {"logs:CreateLogStream", "logs:PutLogEvents"}
    rows = {f"dynamodb:{action}" for action in ("Query", "PutItem", "UpdateItem", "DeleteItem")}
    key = {
        f"kms:{action}"
        for action in ("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey", "ReEncryptFrom", "ReEncryptTo")
    }
    takes = {
        f"sqs:{action}"
        for action in (
            *("ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes"),
            *("GetQueueUrl", "ReceiveMessage"),
        )
    }
    uploads = {"s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"}
    reads = {"s3:GetObject", "s3:ListBucket"}
    assert may == {
        "request_report": writes_log | rows | key | reads | {"sqs:SendMessage"},
        "build_report": writes_log | rows | key | reads | uploads | takes | {"sqs:SendMessage"},
        "notify": writes_log
        | key
        | takes
        | {"dynamodb:Query", "dynamodb:UpdateItem", "secretsmanager:GetSecretValue"}
        | {"ssm:GetParameter", "ses:SendEmail"},
        "open_link": writes_log
        | {"dynamodb:Query", "secretsmanager:GetSecretValue", "kms:Decrypt", "kms:DescribeKey"},
    }


def test_tokens_are_checked_against_the_pool_and_its_one_client(cloud):
    """What the function compares `iss` and `aud` with is not set by hand."""
    variables = cloud.function("request_report").properties["Environment"]["Variables"]
    (client,) = cloud.of_type("Cognito::UserPoolClient")
    assert cloud.resolve(variables["USER_POOL_CLIENT_ID"]) == client
    issuer = json.dumps(variables["TOKEN_ISSUER"])
    assert "cognito-idp." in issuer
    assert "PeoplePool" in issuer


def test_links_are_made_for_24_hours(cloud):
    """As the mails and docs/security.md say."""
    assert cloud.function("notify").properties["Environment"]["Variables"]["LINK_HOURS"] == "24"


def test_a_worker_may_have_a_failed_message_shown_again_earlier(cloud):
    """It fails without a word otherwise, and the message stays hidden for an hour and a half."""
    actions = {
        action
        for statement in role_statements(cloud, "build_report")
        for action in listed(statement["Action"])
    }
    assert "sqs:ChangeMessageVisibility" in actions


def test_request_report_reads_what_archives_lack_and_no_archive(cloud):
    """The HTTP API starts jobs and lists what they lack; what comes out is not its business."""
    reached = [
        (statement["Action"], json.dumps(statement["Resource"]))
        for statement in role_statements(cloud, "request_report")
        if "Archives" in json.dumps(statement["Resource"])
    ]
    assert [action for action, _ in reached] == ["s3:GetObject"]
    assert all('"/not-included/*"' in resource for _, resource in reached)


def test_a_retry_is_planned_from_the_list_of_what_is_missing(cloud):
    """The worker that writes these lists reads them too."""
    actions = {
        action
        for statement in role_statements(cloud, "build_report")
        if '"/not-included/*"' in json.dumps(statement["Resource"])
        for action in listed(statement["Action"])
    }
    assert actions == {"s3:GetObject", "s3:PutObject"}


def test_no_function_writes_datasets(cloud):
    """Only program staff publish data, by the command."""
    for package in PACKAGES:
        for statement in role_statements(cloud, package):
            if "BucketsData" in json.dumps(statement["Resource"]):
                assert set(listed(statement["Action"])) <= {"s3:GetObject", "s3:ListBucket"}


def test_keys_are_used_only_through_the_service_that_asks(cloud):
    """A role cannot decrypt by itself what it once got hold of."""
    for package in PACKAGES:
        for statement in role_statements(cloud, package):
            if any(action.startswith("kms:") for action in listed(statement["Action"])):
                assert "kms:ViaService" in statement["Condition"]["StringEquals"]


def test_a_queue_hides_a_message_for_six_times_the_functions_time(cloud):
    """AWS's rule: retries of a throttled batch must fit."""
    for mapping in cloud.of_type("Lambda::EventSourceMapping"):
        queue = cloud.resolve(mapping.properties["EventSourceArn"])
        function = cloud.resolve(mapping.properties["FunctionName"])
        assert queue.properties["VisibilityTimeout"] >= 6 * function.properties["Timeout"]


def test_batches_report_their_failures_one_by_one(cloud):
    """One bad message must not make the good ones be done twice."""
    mappings = cloud.of_type("Lambda::EventSourceMapping")
    assert {mapping.properties["BatchSize"] for mapping in mappings} == {1, 10}
    for mapping in mappings:
        assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_builds_are_capped_at_the_queue_and_reconcile_keeps_room(prod):
    """A full queue must not leave reconcile, which frees it, without an invocation."""
    function = prod.function("build_report")
    (cap,) = (
        mapping.properties["ScalingConfig"]["MaximumConcurrency"]
        for mapping in prod.of_type("Lambda::EventSourceMapping")
        if prod.resolve(mapping.properties["FunctionName"]) == function
    )
    assert cap == prod.stage.build_concurrency
    assert function.properties["ReservedConcurrentExecutions"] > cap


def test_a_new_account_can_deploy_without_reservations(local, synthesize):
    """New accounts have ten concurrent executions in all and refuse every reservation."""
    for synthesized in (local, synthesize(replace(DEV, checks_findings=True))):
        for function in synthesized.of_type("Lambda::Function"):
            assert "ReservedConcurrentExecutions" not in function.properties


def test_reconcile_runs_each_minute_and_is_not_repeated(cloud):
    """The next run does what a failed one left."""
    (rule,) = cloud.of_type("Events::Rule")
    (target,) = rule.properties["Targets"]
    assert rule.properties["ScheduleExpression"] == "rate(1 minute)"
    assert json.loads(target["Input"]) == {"step": "reconcile"}
    assert cloud.resolve(target["Arn"]) == cloud.function("build_report")
    (asynchronous,) = cloud.of_type("Lambda::EventInvokeConfig")
    assert asynchronous.properties["MaximumRetryAttempts"] == 0


def test_every_queue_of_work_has_a_dead_letter_queue_that_keeps_two_weeks(cloud):
    """A message that cannot be done is looked at by a person."""
    queues = [queue for queue in cloud.of_type("SQS::Queue") if "RedrivePolicy" in queue.properties]
    assert len(queues) == 2
    for queue in queues:
        redrive = queue.properties["RedrivePolicy"]
        dead_letters = cloud.resolve(redrive["deadLetterTargetArn"])
        assert redrive["maxReceiveCount"] == 5
        assert dead_letters.properties["MessageRetentionPeriod"] == 14 * 24 * 60 * 60
        assert "RedrivePolicy" not in dead_letters.properties


def test_every_queue_is_encrypted_and_refuses_plain_http(cloud):
    """Messages hold ids only, and still."""
    guarded = {
        cloud.resolve(queue).logical_id
        for policy in cloud.of_type("SQS::QueuePolicy")
        for queue in policy.properties["Queues"]
        if any(
            statement["Effect"] == "Deny"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policy.properties["PolicyDocument"]["Statement"]
        )
    }
    for queue in cloud.of_type("SQS::Queue"):
        assert queue.properties["SqsManagedSseEnabled"] is True
        assert queue.logical_id in guarded


def test_every_log_ends_and_is_encrypted_with_our_key(cloud):
    """A log without an end is kept, and paid, for ever."""
    for group in cloud.of_type("Logs::LogGroup"):
        assert group.properties["RetentionInDays"] == cloud.stage.log_retention_days
        assert cloud.resolve(group.properties["KmsKeyId"]).type == "AWS::KMS::Key"


def test_every_function_writes_to_a_log_of_ours(cloud):
    """Otherwise Lambda makes one that never ends."""
    for function in cloud.of_type("Lambda::Function"):
        group = cloud.resolve(function.properties["LoggingConfig"]["LogGroup"])
        package = function.properties["Handler"].partition(".")[0]
        assert group.properties["LogGroupName"] == f"/lea-reports/{cloud.stage.name}/{package}"


def test_a_functions_asset_holds_its_own_package_and_no_bytecode(cloud):
    """`request_report/...` at the root, nothing of the neighbours."""
    for package in PACKAGES:
        key = cloud.function(package).properties["Code"]["S3Key"].removesuffix(".zip")
        folder = cloud.folder / f"asset.{key}"
        files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
        assert files == [f"{package}/handler.py"]


def test_fonts_and_packages_come_only_with_the_functions_that_use_them(cloud):
    """Fonts would slow the cold starts of the others."""
    counts = {package: len(cloud.function(package).properties["Layers"]) for package in PACKAGES}
    assert counts == {"request_report": 3, "build_report": 4, "notify": 2, "open_link": 2}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_function_reads_just_the_variables_that_are_set(cloud, package):
    """One set only on a developer's machine is missed in production; one that nobody reads misleads.

    Those of Powertools and of Arrow are read by these libraries.
    """
    variables = cloud.function(package).properties["Environment"]["Variables"]
    ours = {name for name in variables if not name.startswith(("POWERTOOLS_", "ARROW_"))}
    read = {
        name
        for path in (FUNCTIONS / package).rglob("*.py")
        for name in variables_read(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert read == ours


def variables_read(tree):
    """Name the environment variables that a module reads: `environ[...]`, `.get(...)`, fields of `Environment`."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(
                value=ast.Attribute(attr="environ") | ast.Name(id="environ" | "environment"),
                slice=ast.Constant(value=str(name)),
            ):
                yield name
            case ast.Call(
                func=ast.Attribute(
                    attr="get", value=ast.Attribute(attr="environ") | ast.Name(id="environ" | "environment")
                ),
                args=[ast.Constant(value=str(name)), *_],
            ):
                yield name
            case ast.ClassDef(name=name, body=body) if name.endswith("Environment"):
                for field in body:
                    if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                        yield field.target.id.upper()


def test_the_reader_of_variables_sees_each_way_of_reading_one():
    """The test above would pass on anything if it saw nothing."""
    module = """
import os
from os import environ
A = os.environ["TABLE_NAME"]
B = environ.get("SENDER", "")
def of(environment): return environment["DATA_BUCKET"]
class Environment:
    link_hours: int
"""
    assert set(variables_read(ast.parse(module))) == {"TABLE_NAME", "SENDER", "DATA_BUCKET", "LINK_HOURS"}
