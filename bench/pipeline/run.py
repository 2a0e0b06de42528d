"""The bench of whole jobs: three LEAs, unmerged and merged, and a plain pipeline in the same run."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.pipeline.job import Office
from bench.pipeline.plain import plain_pace
from bench.pipeline.report import MERGED, UNMERGED, PipelineReport, Row
from bench.pipeline.schools import LARGEST, LARGEST_LEA, invented_sizes, sizes_of_leas, students_of
from bench.pipeline.stack import measured_stack
from bench.pipeline.usage import Notes
from bench.tested_leas import TestedLea, lea_code, write_tested_leas
from local.demo_year import demo_year

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.stack import Stack

_SEED = 2026
_PLAIN_SAMPLE = 40
_WARM_UP = 20
MEDIAN, LARGE = 700, 20_000
CASES, WAYS = ("median", "large", "largest"), (UNMERGED, MERGED)


@dataclass(frozen=True, slots=True)
class Case:
    """An LEA to measure."""

    name: str
    lea: TestedLea

    @property
    def students(self) -> int:
        """How many students it has, each with an SSR."""
        return students_of(self.lea.schools)


def cases(names: Sequence[str], schools: Path | None, students: int | None) -> list[Case]:
    """Return the LEAs to measure: `median`, `large` and `largest`.

    `schools` is a table of tested students from which the largest is taken; `students` replaces the size of all.
    """
    table = sizes_of_leas(schools)[LARGEST_LEA] if schools and "largest" in names and not students else None
    usual = {
        "median": lambda: invented_sizes(MEDIAN),
        "large": lambda: invented_sizes(LARGE),
        "largest": lambda: table or invented_sizes(LARGEST),
    }
    return [
        Case(
            name,
            TestedLea(
                lea_code(number),
                f"Sample {name.capitalize()} Unified",
                invented_sizes(students) if students else usual[name](),
            ),
        )
        for number, name in enumerate(names, start=1)
    ]


def bench_pipeline(
    fonts: Path,
    chosen: Sequence[Case],
    *,
    ways: Sequence[str],
    limit_unmerged: int | None,
    tell: Callable[[str], None],
) -> PipelineReport:
    """Measure jobs on the local stack.

    `ways`: `unmerged`, `merged`. `limit_unmerged`: LEAs with more students are measured merged only.
    """
    warm_up = Case("warm-up", TestedLea(lea_code(0), "Sample Warm Unified", invented_sizes(_WARM_UP)))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        notes = Notes(folder / "notes")
        notes.folder.mkdir()
        tell(f"Inventing {sum(case.students for case in chosen):,} students")
        write_tested_leas([case.lea for case in (warm_up, *chosen)], folder, year=demo_year(), seed=_SEED)
        with measured_stack(notes.folder, tell) as stack:
            _take_in(stack, folder, tell)
            office = Office.of(stack, warm_up.lea.code, notes)
            for way in ways:
                office.deliver(f"warm-up-{way}", merge=way == MERGED, students=warm_up.students)
            plain = plain_pace(fonts, stack.cloud.s3, stack.deployment.archive_bucket_name, _PLAIN_SAMPLE)
            tell(f"plain pipeline: {plain:.1f} SSRs a second")
            rows: list[Row] = []
            remarks: list[str] = []
            for case in chosen:
                office = Office.of(stack, case.lea.code, notes)
                for way in ways:
                    if way == UNMERGED and limit_unmerged and case.students > limit_unmerged:
                        remarks.append(
                            f"left out: {case.name}, unmerged: {case.students:,} students are more than "
                            f"--limit-unmerged {limit_unmerged:,}"
                        )
                        continue
                    made = office.deliver(f"{case.name}-{way}", merge=way == MERGED, students=case.students)
                    rows.append(Row(case.name, way, len(case.lea.schools), made))
                    tell(rows[-1].line)
    return PipelineReport(rows, plain, remarks)


def _take_in(stack: Stack, folder: Path, tell: Callable[[str], None]) -> None:
    """Take the feeds in as program staff do."""
    for feed in ("organizations", "students", "scores"):
        told = stack.operate("ingest", feed, folder / f"{feed}.parquet", "--rejects", folder / "rejects.csv")
        tell(told.rstrip())
