"""The bench of merged files: one document of many students, in one run against everyone who merges."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Contest, Setting
from bench.engines import OURS, OURS_TAGGED
from bench.merged import PYPDF, WAYS, write_sources
from bench.report import Reached, Report, Row, Target
from bench.sameness import different_pixels, is_sound, is_tagged, same_words
from bench.singles import FPDF2_ONE_DOCUMENT
from bench.students import invent_students

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SEED = 2026
_COMPARED = 5
_MANY = 2000
"""From so many students on one round is long enough to tell."""
_ROUNDS = 3


def bench_merge(fonts: Path, *, students: int, language: str = "en", peers: bool = True) -> Report:
    """Measure every way of making one PDF of `students` SSRs, 10,000 as a rule.

    Without `peers` only our way, plain fpdf2 and pypdf take part.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        setting = Setting(fonts, Path(folder), students, language)
        invent_students(setting.students, students, _SEED)
        write_sources(setting)
        names = tuple(WAYS) if peers else (OURS, OURS_TAGGED, FPDF2_ONE_DOCUMENT, PYPDF)
        with Contest("bench.merged", names, setting) as contest:
            measured = contest.measure_at_once(1 if students >= _MANY else _ROUNDS)
            rows = [Row.of(row, tagged=is_tagged(contest.sample(row.name, 1)[0])) for row in measured]
            remarks = [f"left out: {name}: {reason}" for name, reason in contest.missing.items()]
            remarks += _comparison(contest, min(_COMPARED, students))
    return Report("merge", rows, list(_reached(rows)), remarks)


def _comparison(contest: Contest, count: int) -> Iterator[str]:
    ours, plain = contest.sample(OURS, count)[0], contest.sample(FPDF2_ONE_DOCUMENT, count)[0]
    sound = {None: "qpdf is not installed", True: "qpdf --check clean", False: "qpdf --check COMPLAINS"}
    yield (
        f"{contest.setting.language}: {count} students merged by {OURS} and by plain fpdf2: "
        f"{different_pixels(ours, plain)} pixels differ, words "
        f"{'equal' if same_words(ours, plain) else 'DIFFERENT'}, {sound[is_sound(ours)]}"
    )


def _reached(rows: Sequence[Row]) -> Iterator[Reached]:
    found = {row.method: row for row in rows}
    plain, pypdf = found[FPDF2_ONE_DOCUMENT], found[PYPDF]
    for name, kind, faster, share in (
        (OURS, "untagged", 300.0, 0.04),
        (OURS_TAGGED, "tagged", 100.0, 0.12),
    ):
        ours = found[name]
        yield Reached(
            Target(
                f"merged_{kind}_per_fpdf2_one_document", f"merged, {kind}: {OURS} / {plain.method}", faster
            ),
            ours.per_second / plain.per_second,
        )
        if not ours.tagged:
            yield Reached(
                Target("merged_untagged_per_pypdf", f"merged, untagged: {OURS} / {PYPDF}", 50.0),
                ours.per_second / pypdf.per_second,
            )
            memory = Target(
                "merged_untagged_memory_mb", f"merged, untagged: memory of {OURS} in MB", 200.0, at_most=True
            )
            yield Reached(memory, ours.rss_mb)
        smaller = Target(
            f"merged_{kind}_bytes_per_pypdf",
            f"merged, {kind}: bytes of {OURS} / {PYPDF}",
            share,
            at_most=True,
        )
        yield Reached(smaller, ours.bytes_per_ssr / pypdf.bytes_per_ssr)
