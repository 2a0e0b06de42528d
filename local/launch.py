"""Run the emulator so that it cannot outlive the process that started it.

Executed by the emulator's interpreter, not by ours, hence only standard imports:

    python launch.py PARENT_PID
"""

import ctypes
import importlib
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h: which signal this process gets when its parent dies


def die_with_parent(parent: int) -> None:
    """Ask Linux to kill this process when `parent` is gone; elsewhere the watchdog alone sees to it."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request was in place
        sys.exit(1)


if __name__ == "__main__":
    die_with_parent(int(sys.argv.pop()))  # popped, since the emulator reads its arguments too
    importlib.import_module("ministack.app").main()
