"""`lea-reports bench`: measurements against peers, where the repository is at hand."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click


class _BenchOfCheckout(click.Group):
    """The commands of the repository's `bench` folder, which is no part of the package."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return sorted(_commands())

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        return _commands().get(name)


@click.group(cls=_BenchOfCheckout)
def bench() -> None:
    """Measure the SSR engine and its peers in one run (in a checkout of the repository only)."""


def _commands() -> dict[str, click.Command]:
    """Load the commands. Raises `ClickException` outside of a checkout."""
    root = next(
        (folder for folder in Path(__file__).parents if (folder / "bench/commands.py").is_file()), None
    )
    if root is None:
        raise click.ClickException(
            "The benches belong to the repository: run this in a checkout that `make setup` made ready."
        )
    if str(root) not in sys.path:
        sys.path.append(str(root))
    return {command.name or "": command for command in import_module("bench.commands").COMMANDS}
