"""`python -m bench.contact_sheet`: a picture of every kind of SSR in every language, for a person to look at.

Each picture shows all pages of one invented student; a kind or language that the engine does not make is named.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
from PIL import Image

from bench.engines import ENGINES, OURS
from bench.students import Entry, Row, invent_students, read_students
from lea_reports.assessments import FIRST_YEAR, Assessment, Test, languages, newest_described_year, ssr_tests
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.words.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr.results.student_result import StudentResult

ROOT = Path(__file__).parents[1]
FONTS = ROOT / "build" / "layers" / "fonts" / "fonts"
FOLDER = ROOT / "docs" / "ssr"
_STUDENTS = 1500
_SEED = 2026
_YEAR_WITH_SCIENCE = next(
    year
    for year in range(newest_described_year(), FIRST_YEAR, -1)
    if Test.CAST in ssr_tests(Assessment.SMARTER_BALANCED, year)
)
_DAY_WITH_SCIENCE = date(_YEAR_WITH_SCIENCE, 4, 24)
_SCALE = 0.62
"""Pixels for a point: small letters can just be read."""
_GAP = 8
_GROUND = (120, 130, 140)
_COLORS = 96


def main() -> int:
    """Write the pictures."""
    engine = ENGINES[OURS](FONTS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="contact-sheet-") as folder:
        invent_students(Path(folder), _STUDENTS, _SEED, tuple(Assessment))
        for assessment in Assessment:
            entries = read_students(Path(folder), assessment=assessment)
            for language in LANGUAGES:
                entry = choose(entries, language)
                result = entry.result(language, assessment) if entry else None
                _draw(engine, f"{assessment.value}-{language}", result)
        pairs = read_pairs(Path(folder))
        for language in LANGUAGES:
            entry = choose(pairs, language)
            result = entry.result(language) if entry else None
            _draw(engine, f"{Assessment.SMARTER_BALANCED}-with-science-{language}", result)
    return 0


def _draw(engine: SsrEngine, name: str, result: StudentResult | None) -> None:
    """Write one picture, and say what it shows."""
    if result is None:
        print(f"{name}: no student has such a result")
        return
    (made,) = engine.single_files([result])
    if isinstance(made, SsrFile):
        sheet(made.content).save(FOLDER / f"{name}.png", optimize=True)
        print(f"{name}: {made.pages} pages")
    else:
        print(f"{name}: {made.reason}")


def read_pairs(folder: Path) -> list[Entry]:
    """Read the students with a Smarter Balanced and a CAST result, moved to a year that combined them."""
    science = {
        entry.student["ssid"]: entry.scores for entry in read_students(folder, assessment=Assessment.CAST)
    }
    moved: Row = {"administration_year": _YEAR_WITH_SCIENCE, "test_completed_date": _DAY_WITH_SCIENCE}
    return [
        Entry(entry.student, tuple(row | moved for row in (*entry.scores, *more)), entry.school)
        for entry in read_students(folder)
        if (more := science.get(entry.student["ssid"])) and more[0]["scale_score"] is not None
    ]


def choose(entries: Sequence[Entry], language: str) -> Entry | None:
    """Return a student of a family that speaks the language, with as many earlier results as there are."""
    speakers = [
        entry for entry in entries if entry.student["primary_language"] in languages()[language].calpads_codes
    ]
    return max(speakers or entries, key=_columns_filled, default=None)


def _columns_filled(entry: Entry) -> int:
    return sum(value is not None for row in entry.scores for value in row.values())


def sheet(content: bytes) -> Image.Image:
    """Set all pages of a PDF beside each other, in few colours."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [page.render(scale=_SCALE).to_pil().convert("RGB") for page in document]
    finally:
        document.close()
    width = sum(page.width + _GAP for page in pages) + _GAP
    picture = Image.new("RGB", (width, max(page.height for page in pages) + 2 * _GAP), _GROUND)
    left = _GAP
    for page in pages:
        picture.paste(page, (left, _GAP))
        left += page.width + _GAP
    return picture.quantize(_COLORS)


if __name__ == "__main__":
    sys.exit(main())
