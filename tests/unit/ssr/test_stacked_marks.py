"""Names whose letters bear marks that no single character has: viewers find them as they find any other name."""

from __future__ import annotations

import unicodedata

import pypdfium2
import pytest

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file
from tests.unit.ssr.hostile_students import Student

NAMES = {
    "Yoruba": ("Ẹ̀bùn", "Adébáyọ̀"),
    "Yoruba again": ("Ọ́ládélé", "Ìṣọ̀lá"),
    "Yoruba with kerning": ("TỌ́YÌN", "AVỌ́To"),
    "Igbo": ("Chị̀nụ̄a", "Ọ̀kọ́lị́"),
    "Lithuanian": ("Jū̃ratė", "Į̃jūrė̃"),
    "Navajo": ("Ǫ́ąh", "Łį́į́ʼ"),
    "Ewe": ("Kɛ̀ɛ̀", "ŋ̀kɔ̃̀"),
    "Squamish": ("X̱á", "Sḵwx̱wú7mesh"),
    "Hmong": ("Pâǎ̰", "Ṽang"),
    "Vietnamese": ("Ánh Tuyết", "Nguyễn"),
    "marks taken apart": (
        unicodedata.normalize("NFD", "Ẹ̀bùn Ọlá"),
        unicodedata.normalize("NFD", "Adébáyọ̀"),
    ),
    "beside Han": ("Ẹ̀bùn", "陳"),
    "Devanagari": ("प्रिया", "शर्मा"),
}


def words_of(names):
    """Return the words of a name as somebody types them."""
    return unicodedata.normalize("NFC", " ".join(names)).split()


@pytest.fixture(scope="module")
def engine(fonts_folder):
    return CompiledEngine(fonts_folder)


@pytest.fixture(scope="module", params=["single and tagged", "merged", "merged and tagged"])
def made(request, engine):
    """Make a file of some results, and tell the page on which the one at a place begins."""

    def make(*results):
        if request.param == "single and tagged":
            *_, file = engine.single_files(results)
            assert isinstance(file, SsrFile)
            return file.content, 0
        document = merged_file(engine, results, "All", tagged=request.param.endswith("tagged"))
        assert [entry.result for entry in document.entries] == list(results)
        return document.content, document.entries[-1].first_page - 1

    return make


class Viewer:
    """Searches a page as Chrome and Edge do."""

    def __init__(self, content, page):
        self._document = pypdfium2.PdfDocument(content)
        self._text = self._document[page].get_textpage()

    def find(self, words):
        """Return where words stand that were found: left, bottom, right and top of each hit."""
        search = self._text.search(words)
        while hit := search.get_next():
            rects = [self._text.get_rect(number) for number in range(self._text.count_rects(*hit))]
            yield tuple(
                end(edge) for end, edge in zip((min, min, max, max), zip(*rects, strict=True), strict=True)
            )

    def text(self):
        return self._text.get_text_range()

    def close(self):
        self._document.close()


@pytest.fixture
def view():
    """Open a file; it is closed after the test."""
    viewers = []

    def open_one(content, page):
        viewers.append(Viewer(content, page))
        return viewers[-1]

    yield open_one
    for viewer in viewers:
        viewer.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_found_whole_and_word_by_word(made, view, names, language):
    """As it is typed, wherever it stands on the page: as the student's name and within the school's."""
    first, last = names
    student = Student(first_name=first, last_name=last, school=f"{first} {last} School", language=language)
    viewer = view(*made(Student().result(), student.result()))
    for word in words_of(names):
        assert len(list(viewer.find(word))) >= 3, (word, viewer.text())
    typed = " ".join(words_of(names))
    for asked in (typed, f"{typed} School"):
        assert list(viewer.find(asked)), (asked, viewer.text())


@pytest.mark.parametrize("names", [NAMES["Yoruba"], NAMES["Yoruba with kerning"]], ids=["plain", "kerned"])
def test_a_viewer_shows_where_it_found_a_name(made, view, names):
    """Words that follow each other are marked beside each other, over the width of their letters."""
    first, last = names
    viewer = view(*made(Student(first_name=first, last_name=last).result()))
    (left, right) = (next(viewer.find(word)) for word in words_of(names))
    assert left[2] - left[0] > 40
    assert right[2] - right[0] > 60
    assert 0 < right[0] - left[2] < 15


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_what_marks_do_to_a_font_is_heard_in_nobody_elses_words(made, view, names):
    """Where the font has a letter and its mark apart, the letter alone still says itself, also in a shared font."""
    first, last = names
    marked, plain = Student(first_name=first, last_name=last), Student("Rosenbloom-Öst", "Çeli Ebun")
    viewer = view(*made(marked.result(), plain.result()))
    for words in ("Student Score Report", "Çeli Ebun Rosenbloom-Öst", "School district or charter school"):
        assert list(viewer.find(words)), (words, viewer.text())


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_a_screen_reader_says_the_name(engine, names):
    """It is told the words; the file is accessible."""
    first, last = names
    student = Student(first_name=first, last_name=last, kind=Assessment.CAST)
    (file,) = engine.single_files([student.result()])
    assert problems(file.content) == []
    assert " ".join(words_of(names)) in spoken_text(file.content)
