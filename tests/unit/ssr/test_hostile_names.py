"""Whatever stands in a name, the SSR shows it, or fails with its reason; nobody else's SSR is touched."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from pypdf import PdfReader

from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFailure, SsrFile
from lea_reports.ssr.results.names import clean, full_name, name_in_lists
from lea_reports.ssr.words.texts import LANGUAGES
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file
from tests.unit.ssr.hostile_students import A_FEW_BATCHES, HOSTILE_BATCHES, PLAIN, Student

ELLIPSIS = "…"


@pytest.fixture(scope="module")
def covered(fonts_folder):
    """Collect the characters of all fonts of the layer."""
    points = set()
    for file in fonts_folder.glob("*.ttf"):
        with TTFont(file, lazy=True) as font:
            points |= font.getBestCmap().keys()
    return frozenset(map(chr, points))


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine as single files are made."""
    return CompiledEngine(fonts_folder)


@pytest.fixture(scope="module")
def untagged(fonts_folder):
    """Make the engine without tags."""
    return CompiledEngine(fonts_folder, tags=False)


@pytest.fixture(scope="module")
def alone(compiled):
    """Make the SSR of an ordinary student in a batch of one."""
    (made,) = compiled.single_files([Student().result()])
    return made


def data(result):
    """Return every text of a result that must have its glyphs."""
    measures = [subject.measure for subject in result.subjects if subject.measure]
    school = result.school
    values = (full_name(result), name_in_lists(result), result.ssid, school.name, school.lea_name, *measures)
    return "".join(map(clean, values))


def pictures(content):
    """Draw all pages."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [bytes(page.render(scale=0.7).buffer) for page in document]
    finally:
        document.close()


def shown_name(result):
    """Return the name as the SSR has to show it."""
    return full_name(result) or LANGUAGES[result.language]("name.missing")


def is_told(name, texts):
    """Say whether one of some texts is the name, or what of a long one has room."""
    name, *told = ("".join(text.split()) for text in (name, *texts))
    return any(text == name or (text.endswith(ELLIPSIS) and name.startswith(text[:-1])) for text in told)


def assert_readable(content, pages):
    """Check that strict readers open a file and get at the text of its first page."""
    reader = PdfReader(io.BytesIO(content), strict=True)
    assert len(reader.pages) == pages
    assert reader.pages[0].extract_text()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []


def assert_made_or_explained(results, made, covered):
    """Check that each SSR is a file, unless a character of its data is in no font."""
    for result, each in zip(results, made, strict=True):
        assert each.result is result
        if set(data(result)) <= covered:
            assert isinstance(each, SsrFile)
        else:
            assert each == SsrFailure(result, "no_glyph")


def assert_good(file):
    """Check that a tagged file is sound and accessible, and tells the name."""
    name = shown_name(file.result)
    assert_readable(file.content, file.pages)
    assert problems(file.content) == []
    assert is_told(name, spoken_text(file.content))
    with pikepdf.open(io.BytesIO(file.content)) as pdf:
        assert name in str(pdf.docinfo.Title)


@A_FEW_BATCHES
@given(HOSTILE_BATCHES)
def test_a_tagged_file_tells_the_name_or_fails_with_its_reason(compiled, covered, alone, batch):
    """It opens in every reader, is accessible, and bears the name; the neighbours look and sound as ever."""
    results = [student.result() for student in batch]
    first, *made, last = compiled.single_files([alone.result, *results, alone.result])
    assert_made_or_explained(results, made, covered)
    for each in made:
        if isinstance(each, SsrFile):
            assert_good(each)
    for same in (first, last):
        assert pictures(same.content) == pictures(alone.content)
        assert spoken_text(same.content) == spoken_text(alone.content)


@A_FEW_BATCHES
@given(HOSTILE_BATCHES, PLAIN.map("Grade 5 {}".format))
def test_a_merged_file_holds_everyone_who_can_be_set(untagged, covered, batch, title):
    """It shows what single files do, lists everyone as "Last, First", and is accessible if tags are asked for."""
    results = [student.result() for student in batch]
    settable = [result for result in results if set(data(result)) <= covered]
    singles = []
    for made in untagged.single_files(settable):
        assert_readable(made.content, made.pages)
        singles += pictures(made.content)
    for tagged in (False, True):
        merged = merged_file(untagged, results, title, tagged=tagged)
        assert [entry.result for entry in merged.entries] == settable
        assert {failure.reason for failure in merged.failures} <= {"no_glyph"}
        if not settable:
            continue
        assert_readable(merged.content, merged.pages)
        assert pictures(merged.content) == singles
        with pikepdf.open(io.BytesIO(merged.content)) as pdf, pdf.open_outline() as outline:
            listed = [student.title for school in outline.root for student in school.children]
            assert str(pdf.docinfo.Title) == clean(title)
            assert ("/StructTreeRoot" in pdf.Root) is tagged
        assert listed == [
            name_in_lists(result) or LANGUAGES[result.language]("name.missing") for result in settable
        ]
    if settable:
        assert problems(merged.content) == []


@pytest.mark.parametrize("around", ["", "Maya ", "محمد", "陳"])
def test_characters_for_private_use_are_never_mistaken_for_anything(compiled, around):
    """Whatever the engine may use inside, a name with one fails, and the neighbour is made as ever."""
    points = (*range(0xE000, 0xF900, 17), 0xE001, 0xF8FF, 0xF0000, 0xFFFFD, 0x100000, 0x10FFFD)
    results = [Student(last_name=f"{around}{chr(point)}").result() for point in points]
    *made, neighbour = compiled.single_files([*results, Student().result()])
    assert {type(each) for each in made} == {SsrFailure}
    assert {each.reason for each in made} == {"no_glyph"}
    assert is_told("Maya Rivera", spoken_text(neighbour.content))


@pytest.mark.parametrize(
    "field", ["last_name", "first_name", "middle_name", "school", "lea", "ssid", "measure"]
)
@pytest.mark.parametrize("character", ["\ud800", "\ue000", "\U0001f600", "𠮷"])
def test_a_character_that_no_font_has_is_noticed_wherever_it_stands(compiled, field, character):
    """Never a gap: the SSR fails with its reason."""
    result = Student(**{field: f"A{character}"}).result()
    assert list(compiled.single_files([result])) == [SsrFailure(result, "no_glyph")]
    assert merged_file(compiled, [result], "x").failures == (SsrFailure(result, "no_glyph"),)
