"""Where our time goes from Parquet to zip: `python -m bench.profile [language]`, with students new to the engine."""

from __future__ import annotations

import cProfile
import pstats
import sys
import tempfile
from pathlib import Path

from bench.commands import FONTS
from bench.engines import ENGINES, OURS
from bench.singles import ParquetToZip
from bench.students import invent_students, read_students

_SEED = 2026
_STUDENTS, _AT_ONCE = 20_000, 2000
_SHOWN = 40


def main(language: str = "en") -> None:
    """Warm up with all students but the last, and print the functions in which their time was spent."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        invent_students(Path(folder), _STUDENTS, _SEED)
        entries = read_students(Path(folder), _STUDENTS)
    way = ParquetToZip(ENGINES[OURS](FONTS), language)
    *before, last = (
        way.prepare(entries[start : start + _AT_ONCE]) for start in range(0, _STUDENTS, _AT_ONCE)
    )
    for prepared in before:
        way.run(prepared)
    profile = cProfile.Profile()
    profile.runcall(way.run, last)
    pstats.Stats(profile).strip_dirs().sort_stats("cumulative").print_stats(_SHOWN)


if __name__ == "__main__":
    main(*sys.argv[1:])
