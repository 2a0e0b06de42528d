"""The first SSR of a process that begins with nothing: nothing is imported, laid out or kept from earlier.

`python -m bench.first_ssr FONTS STUDENTS LANGUAGE CORE` is that process; CORE is empty where it cannot be chosen.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.contest import Setting

FORBIDDEN = frozenset(("fpdf", "fontTools", "pypdf", "PIL"))
"""Libraries that take longer to import than the first SSR may take."""
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class FirstSsr:
    """How a process came to its first SSR."""

    import_seconds: float
    """To import the engine, pages and texts included."""
    seconds: float
    """From there to the bytes: opening fonts, compiling the templates and filling them."""
    loaded: tuple[str, ...]
    """Those of the forbidden libraries that were imported."""


def first_ssr(setting: Setting, core: int | None, processes: int = 5) -> FirstSsr:
    """Start some processes, one after the other, and return the medians."""
    command = [
        *(sys.executable, "-m", __name__),
        *(str(setting.fonts), str(setting.students), setting.language, "" if core is None else str(core)),
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    answers = [
        json.loads(
            subprocess.run(command, check=True, capture_output=True, cwd=_ROOT, env=environment).stdout
        )
        for _ in range(processes)
    ]
    return FirstSsr(
        statistics.median(answer["import_seconds"] for answer in answers),
        statistics.median(answer["seconds"] for answer in answers),
        tuple(sorted({name for answer in answers for name in answer["loaded"]})),
    )


def main() -> int:
    """Be one of the processes."""
    fonts, students, language, core = sys.argv[1:]
    if core:
        os.sched_setaffinity(0, {int(core)})
    start = perf_counter()
    from lea_reports.ssr.engine.compiled_engine import CompiledEngine
    from lea_reports.ssr.engine.ssr_engine import SsrFile

    import_seconds = perf_counter() - start
    # What reads the student is no part of the engine.
    from bench.students import read_students

    (entry,) = read_students(Path(students), 1)
    result = entry.result(language)
    start = perf_counter()
    (made,) = CompiledEngine(Path(fonts)).single_files([result])
    if not isinstance(made, SsrFile):
        raise TypeError(f"The first student has no SSR: {made.reason}.")
    size = len(made.content)
    answer = {
        "import_seconds": import_seconds,
        "seconds": perf_counter() - start,
        "size": size,
        "loaded": sorted(FORBIDDEN & sys.modules.keys()),
    }
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
