"""`make faults SEEDS=<from>:<to>`: run seeds on two processes; a broken promise ends it with its seed and its story."""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections import Counter

import click

from tests.faults.runs import check_seeds, described

_PROCESSES = 2
_AT_ONCE = 250


@click.command()
@click.argument("seeds")
def main(seeds: str) -> None:
    """Run SEEDS, `<from>:<to>` without the last; a single seed is described in full."""
    first, _, end = seeds.partition(":")
    wanted = range(int(first), int(end or int(first) + 1))
    if len(wanted) == 1:
        for line in described(wanted[0]):
            click.echo(line)
    started = time.monotonic()
    kept, faults = 0, Counter[str]()
    batches = [wanted[at : at + _AT_ONCE] for at in range(0, len(wanted), _AT_ONCE)]
    with multiprocessing.get_context("spawn").Pool(_PROCESSES) as pool:
        for count, met, broken in pool.imap_unordered(check_seeds, batches):
            kept += count
            faults += met
            if broken is not None:
                pool.terminate()
                for line in described(broken):
                    click.echo(line)
                click.echo(f"replay: make faults SEEDS={broken}:{broken + 1}")
                sys.exit(1)
    met = ", ".join(f"{name} {count:,}" for name, count in faults.most_common())
    click.echo(f"{kept:,} seeds in {time.monotonic() - started:.0f} s kept every promise. Faults: {met}")


if __name__ == "__main__":
    main()
