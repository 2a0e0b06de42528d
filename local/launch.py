"""Run the emulator so that it cannot outlive the process that started it.

Executed by the emulator's interpreter, not by ours, hence only standard imports:

    python launch.py PARENT_PID

LAMBDA_MOST_WORKERS is how many functions it runs at once, and how many processes it keeps for them.
"""

import ctypes
import importlib
import json
import mmap
import os
import signal
import sys
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http.client import HTTPResponse
from pathlib import Path
from types import SimpleNamespace

LONGEST_WAIT = 60.0  # seconds that an invocation waits for its turn
PR_SET_PDEATHSIG = 1  # linux/prctl.h: which signal this process gets when its parent dies


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when `parent` is gone; elsewhere the watchdog alone sees to it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request was in place
        sys.exit(1)


class GatewaySpeaksTls(urllib.request.HTTPSHandler):
    """Opens the emulator's own pages over TLS where it asks for them over plain HTTP.

    With USE_SSL its Cognito authorizer still fetches the pool's keys from http://<itself>, fails, and refuses
    every token. SSL_CERT_FILE makes its certificate trusted.
    """

    handler_order = urllib.request.HTTPSHandler.handler_order - 1  # asked before the usual handlers

    def __init__(self, gateway: str) -> None:
        super().__init__()
        self.gateway = gateway

    def http_open(self, request: urllib.request.Request) -> HTTPResponse | None:
        """Open `request` by TLS if it is for the gateway; leave others to the usual handlers."""
        return self.https_open(request) if request.host == self.gateway else None


def authorize_as_aws_does() -> None:
    """Correct which permission the emulator's IAM asks for where it differs from AWS and would refuse us.

    - A batch call of SQS needs the permission of the single call; an action `sqs:SendMessageBatch` does not
      exist (SQS developer guide, "Amazon SQS API permissions").
    - `ses:SendEmail` is granted on the sender's identity (Service Authorization Reference, "Amazon SES v2");
      the emulator asks for it on `*`.
    """
    actions = vars(importlib.import_module("ministack.core.iam_actions"))
    derived_action, derived_resource = actions["extract_iam_action"], actions["extract_resource_arn"]

    def action(service: str, *request: object) -> str | None:
        name: str | None = derived_action(service, *request)
        return name.removesuffix("Batch") if name and service == "sqs" else name

    def resource(  # the emulator's own parameters
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query: dict[str, object],
        region: str,
        account: str,
    ) -> str:
        if service == "ses" and path == "/v2/email/outbound-emails":
            sender = json.loads(body)["FromEmailAddress"]
            return f"arn:aws:ses:{region}:{account}:identity/{sender}"
        arn: str = derived_resource(service, method, path, headers, body, query, region, account)
        return arn

    actions |= {"extract_iam_action": action, "extract_resource_arn": resource}


def copy_parts_from_disk() -> None:
    """Let the emulator map the objects into memory that it copies parts from; it would read them.

    It keeps every part until an upload is completed, and then joins them: an archive would be in memory twice, which
    is too much for one of 10 GB. A mapping stays what it was when the object is replaced or deleted.
    """
    s3 = vars(importlib.import_module("ministack.services.s3"))
    copy, read, disk_path = s3["_upload_part_copy"], s3["_read_body"], s3["_object_disk_path"]

    def mapped(bucket: str, key: str, stored: dict[str, object]) -> object:
        path = disk_path(bucket, key)
        if stored.get("body") is not None or not stored.get("size") or path is None:
            return read(bucket, key, stored)
        with Path(path).open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def copied(*request: object) -> object:  # one request at a time: the emulator's S3 has one thread
        s3["_read_body"] = mapped
        try:
            return copy(*request)
        finally:
            s3["_read_body"] = read

    s3["_upload_part_copy"] = copied


class SharedZip(zipfile.ZipFile):
    """A zip that is unpacked once, however often it is asked to be: the folders asked for become links to that place.

    The emulator unpacks all layers anew for every process that runs a function. On Lambda as well they are read-only.
    """

    unpacking = threading.Lock()

    def extractall(self, path: object = None, *_: object) -> None:
        """Let `path`, an empty folder, lead to what is in the archive."""
        contents = sha256(repr([(each.filename, each.CRC) for each in self.infolist()]).encode()).hexdigest()
        asked = Path(str(path))
        shared = asked.parent.with_name(f"unpacked-{contents[:32]}")
        with self.unpacking:
            if not shared.exists():
                unfinished = shared.with_suffix(".new")
                super().extractall(unfinished)
                unfinished.rename(shared)
        asked.rmdir()
        asked.symlink_to(shared)
        Path(str(self.filename)).unlink()  # 80 MB that nobody reads again


def share_layers() -> None:
    """Have code and layers of functions unpacked once for all processes that run them."""
    runtime = vars(importlib.import_module("ministack.core.lambda_runtime"))
    runtime["zipfile"] = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedZip})


def bound_workers(most: int) -> None:
    """Let at most `most` functions run at once, and others wait; no more processes are kept for them.

    Left alone the emulator starts a process for each invocation that meets others, and keeps it for minutes.
    """
    functions = vars(importlib.import_module("ministack.services.lambda_svc"))
    runtime = vars(importlib.import_module("ministack.core.lambda_runtime"))
    turns = threading.Semaphore(most)
    enter, leave, lease = (
        functions[name] for name in ("_acquire_execution_slot", "_release_execution_slot", "acquire_worker")
    )

    def enter_in_turn(*invocation: object) -> tuple[object, object]:
        if not turns.acquire(timeout=LONGEST_WAIT):
            return None, "account"
        slot, limit = enter(*invocation)
        if slot is None:
            turns.release()
        return slot, limit

    def leave_in_turn(slot: object) -> None:
        leave(slot)
        turns.release()

    def lease_and_retire(*wanted: object, **options: object) -> tuple[object, object]:
        leased, how = lease(*wanted, **options)
        with runtime["_lock"]:
            retired = list(surplus(runtime["_workers"], most))
        runtime["kill_workers"](retired)
        return leased, how

    functions |= {
        "_acquire_execution_slot": enter_in_turn,
        "_release_execution_slot": leave_in_turn,
        "acquire_worker": lease_and_retire,
    }


def surplus(pools: dict[str, list[SimpleNamespace]], most: int) -> Iterator[SimpleNamespace]:
    """Take idle workers out of the pools until no more than `most` are left, those first that idle longest."""
    workers = [(worker.last_used, key, worker) for key, pool in pools.items() for worker in pool]
    idle = sorted((each for each in workers if not each[2].in_use), key=lambda each: each[0])
    for _, key, worker in idle[: max(0, len(workers) - most)]:
        pools[key].remove(worker)
        yield worker


if __name__ == "__main__":
    die_with_parent(int(sys.argv.pop()))  # popped, since the emulator reads its arguments too
    if os.environ.get("AUTH"):
        authorize_as_aws_does()
    if os.environ.get("USE_SSL"):
        own = GatewaySpeaksTls(f"{os.environ['MINISTACK_HOST']}:{os.environ['GATEWAY_PORT']}")
        urllib.request.install_opener(urllib.request.build_opener(own))
    copy_parts_from_disk()
    share_layers()
    bound_workers(int(os.environ["LAMBDA_MOST_WORKERS"]))
    importlib.import_module("ministack.app").main()
