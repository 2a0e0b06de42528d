"""Starting and ending the emulator."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from local.cloud import ACCOUNT, Cloud
from local.emulator import MOST_WORKERS, REPOSITORY, AlreadyRunningError, EmulatorError, running_emulator

STARTER = Path(__file__).with_name("starter.py")
LONGEST_CLEANING = 5.0


def processes_of(home: Path) -> list[str]:
    """Return the command lines of processes that were started for an emulator's folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            variables = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if int(process.name) != os.getpid() and words and str(home) in words + variables:
            found.append(words)
    return found


def wait_until_gone(home: Path) -> list[str]:
    """Give clean-up a moment; return what is left then."""
    deadline = time.monotonic() + LONGEST_CLEANING
    while (left := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


@pytest.fixture
def busy_starter(tmp_path):
    """Start a process that holds an emulator in `tmp_path`, in which a function is at work."""
    with subprocess.Popen(
        [sys.executable, STARTER, tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        yield process
        process.kill()


@pytest.mark.parametrize(
    "number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name
)
def test_however_the_starter_dies_nothing_is_left(busy_starter, tmp_path, number):
    """Emulator, function and files go with the process that started them, also when that is killed hard."""
    commands = processes_of(tmp_path)
    assert len([each for each in commands if "_worker.py" in each]) == 1
    assert len([each for each in commands if "launch.py" in each]) >= 1
    busy_starter.send_signal(number)
    busy_starter.wait(timeout=LONGEST_CLEANING)
    assert wait_until_gone(tmp_path) == []
    assert not (tmp_path / "run").exists()


def test_the_emulator_does_not_outlive_a_killed_watchdog(tmp_path):
    """The watchdog is one process more that could be killed hard; the emulator goes with it."""
    with running_emulator(home=tmp_path) as emulator:
        os.kill(emulator.watchdog, signal.SIGKILL)
        deadline = time.monotonic() + LONGEST_CLEANING
        while any("launch.py" in each for each in processes_of(tmp_path)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert processes_of(tmp_path) == []
    assert not emulator.scratch.exists()
    assert not (tmp_path / "run").exists()


def test_a_second_start_while_one_is_running_says_so(tmp_path):
    """It names what the running one wrote down about itself, and leaves it alone."""
    with running_emulator(home=tmp_path) as emulator:
        emulator.describe(api="http://127.0.0.1/the-api")
        with (
            pytest.raises(AlreadyRunningError, match=r"(?s)running already.*/the-api") as refusal,
            running_emulator(home=tmp_path),
        ):
            pass
        assert refusal.value.about["emulator"] == emulator.address.url
        assert Cloud(emulator.address).s3.list_buckets()["Buckets"] == []


def test_an_emulator_can_be_started_again_at_once_after_its_end(tmp_path):
    """The end of the first waits for its clean-up, so the second meets nothing of it."""
    with running_emulator(home=tmp_path) as emulator:
        Cloud(emulator.address).s3.create_bucket(
            Bucket="left-over", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
        )
    with running_emulator(home=tmp_path) as emulator:
        assert Cloud(emulator.address).s3.list_buckets()["Buckets"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"lock", "emulator.log"}


def test_an_exception_ends_the_emulator_too(tmp_path):
    """Whoever uses the emulator may fail; it is torn down and the failure goes on."""
    with pytest.raises(ZeroDivisionError), running_emulator(home=tmp_path):
        raise ZeroDivisionError
    assert processes_of(tmp_path) == []
    assert not (tmp_path / "run").exists()


def test_it_listens_on_loopback_only(tmp_path):
    """Nobody else on the network can reach the emulator, whose root key is no secret."""
    with running_emulator(home=tmp_path) as emulator:
        port = int(emulator.address.url.rpartition(":")[2])
        rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        listeners = [
            row[1].split(":")[0] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "0A"
        ]
        assert listeners == ["0100007F"]


def test_a_missing_emulator_is_said_with_its_remedy(tmp_path, monkeypatch):
    """Without the emulator's environment the message names the command that makes it."""
    monkeypatch.setenv("LEA_REPORTS_EMULATOR", str(tmp_path / "no-python"))
    with pytest.raises(EmulatorError, match="make setup"), running_emulator(home=tmp_path):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {"lock"}


def zipped(name: str, content: str) -> bytes:
    """Return a zip of one file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr(name, content)
    return archive.getvalue()


def test_many_calls_at_once_share_few_workers_and_one_unpacked_layer(tmp_path):
    """Calls beyond the bound wait and are answered; the layers are on the disk, or in memory, once."""
    handler = "import os, time, shared\n\ndef handle(event, context):\n    time.sleep(0.2)\n"
    handler += "    return [os.getpid(), os.path.realpath(shared.__file__)]\n"
    with running_emulator(home=tmp_path) as emulator:
        functions = Cloud(emulator.address).functions
        layer = functions.publish_layer_version(
            LayerName="shared", Content={"ZipFile": zipped("python/shared.py", "")}
        )
        for name in ("one", "other"):
            functions.create_function(
                FunctionName=name,
                Runtime="python3.13",
                Role=f"arn:aws:iam::{ACCOUNT}:role/any",
                Handler="calm.handle",
                Code={"ZipFile": zipped("calm.py", handler)},
                Layers=[layer["LayerVersionArn"]],
            )

        def answer(number: int) -> list[object]:
            name = ("one", "other")[number % 2]
            content = functions.invoke(FunctionName=name)["Payload"].read()
            return list(json.loads(content))

        with ThreadPoolExecutor(4 * MOST_WORKERS) as callers:
            answers = list(callers.map(answer, range(4 * MOST_WORKERS)))
        workers = [each for each in processes_of(tmp_path) if "_worker.py" in each]

    assert {place for _, place in answers} == {answers[0][1]}
    assert Path(str(answers[0][1])).is_relative_to(emulator.scratch)
    assert len(workers) <= MOST_WORKERS


def test_who_looks_after_an_emulator_is_told_of_its_end(tmp_path):
    """It may be the kernel that ends it, for want of memory."""
    with running_emulator(home=tmp_path) as emulator:
        emulator.check()
        (launched,) = [
            process
            for process in Path("/proc").glob("[0-9]*")
            if f"launch.py\0{emulator.watchdog}" in (process / "cmdline").read_text(errors="replace")
        ]
        os.kill(int(launched.name), signal.SIGKILL)
        assert wait_until_gone(tmp_path) == []
        with pytest.raises(EmulatorError, match=r"The emulator ended\. Its log: .*emulator\.log$"):
            emulator.check()


def test_serve_ends_with_a_sentence_when_its_emulator_does(tmp_path):
    """Serving on in silence would leave everybody waiting for answers that never come."""
    with subprocess.Popen(
        [sys.executable, "-m", "local.serve", "--students", "20", "--schools", "1", "--home", tmp_path],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path])},
    ) as serving:
        assert serving.stdout is not None
        for line in serving.stdout:
            if "as the LEA's coordinator" in line:
                break
        for process in Path("/proc").glob("[0-9]*"):
            if (
                "launch.py" in (process / "cmdline").read_text(errors="replace")
                and str(tmp_path).encode() in (process / "environ").read_bytes()
            ):
                os.kill(int(process.name), signal.SIGKILL)
        said = serving.stdout.read()
        assert serving.wait(timeout=30) == 1
    last = said.rstrip().splitlines()[-1]
    assert last.startswith(("The emulator ended.", "The emulator does not answer any more."))
    assert '"_aws"' not in said  # nor any other line that functions log for machines
    assert wait_until_gone(tmp_path) == []
