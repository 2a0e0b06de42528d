"""Contenders whose work is known, for the tests of the contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.contest import Made, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.contest import Contender, Setting
    from bench.students import Entry


class Counting:
    """Makes files of 10 bytes that hold the student's SSID."""

    def prepare(self, entries: Sequence[Entry]) -> list[bytes]:
        return [str(entry.student["ssid"]).encode() for entry in entries]

    def run(self, prepared: list[bytes]) -> Made:
        return Made(len(prepared), sum(map(len, prepared)))

    def sample(self, entries: Sequence[Entry]) -> list[bytes]:
        return self.prepare(entries)


class Remembering(Counting):
    """Makes a file of one byte of every student whom it never met before."""

    def __init__(self) -> None:
        self._met: set[bytes] = set()

    def run(self, prepared: list[bytes]) -> Made:
        new = set(prepared) - self._met
        self._met |= new
        return Made(len(prepared), len(new))


class Failing(Counting):
    """Ends its process in the first round."""

    def run(self, prepared: list[bytes]) -> Made:
        raise SystemExit(3)


def _not_installed(setting: Setting) -> Contender[list[bytes]]:
    raise ModuleNotFoundError("No module named 'fastpdf'", name="fastpdf")


def _no_program(setting: Setting) -> Contender[list[bytes]]:
    raise FileNotFoundError("fastpdf is not installed; the system package fastpdf has it")


def _counting(setting: Setting) -> Contender[list[bytes]]:
    return Counting()


def _remembering(setting: Setting) -> Contender[list[bytes]]:
    return Remembering()


def _failing(setting: Setting) -> Contender[list[bytes]]:
    return Failing()


WAYS = {
    way.name: way
    for way in (
        Way("counting", _counting),
        Way("counting few", _counting, most=2),
        Way("remembering", _remembering),
        Way("failing", _failing),
        Way("package", _not_installed),
        Way("program", _no_program),
    )
}
