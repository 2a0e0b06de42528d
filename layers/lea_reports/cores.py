"""Find the core of each font: the glyphs that the SSRs of an invented state show, without what names bring.

    PYTHONPATH=. python layers/lea_reports/cores.py [--check]

Writes `ssr/cores.json`. To be run after a change of the sentences, of the drawing or of the fonts layer; with
`--check` nothing is written, and the exit status says whether the table is up to date.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.students import invent_students, read_students
from lea_reports.assessments import Assessment
from lea_reports.ssr.blocks import Blocks, filled
from lea_reports.ssr.compiled_engine import Composition
from lea_reports.ssr.cores import Core, written
from lea_reports.ssr.documents import texts_for
from lea_reports.ssr.embedded_fonts import EmbeddedFonts
from lea_reports.ssr.fonts import Fonts, Typeface
from lea_reports.ssr.pages import texts_of
from lea_reports.ssr.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.ssr.content_canvas import ExtraGlyph
    from lea_reports.ssr.cores import Written
    from lea_reports.ssr.student_result import StudentResult

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "build" / "layers" / "fonts" / "fonts"
TABLE = Path(__file__).parent / "python" / "lea_reports" / "ssr" / "cores.json"
NAMES = "".join(map(chr, range(0x20, 0x7F))) + "áéíóúüñÁÉÍÓÚÜÑ’–…"
"""What nearly every name of a student or a school is written with, and what a cut one ends with."""
_STUDENTS = 1500
_SEED = 41


def cores(folder: Path) -> dict[str, dict[str, Written]]:
    """Return the table; the folder is for invented data."""
    fonts = Fonts(FONTS)
    invent_students(folder, _STUDENTS, _SEED, tuple(Assessment))
    table: dict[str, dict[str, Written]] = {}
    for assessment in Assessment:
        results = list(_nameless(folder, assessment))
        table[assessment.value] = {
            language: written(_core(fonts, results, language))
            for language in LANGUAGES
            if texts_of(replace(results[0], language=language))
        }
    return table


def _nameless(folder: Path, assessment: Assessment) -> Iterator[StudentResult]:
    """Yield what SSRs say beside names, of two years: the words for levels have changed between them."""
    for entry in read_students(folder, assessment=assessment):
        result = entry.result("en", assessment)
        school = replace(result.school, name="School", lea_name="LEA")
        for year in (result.administration_year, result.administration_year.before(1)):
            yield replace(
                result, last_name="L", first_name="F", middle_name="", school=school, administration_year=year
            )


def _core(fonts: Fonts, results: Sequence[StudentResult], language: str) -> Core:
    first = replace(results[0], language=language)
    core = Core({}, {})
    for bold in (False, True):
        glyph_of = fonts.file(Typeface.LATIN, bold=bold).glyph_of
        core.glyphs[Typeface.LATIN, bold] = frozenset(glyph_of[character] for character in NAMES)
    blocks = Blocks(EmbeddedFonts(fonts, core), texts_for(first), tags=False)
    shown: set[ExtraGlyph] = set()
    for result in results:
        for page in Composition(blocks, replace(result, language=language)).pages:
            shown |= filled(page).glyphs
    for face, number, letters in sorted(shown):
        font = face.typeface, face.bold
        core.glyphs[font] = core.glyphs.get(font, frozenset()) | {number}
        if letters:
            core.letters.setdefault(font, {}).setdefault(number, letters)
    return core


def main() -> int:
    """Write the table, or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cores-") as folder:
        text = json.dumps(cores(Path(folder)), indent=1) + "\n"
    if arguments.check:
        return int(TABLE.read_text(encoding="ascii") != text)
    TABLE.write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
