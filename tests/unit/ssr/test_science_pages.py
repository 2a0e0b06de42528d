"""Smarter Balanced SSRs with CAST, as the State had them in 2023-24 and 2024-25."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from pypdf import PdfReader

from bench.sameness import different_pixels, is_sound, same_words
from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.pages.student_pages import pages_of, shown_science
from lea_reports.ssr.words.outcome_texts import texts_with_science
from lea_reports.ssr.words.texts import LANGUAGES
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file

DOMAINS = {"domain_1_level": 1, "domain_2_level": 3, "domain_3_level": 2}
REPLACED = ("cover.subjects", "cover.assessments", "about.1")


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


@pytest.fixture
def student(make, scores):
    """Make a result of 2024-25; `science` is the CAST score, None if there is no record."""

    def make_student(science=215, language="en", **values):
        rows = [scores(test, score, administration_year=2025) for test, score in (("01", 2530), ("02", 2509))]
        if science or values:
            rows.append(scores("06", science, administration_year=2025, **DOMAINS, **values))
        return make(*rows, language=language)

    return make_student


def test_science_makes_six_pages(render, student):
    """Cover, three subjects with the essay between them, and a page that keeps the number even."""
    pages = render(student())
    assert len(pages) == pages_of(student()) == 6
    titles = "Student Score Report", "English Language Arts", "Mathematics", "More Results", "Science", "Room"
    for page, title in enumerate(titles, start=1):
        assert pages.text(page).startswith(title)
        assert f"Page {page} of 6" in pages.text(page)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "ar"])
def test_footers_count_six_pages_in_every_language(render, student, language):
    """A family sees whether a sheet is missing."""
    pages = render(student(language=language))
    assert len(pages) == 6
    for page in range(1, 7):
        assert LANGUAGES[language]("footer.page", page=page, pages=6) in pages.text(page)


def test_the_cover_speaks_of_three_subjects(render, student):
    """In its title, in its words, in its dates and at a glance."""
    cover = render(student()).text(1)
    assert "English Language Arts/Literacy, Mathematics, and Science" in cover
    assert "Smarter Balanced and CAST" in cover
    assert "in some grades in science too" in cover
    assert "Science April 29, 2025" in cover
    assert "215" in cover
    assert "More on page 5" in cover


def test_the_science_page_says_what_the_report_of_cast_alone_says(render, student):
    """Score, level, error band, areas and history, and what the test is."""
    page = render(student(error_band_min=207, error_band_max=223)).text(5)
    for words in (
        "Error band: 207 to 223 (± 8)",
        "Level 3: Standard Met",
        "Your child uses the main ideas of science",
        "Life Sciences Below Standard",
        "There are no earlier results",
        "About the California Science Test (CAST)",
        "Ideas for home",
    ):
        assert words in page


def test_the_last_page_says_that_it_is_blank_on_purpose(compiled, student):
    """A screen reader hears it too, with a heading for the notes on each subject."""
    (made,) = compiled.single_files([student()])
    spoken = spoken_text(made.content)
    position = spoken.index("Room for Your Notes")
    assert spoken[position + 1].startswith("This page is intentionally left blank.")
    assert spoken[position + 2 : position + 5] == ["English Language Arts/Literacy", "Mathematics", "Science"]


def test_too_few_answers_are_told_at_a_glance(render, student):
    """The lowest score was given by rule."""
    pages = render(student(150, condition_code="LOSS"))
    assert "Too few answers to score fully" in pages.text(1)
    assert "answered too few questions" in pages.text(5)


def test_a_subject_without_a_score_says_why_beside_science(render, make, scores, student):
    """The three cards stand alone, each with its own words."""
    excused = make(
        scores("01", None, administration_year=2025, condition_code="PGE"),
        scores("02", administration_year=2025),
    )
    cover = render(replace(excused, science=student().science)).text(1)
    assert "No score Excused at a parent’s or guardian’s request" in cover
    assert "English Excused" in cover


@pytest.mark.parametrize(
    ("values", "in_a_word", "at_a_glance", "title"),
    [
        ({"condition_code": "NT"}, "Not tested", "Not tested", "Your child did not take this test"),
        (
            {"condition_code": "PGE"},
            "Excused",
            "Excused at a parent’s or guardian’s request",
            "Excused at the request of a parent or guardian",
        ),
        (
            {"condition_code": "NTE"},
            "Excused",
            "Excused for a medical emergency",
            "Excused because of a medical emergency",
        ),
        (
            {"science": 215, "score_status": "I"},
            "April 29, 2025",
            "Result not valid",
            "The result of this test is not valid",
        ),
        (
            {"condition_code": None},
            "April 29, 2025",
            "Test not completed",
            "Your child did not complete this test",
        ),
    ],
)
def test_without_a_science_score_the_report_says_why(render, student, values, in_a_word, at_a_glance, title):
    """Among the dates, at a glance and on a page of its own."""
    result = student(**{"science": None} | values)
    assert shown_science(result) is result.science
    pages = render(result)
    assert len(pages) == pages_of(result) == 6
    assert f"Science {in_a_word}" in pages.text(1)
    assert f"No score {at_a_glance}" in pages.text(1)
    assert title in pages.text(5)


def test_without_a_science_record_the_report_is_as_it_was(render, student):
    """Four pages, two subjects."""
    result = student(None)
    assert shown_science(result) is None
    pages = render(result)
    assert len(pages) == pages_of(result) == 4
    assert "Science" not in pages.text(1)


def test_other_kinds_have_no_science_beside_them(make, scores):
    """The report of CAST alone has one outcome and its two pages."""
    cast = make(scores("06", 215), assessment=Assessment.CAST)
    both = replace(cast, science=cast.outcomes[0])
    assert shown_science(both) is None
    assert pages_of(both) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fast_engine_makes_the_same_pages_and_tags_them(engine, compiled, student, language):
    """Not a word differs, and not a pixel; from right to left, where glyphs have places of their own, a few may."""
    right_to_left = LANGUAGES[language].right_to_left
    batch = [
        student(language=language),
        student(150, language, condition_code="LOSS"),
        student(None, language, condition_code="PGE"),
    ]
    for plain, made in zip(engine.single_files(batch), compiled.single_files(batch), strict=True):
        assert isinstance(made, SsrFile)
        assert made.pages == plain.pages == 6
        assert problems(made.content) == []
        assert is_sound(made.content) is not False
        assert same_words(made.content, plain.content)
        assert different_pixels(made.content, plain.content) <= (20 if right_to_left else 0)


def test_students_with_and_without_science_share_a_batch(compiled, student):
    """Each has the pages and the sentences of its own edition."""
    batch = [student(), student(None), student(250), student(None)]
    pages = [len(PdfReader(io.BytesIO(made.content)).pages) for made in compiled.single_files(batch)]
    assert pages == [6, 4, 6, 4]
    merged = merged_file(compiled, batch, "Grade 5")
    assert [(entry.first_page, entry.pages) for entry in merged.entries] == [(1, 6), (7, 4), (11, 6), (17, 4)]
    reader = PdfReader(io.BytesIO(merged.content), strict=True)
    assert reader.page_labels[4:8] == ["1-5", "1-6", "2-1", "2-2"]
    covers = [reader.pages[entry.first_page - 1].extract_text() for entry in merged.entries]
    assert ["Science" in cover for cover in covers] == [True, False, True, False]


def test_an_unknown_language_has_no_report(compiled, student):
    """With science as without."""
    (made,) = compiled.single_files([student(language="en")])
    assert isinstance(made, SsrFile)
    (failed,) = compiled.single_files([replace(student(), language="tlh")])
    assert failed.reason == "language_not_available"


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_that_count_subjects_are_replaced(language):
    """All others are the shared ones."""
    shared, own = LANGUAGES[language].table, texts_with_science(language).table
    assert {key for key in shared if own[key] != shared[key]} == set(REPLACED)


def test_the_language_of_the_file_is_stated(compiled, student):
    """As without science."""
    (made,) = compiled.single_files([student(language="ar")])
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert str(pdf.Root.Lang) == "ar"
