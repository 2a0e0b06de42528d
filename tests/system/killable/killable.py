"""An entry point before a function's own: its process can be killed at a call to AWS, and its clock moved.

Tests give it to deployed functions as their handler. It looks into the folder `MORTAL_FOLDER`:

- `kill` holds the name of an operation and, behind a space, words. Whoever is about to call that operation with
  these words among its arguments dies by SIGKILL. Only one does: it renames the file to `killed-<its process id>`.
- `clock` holds the seconds by which the function's clock is ahead.
- `impatient`, if it is there, has a message that failed be shown again at once.
"""

import importlib
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import botocore.handlers

FOLDER = Path(os.environ["MORTAL_FOLDER"])


def die_if_told(params: dict[str, Any], event_name: str, **_: object) -> None:
    """Kill this process if this is the call."""
    try:
        operation, words = (FOLDER / "kill").read_text().split(" ", 1)
    except FileNotFoundError:
        return
    arguments = str({name: value for name, value in params.items() if name != "Body"})
    if event_name.rpartition(".")[2] != operation or words not in arguments:
        return
    with suppress(FileNotFoundError):  # another one dies for it
        (FOLDER / "kill").rename(FOLDER / f"killed-{os.getpid()}")
        os.kill(os.getpid(), signal.SIGKILL)


def hurry(params: dict[str, Any], **_: object) -> None:
    """Leave out the pause before a message is shown again."""
    if (FOLDER / "impatient").exists():
        params["VisibilityTimeout"] = 0


class MovedClock(datetime):
    """The time as the test wants it."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Return the time."""
        return datetime.now(tz) + timedelta(seconds=float((FOLDER / "clock").read_text()))


botocore.handlers.BUILTIN_HANDLERS += [
    ("before-parameter-build", die_if_told),
    ("before-parameter-build.sqs.ChangeMessageVisibility", hurry),
]
MODULE, _, NAME = os.environ["MORTAL_HANDLER"].rpartition(".")
handle = getattr(importlib.import_module(MODULE), NAME)
vars(sys.modules[MODULE])["datetime"] = MovedClock
