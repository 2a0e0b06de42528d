"""Start an emulator with a function at work in it, print its URL, and wait; a process for tests to kill.

python starter.py HOME
"""

import io
import signal
import sys
import time
import zipfile
from pathlib import Path

from local.cloud import ACCOUNT, Cloud
from local.emulator import running_emulator

BUSY = "import time\n\n\ndef handle(event, context):\n    time.sleep(60)\n"


def start_busy_function(cloud: Cloud) -> None:
    """Create a function that takes a minute, and have it invoked."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("busy.py", BUSY)
    cloud.functions.create_function(
        FunctionName="busy",
        Runtime="python3.13",
        Role=f"arn:aws:iam::{ACCOUNT}:role/busy",
        Handler="busy.handle",
        Code={"ZipFile": code.getvalue()},
        Timeout=60,
    )
    cloud.functions.invoke(FunctionName="busy", InvocationType="Event", Payload=b"{}")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    with running_emulator(home=Path(sys.argv[1])) as emulator:
        start_busy_function(Cloud(emulator.address))
        while not list(emulator.scratch.glob("ministack-lambda-busy-*/_worker.py")):
            time.sleep(0.02)
        time.sleep(0.2)
        sys.stdout.write(f"{emulator.address.url}\n")
        sys.stdout.flush()
        time.sleep(60)
