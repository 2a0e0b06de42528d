"""Every answer that the OpenAPI document promises is given over HTTP by the deployed stack, in the form it says."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ulid import ULID

from lea_reports.access.roles import Role, RoleAssignment
from lea_reports.datasets.snapshots import POINTER
from local.accounts import new_account
from local.coordinator import REQUESTS, Coordinator, download_link
from request_report import models
from tests.system.killable_stack import LONGEST, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from local.api_client import Answer

CODE = "student-score-report-pdfs"
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "api" / "openapi.json").read_text("utf-8"))
LARGE = json.dumps({"name": "x" * 70_000}).encode()
HOLD_SEVERAL = ("lea-caaspp-coordinator", "superintendent")


@dataclass(frozen=True)
class Operation:
    """A method of a path, with what a request of it needs to be a good one."""

    method: str
    path: str

    @property
    def described(self) -> dict[str, Any]:
        """Return what the document says of it."""
        return DOCUMENT["paths"][self.path][self.method.lower()]


OPERATIONS = [
    Operation(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
]
PAIRS = [(operation, status) for operation in OPERATIONS for status in operation.described["responses"]]


@dataclass(frozen=True)
class World:
    """People at their browsers, and jobs of the coordinator's by what they are."""

    stack: Any
    coordinator: Coordinator
    people: dict[str, str]
    jobs: dict[str, str]
    body: dict[str, object]

    def send(
        self,
        operation: Operation,
        *,
        job: str = "ready",
        who: str | None = "coordinator",
        body: bytes | None = None,
        **headers: str,
    ) -> Answer:
        """Send a request; without `body` the one of the operation that is good."""
        if body is None and operation.method == "POST":
            body = json.dumps(self.body if operation.path == REQUESTS else {}).encode()
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        usual = {"Content-Type": "application/json"}
        if who is not None:
            usual["Authorization"] = f"Bearer {self.people[who]}"
        code = "no-such-report" if job == "none" else CODE
        path = operation.path.replace("{job_id}", self.jobs[job]).replace("{code}", code)
        url = self.stack.deployment.api_url + path
        return self.coordinator.browser.open(operation.method, url, headers=usual | names, body=body)


@pytest.fixture(scope="module")
def world(stack, seeded, lea_coordinator, ask) -> World:
    """Have one report made; the other jobs are its row with other words in it."""
    body = ask("answers", schools=[next(iter(seeded.district.schools))])
    location = lea_coordinator.ask(body)
    assert lea_coordinator.watch(location, seconds=LONGEST)["state"] == "ready"
    wait_until(lambda: lea_coordinator.api.get(location).document()["notice"], "the sent mail is recorded")
    deployment, cloud = stack.deployment, stack.cloud
    ready, lea = location.rpartition("/")[2], seeded.district.lea
    key = {"pk": {"S": f"LEA#{lea}"}, "sk": {"S": f"JOB#{ready}"}}
    row = cloud.dynamodb.get_item(TableName=deployment.table_name, Key=key)["Item"]

    def job(**words: dict[str, str]) -> str:
        identifier = str(ULID())
        cloud.dynamodb.put_item(
            TableName=deployment.table_name, Item=row | words | {"sk": {"S": f"JOB#{identifier}"}}
        )
        return identifier

    def moment(name: str, before: timedelta) -> dict[str, dict[str, str]]:
        """Return a time of the row, moved back, in the form that it has."""
        then = datetime.fromisoformat(row[name]["S"]) - before
        return {name: {"S": then.astimezone(UTC).isoformat(timespec="microseconds")}}

    def token(email: str, *roles: RoleAssignment) -> str:
        account = new_account(cloud, deployment, email, lea_coordinator.account.assignment)
        for role in roles:
            words = {"role": role.role.value, "lea": role.lea}
            keys = {"pk": f"USER#{account.subject}", "sk": f"ROLE#{role.id}"}
            item = {name: {"S": value} for name, value in {**keys, **words}.items()}
            cloud.dynamodb.put_item(TableName=deployment.table_name, Item=item)
        return token_of(Coordinator.signed_in(stack, account))

    return World(
        stack,
        lea_coordinator,
        {
            "coordinator": token_of(lea_coordinator),
            "stranger": token("stranger@example.org"),
            "both": token("both@example.org", *(RoleAssignment(Role(each), lea) for each in HOLD_SEVERAL)),
        },
        {
            "ready": ready,
            "none": str(ULID()),
            "cancelled": job(state={"S": "cancelled"}),
            "failed": job(state={"S": "failed"}),
            "told long ago": job(**moment("notice_sent_at", timedelta(hours=1))),
            "deleted": job(not_included={"N": "1"}, **moment("ended_at", timedelta(days=31))),
        },
        body,
    )


def token_of(person: Coordinator) -> str:
    """Return the ID token of somebody who is signed in."""
    account = person.account
    answer = person.stack.cloud.cognito.admin_initiate_auth(
        UserPoolId=person.stack.deployment.user_pool_id,
        ClientId=person.stack.deployment.user_pool_client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": account.email, "PASSWORD": account.password},
    )
    return answer["AuthenticationResult"]["IdToken"]


@contextmanager
def as_usual(_world: World) -> Iterator[None]:
    """Everything works."""
    yield


@contextmanager
def without_data(world: World) -> Iterator[None]:
    """Nothing is published yet."""
    place = {"Bucket": world.stack.deployment.data_bucket_name, "Key": POINTER}
    pointer = world.stack.cloud.s3.get_object(**place)["Body"].read()
    world.stack.cloud.s3.delete_object(**place)
    yield
    world.stack.cloud.s3.put_object(**place, Body=pointer)


@contextmanager
def told_otherwise(world: World, **variables: str) -> Iterator[None]:
    """The function behind the API is told something else by its environment."""
    functions = world.stack.cloud.functions
    (function,) = (
        each
        for each in functions.list_functions()["Functions"]
        if each["Handler"].startswith("request_report.")
    )
    name, usual = function["FunctionName"], function["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=name, Environment={"Variables": usual | {"AWS_MAX_ATTEMPTS": "1"} | variables}
    )
    yield
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": usual})


def without_a_table(world: World) -> Any:
    """The table is not there, which no waiting mends."""
    return told_otherwise(world, TABLE_NAME="no-such-table")


def with_a_table_that_does_not_answer(world: World) -> Any:
    """Nobody answers where DynamoDB should."""
    return told_otherwise(world, AWS_ENDPOINT_URL_DYNAMODB="http://127.0.0.1:9")


@contextmanager
def without_rate(world: World) -> Iterator[None]:
    """The gateway lets no request through."""
    client = world.stack.cloud.session.client("apigateway", endpoint_url=world.stack.emulator.address.url)
    api, stage = world.stack.deployment.api_url.split("/")[-2:]

    def limit(rate: str, burst: str) -> None:
        limits = {"/*/*/throttling/rateLimit": rate, "/*/*/throttling/burstLimit": burst}
        patches = [{"op": "replace", "path": path, "value": value} for path, value in limits.items()]
        client.update_stage(restApiId=api, stageName=stage, patchOperations=patches)

    usual = client.get_stage(restApiId=api, stageName=stage)["methodSettings"]["*/*"]
    limit("0", "0")
    yield
    limit(str(usual["throttlingRateLimit"]), str(usual["throttlingBurstLimit"]))


def asked_for(world: World, operation: Operation) -> Answer:
    """Ask as one should."""
    jobs = {"notice": "told long ago", "retry": "failed", "cancel": "cancelled"}
    return world.send(operation, job=jobs.get(operation.path.rpartition("/")[2], "ready"))


def refused_by_the_job(world: World, operation: Operation) -> Answer:
    """Ask for what how things stand does not allow."""
    jobs = {"cancel": "ready", "retry": "ready"}
    return world.send(operation, job=jobs.get(operation.path.rpartition("/")[2], "cancelled"))


def asked_again(world: World, operation: Operation) -> Answer:
    """Ask for what one has."""
    return world.send(operation, If_None_Match=world.send(operation).headers["etag"])


RECIPES: dict[str, Callable[[World, Operation], Answer]] = {
    "200": asked_for,
    "202": asked_for,
    "304": asked_again,
    "400": lambda world, operation: world.send(operation, body=b"{"),
    "401": lambda world, operation: world.send(operation, who=None),
    "403": lambda world, operation: world.send(operation, who="stranger"),
    "404": lambda world, operation: world.send(operation, job="none"),
    "405": lambda world, operation: world.send(replace(operation, method="DELETE")),
    "409": refused_by_the_job,
    "410": lambda world, operation: world.send(operation, job="deleted"),
    "413": lambda world, operation: world.send(operation, body=LARGE),
    "415": lambda world, operation: world.send(operation, Content_Type="text/plain"),
    "422": lambda world, operation: world.send(operation, who="both"),
    "429": asked_for,
    "500": asked_for,
    "503": asked_for,
}
"""How each status is had; a new one in the document needs a recipe here."""

SCENES = {
    "429": without_rate,
    "500": without_a_table,
    "503": with_a_table_that_does_not_answer,
}
"""In which state of the stack; the others as usual, but for what is about data."""


def scene_of(operation: Operation, status: str) -> Callable[[World], Any]:
    """Return the state of the stack in which an operation answers so."""
    if status == "404" and "{" not in operation.path:
        return without_data
    return SCENES.get(status, as_usual)


@pytest.mark.parametrize(
    "scene", dict.fromkeys(scene_of(*pair) for pair in PAIRS), ids=lambda scene: scene.__name__
)
def test_every_documented_answer_is_given_over_http(world, scene):
    """Each status of each operation, in the media type and the form that the document promises for it."""
    found = {}
    with scene(world):
        for operation, status in PAIRS:
            if scene_of(operation, status) is scene:
                answer = RECIPES[status](world, operation)
                found[operation, status] = (str(answer.status), *misfits(operation, answer))

    assert found == {pair: (pair[1],) for pair in found}


def misfits(operation: Operation, answer: Answer) -> list[str]:
    """Return what of an answer is not as the document says."""
    content = operation.described["responses"].get(str(answer.status), {}).get("content", {})
    if not content:
        return [f"a body: {answer.body!r}"] if answer.body else []
    ((media_type, described),) = content.items()
    found = []
    if answer.headers["content-type"] != media_type:
        found.append(f"called {answer.headers['content-type']}")
    model = getattr(models, described["schema"]["$ref"].rpartition("/")[2])
    document = answer.document()
    if model.model_validate(document).model_dump(mode="json", exclude_unset=True) != document:
        found.append(f"not of the form: {answer.body!r}")
    if answer.status == 405 and not answer.headers.get("allow"):
        found.append("without Allow")
    if answer.status in {429, 503} and not answer.headers.get("retry-after"):
        found.append("without Retry-After")
    return found


@pytest.mark.parametrize("path", ["/v1/reports", f"{REQUESTS}/{{job_id}}"])
def test_head_is_answered_as_get_without_the_body(world, path):
    """Status and headers are GET's."""
    got, asked = (world.send(Operation(method, path)) for method in ("GET", "HEAD"))

    assert (asked.status, asked.body) == (200, b"")
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.headers.get("etag") == got.headers.get("etag")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_that_a_path_does_not_know_is_answered_with_those_it_does(world, method):
    """On every path, those of links included."""
    for path, operations in DOCUMENT["paths"].items():
        answer = world.send(Operation(method, path))
        assert answer.status == 405
        assert {each for each in answer.headers["allow"].split(", ") if each != "HEAD"} == {
            each.upper() for each in operations
        }
    link = download_link(world.coordinator.wait_for_notice("answers")).url
    answer = world.coordinator.browser.open(method, link)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_head_on_a_link_leads_where_get_leads(world):
    """Mail scanners look before people do."""
    link = download_link(world.coordinator.wait_for_notice("answers")).url
    asked = world.coordinator.browser.open("HEAD", link)

    assert (asked.status, asked.body) == (302, b"")
    assert "X-Amz-Signature" in asked.headers["location"]
