"""An attempt may fail; what comes after it goes on."""

import pytest

from lea_reports.telemetry.attempt import Attempt


def test_a_failure_leaves_its_kind_and_nothing_else():
    """The text of an exception may quote a student's row."""
    with Attempt() as attempt:
        raise ValueError("Zhang")

    assert attempt.error == "ValueError"


def test_what_comes_to_its_end_has_no_error():
    """Nothing is noted."""
    with Attempt() as attempt:
        pass

    assert attempt.error is None


def test_an_interrupt_is_not_held_up():
    """Whoever stops the process means it."""
    with pytest.raises(KeyboardInterrupt), Attempt():
        raise KeyboardInterrupt
