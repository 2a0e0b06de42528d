"""Jobs on the deployed stack whose workers are killed, whose chunks nobody can build, which nobody wants any more."""

from __future__ import annotations

import time
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from lea_reports.jobs.timing import CHECK_BUILD, CHECK_SOON, HEARTBEAT
from local.archive_check import check_archive
from local.coordinator import REQUESTS, Coordinator, download_link
from local.seed import seed, synthesize_district
from tests.system.killable_stack import LONGEST, KillableStack, running_killable_stack, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STUDENTS = 3500
SCHOOLS = 5
CHUNK_SSRS = 500
"""So many that a fragment is sent in parts while its SSRs are rendered."""
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def killable(assembly, tmp_path_factory) -> Iterator[KillableStack]:
    """Run a stack of killable functions for this module."""
    home = tmp_path_factory.mktemp("killable-stack")
    with running_killable_stack(home, assembly, chunk_ssrs=CHUNK_SSRS) as running:
        yield running


@pytest.fixture(scope="module")
def district(killable, tmp_path_factory):
    """Take in a district that takes a while."""
    folder = tmp_path_factory.mktemp("large-district")
    synthesize_district(folder, students=STUDENTS, schools=SCHOOLS, number=7)
    return seed(killable.stack, folder)


@pytest.fixture(scope="module")
def coordinator(killable, district) -> Coordinator:
    """Sign the coordinator of that district in."""
    return Coordinator.signed_in(killable.stack, district.lea_coordinator)


@pytest.fixture(autouse=True)
def rest(killable) -> Iterator[None]:
    """Begin while nobody works, and leave no message behind."""
    killable.wait_for_rest()
    yield
    killable.forget_dead_messages()


@pytest.fixture(scope="module")
def few(ask, district):
    """Return a request for the SSRs of two schools, which are two chunks; its argument is a name."""
    names = district.district.schools
    schools = [code for code, name in names.items() if name.endswith("Elementary")][:2]
    return lambda name: ask(name, schools=schools)


def files_of(path: Path) -> list[tuple[str, bytes]]:
    """Return names and contents of an archive's files in their order, without the archive's name in those of lists."""
    with zipfile.ZipFile(path) as archive:
        return [(name.removeprefix(f"{path.stem}_"), archive.read(name)) for name in archive.namelist()]


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: where it is asked about, how many SSRs it has, its files, its intermediate objects."""

    location: str
    ssrs: int
    files: list[tuple[str, bytes]]
    objects: list[str]


@pytest.fixture(scope="module")
def undisturbed(killable, coordinator, few, tmp_path_factory) -> Report:
    """Return a report that nothing happened to; its archive is what its manifest says."""
    location = coordinator.ask(few("undisturbed"))
    status = coordinator.watch(location, seconds=LONGEST)
    path = tmp_path_factory.mktemp("undisturbed") / "undisturbed.zip"
    coordinator.browser.download(download_link(coordinator.wait_for_notice("undisturbed")).url, path)
    archive = check_archive(path)
    assert archive.problems == ()
    assert archive.student_score_reports == status["counts"]["made"] > CHUNK_SSRS
    objects = killable.objects(killable.work_area(location, coordinator))
    return Report(location, archive.student_score_reports, files_of(path), objects)


@pytest.fixture
def download(coordinator, tmp_path):
    """Return a function that returns the files of the archive to which the newest mail about a report leads."""

    def files(name: str) -> list[tuple[str, bytes]]:
        path = tmp_path / f"{name}.zip"
        link = download_link(coordinator.notices(name)[-1]).url
        assert coordinator.browser.download(link, path) == HTTPStatus.OK
        return files_of(path)

    return files


@dataclass(frozen=True, slots=True)
class Death:
    """The call before which a worker is killed, and the minutes after which its job is done nevertheless.

    `unfinished` is where a multipart upload is left, which the bucket's lifecycle rule ends.
    """

    operation: str
    words: str
    within: int
    unfinished: str = ""


DEATHS = {
    "before-plan-is-sent": Death("SendMessageBatch", '"step":"plan"', within=4),
    "before-chunks-are-sent": Death("SendMessageBatch", '"step":"chunk"', within=10),
    "before-a-chunk-is-held": Death("UpdateItem", "CHUNK#", within=8),
    "in-a-chunk": Death("UploadPart", "work/", within=6, unfinished="work"),
    "before-assembly-is-sent": Death("SendMessageBatch", '"step":"finish"', within=4),
    "in-assembly": Death("UploadPartCopy", "archives/", within=6, unfinished="archives"),
    "before-archive-is-ready": Death("TransactWriteItems", "'ready'", within=6),
    "before-notice-is-sent": Death("SendMessageBatch", "messaging-Notice", within=4),
    "before-mail-is-sent": Death("SendEmail", "", within=64),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_job_whose_worker_is_killed_ends_like_any_other(
    killable, coordinator, few, undisturbed, download, name
):
    """It is ready in time with the same files and one mail, and leaves nothing that the lifecycle does not delete."""
    death = DEATHS[name]
    unfinished = killable.unfinished_uploads()
    killable.kill(death.operation, death.words)
    answer = coordinator.api.post(REQUESTS, few(name))
    killable.wait_for_the_kill()
    dead = 0 if answer.status == HTTPStatus.BAD_GATEWAY else 1  # the API's own request comes from no queue
    killable.let_minutes_pass_until_told(coordinator, name, within=death.within, dead=dead)
    killable.let_pass(2 * HOUR)
    killable.wait_for_rest(dead)

    location = killable.newest(coordinator)
    assert coordinator.api.get(location).document()["state"] == "ready"
    assert download(name) == undisturbed.files
    assert len(coordinator.notices(name)) == 1
    assert killable.objects(killable.work_area(location, coordinator)) == undisturbed.objects
    left = [key.partition("/")[0] for key in killable.unfinished_uploads() if key not in unfinished]
    assert left == ([death.unfinished] if death.unfinished else [])


def test_a_cancelled_job_is_left_alone_within_seconds(killable, coordinator, ask):
    """At their next heartbeat its workers stop and take back what they had sent; nobody is told."""
    unfinished = killable.unfinished_uploads()
    location = coordinator.ask(ask("unwanted", languages="all"))
    wait_until(lambda: "building" in killable.chunks(location, coordinator), "a chunk is being built")
    cancelled = coordinator.api.post(f"{location}/cancel", {})
    answered = time.monotonic()
    killable.let_pass(HEARTBEAT)
    killable.wait_for_rest()
    seconds = time.monotonic() - answered

    assert cancelled.document()["progress"]["total"] >= 3000
    assert cancelled.document()["state"] == "cancelled"
    assert seconds < 10
    assert set(killable.chunks(location, coordinator)) <= {"waiting", "done"}
    assert "waiting" in killable.chunks(location, coordinator)
    assert killable.unfinished_uploads() == unfinished
    killable.let_pass(HOUR)
    killable.wait_for_rest()
    assert coordinator.notices("unwanted") == []


def test_a_new_link_leads_to_the_archive_that_is_there(killable, coordinator, undisturbed, download):
    """A day later the first link leads to our page; the second mail's link leads to the same object as the first."""
    [first] = coordinator.notices("undisturbed")
    folder = killable.work_area(undisturbed.location, coordinator).removeprefix("work/")
    key = f"archives/{folder}undisturbed.zip"
    made = killable.modified(key)
    killable.let_pass(25 * HOUR)
    expired = coordinator.browser.open("GET", download_link(first).url)
    answer = coordinator.api.post(f"{undisturbed.location}/notice", {})
    killable.wait_for_rest()

    assert expired.status == HTTPStatus.GONE
    assert "How to get a new link" in expired.body.decode()
    assert answer.status == HTTPStatus.ACCEPTED
    assert len(coordinator.notices("undisturbed")) == 2
    assert download("undisturbed") == undisturbed.files
    assert killable.modified(key) == made


@pytest.fixture
def planned(killable, coordinator, few):
    """Return a function that asks for a report whose chunks are planned, and not sent before a quarter of an hour."""

    def plan(name: str) -> str:
        killable.kill("SendMessageBatch", '"step":"chunk"')
        location = coordinator.ask(few(name))
        killable.wait_for_the_kill()
        return location

    return plan


def roster(killable: KillableStack, coordinator: Coordinator, location: str) -> str:
    """Return the key of the roster of a job's second chunk."""
    return f"{killable.work_area(location, coordinator)}roster-000001.parquet"


def test_a_chunk_that_nobody_can_build_is_listed_and_the_others_are_delivered(
    killable, coordinator, planned, undisturbed
):
    """After two messages with five deliveries each it is given up; to send these again changes nothing."""
    location = planned("poisoned")
    key = roster(killable, coordinator, location)
    records = parquet.read_table(pa.BufferReader(killable.read(key)))
    without_scores = pa.BufferOutputStream()
    whose = ["ssr", "ssid", "school", "listed_grade", "assessment", "language"]
    parquet.write_table(records.select(whose), without_scores)
    killable.write(key, bytes(without_scores.getvalue()))
    with killable.impatience():
        killable.let_minutes_pass_until_told(coordinator, "poisoned", within=40, dead=1)
    dead_letters = killable.dead_letters()
    told = killable.redrive()
    killable.wait_for_rest(1)

    status = coordinator.api.get(location).document()
    missing = coordinator.api.get(f"{location}/not-included?limit=1000").document()["not_included"]
    poisoned = set(records["ssid"].to_pylist())
    assert status["state"] == "ready"
    assert status["counts"] == {"made": undisturbed.ssrs - len(poisoned), "not_included": len(poisoned)}
    assert {each["ssid"] for each in missing} == poisoned
    assert {each["reason"] for each in missing} == {"not_built"}
    assert dead_letters == 2
    assert "Sent 2 messages again." in told
    assert killable.dead_letters() == 0
    assert len(coordinator.notices("poisoned")) == 1


def test_a_dead_letter_that_is_sent_again_once_its_cause_is_gone_completes_the_job(
    killable, coordinator, planned, undisturbed, download
):
    """Nothing is missing from the archive then."""
    location = planned("repaired")
    key = roster(killable, coordinator, location)
    sound = killable.read(key)
    killable.write(key, b"unreadable")
    with killable.impatience():
        killable.let_pass(CHECK_BUILD + CHECK_SOON)
        wait_until(lambda: killable.dead_letters() == 1, "the chunk's message is given up")
    wait_until(lambda: "done" in killable.chunks(location, coordinator), "the other chunk is built")
    waiting = coordinator.api.get(location).document()
    killable.write(key, sound)
    killable.redrive()
    killable.wait_for_rest(1)

    assert waiting["state"] == "building"
    assert 0 < waiting["progress"]["done"] < waiting["progress"]["total"]
    assert coordinator.api.get(location).document()["state"] == "ready"
    assert download("repaired") == undisturbed.files
    assert killable.dead_letters() == 0
