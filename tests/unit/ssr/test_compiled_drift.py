"""The engine that lays out once can't drift from the plain one: not a letter, and hardly a pixel."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import Image, ImageChops

from bench.sameness import words
from lea_reports.assessments import Assessment, languages_of
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.outcome import Missing, Note
from lea_reports.ssr.results.student_result import NoScore
from lea_reports.ssr.words.texts import LANGUAGES
from tests.reference.merged_file import merged_file
from tests.unit.ssr.invented_students import students

if TYPE_CHECKING:
    from lea_reports.ssr.results.student_result import StudentResult

_DOTS_AN_INCH = 50
_MOST_DIFFERENT = 0.001
"""The share of a page's pixels that may differ; none in English, where no rounding of shaped text comes in."""
_MANY = 50
_MANY_OF_OTHER_KINDS = 4
"""Every language has others, so that each special case occurs in one of them."""
_ONE_OF = 5
"""So few of them are merged: what is drawn is the same already."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees of a page."""

    picture: Image.Image
    letters: Counter[str]
    """Their order is the viewer's choice."""

    def different_pixels(self, other: Page) -> int:
        """Count the pixels that differ at all."""
        return sum(ImageChops.difference(self.picture, other.picture).histogram()[1:])


@dataclass(frozen=True, slots=True)
class Drawn:
    """The same students, drawn in three ways."""

    language: str
    plain: list[Page]
    single: list[Page]
    merged: dict[int, Page]
    """Of some of the students, by the place of the page among all."""


def _pages(content: bytes) -> list[Page]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [
            Page(
                page.render(scale=_DOTS_AN_INCH / 72, grayscale=True).to_pil(),
                Counter("".join(shown)),
            )
            for page, shown in zip(document, words(content), strict=True)
        ]
    finally:
        document.close()


def _numbers(language: str, many: int) -> range:
    first = list(LANGUAGES).index(language) * many
    return range(first, first + many)


def _students(language: str) -> list[StudentResult]:
    return students(Assessment.SMARTER_BALANCED, language, _numbers(language, _MANY))


def _students_of_other_kinds(language: str) -> list[StudentResult]:
    return [
        student
        for kind in Assessment
        if kind is not Assessment.SMARTER_BALANCED and language in languages_of(kind)
        for student in students(kind, language, _numbers(language, _MANY_OF_OTHER_KINDS))
    ]


@pytest.fixture(scope="module", params=LANGUAGES)
def drawn(request, engine, fonts_folder):
    """Draw the students of a language, once for all tests."""
    results = _students(request.param) + _students_of_other_kinds(request.param)
    compiled = CompiledEngine(fonts_folder)
    plain = merged_file(engine, results, "All")
    assert [entry.result for entry in plain.entries] == results
    single = []
    for made, entry in zip(compiled.single_files(results), plain.entries, strict=True):
        assert isinstance(made, SsrFile)
        assert (made.result, made.pages) == (entry.result, entry.pages)
        pages = _pages(made.content)
        assert len(pages) == made.pages
        single += pages
    merged = merged_file(compiled, results[::_ONE_OF], "All")
    numbers = [
        entry.first_page - 1 + place for entry in plain.entries[::_ONE_OF] for place in range(entry.pages)
    ]
    return Drawn(
        request.param, _pages(plain.content), single, dict(zip(numbers, _pages(merged.content), strict=True))
    )


def test_single_files_show_what_fpdf2_draws(drawn):
    """Every page of 50 students in this language, and of some students of every other kind."""
    for plain, made in zip(drawn.plain, drawn.single, strict=True):
        width, height = plain.picture.size
        allowed = 0 if drawn.language == "en" else _MOST_DIFFERENT * width * height
        assert made.different_pixels(plain) <= allowed
        assert made.letters == plain.letters


def test_merged_files_show_what_single_files_do(drawn):
    """The same marks come from shared streams: every pixel is the same."""
    for place, merged in drawn.merged.items():
        single = drawn.single[place]
        assert merged.different_pixels(single) == 0
        assert merged.letters == single.letters


def test_a_difference_is_seen(drawn):
    """The next student's page is another one."""
    assert drawn.plain[0].different_pixels(drawn.plain[4]) > 0
    assert drawn.plain[0].letters != drawn.plain[4].letters


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_students_have_every_special_case_of_smarter_balanced(language):
    """In every language something is missing for every reason, and scales and labels of other years occur."""
    results = _students(language)
    subjects = [subject for result in results for subject in result.subjects]
    assert {subject.reason for subject in subjects} == {None, *NoScore}
    assert {subject.too_few_answers for subject in subjects} == {True, False}
    assert {subject.changed_construct for subject in subjects} == {True, False}
    assert {len(subject.history) for subject in subjects} == {0, 1, 2, 3}
    assert {result.administration_year for result in results} == {2026, 2025, 2021, 2019}


def test_the_students_have_every_special_case_of_the_other_kinds():
    """Every reason, every note, an exempt area, and scores of another scale in the history."""
    results = [result for language in LANGUAGES for result in _students_of_other_kinds(language)]
    outcomes = [outcome for result in results for outcome in result.outcomes]
    past = [earlier for outcome in outcomes for earlier in outcome.history]
    assert {each.missing for each in (*outcomes, *past)} == {None, *Missing}
    assert {note for each in (*outcomes, *past) for note in each.notes} == set(Note)
    assert any(area.exempt for outcome in outcomes for area in outcome.areas)
    assert {each.comparable for each in past} == {True, False}
