"""An attempt may fail; what comes after it goes on, and a log may know where it came out of our code."""

import json
from pathlib import Path
from types import FunctionType

import pytest
from botocore.exceptions import ClientError

from lea_reports.errors import Transient
from lea_reports.telemetry.attempt import Attempt
from lea_reports.telemetry.cloudwatch import CloudWatchTelemetry
from lea_reports.telemetry.events import FIELDS, Event
from lea_reports.telemetry.fault import OUR_PACKAGES, Fault

FUNCTIONS = Path(__file__).parents[3] / "functions"


def breaks(name):
    """Fail with a text that must not get out."""
    raise ValueError(name)


def calls(name, function, *others):
    """Call what is below."""
    function(name, *others)


def in_module(function, module):
    """Return a function as if it stood in another module."""
    return FunctionType(function.__code__, {"__name__": module} | {"__builtins__": __builtins__})


def test_a_failure_leaves_its_kind_and_nothing_else():
    """The text of an exception may quote a student's row."""
    with Attempt() as attempt:
        raise ValueError("Zhang")

    assert attempt.fields == {"error": "ValueError"}


def test_what_comes_to_its_end_has_no_fault():
    """Nothing is noted."""
    with Attempt() as attempt:
        pass

    assert attempt.fault is None
    assert attempt.fields == {}


def test_an_interrupt_is_not_held_up():
    """Whoever stops the process means it."""
    with pytest.raises(KeyboardInterrupt), Attempt():
        raise KeyboardInterrupt


def test_a_fault_names_the_innermost_line_of_our_code():
    """What libraries below it and callers above it do is not where to look first."""
    library = in_module(breaks, "csv.reader")
    inner = in_module(calls, "lea_reports.reports.roster")
    outer = in_module(calls, "build_report.handler")

    with Attempt() as attempt:
        outer("Zhang", inner, library)

    assert attempt.fault == Fault(
        "ValueError", "lea_reports.reports.roster", calls.__code__.co_firstlineno + 2
    )


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (KeyError("Zhang"), "KeyError"),
        (Transient("Zhang"), "lea_reports.errors.Transient"),
        (ClientError({"Error": {"Code": "Zhang"}}, "GetItem"), "botocore.exceptions.ClientError"),
        (UnicodeDecodeError("utf-8", b"Zhang", 0, 1, "Zhang"), "UnicodeDecodeError"),
    ],
)
def test_a_log_line_has_the_class_and_never_the_text(capsys, error, name):
    """Neither its own nor that of what it came from; Python's own classes need no module."""
    error.__cause__ = ValueError("Zhang")
    with Attempt() as attempt:
        raise error

    CloudWatchTelemetry(f"fault-{name}", "local").event(Event.STEP_FAILED, **attempt.fields)

    line = capsys.readouterr().out
    assert json.loads(line)["error"] == name
    assert "Zhang" not in line


def test_every_function_is_ours():
    """A function that is added is known here; and every field of a fault may be logged."""
    functions = {path.parent.name for path in FUNCTIONS.glob("*/handler.py")}

    assert functions | {"lea_reports"} == OUR_PACKAGES
    assert set(Fault._fields) <= FIELDS
