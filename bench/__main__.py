"""Measure: `python -m bench ssr`, `merge`, `pipeline`, `state`."""

from bench.commands import main

main(prog_name="python -m bench")
