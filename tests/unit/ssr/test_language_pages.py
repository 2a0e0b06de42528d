"""Every language fits its pages, whatever the results are."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date

import pikepdf
import pytest

from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.pages.grid import FOOT, LEFT, RIGHT
from lea_reports.ssr.pages.student_pages import draw_student, pages_of, texts_of
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.canvas import PAGE_WIDTH, Box, Canvas
from lea_reports.typesetting.fonts import ELLIPSIS, Fonts
from tests.reference.plain_sheet import PlainSheet

NAMES = {
    "en": ("Rivera", "Maya"),
    "es": ("Hernández", "Sofía"),
    "fil": ("Dela Cruz", "Jasmine"),
    "vi": ("Nguyễn", "Ánh Tuyết"),
    "ko": ("김", "민준"),
    "zh-Hant": ("陳", "曉明"),
    "ar": ("العلي", "محمد"),
}
CASES = (
    "two years",
    "no history",
    "long history",
    "lowest",
    "highest",
    "exempt",
    "newcomer",
    "invalid",
    "one subject",
    "essay codes",
    "old names",
    "old names 2",
    "old names 4",
    "old areas",
    "beginners",
    "level 1",
    "level 2",
    "level 3",
    "level 4",
    "science",
    "science 1",
    "science 4",
)


@dataclass
class Page:
    """What was drawn on a page, in order: texts, and filled rectangles."""

    marks: list[tuple[Box, str | None]] = field(default_factory=list)


class Recorder(Canvas):
    """A canvas that only remembers where things stand."""

    def __init__(self, fonts):
        super().__init__(fonts)
        self.pages = [Page()]

    def add_page(self):
        self.pages.append(Page())

    def text(self, x, baseline, text, style, tag="P"):
        width = self.fonts.width(text.rstrip(), style)  # a line keeps the space at its end
        super().text(x, baseline, text, style, tag)
        box = self._on_page(Box(x, baseline - 0.72 * style.size, width, 0.92 * style.size))
        self.pages[-1].marks.append((box, text))

    def tagged(self, tag, words=""):
        return nullcontext()

    def figure(self, words, box):
        return nullcontext()

    def open_group(self, tag):
        """Nothing to remember."""

    def close_group(self):
        """Nothing to remember."""

    def _show(self, x, baseline, run, style):
        assert x >= 0
        assert x + self.fonts.run_width(run, style) <= PAGE_WIDTH

    def _rectangle(self, box, color):
        x, width = min(box.x, box.x + box.width), abs(box.width)
        self.pages[-1].marks.append((box._replace(x=x, width=width), None))

    def _frame(self, box, color, line):
        """Outlines cover nothing."""

    def _line(self, start, end, color, width):
        """Lines cover nothing."""

    def _polygon(self, points, color):
        """The flag's tip covers nothing."""

    def _disc(self, centre, radius, color):
        """Dots are part of the charts."""

    def _dash(self, dash, gap):
        """Nothing to remember."""


def _results(name, scores, earlier):
    """Return the score rows of a case."""
    too_few = {"condition_code": "LOSS"}
    years = earlier("01", 3, "03", None, "NT") | earlier("01", 2, "03", 2425)
    two_years = {test: earlier(test, 2, "03", 2425) | earlier(test, 1, "04", 2471) for test in ("01", "02")}
    low = {"composite_claim_1_level": 1, "composite_claim_2_level": 1}
    high = {"composite_claim_1_level": 3, "composite_claim_2_level": 3}
    organization, evidence, conventions = (
        f"writing_{quality}" for quality in ("organization_purpose", "evidence_elaboration", "conventions")
    )
    no_points = {
        organization: None,
        evidence: None,
        conventions: None,
        f"{organization}_condition_code": "I",
        f"{evidence}_condition_code": "L",
        f"{conventions}_condition_code": "M",
    }
    domains = {"domain_1_level": 1, "domain_2_level": 2, "domain_3_level": 3}
    return {
        "two years": lambda: (scores("01", **two_years["01"]), scores("02", 2509, **two_years["02"])),
        "no history": lambda: (scores("01"), scores("02")),
        "long history": lambda: (
            scores("01", **years, **earlier("01", 1, "04", 2140, "LOSS")),
            scores("02", 2220, **too_few, **earlier("02", 3, "03", 2400), **two_years["02"]),
        ),
        "lowest": lambda: (
            scores("01", 2200, **low, **two_years["01"]),
            scores("02", 2220, unlisted_resource_construct_change="Y", **too_few, **low, **two_years["02"]),
        ),
        "highest": lambda: (
            scores("01", 2730, genre="NARR", **high, **two_years["01"]),
            scores("02", 2740, unlisted_resource_construct_change="Y", **high, **two_years["02"]),
        ),
        "exempt": lambda: (
            scores("01", None, condition_code="NTE", **years),
            scores("02", None, condition_code="PGE"),
        ),
        "newcomer": lambda: (
            scores("01", None, condition_code="NEL"),
            scores("02", None, condition_code="NT"),
        ),
        "invalid": lambda: (scores("01", score_status="I"), scores("02", None)),
        "one subject": lambda: (scores("02", 2509, **two_years["02"]),),
        "essay codes": lambda: (scores("01", **no_points), scores("02")),
        "old names": lambda: (
            scores("01", administration_year=2025),
            scores("02", administration_year=2025),
        ),
        "old names 2": lambda: (
            scores("01", 2450, administration_year=2025),
            scores("02", 2500, administration_year=2025),
        ),
        "old names 4": lambda: (
            scores("01", 2650, administration_year=2025),
            scores("02", 2300, administration_year=2025),
        ),
        "old areas": lambda: (
            scores("01", administration_year=2019, domain_4_level=2, **domains),
            scores("02", administration_year=2019, **domains),
        ),
        "beginners": lambda: (
            scores("01", lexile_or_quantile_measure="BR150L"),
            scores("02", lexile_or_quantile_measure="EM150Q"),
        ),
        "level 1": lambda: (scores("01", 2300, **two_years["01"]), scores("02", 2300, **two_years["02"])),
        "level 2": lambda: (scores("01", 2450, **two_years["01"]), scores("02", 2500, **two_years["02"])),
        "level 3": lambda: (scores("01", 2550, **two_years["01"]), scores("02", 2540, **two_years["02"])),
        "level 4": lambda: (scores("01", 2650, **two_years["01"]), scores("02", 2650, **two_years["02"])),
        "science": lambda: (
            scores("01", None, administration_year=2025, condition_code="NEL"),
            scores("02", None, administration_year=2025, condition_code="PGE"),
            scores("06", 190, administration_year=2025, test_completed_date=date(2025, 9, 29), **domains),
        ),
        "science 1": lambda: (
            scores("01", 2200, administration_year=2025, **too_few),
            scores("02", 2220, administration_year=2025, **too_few),
            scores(
                "06",
                150,
                administration_year=2025,
                unlisted_resource_construct_change="Y",
                **too_few,
                **domains,
                **earlier("06", 3, "05", 150, "LOSS"),
                **earlier("06", 2, "05", 250),
                **earlier("06", 1, "05", None, "NT"),
            ),
        ),
        "science 4": lambda: (
            scores("01", 2730, administration_year=2025),
            scores("02", 2740, administration_year=2025),
            scores("06", 250, administration_year=2025, **domains),
        ),
    }[name]()


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


@pytest.fixture
def draw(make, scores, earlier, language, fonts):
    """Draw all pages of a case."""

    def draw_case(case):
        last_name, first_name = NAMES[language]
        rows = _results(case, scores, earlier)
        result = make(*rows, language=language, last_name=last_name, first_name=first_name)
        canvas = Recorder(fonts)
        draw_student(PlainSheet(canvas, texts_of(result), result))
        assert len(canvas.pages) == pages_of(result)
        return canvas.pages

    return draw_case


def _overlap(one, other):
    """Return how wide and how high two boxes cover each other."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return wide, high


def _holds(outer, inner):
    """Say whether a box lies inside another, give or take a point."""
    return (
        inner.x >= outer.x - 1
        and inner.x + inner.width <= outer.x + outer.width + 1
        and inner.y + inner.height <= outer.y + outer.height + 1
    )


def _is_within(outer, inner):
    """Say whether the middle of a box lies inside another."""
    x, y = inner.x + inner.width / 2, inner.y + inner.height / 2
    return outer.x <= x <= outer.x + outer.width and outer.y <= y <= outer.y + outer.height


def _faults(page):
    """Yield what is wrong with a page."""
    for number, (box, text) in enumerate(page.marks):
        later = page.marks[number + 1 :]
        yield from _faults_of_panel(box, later) if text is None else _faults_of_text(box, text, later)


def _faults_of_panel(box, later):
    if box.width > 30 and box.height > 15:  # smaller ones are ornaments
        for other, words in later:
            if words is not None and _is_within(box, other) and not _holds(box, other):
                yield f"leaves its panel: {words}"


def _faults_of_text(box, text, later):
    if ELLIPSIS in text:
        yield f"cut: {text}"
    if box.x < LEFT - 1 or box.x + box.width > RIGHT + 1:
        yield f"leaves the margins: {text}"
    if box.y < FOOT < box.y + box.height + 3:
        yield f"touches the foot: {text}"
    for other, words in later:
        wide, high = _overlap(box, other)
        if wide > 1 and high > 1:
            yield f"covered: {text} by {words}"


@pytest.mark.parametrize("case", CASES)
def test_every_case_fits_its_pages(draw, case):
    """No text is cut, leaves its panel or the margins, or is covered by what is drawn after it."""
    pages = draw(case)
    assert len(pages) == (6 if case.startswith("science") else 4)
    assert [fault for page in pages for fault in _faults(page)] == []


def test_a_file_states_its_language(engine, make, language, tmp_path):
    """A screen reader chooses its voice by it."""
    (made,) = engine.single_files([make(language=language)])
    assert isinstance(made, SsrFile)
    path = tmp_path / "ssr.pdf"
    path.write_bytes(made.content)
    tag = {"en": "en-US", "es": "es-US"}.get(language, language)
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == tag
