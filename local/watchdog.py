"""Own the emulator's processes: when the person who wanted them is gone, so are they, and their files.

    python watchdog.py RUN_FOLDER SCRATCH_FOLDER LOG INTERPRETER LAUNCHER

The starter holds the other end of this process's standard input. However the starter ends (normally, by
Ctrl-C, by SIGKILL), that end closes, and the watchdog kills the emulator with every function it runs and
deletes both folders. It needs nothing but the standard library, so that it is up within some 20 ms.
"""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

POLL_SECONDS = 0.5  # how soon an emulator that fell over by itself is noticed


def starter_is_there() -> bool:
    """Wait a moment; false once standard input is closed at the other end."""
    readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
    return not readable or os.read(sys.stdin.fileno(), 1) != b""


def watch(folders: list[Path], log: Path, interpreter: str, launcher: str) -> int:
    """Run the emulator until the starter is gone or the emulator ends; return the emulator's exit code."""
    with log.open("wb") as output:
        emulator = subprocess.Popen(
            [interpreter, launcher, str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its functions share its process group: one signal reaches all
        )
    try:
        while emulator.poll() is None and starter_is_there():
            pass
        return emulator.poll() or 0
    finally:
        with contextlib.suppress(ProcessLookupError):  # when it and all its functions have ended already
            os.killpg(emulator.pid, signal.SIGKILL)  # nothing it holds is worth a farewell
        emulator.wait()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Watch, and clean up also when told to end."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the starter, whose end we see
    _, run, scratch, log, interpreter, launcher = sys.argv
    return watch([Path(run), Path(scratch)], Path(log), interpreter, launcher)


if __name__ == "__main__":
    sys.exit(main())
