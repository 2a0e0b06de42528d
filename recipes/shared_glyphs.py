"""Find the shared glyphs of each font: those that the SSRs of an invented state show, without what names bring.

    PYTHONPATH=. python recipes/shared_glyphs.py [--check]

Writes `ssr/engine/shared_glyphs.json`. To be run after a change of the sentences, of the drawing or of the fonts layer;
with `--check` nothing is written, and the exit status says whether the table is up to date.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

from bench.students import invent_students, read_students
from lea_reports.assessments import Assessment
from lea_reports.ssr import engine
from lea_reports.ssr.engine.compiled_engine import Composition
from lea_reports.ssr.engine.documents import texts_for
from lea_reports.ssr.engine.shared_glyph_table import written
from lea_reports.ssr.pages.student_pages import edition_of, texts_of
from lea_reports.ssr.results.outcome import Missing, Note
from lea_reports.ssr.results.student_result import NoScore
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.blocks import Blocks, filled
from lea_reports.typesetting.embedded_fonts import EmbeddedFonts
from lea_reports.typesetting.fonts import Fonts, Typeface
from lea_reports.typesetting.shared_glyphs import SharedGlyphs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.ssr.engine.shared_glyph_table import Written
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.typesetting.embedded_fonts import ExtraGlyph

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "build" / "layers" / "fonts" / "fonts"
TABLE = Path(engine.__file__).parent / "shared_glyphs.json"
NAMES = "".join(map(chr, range(0x20, 0x7F))) + "áéíóúüñÁÉÍÓÚÜÑ’–…"
"""What nearly every name of a student or a school is written with, and what a cut one ends with."""
_STUDENTS = 1500
_SEED = 41


def shared_glyphs(folder: Path) -> dict[str, dict[str, Written]]:
    """Return the table; the folder is for invented data."""
    fonts = Fonts(FONTS)
    invent_students(folder, _STUDENTS, _SEED, tuple(Assessment))
    results: dict[str, list[StudentResult]] = {}
    for assessment in Assessment:
        for result in _nameless(folder, assessment):
            results.setdefault(edition_of(result).name, []).append(result)
    return {
        name: {
            language: written(_shared(fonts, of_edition, language))
            for language in LANGUAGES
            if texts_of(replace(of_edition[0], language=language))
        }
        for name, of_edition in results.items()
    }


def _nameless(folder: Path, assessment: Assessment) -> Iterator[StudentResult]:
    """Yield what SSRs say beside names, of two years: the words for levels have changed between them."""
    science = cycle(
        entry.result("en", Assessment.CAST).outcomes[0]
        for entry in read_students(folder, assessment=Assessment.CAST)
    )
    for entry in read_students(folder, assessment=assessment):
        result = entry.result("en", assessment)
        school = replace(result.school, name="School", lea_name="LEA")
        result = replace(result, last_name="L", first_name="F", middle_name="", school=school)
        year = result.administration_year.before(1)
        yield result
        yield replace(result, administration_year=year)
        if assessment is Assessment.SMARTER_BALANCED:
            yield replace(result, administration_year=year, science=next(science))
    yield from _special(result)


def _special(result: StudentResult) -> Iterator[StudentResult]:
    """Yield what the invented state has seldom or never: every reason for no score, and every note."""
    if not result.outcomes:
        for reason in NoScore:
            ela, mathematics = (
                subject._replace(score=None, reason=reason, areas=(), measure=None, tested_on=None)
                for subject in result.subjects
            )
            yield replace(result, ela=ela, mathematics=mathematics)
        return
    scored = [replace(outcome, missing=None) for outcome in result.outcomes]
    for missing in Missing:
        yield replace(
            result,
            outcomes=tuple(replace(one, points=None, missing=missing, tested_on=None) for one in scored),
        )
    for note in Note:
        yield replace(result, outcomes=tuple(replace(one, notes=(note,)) for one in scored))


def _shared(fonts: Fonts, results: Sequence[StudentResult], language: str) -> SharedGlyphs:
    first = replace(results[0], language=language)
    shared = SharedGlyphs({}, {})
    for bold in (False, True):
        glyph_of = fonts.file(Typeface.LATIN, bold=bold).glyph_of
        shared.glyphs[Typeface.LATIN, bold] = frozenset(glyph_of[character] for character in NAMES)
    blocks = Blocks(EmbeddedFonts(fonts, shared), texts_for(first), tags=False)
    shown: set[ExtraGlyph] = set()
    for result in results:
        for page in Composition(blocks, replace(result, language=language)).pages:
            shown |= filled(page).glyphs
    for face, number, letters in sorted(shown):
        font = face.typeface, face.bold
        shared.glyphs[font] = shared.glyphs.get(font, frozenset()) | {number}
        if letters:
            shared.letters.setdefault(font, {}).setdefault(number, letters)
    return shared


def main() -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shared-glyphs-") as folder:
        text = json.dumps(shared_glyphs(Path(folder)), indent=1) + "\n"
    if arguments.check:
        return int(TABLE.read_text(encoding="ascii") != text)
    TABLE.write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
