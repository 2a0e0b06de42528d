"""The bench of merged files: one document of many students, in one run against everyone who merges."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Contest, Setting
from bench.engines import OUR_MERGER
from bench.merged import PYPDF, WAYS, write_singles
from bench.report import Reached, Report, Row, Target
from bench.sameness import different_pixels, is_sound, is_tagged, same_words
from bench.singles import FPDF2_ONE_DOCUMENT
from bench.students import invent_students
from lea_reports.ssr.texts import LANGUAGES

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
        write_singles(setting)
        names = tuple(WAYS) if peers else (OUR_MERGER, FPDF2_ONE_DOCUMENT, PYPDF)
        with Contest("bench.merged", names, setting) as contest:
            measured = contest.measure_at_once(1 if students >= _MANY else _ROUNDS)
            rows = [Row.of(row, tagged=is_tagged(contest.sample(row.name, 1)[0])) for row in measured]
            remarks = [f"left out: {name}: {reason}" for name, reason in contest.missing.items()]
            remarks += _comparison(contest, min(_COMPARED, students))
    return Report("merge", rows, list(_reached(rows)), remarks)


def _comparison(contest: Contest, count: int) -> Iterator[str]:
    right_to_left = LANGUAGES[contest.setting.language].right_to_left
    ours, plain = contest.sample(OUR_MERGER, count)[0], contest.sample(FPDF2_ONE_DOCUMENT, count)[0]
    sound = {None: "qpdf is not installed", True: "qpdf --check clean", False: "qpdf --check COMPLAINS"}
    yield (
        f"{contest.setting.language}: {count} students merged by {OUR_MERGER} and by plain fpdf2: "
        f"{different_pixels(ours, plain)} pixels differ, words "
        f"{'equal' if same_words(ours, plain, right_to_left=right_to_left) else 'DIFFERENT'}, {sound[is_sound(ours)]}"
    )


def _reached(rows: Sequence[Row]) -> Iterator[Reached]:
    found = {row.method: row for row in rows}
    ours = found[OUR_MERGER]
    kind = "tagged" if ours.tagged else "untagged"
    for other, wanted in ((FPDF2_ONE_DOCUMENT, 100.0 if ours.tagged else 300.0), (PYPDF, 50.0)):
        yield Reached(
            Target(
                f"merged_{kind}_per_{other.replace(' ', '_')}",
                f"merged, {kind}: {OUR_MERGER} / {other}",
                wanted,
            ),
            ours.per_second / found[other].per_second,
        )
    yield Reached(
        Target(
            f"merged_{kind}_bytes_per_pypdf",
            f"merged, {kind}: bytes of {OUR_MERGER} / {PYPDF}",
            0.12 if ours.tagged else 0.04,
            at_most=True,
        ),
        ours.bytes_per_ssr / found[PYPDF].bytes_per_ssr,
    )
    yield Reached(
        Target(
            f"merged_{kind}_memory_mb", f"merged, {kind}: memory of {OUR_MERGER} in MB", 200.0, at_most=True
        ),
        ours.rss_mb,
    )
