"""Whether every claim of `docs/security.md` has a test that breaks with it: plants faults and looks who notices.

`python -m bench.security_claims` copies the checkout, plants one fault of `bench.security_faults` after the other
there, and runs the tests that must fail with it. Without a fault they pass; both are asked.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bench.security_faults import FAULTS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "security.md"
SOURCES = ("layers/lea_reports/python", "functions", ".")
"""Where the packages of a checkout lie."""
BUILT = ("build", "node_modules")
"""What tests need and no fault touches."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/[^\s\[]+::[^\s\[]+)", re.MULTILINE)
_HEADS = 2  # lines of the table before its rows


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that the page says; `files` are those that its row names as its tests, none outside the table."""

    text: str
    files: frozenset[str] = frozenset()

    def is_of(self, fault: Fault) -> bool:
        """Whether a fault makes this claim untrue."""
        return fault.claim in self.text


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the tests said of a fault: which of those that must fail passed."""

    fault: Fault
    missed: Sequence[str]


def claims(page: str) -> Iterator[Claim]:
    """Go through what the page says: what stands between semicolons in the table, and each sentence below it."""
    table, *paragraphs = page[page.index("| ") :].split("\n\n")
    for row in table.splitlines()[_HEADS:]:
        _, how, where = (cell.strip() for cell in row.strip("| ").split(" | "))
        files = frozenset(re.findall(r"`(tests/[^`]+)`", where))
        yield from (Claim(text, files) for text in how.split("; "))
    for paragraph in paragraphs:
        words = " ".join(paragraph.split())
        yield from (Claim(text) for text in re.split(r"(?<=\.) (?=[A-Z])", words))


def copied(folder: Path, root: Path = ROOT) -> None:
    """Copy what git knows of the checkout as it lies there; what was built is only pointed to."""
    git = shutil.which("git") or "git"
    listed = subprocess.run([git, "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    for name in listed.decode().rstrip("\0").split("\0"):
        if (root / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, folder / name)
    for name in BUILT:
        if (root / name).exists():
            (folder / name).symlink_to((root / name).resolve())


def planted(fault: Fault, text: str) -> str:
    """Return a file's text with the fault in it.

    Raises:
        ValueError: what is replaced does not stand there once, or what comes out of it is no Python.
    """
    if text.count(fault.text) != 1:
        raise ValueError(f"{fault.file} has {text.count(fault.text)} times {fault.text!r}, not once")
    changed = text.replace(fault.text, fault.replacement)
    if fault.file.endswith(".py"):
        ast.parse(changed, fault.file)
    return changed


def failing(folder: Path, tests: Iterable[str]) -> frozenset[str]:
    """Run tests in a copy of the checkout; return those that failed, without their parameters."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str((folder / source).resolve()) for source in SOURCES),
        "PYTHONDONTWRITEBYTECODE": "1",  # a fault that is as long as what it replaces would not be seen
    }
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rfE", "-p", "no:cacheprovider", *tests]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode not in {0, 1}:
        raise ValueError(f"the tests could not be run:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return frozenset(_FAILED.findall(ended.stdout))


def name_of(test: str) -> str:
    """Return a test's id without its parameters."""
    return test.partition("[")[0]


def outcomes(folder: Path, faults: Iterable[Fault]) -> Iterator[Outcome]:
    """Plant one fault after the other in a copy of the checkout."""
    for fault in faults:
        file = folder / fault.file
        text = file.read_text(encoding="utf-8")
        file.write_text(planted(fault, text), encoding="utf-8")
        try:
            failed = failing(folder, fault.tests)
        finally:
            file.write_text(text, encoding="utf-8")
        yield Outcome(fault, [test for test in fault.tests if name_of(test) not in failed])


@click.command()
@click.option("--system", is_flag=True, help="Also those that only the whole stack shows.")
@click.option("--only", default="", help="Faults whose claim or file has this text.")
def main(*, system: bool, only: str) -> None:
    """Plant faults, and end with 1 if a test overlooks one."""
    faults = [
        fault
        for fault in FAULTS
        if (system or not fault.system) and (only in fault.claim or only in fault.file)
    ]
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        copied(folder)
        broken = failing(folder, sorted({test for fault in faults for test in fault.tests}))
        for test in sorted(broken):
            click.echo(f"fails without any fault: {test}")
        click.echo("| claim | fault planted in | tests that must fail | found |\n|---|---|---|---|")
        for outcome in outcomes(folder, faults):
            missed += bool(outcome.missed)
            tests = ", ".join(test.rpartition("::")[2] for test in outcome.fault.tests)
            found = "**no**" if outcome.missed else "yes"
            click.echo(f"| {outcome.fault.claim} | {outcome.fault.file} | {tests} | {found} |")
    click.echo(f"{len(faults)} faults, {len(faults) - missed} found.")
    if missed or broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
