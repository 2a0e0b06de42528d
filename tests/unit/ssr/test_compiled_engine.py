"""The engine that lays out once makes what the plain engine draws, and says it to screen readers as well."""

import io
import zlib
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import count

import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader

from lea_reports.ssr.compiled_engine import CompiledEngine
from lea_reports.ssr.engine import SsrEngine, SsrFailure, SsrFile
from tests.pdf_check.tagged_pdf import problems, spoken_text

NAMES = (
    {},
    {"last_name": "Nguyễn", "first_name": "Ánh Tuyết", "middle_name": "Thị"},
    {"last_name": "陳", "first_name": "曉明"},
    {"last_name": "김", "first_name": "뷁민준"},
    {"last_name": "العلي", "first_name": "محمد"},
    {"last_name": "陳 Müller", "first_name": "Zoë"},
    {"last_name": ")) Tj ET (", "first_name": "\\(\\"},
    {"last_name": "{nb}", "first_name": "%PDF & <x>"},
    {"last_name": "Wolfeschlegelstein " * 12, "first_name": "Hubert"},
    {"last_name": "", "first_name": ""},
)


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


@pytest.fixture
def students(make, scores, earlier):
    """Invent students, some of them with something missing; the same ones every time."""
    throws = count()

    def pick(values):
        return values[zlib.crc32(b"%d" % next(throws)) % len(values)]

    def row(test, year):
        values = {"administration_year": year}
        if year == 2026 and pick(range(10)) < 7:
            values |= earlier(test, 1, "04", pick((pick(range(2300, 2600)), None)), "NT")
        if year == 2026 and pick(range(10)) < 5:
            values |= earlier(test, 2, "03", pick(range(2300, 2550)))
        if pick(range(10)) < 2:
            values["condition_code"] = pick(("NT", "PGE", "NTE", "NEL", None))
            return scores(test, None, **values)
        values |= {f"composite_claim_{claim}_level": pick(range(1, 4)) for claim in (1, 2)}
        values["lexile_or_quantile_measure"] = pick(("1010L", "BR45L", "865Q", "EM20Q", None))
        if test == "01":
            values["genre"] = pick(("OPIN", "NARR", None))
            values["writing_conventions"] = pick((0, 1, 2))
        if pick(range(10)) < 2:
            values["unlisted_resource_construct_change"] = "Y"
        return scores(test, pick(range(2220, 2700)), **values)

    def invent(many):
        for number in range(many):
            year = pick((2026, 2026, 2026, 2024))
            rows = [row(test, year) for test in pick((("01", "02"), ("01", "02"), ("02",)))]
            yield make(*rows, ssid=f"{number:010}", **NAMES[number % len(NAMES)])

    return invent


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


def test_every_file_is_tagged(compiled, students):
    """Language, title, marks, headings, tables, words for pictures, and characters for every code."""
    for made in compiled.single_files(students(30)):
        assert problems(made.content) == []


def test_figures_state_their_numbers(compiled, make, scores, earlier):
    """Who cannot see the picture hears what it shows."""
    result = make(scores("01", 2530, **earlier("01", 1, "04", 2471)), scores("02", 2509))
    (made,) = compiled.single_files([result])
    spoken = " ".join(spoken_text(made.content))
    assert (
        "English Language Arts/Literacy 2530, Error band: 2507 to 2553 (± 23), Level 3: Proficient" in spoken
    )
    assert "2024–25, Grade 4: 2471 (2446–2496); 2025–26, Grade 5: 2530 (2507–2553)." in spoken


def test_files_are_sound(compiled, students):
    """A strict reader finds nothing to complain about."""
    for made in compiled.single_files(students(10)):
        with pikepdf.open(io.BytesIO(made.content)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert len(pdf.pages) == 4


def test_a_file_is_a_shared_prefix_and_its_own_tail(compiled, students):
    """What a zip and a list need to know of a file follows from its tail."""
    made = list(compiled.single_files(students(40)))
    assert len({id(each.prefix) for each in made}) < len(made)
    for each in made:
        assert each.content.startswith(each.prefix.content)
        assert each.crc == zlib.crc32(each.content)
        assert each.sha256 == sha256(each.content).hexdigest()


def test_the_same_batch_gives_the_same_bytes(fonts_folder, students, make, scores):
    """Also from an engine that has made other files before."""
    batch = list(students(12))
    first, second = CompiledEngine(fonts_folder), CompiledEngine(fonts_folder)
    list(second.single_files([make(scores("01", 2600), scores("02", 2444))]))
    contents = [[made.content for made in engine.single_files(batch)] for engine in (first, second)]
    assert contents[0] == contents[1]


def test_what_cannot_be_made_fails_alone(compiled, make):
    """The others of the batch are made."""
    batch = [make(), make(first_name="\ue000"), make(assessment="cast"), make(first_name="Lena")]
    made = list(compiled.single_files(batch))
    assert [type(each) for each in made] == [SsrFile, SsrFailure, SsrFailure, SsrFile]
    assert [each.reason for each in made[1:3]] == ["no_glyph", "assessment_not_available"]


def test_a_merged_file_shows_the_same_pages(compiled, students):
    """In the same order, each student from an odd page on; what cannot be made is told."""
    batch = list(students(12))
    singles = [_pages(made.content) for made in compiled.single_files(batch)]
    merged = compiled.merged_file([*batch, replace(batch[0], first_name="\ue000")], "Grade 5")
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
    reader = PdfReader(io.BytesIO(compiled.merged_file(batch, "All").content), strict=True)

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


def test_a_merged_file_is_sound_and_grows_by_little(compiled, students):
    """Another student adds values, not fonts; and no tags, since it is for printing."""
    batch = list(students(20))
    content = compiled.merged_file(batch, "x").content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert "/StructTreeRoot" not in pdf.Root
        assert str(pdf.docinfo.Title) == "x"
    assert content == compiled.merged_file(batch, "x").content
    twice = compiled.merged_file(batch * 2, "x").content
    assert len(twice) - len(content) < 20 * 4000


def test_a_merged_file_can_be_tagged(fonts_folder, students):
    """For who asks for it: every student a section of the document."""
    engine = CompiledEngine(fonts_folder, tags_when_merged=True)
    assert problems(engine.merged_file(students(8), "Grade 5").content) == []


def test_nothing_to_merge_gives_no_document(compiled, make):
    """There is no such thing as a PDF without pages."""
    merged = compiled.merged_file([make(assessment="cast")], "x")
    assert (merged.content, merged.entries, merged.pages) == (b"", (), 0)
    assert list(compiled.single_files([])) == []


def test_the_engine_is_what_the_interface_asks_for(compiled):
    """The checker agrees at the one place where the engine is chosen."""
    interface: SsrEngine = compiled
    assert isinstance(interface, CompiledEngine)
