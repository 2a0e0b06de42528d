"""A deployed stack whose functions can be killed at a chosen call to AWS, and whose clock a test moves."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from local.coordinator import REQUESTS
from local.stack import running_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from local.coordinator import Coordinator
    from local.stack import Stack

ENTRY_POINT = Path(__file__).with_name("killable")
LONGEST = 60.0
LOOK_EVERY = 0.03
MINUTE = timedelta(minutes=1)


def wait_until(condition: Callable[[], bool], meaning: str) -> None:
    """Return when a condition is true; `meaning` says what it is."""
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {meaning}"
        time.sleep(LOOK_EVERY)


@contextmanager
def running_killable_stack(home: Path, assembly: Path, *, chunk_ssrs: int) -> Iterator[KillableStack]:
    """Run a stack in `home` whose functions have `killable/killable.py` before them; end it afterwards."""
    with running_stack(home=home, assembly=assembly) as stack:
        folder = home / "killable"
        folder.mkdir()
        (folder / "clock").write_text("0")
        names = {}
        for function in stack.cloud.functions.list_functions()["Functions"]:
            names[function["Handler"].partition(".")[0]] = function["FunctionName"]
            stack.cloud.functions.update_function_configuration(
                FunctionName=function["FunctionName"],
                Handler="killable.handle",
                Environment={
                    "Variables": function["Environment"]["Variables"]
                    | {
                        "PYTHONPATH": str(ENTRY_POINT),
                        "MORTAL_FOLDER": str(folder),
                        "MORTAL_HANDLER": function["Handler"],
                        "CHUNK_SSRS": str(chunk_ssrs),
                    }
                },
            )
        yield KillableStack(stack, folder, names["build_report"])


@dataclass(frozen=True, slots=True)
class KillableStack:
    """The stack, with what its functions are told in files of `folder`.

    Time passes only while nobody works, by `let_pass`: however slow the machine is, no lease runs out that should not.
    """

    stack: Stack
    folder: Path
    build_report: str

    def kill(self, operation: str, words: str) -> None:
        """Have the next function killed that is about to call an operation with these words among its arguments."""
        for earlier in self._killed():
            earlier.unlink()
        self._tell("kill", f"{operation} {words}")

    def wait_for_the_kill(self) -> None:
        """Return when whoever was to be killed is dead."""
        wait_until(lambda: len(self._killed()) == 1, "somebody makes the call that kills")
        process = Path("/proc", self._killed()[0].name.removeprefix("killed-"))
        wait_until(lambda: not process.exists(), "the process is gone")

    def _killed(self) -> list[Path]:
        return list(self.folder.glob("killed-*"))

    def _tell(self, name: str, text: str) -> None:
        """Write a file that nobody sees half written."""
        fresh = self.folder / "fresh"
        fresh.write_text(text)
        fresh.replace(self.folder / name)

    @contextmanager
    def impatience(self) -> Iterator[None]:
        """Have messages of steps that failed shown again at once."""
        (self.folder / "impatient").touch()
        yield
        (self.folder / "impatient").unlink()

    def let_pass(self, period: timedelta) -> None:
        """Move the clock of all functions on, and do what the schedule does each minute."""
        ahead = float((self.folder / "clock").read_text()) + period.total_seconds()
        self._tell("clock", str(ahead))
        answer = self.stack.cloud.functions.invoke(
            FunctionName=self.build_report, Payload=b'{"step": "reconcile"}'
        )
        assert "FunctionError" not in answer

    def wait_for_rest(self, dead: int = 0) -> None:
        """Return when nobody works; `dead` messages are still hidden for those who died over them."""
        wait_until(lambda: self._undone() == dead, "nobody is at work any more")

    def let_minutes_pass_until_told(
        self, coordinator: Coordinator, name: str, *, within: int, dead: int
    ) -> None:
        """Let time pass until somebody has the mail about a report, `within` minutes at most."""
        step = max(1, within // 8)
        for _ in range(0, within + 1, step):
            self.wait_for_rest(dead)
            if coordinator.notices(name):
                return
            self.let_pass(step * MINUTE)
        raise AssertionError(f"no mail about {name} after {within} minutes")

    def newest(self, coordinator: Coordinator) -> str:
        """Return the path of somebody's newest request."""
        return f"{REQUESTS}/{coordinator.api.get(REQUESTS).document()['report_requests'][0]['id']}"

    def forget_dead_messages(self) -> None:
        """Empty the queues."""
        deployment = self.stack.deployment
        for url in (deployment.build_queue_url, deployment.notice_queue_url):
            self.stack.cloud.sqs.purge_queue(QueueUrl=url)

    def dead_letters(self) -> int:
        """Return how many messages the queue of builds has given up."""
        return self._messages(self.stack.deployment.build_dead_letter_queue_url)

    def redrive(self) -> str:
        """Send the dead letters of the queue of builds again, as an operator does; return what the command printed."""
        deployment = self.stack.deployment
        queue = ("--queue", deployment.build_queue_url)
        return self.stack.operate("redrive", "--dead-letters", deployment.build_dead_letter_queue_url, *queue)

    def _undone(self) -> int:
        deployment = self.stack.deployment
        return self._messages(deployment.build_queue_url) + self._messages(deployment.notice_queue_url)

    def _messages(self, url: str) -> int:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        counts = self.stack.cloud.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(counts[name]) for name in names)

    def chunks(self, location: str, coordinator: Coordinator) -> list[str]:
        """Return the states of a job's chunks."""
        lea, job = coordinator.account.assignment.lea, location.rpartition("/")[2]
        rows = self.stack.cloud.dynamodb.query(
            TableName=self.stack.deployment.table_name,
            KeyConditionExpression="pk = :lea AND begins_with(sk, :chunks)",
            ExpressionAttributeValues={":lea": {"S": f"LEA#{lea}"}, ":chunks": {"S": f"CHUNK#{job}#"}},
            ConsistentRead=True,
        )["Items"]
        return [row["state"]["S"] for row in rows]

    def work_area(self, location: str, coordinator: Coordinator) -> str:
        """Return where a job keeps its intermediate objects."""
        return f"work/{coordinator.account.assignment.lea}/{location.rpartition('/')[2]}/"

    def objects(self, prefix: str) -> list[str]:
        """Return the names of the archive bucket's objects below a prefix."""
        bucket = self.stack.deployment.archive_bucket_name
        found = self.stack.cloud.s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        return [each["Key"].removeprefix(prefix) for each in found]

    def unfinished_uploads(self) -> list[str]:
        """Return the keys of objects of which only parts are there."""
        bucket = self.stack.deployment.archive_bucket_name
        found = self.stack.cloud.s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        return [each["Key"] for each in found]

    def modified(self, key: str) -> datetime:
        """Return when an object of the archive bucket was written."""
        bucket = self.stack.deployment.archive_bucket_name
        return self.stack.cloud.s3.head_object(Bucket=bucket, Key=key)["LastModified"]

    def read(self, key: str) -> bytes:
        """Return an object of the archive bucket."""
        bucket = self.stack.deployment.archive_bucket_name
        return self.stack.cloud.s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    def write(self, key: str, content: bytes) -> None:
        """Replace an object of the archive bucket."""
        bucket = self.stack.deployment.archive_bucket_name
        self.stack.cloud.s3.put_object(Bucket=bucket, Key=key, Body=content)
