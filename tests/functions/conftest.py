"""The functions over AWS inside this process, called with the events that AWS sends."""

import json
from types import SimpleNamespace
from urllib.parse import urljoin

import boto3
import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from build_report.bootstrap import build_dependencies
from build_report.handler import handle as build
from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.access.store import DynamoRoleAssignments
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import NOT_RENDERED, SsrFailure
from lea_reports.storage.s3_objects import S3Objects
from lea_reports.telemetry.fault import Fault
from notify.bootstrap import notice_dependencies
from notify.handler import handle as notify
from open_link.bootstrap import link_dependencies
from open_link.handler import handle as open_link
from request_report.bootstrap import api_dependencies
from request_report.handler import handle as request_report

REGION = "us-west-2"
LEA, MAPLE, OTHER_LEA = "99100010000000", "99100010000001", "99200020000000"
ISSUER, CLIENT = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_pool", "client"
SUBJECT = "11111111-2222-3333-4444-555555555555"


def sent_mails():
    """Return what SES sent."""
    return ses_backends[DEFAULT_ACCOUNT_ID]["us-west-2"].sent_messages


class LambdaContext(SimpleNamespace):
    """What Lambda tells a handler about its invocation."""

    aws_request_id = "request-1"
    function_name = "function"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:us-west-2:123456789012:function:function"
    milliseconds_left = 900_000

    def get_remaining_time_in_millis(self):
        """Return how long the invocation may still last."""
        return self.milliseconds_left


def http_event(method, path, *, body=None, headers=None, claims=None, query=None):
    """Return the event of a REST API with Lambda proxy integration and a Cognito authorizer.

    A list in `query` is a parameter that stands several times.
    """
    sent = {key: value if isinstance(value, list) else [value] for key, value in (query or {}).items()}
    return {
        "resource": path,
        "path": path,
        "httpMethod": method,
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "multiValueHeaders": {},
        "queryStringParameters": {key: values[-1] for key, values in sent.items()} or None,
        "multiValueQueryStringParameters": sent or None,
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "authorizer": {"claims": claims or {}},
            "httpMethod": method,
            "path": f"/live{path}",
            "stage": "live",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        },
        "body": body,
        "isBase64Encoded": False,
    }


def sqs_event(*bodies, deliveries=1):
    """Return the event of an SQS trigger."""
    return {
        "Records": [
            {
                "messageId": f"message-{position}",
                "receiptHandle": "handle",
                "body": body,
                "attributes": {"ApproximateReceiveCount": str(deliveries)},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-west-2:123456789012:queue",
                "awsRegion": REGION,
            }
            for position, body in enumerate(bodies)
        ]
    }


class Functions:
    """The four functions and what stands behind them."""

    def __init__(self, environment):
        self.environment = environment
        self.sqs = boto3.client("sqs")
        self.s3 = boto3.client("s3")
        self.context = LambdaContext()

    def call(self, method, path, body=None, *, subject=SUBJECT, **parts):
        """Send an HTTP request as a signed-in person; returns status, headers and document."""
        claims = {
            "sub": subject,
            "email": f"{subject[:8]}@example.org",
            "token_use": "id",
            "iss": ISSUER,
            "aud": CLIENT,
        }
        text = body if body is None or isinstance(body, str) else json.dumps(body)
        path = urljoin("/v1/report-requests", path)  # a Location is relative to the address of the request
        event = http_event(method, path, body=text, claims=parts.pop("claims", claims), **parts)
        answer = request_report(event, self.context)
        headers = {
            name.lower(): values[0] for name, values in (answer.get("multiValueHeaders") or {}).items()
        }
        headers |= {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
        return answer["statusCode"], headers, json.loads(answer["body"]) if answer.get("body") else None

    def waiting(self, queue):
        """Take what waits in a queue; returns the bodies."""
        url = self.environment[f"{queue}_QUEUE_URL"]
        bodies = []
        while messages := self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                bodies.append(message["Body"])
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bodies

    def build(self, *bodies, deliveries=1):
        """Give messages to the build worker."""
        return build(sqs_event(*bodies, deliveries=deliveries), self.context)

    def notify(self, *bodies):
        """Give messages to the notifier."""
        return notify(sqs_event(*bodies), self.context)

    def open_link(self, token, method="GET"):
        """Follow a link of an e-mail; returns status, headers and page."""
        event = http_event(method, f"/links/{token}") | {"pathParameters": {"token": token}}
        answer = open_link(event, self.context)
        return answer["statusCode"], answer["headers"], answer["body"]

    def work(self):
        """Let the functions work until their queues are empty."""
        while bodies := [("BUILD", body) for body in self.waiting("BUILD")] + [
            ("NOTICE", body) for body in self.waiting("NOTICE")
        ]:
            for queue, body in bodies:
                answer = (self.build if queue == "BUILD" else self.notify)(body)
                assert answer == {"batchItemFailures": []}


@pytest.fixture
def environment(table, publish_district, monkeypatch, fonts):
    """Make what the functions need, and tell them where it is, as the compute stack does."""
    s3, sqs = boto3.client("s3"), boto3.client("sqs")
    for bucket in ("data", "archive"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    publish_district(S3Objects(s3, "data"))
    secret = boto3.client("secretsmanager").create_secret(
        Name="link-key",
        SecretString=json.dumps(
            {
                "access_key_id": "AKIAIOSFODNN7EXAMPLE",
                "secret_access_key": "s",
                "created_at": "2026-11-01T00:00:00Z",
            }
        ),
    )
    boto3.client("ssm").put_parameter(
        Name="/lea-reports/test/public-url", Value="https://reports.example.org/live/", Type="String"
    )
    boto3.client("sesv2").create_email_identity(EmailIdentity="reports@example.org")
    variables = {
        "STAGE": "test",
        "TOKEN_ISSUER": ISSUER,
        "USER_POOL_CLIENT_ID": CLIENT,
        "TABLE_NAME": table,
        "DATA_BUCKET": "data",
        "ARCHIVE_BUCKET": "archive",
        "BUILD_QUEUE_URL": sqs.create_queue(QueueName="build")["QueueUrl"],
        "NOTICE_QUEUE_URL": sqs.create_queue(QueueName="notice")["QueueUrl"],
        "FONTS_DIR": str(fonts),
        "CHUNK_SSRS": "2",
        "MERGED_FILE_LIMIT": "10000",
        "ARCHIVE_BYTES": "4294967295",
        "LINK_KEY_SECRET": secret["ARN"],
        "LINK_FORM": "page",
        "PUBLIC_URL_PARAMETER": "/lea-reports/test/public-url",
        "SENDER": "reports@example.org",
        "LINK_HOURS": "24",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@pytest.fixture
def functions(environment):
    """Start the functions cold, with a coordinator of the district and one of another LEA."""
    for chosen in (api_dependencies, build_dependencies, notice_dependencies, link_dependencies):
        chosen.cache_clear()
    assignments = DynamoRoleAssignments(environment["TABLE_NAME"])
    assignments.assign(SUBJECT, RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA))
    assignments.assign("colleague", RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA))
    assignments.assign("site", RoleAssignment(Role.SITE_CAASPP_COORDINATOR, LEA, MAPLE))
    assignments.assign("foreigner", RoleAssignment(Role.LEA_CAASPP_COORDINATOR, OTHER_LEA))
    assignments.assign("both", RoleAssignment(Role.LEA_CAASPP_COORDINATOR, LEA))
    assignments.assign("both", RoleAssignment(Role.LEA_CAASPP_COORDINATOR, OTHER_LEA))
    return Functions(environment)


@pytest.fixture
def request_body():
    """Return a valid request; keyword arguments replace parts of it, None leaves one out."""

    def make(**parts):
        usual = {
            "report": "student-score-report-pdfs",
            "name": "Spring-2026",
            "schools": "all",
            "grades": "all",
            "start_date": "2026-05-01",
            "end_date": "2026-07-31",
            "assessments": "all",
            "languages": ["english-all"],
            "merge": False,
            "administration_year": "2025-26",
        } | parts
        return {name: value for name, value in usual.items() if value is not None}

    return make


@pytest.fixture
def lacking(functions, request_body, monkeypatch):
    """Return a function that has a report made of which the SSR of one student is missing."""

    def make(**parts):
        _, headers, _ = functions.call("POST", "/v1/report-requests", request_body(**parts))
        (plan,) = functions.waiting("BUILD")
        functions.build(plan)
        with monkeypatch.context() as patched:
            break_engine_on("1000000001", patched)
            functions.work()
        return headers["location"]

    return make


def break_engine_on(ssid, monkeypatch):
    """Let the engine break on one student."""
    engine = CompiledEngine
    single_files = engine.single_files

    def breaking(self, results, **options):
        for result in results:
            if result.ssid == ssid:
                yield SsrFailure(result, NOT_RENDERED, Fault("ZeroDivisionError"))
            else:
                yield from single_files(self, [result], **options)

    monkeypatch.setattr(engine, "single_files", breaking)
