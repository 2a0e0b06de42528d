"""The engine that lays out once: many students in one document."""

import io
from collections import Counter
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from tests.pdf_check.tagged_pdf import problems
from tests.reference.merged_file import merged_file
from tests.unit.ssr.invented_students import students as invent


def students(many):
    """Invent students with a Smarter Balanced SSR in English."""
    return invent(Assessment.SMARTER_BALANCED, "en", range(many))


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


def _pages(content):
    """Return the pages' pictures and their characters, whose order is the reader's choice."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [
            (
                bytes(page.render(scale=1).buffer),
                Counter("".join(page.get_textpage().get_text_range().split())),
            )
            for page in document
        ]
    finally:
        document.close()


def test_a_merged_file_shows_the_same_pages(compiled):
    """In the same order, each student from an odd page on; what cannot be made is told."""
    batch = students(12)
    singles = [_pages(made.content) for made in compiled.single_files(batch)]
    merged = merged_file(compiled, [*batch, replace(batch[0], first_name="\ue000")], "Grade 5")
    pages = _pages(merged.content)
    assert [failure.reason for failure in merged.failures] == ["no_glyph"]
    assert [entry.result for entry in merged.entries] == batch
    assert merged.pages == len(pages)
    for entry, single in zip(merged.entries, singles, strict=True):
        assert entry.first_page % 2 == 1
        assert pages[entry.first_page - 1 : entry.first_page - 1 + entry.pages] == single


def test_the_outline_leads_to_schools_and_students(compiled, make):
    """A school once, with its students below it, as "Last, First"; pages bear the SSR's number."""
    other = replace(make().school, code="19123450000002", name="Arroyo Middle School")
    batch = [make(), make(last_name="陳", first_name="曉明"), replace(make(last_name="{nb}"), school=other)]
    reader = PdfReader(io.BytesIO(merged_file(compiled, batch, "All").content), strict=True)

    def read(items):
        return [read(item) if isinstance(item, list) else item.title for item in items]

    assert read(reader.outline) == [
        "Manzanita Elementary School",
        ["Rivera, Maya", "陳, 曉明"],
        "Arroyo Middle School",
        ["{nb}, Maya"],
    ]
    assert reader.get_destination_page_number(reader.outline[1][1]) == 4
    assert reader.page_labels[3:6] == ["1-4", "2-1", "2-2"]


def test_a_merged_file_is_sound_and_grows_by_little(compiled):
    """Another student adds values, not fonts; and no tags, since it is for printing."""
    batch = students(20)
    content = merged_file(compiled, batch, "x").content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert "/StructTreeRoot" not in pdf.Root
        assert str(pdf.docinfo.Title) == "x"
    assert content == merged_file(compiled, batch, "x").content
    twice = merged_file(compiled, batch * 2, "x").content
    assert len(twice) - len(content) < 20 * 4000


@pytest.mark.parametrize(
    ("languages", "title"),
    [
        (["en"], "Student Score Reports"),
        (["es", "es"], "Informes de puntajes de estudiantes"),
        (["es", "vi"], "Student Score Reports"),
    ],
)
def test_a_merged_file_always_has_a_title(engine, compiled, make, languages, title):
    """Where nobody gave it one it says what it is, in its language, or in English if it has several."""
    results = [make(language=language) for language in languages]
    for each in (compiled, engine):
        merged = merged_file(each, results, " \t", tagged=True)
        with pikepdf.open(io.BytesIO(merged.content)) as pdf:
            assert str(pdf.docinfo.Title) == title
            assert each is engine or problems(merged.content) == []


def test_a_merged_file_can_be_tagged(compiled):
    """For who asks for it: every student a section of the document."""
    assert problems(merged_file(compiled, students(8), "Grade 5", tagged=True).content) == []


def test_nothing_to_merge_gives_no_document(compiled, make):
    """There is no such thing as a PDF without pages."""
    merged = merged_file(compiled, [make(assessment="cast")], "x")
    assert (merged.content, merged.entries, merged.pages) == (b"", (), 0)
