"""Students to make SSRs of, the engine with the real fonts, and ways to look at what it made."""

from __future__ import annotations

import fcntl
import io
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from lea_reports.assessments import Test, score_scale
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.student_result import SchoolNames, StudentResult, from_rows
from tests.reference.fpdf_engine import FpdfEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
SCHOOL = SchoolNames(
    "19123450000001", "Manzanita Elementary School", "19123450000000", "Laguna Verde Unified School District"
)

Row = dict[str, object]


def student_row(**values: object) -> Row:
    """Return a row of `students`."""
    row: Row = {
        "ssid": "1234567890",
        "last_name": "Rivera",
        "first_name": "Maya",
        "middle_name": "",
        "grade": "05",
    }
    return row | values


def score_row(record_type: str = "01", score: int | None = 2530, **values: object) -> Row:
    """Return a row of `scores`, with the level and the error band that belong to its score."""
    test = Test(record_type)
    year = int(str(values.get("administration_year", 2026)))
    scale = score_scale(test, str(values.get("grade_assessed", "05")), year)
    row: Row = {
        "administration_year": year,
        "record_type": record_type,
        "ssid": "1234567890",
        "grade_assessed": "05",
        "test_completed_date": date(year, 4, 22 if record_type == "01" else 29),
        "score_status": "V",
        "ssr_eligible": "Y",
        "scale_score": score,
        "achievement_level": 9,
        "composite_claim_1_level": 2,
        "composite_claim_2_level": 3,
        "lexile_or_quantile_measure": "1010L" if record_type == "01" else "865Q",
    }
    if scale and score is not None:
        row |= {
            "standard_error": 23,
            "error_band_min": max(score - 23, scale.lowest),
            "error_band_max": min(score + 23, scale.highest),
        }
        if score in scale:
            row["achievement_level"] = scale.level_of(score)
    if record_type == "01":
        row |= {"genre": "OPIN", "writing_organization_purpose": 3, "writing_evidence_elaboration": 2}
        row |= {"writing_conventions": 2}
    return row | values


def past(record_type: str, ago: int, grade: str, score: int | None, code: str | None = None) -> Row:
    """Return the columns of an earlier year's result, for a row of 2026."""
    scale = score_scale(Test(record_type), grade, 2026 - ago)
    return {
        f"ssr_eligible_minus_{ago}": "Y",
        f"grade_assessed_minus_{ago}": grade,
        f"standard_error_minus_{ago}": None if score is None else 25,
        f"scale_score_minus_{ago}": score,
        f"achievement_level_minus_{ago}": 9 if score is None or scale is None else scale.level_of(score),
        f"condition_code_minus_{ago}": code,
    }


HISTORY = {test: past(test, 2, "03", 2425) | past(test, 1, "04", 2471) for test in ("01", "02")}
"""Two earlier years in each subject."""


def make_result(*rows: Row, language: str = "en", assessment: str = "smarter-balanced", **student: object):
    """Return a result; of a student with two scores and two years of history unless told otherwise."""
    rows = rows or (score_row("01", **HISTORY["01"]), score_row("02", 2509, **HISTORY["02"]))
    return from_rows(student_row(**student), rows, SCHOOL, language=language, assessment=assessment)


@dataclass(frozen=True, slots=True)
class Letter:
    """A character on a page and the box that it fills, in points from the bottom left corner."""

    character: str
    left: float
    bottom: float
    right: float
    top: float


class Reader:
    """Reads a PDF as a person's viewer would."""

    def __init__(self, content: bytes) -> None:
        self._document = pypdfium2.PdfDocument(content)

    def __len__(self) -> int:
        return len(self._document)

    def text(self, page: int) -> str:
        """Return the words of a page, counted from 1, with single spaces."""
        return " ".join(self._document[page - 1].get_textpage().get_text_range().split())

    def letters(self, page: int) -> Iterator[Letter]:
        """Yield every visible character of a page."""
        text = self._document[page - 1].get_textpage()
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if character.strip():
                yield Letter(character, *text.get_charbox(index))

    def picture(self, page: int, *, scale: float = 1.5) -> bytes:
        """Draw a page as a PNG; 1 is 72 dots an inch."""
        target = io.BytesIO()
        self._document[page - 1].render(scale=scale).to_pil().save(target, "PNG")
        return target.getvalue()

    def close(self) -> None:
        """Let the document go."""
        self._document.close()


@pytest.fixture(scope="session")
def fonts_folder() -> Path:
    """Find the fonts as they lie in the layer; build them if nobody did so yet."""
    output = ROOT / "build" / "layers" / "fonts"
    output.parent.mkdir(parents=True, exist_ok=True)
    with (output.parent / "fonts.lock").open("w") as lock:  # several test processes may come here at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.run([sys.executable, ROOT / "layers" / "fonts" / "build.py"], check=True)
    return output / "fonts"


@pytest.fixture(scope="session")
def engine(fonts_folder: Path) -> FpdfEngine:
    """Make the engine; it keeps nothing between calls but what the fonts cover."""
    return FpdfEngine(fonts_folder)


@pytest.fixture
def read() -> Iterator[Callable[[bytes], Reader]]:
    """Open PDFs; they are closed after the test."""
    readers: list[Reader] = []

    def open_one(content: bytes) -> Reader:
        readers.append(Reader(content))
        return readers[-1]

    yield open_one
    for reader in readers:
        reader.close()


@pytest.fixture
def render(engine: FpdfEngine, read: Callable[[bytes], Reader]) -> Callable[[StudentResult], Reader]:
    """Make the SSR of one student and open it."""

    def render_one(result: StudentResult) -> Reader:
        (made,) = engine.single_files([result])
        assert isinstance(made, SsrFile)
        return read(made.content)

    return render_one


@pytest.fixture
def make() -> Callable[..., StudentResult]:
    """Make a result; see `make_result`."""
    return make_result


@pytest.fixture
def scores() -> Callable[..., Row]:
    """Make a score row; see `score_row`."""
    return score_row


@pytest.fixture
def earlier() -> Callable[..., Row]:
    """Make the columns of an earlier year; see `past`."""
    return past
