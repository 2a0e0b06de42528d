"""The handlers run under AWS's own Lambda client, from the folders as Lambda lays them out."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parent.parent.parent
INVOCATION = "/2018-06-01/runtime/invocation"
ENVIRONMENT = {
    "STAGE": "test",
    "TOKEN_ISSUER": "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_pool",
    "USER_POOL_CLIENT_ID": "client",
    "TABLE_NAME": "reports",
    "DATA_BUCKET": "data",
    "ARCHIVE_BUCKET": "archive",
    "BUILD_QUEUE_URL": "http://127.0.0.1:9/build",
    "NOTICE_QUEUE_URL": "http://127.0.0.1:9/notice",
    "FONTS_DIR": "/opt/fonts",
    "CHUNK_SSRS": "50",
    "MERGED_FILE_LIMIT": "10000",
    "ARCHIVE_BYTES": "4294967295",
    "LINK_KEY_SECRET": "secret",
    "LINK_FORM": "page",
    "PUBLIC_URL_PARAMETER": "/lea-reports/test/public-url",
    "SENDER": "reports@example.org",
    "LINK_HOURS": "24",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_DEFAULT_REGION": "us-west-2",
    "AWS_REGION": "us-west-2",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_LAMBDA_FUNCTION_NAME": "function",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group",
    "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
}


class RuntimeApi(BaseHTTPRequestHandler):
    """The side of the Runtime API that Lambda plays: one event out, one answer in."""

    event: dict
    answers: list

    def do_GET(self):
        """Hand out the event once; afterwards the function waits, as on Lambda."""
        if self.answers:
            return
        body = json.dumps(self.event).encode()
        self.send_response(200)
        for name, value in {
            "Lambda-Runtime-Aws-Request-Id": "request-1",
            "Lambda-Runtime-Deadline-Ms": "9999999999999",
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-west-2:123456789012:function:function",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Take the answer, or the error."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answers.append((self.path.rsplit("/", 1)[-1], json.loads(body)))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@contextmanager
def runtime_api(event):
    """Play Lambda for one event; yields the address and where the answers will be."""
    answers = []
    handler = type("Handler", (RuntimeApi,), {"event": event, "answers": answers})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}", answers
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def invoke(function, event):
    """Run a function for one event, with nothing on the path but its folder and the shared layer."""
    with runtime_api(event) as (address, answers):
        process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", f"{function}.handler.handle"],
            cwd=ROOT / "functions",
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'layers' / 'lea_reports' / 'python'}",
                "AWS_LAMBDA_RUNTIME_API": address,
                **ENVIRONMENT,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            process.communicate(timeout=60)
        finally:
            process.kill()
        (answer,) = answers
        return answer


def test_the_api_answers_a_request_of_the_gateway():
    """A path that leads nowhere needs nothing behind the function, and is answered as a problem."""
    event = {
        "resource": "/{proxy+}",
        "path": "/v1/nothing",
        "httpMethod": "GET",
        "headers": {},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "requestContext": {
            "requestId": "r",
            "stage": "live",
            "path": "/live/v1/nothing",
            "httpMethod": "GET",
        },
        "body": None,
        "isBase64Encoded": False,
    }

    outcome, answer = invoke("request_report", event)

    assert outcome == "response"
    assert answer["statusCode"] == 404
    assert json.loads(answer["body"])["title"] == "Not Found"


@pytest.mark.parametrize("function", ["build_report", "notify"])
def test_a_worker_reports_a_message_that_it_cannot_read(function):
    """The answer is the partial batch response, as SQS understands it."""
    record = {
        "messageId": "message-0",
        "receiptHandle": "handle",
        "body": "{}",
        "attributes": {},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-west-2:123456789012:queue",
        "awsRegion": "us-west-2",
    }

    assert invoke(function, {"Records": [record]}) == (
        "response",
        {"batchItemFailures": [{"itemIdentifier": "message-0"}]},
    )


def test_what_a_function_cannot_do_at_all_is_an_error_of_the_invocation():
    """The schedule finds no table: Lambda counts an error, and the next minute tries again."""
    outcome, answer = invoke("build_report", {"step": "reconcile"})

    assert outcome == "error"
    assert answer["errorType"]
    assert "requestId" in answer


def test_the_public_address_answers_a_page_even_if_nothing_behind_it_does():
    """Whoever clicked a link in an e-mail reads a sentence and not an error of the gateway."""
    event = {"httpMethod": "GET", "pathParameters": {"token": "x"}, "requestContext": {"requestId": "r"}}
    outcome, answer = invoke("open_link", event)

    assert outcome == "response"
    assert answer["statusCode"] == 503
    assert answer["body"].startswith("<!DOCTYPE html>")
