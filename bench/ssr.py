"""The bench of single SSRs: everyone in one run, then the ratios that the project promises."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contest import Contest, Setting, one_core
from bench.engines import OURS, PLAIN
from bench.first_ssr import FORBIDDEN, first_ssr
from bench.report import Reached, Report, Row, Target
from bench.sameness import different_pixels, is_sound, is_tagged, same_words
from bench.singles import FPDF2_PER_STUDENT, PARQUET_TO_ZIP, PEERS, PIKEPDF, WAYS
from bench.students import invent_students

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.first_ssr import FirstSsr

ROUNDS = 5
_SEED = 2026
_COMPARED = 5
"""Students whose pages are compared."""
_MAIN = "en"
_FEWEST = (FPDF2_PER_STUDENT, PLAIN, OURS, PARQUET_TO_ZIP)
"""Those whose ratios are promised in every language, and whose words are compared."""


def bench_ssr(
    fonts: Path,
    *,
    students: int,
    languages: Sequence[str],
    seconds: float,
    rounds: int = ROUNDS,
    peers: bool = True,
) -> Report:
    """Measure every way of making single SSRs in these languages; `seconds` is the length of one round.

    Without `peers`, and in other languages than English, only our ways and plain fpdf2 take part. How soon the first
    SSR of a process is there is measured in English.
    """
    rows: list[Row] = []
    first: list[Reached] = []
    remarks: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        invent_students(Path(folder), students, _SEED)
        for language in languages:
            setting = Setting(fonts, Path(folder), students, language)
            names = tuple(WAYS) if peers and language == _MAIN else _FEWEST
            with Contest("bench.singles", names, setting) as contest:
                measured = contest.measure(rounds, seconds)
                rows += [Row.of(row, tagged=is_tagged(contest.sample(row.name, 1)[0])) for row in measured]
                remarks += [f"left out: {name}: {reason}" for name, reason in contest.missing.items()]
                remarks += _comparison(contest, min(_COMPARED, students))
            if language == _MAIN:
                begun = first_ssr(setting, one_core(), rounds)
                first += _soon_enough(begun)
                remarks.append(
                    f"{language}: first SSR of a process: {begun.import_seconds:.3f} s to import the engine, "
                    f"{begun.seconds:.3f} s from there to the bytes; nothing is cached, templates are compiled in "
                    f"that time; of {', '.join(sorted(FORBIDDEN))} {', '.join(begun.loaded) or 'none'} is imported"
                )
    return Report("ssr", rows, [*_reached(rows), *first], remarks)


def _comparison(contest: Contest, count: int) -> Iterator[str]:
    """Compare our pages with those of plain fpdf2.

    Words are compared with those of our engine of plain fpdf2: with whole fonts, one student at a time, fpdf2 does not
    say of every joined Arabic glyph which letters it spells.
    """
    plain, worded = contest.sample(FPDF2_PER_STUDENT, count), contest.sample(PLAIN, count)
    ours = contest.sample(OURS, count)
    pixels = sum(different_pixels(mine, other) for mine, other in zip(ours, plain, strict=True))
    same = all(same_words(mine, other) for mine, other in zip(ours, worded, strict=True))
    sound = [is_sound(mine) for mine in ours]
    checked = (
        "qpdf is not installed" if None in sound else f"qpdf --check {'clean' if all(sound) else 'COMPLAINS'}"
    )
    yield (
        f"{contest.setting.language}: {count} students by {OURS} and by plain fpdf2: {pixels} pixels differ, "
        f"words {'equal' if same else 'DIFFERENT'}, {checked}"
    )


def _soon_enough(begun: FirstSsr) -> Iterator[Reached]:
    """Compare the first SSR of a process with what is promised."""
    yield Reached(
        Target("first_ssr_seconds", "en: first SSR after import, in seconds", 0.2, at_most=True),
        begun.seconds,
    )
    yield Reached(
        Target(
            "first_ssr_forbidden_imports",
            f"en: imports of {', '.join(sorted(FORBIDDEN))} for it",
            0,
            at_most=True,
        ),
        len(begun.loaded),
    )


def _reached(rows: Sequence[Row]) -> Iterator[Reached]:
    """Compare what was measured with what is promised; nothing is said of who is not there."""
    found = {(row.method, row.language): row for row in rows}
    for language in dict.fromkeys(row.language for row in rows):
        ours, plain = found[PARQUET_TO_ZIP, language], found[FPDF2_PER_STUDENT, language]
        wanted = 2500.0 if language == _MAIN else 2000.0
        yield Reached(
            Target(
                f"{language}_parquet_to_zip_per_fpdf2_per_student",
                f"{language}: {PARQUET_TO_ZIP} / {FPDF2_PER_STUDENT}",
                wanted,
            ),
            ours.per_second / plain.per_second,
        )
        if language == _MAIN:
            peers = [found[name, language] for name in PEERS if (name, language) in found]
            fastest = max(peers, key=lambda row: row.per_second, default=None)
            if fastest:
                yield Reached(
                    Target(
                        "en_parquet_to_zip_per_fastest_peer",
                        f"en: {PARQUET_TO_ZIP} / {fastest.method}, the fastest peer",
                        150.0,
                    ),
                    ours.per_second / fastest.per_second,
                )
            filled = found.get((PIKEPDF, language))
            if filled:
                yield Reached(
                    Target("en_parquet_to_zip_per_pikepdf", f"en: {PARQUET_TO_ZIP} / {PIKEPDF}", 8.0),
                    ours.per_second / filled.per_second,
                )
        size = found[OURS, language].bytes_per_ssr / plain.bytes_per_ssr
        for limit, name in ((1.4, "bytes_per_fpdf2"), (1.0, "bytes_per_fpdf2_later")):
            yield Reached(
                Target(
                    f"{language}_{name}",
                    f"{language}: bytes of {OURS} / {FPDF2_PER_STUDENT}",
                    limit,
                    at_most=True,
                ),
                size,
            )
