"""SSRs as a viewer shows them: their words, their names in every script, and that nothing overflows."""

import io
from dataclasses import replace

import pikepdf
import pytest
from pypdf import PdfReader

from lea_reports.ssr.engine.ssr_engine import SsrEngine, SsrFailure, SsrFile
from tests.reference.fpdf_engine import FpdfEngine
from tests.reference.merged_file import merged_file

NAMES = {
    "plain": {},
    "vietnamese": {"last_name": "Nguyễn", "first_name": "Ánh Tuyết", "middle_name": "Thị"},
    "han": {"last_name": "陳", "first_name": "曉明"},
    "hangul": {"last_name": "김", "first_name": "뷁민준"},
    "arabic": {"last_name": "العلي", "first_name": "محمد"},
    "mixed": {"last_name": "陳 Müller", "first_name": "Zoë"},
    "page count": {"last_name": "{nb}", "first_name": "{nb}"},
    "brackets": {"last_name": ")) Tj ET (", "first_name": "\\(\\"},
    "long words": {"last_name": "Wolfeschlegelstein " * 12, "first_name": "Hubert"},
    "one long word": {"last_name": "W" * 200, "first_name": "Al"},
    "long han": {"last_name": "陳" * 100, "first_name": "曉" * 100},
    "long arabic": {"last_name": "العلي " * 40, "first_name": "محمد"},
    "nothing": {"last_name": "", "first_name": ""},
}


def _cases(scores, earlier):
    """Return the records of every special case, by name."""
    too_few = {"condition_code": "LOSS"}
    codes = {
        f"writing_{name}_condition_code": code
        for name, code in zip(
            ("organization_purpose", "evidence_elaboration", "conventions"), "ITB", strict=True
        )
    }
    no_points = dict.fromkeys(
        (f"writing_{n}" for n in ("organization_purpose", "evidence_elaboration")), None
    )
    years = earlier("01", 3, "03", None, "NT") | earlier("01", 2, "03", 2425)
    return {
        "no history": (scores("01"), scores("02")),
        "full history": (scores("01", **years, **earlier("01", 1, "04", 2140, "LOSS")), scores("02")),
        "lowest": (scores("01", 2200, composite_claim_1_level=1), scores("02", 2220, **too_few)),
        "highest": (
            scores("01", 2730, genre="NARR"),
            scores("02", 2740, unlisted_resource_construct_change="Y"),
        ),
        "exempt": (
            scores("01", None, condition_code="NEL", **years),
            scores("02", None, condition_code="PGE"),
        ),
        "one subject": (scores("02"),),
        "essay codes": (scores("01", **codes, **no_points, writing_conventions=None), scores("02")),
        "old names": (scores("01", administration_year=2025), scores("02", administration_year=2025)),
        "old areas": (
            scores("01", administration_year=2019, domain_1_level=1, domain_2_level=2, domain_3_level=3),
            scores("02", administration_year=2019, domain_1_level=1, domain_2_level=2, domain_3_level=3),
        ),
    }


@pytest.fixture(params=["no history", "full history", "lowest", "highest", "exempt", "one subject"])
def special(request, make, scores, earlier):
    """Make a result of a special case."""
    return make(*_cases(scores, earlier)[request.param])


@pytest.fixture(params=["essay codes", "old names", "old areas"])
def older(request, make, scores, earlier):
    """Make a result with other words than the usual."""
    return make(*_cases(scores, earlier)[request.param])


def test_the_engine_is_what_the_interface_asks_for(engine):
    """The checker agrees at the one place where the engine is chosen."""
    interface: SsrEngine = engine
    assert isinstance(interface, FpdfEngine)


def test_a_report_tells_the_results(render, make):
    """Score, error band, level, areas, history, measures and essay stand where they belong."""
    pages = render(make())
    assert len(pages) == 4
    cover, ela, mathematics, last = (pages.text(page) for page in (1, 2, 3, 4))
    for words in (
        "Maya Rivera",
        "Manzanita Elementary School",
        "Laguna Verde Unified School District",
        "2025–26",
        "Grade 5",
        "April 22, 2026",
        "April 29, 2026",
        "1234567890",
        "2530",
        "Proficient",
        "2509",
        "Developing",
    ):
        assert words in cover
    for words in (
        "Level 3: Proficient",
        "2507 to 2553 (± 23)",
        "Near Standard",
        "Standard Nearly Met",
        "2425",
    ):
        assert words in ela
    assert "Level 2: Developing" in mathematics
    for words in ("1010L", "865Q", "3 of 4 points", "2 of 2 points", "Type of writing: opinion"):
        assert words in last


def test_the_ssid_stands_on_the_first_page_only(render, make):
    """Inner pages may lie open on a desk."""
    pages = render(make())
    assert ["1234567890" in pages.text(page) for page in (1, 2, 3, 4)] == [True, False, False, False]
    assert all(f"Page {page} of 4" in pages.text(page) for page in (1, 2, 3, 4))


@pytest.mark.parametrize("name", ["plain", "vietnamese", "han", "hangul", "mixed", "page count", "brackets"])
def test_names_can_be_read_back(engine, make, name):
    """What a viewer would copy is the name as it was given, on every page."""
    result = make(**NAMES[name])
    (made,) = engine.single_files([result])
    for page in PdfReader(io.BytesIO(made.content), strict=True).pages:
        text = page.extract_text()
        assert all(part in text for part in (result.first_name, result.last_name))


def test_arabic_names_are_shaped_and_read_from_the_right(render, make):
    """The first name stands to the right of the last, all letters are there, and none stands alone."""
    pages = render(make(**NAMES["arabic"]))
    heading = (letter for letter in pages.letters(1) if letter.bottom > 600)
    letters = [letter for letter in heading if "\u0600" <= letter.character <= "\u06ff"]
    assert sorted(letter.character for letter in letters) == sorted("محمدالعلي")
    place = {letter.character: letter.left for letter in letters}
    assert place["د"] > place["ا"] > place["ي"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_its_place(render, make, name):
    """A long name is set smaller and in several lines; nothing runs over the margin, and no glyph is missing."""
    pages = render(make(**NAMES[name]))
    for page in (1, 2, 3, 4):
        _assert_tidy(pages, page)


def test_special_cases_keep_the_page_tidy(render, special):
    """Missing parts leave neither holes in words nor words over words."""
    pages = render(special)
    assert len(pages) == 4
    for page in (1, 2, 3, 4):
        _assert_tidy(pages, page)


def test_other_years_keep_the_page_tidy(render, older):
    """Longer level names and more areas have room too."""
    pages = render(older)
    for page in (1, 2, 3, 4):
        _assert_tidy(pages, page)


def _assert_tidy(pages, page):
    """Check that every glyph is a known character inside the margins and that none covers another."""
    assert not {"\x00", "\ufffd", "\ufffe"} & set(pages.text(page))
    letters = list(pages.letters(page))
    assert len(letters) > 300
    for letter in letters:
        assert letter.left >= 47
        assert letter.right <= 612 - 46
        assert letter.bottom >= 20
    letters.sort(key=lambda letter: letter.left)
    for position, letter in enumerate(letters):
        for other in letters[position + 1 :]:
            if other.left > letter.right:
                break
            wide = min(letter.right, other.right) - other.left
            high = min(letter.top, other.top) - max(letter.bottom, other.bottom)
            latin = letter.character.isascii() and other.character.isascii()
            assert not (latin and wide > 1 and high > 1), f"{letter} and {other} overlap on page {page}"


@pytest.mark.parametrize(
    ("case", "page", "words"),
    [
        ("no history", 2, "There are no earlier results"),
        ("full history", 2, "Not tested"),
        ("full history", 2, "2140*"),
        ("full history", 2, "The names of the levels changed in 2025–26"),
        ("lowest", 1, "Too few answers"),
        ("lowest", 3, "answered too few questions"),
        ("highest", 3, "special resource that changes what this test measures"),
        ("highest", 4, "Story development and details"),
        ("exempt", 1, "new to English and to U.S. schools"),
        ("exempt", 1, "English test completed Excused"),
        ("exempt", 2, "less than 12 months"),
        ("exempt", 3, "A parent or guardian asked in writing"),
        ("exempt", 4, "None this year"),
        ("one subject", 1, "No result on file"),
        ("one subject", 4, "There is no essay score"),
        ("essay codes", 4, "too little of your child’s own writing"),
        ("essay codes", 4, "The essay was left blank"),
        ("old names", 1, "Standard Nearly Met"),
        ("old areas", 2, "This area was difficult for your child this year."),
    ],
)
def test_special_cases_are_told_honestly(render, make, scores, earlier, case, page, words):
    """What is missing, or does not count in full, is said in plain words."""
    assert words in render(make(*_cases(scores, earlier)[case])).text(page)


def test_loss_does_not_describe_the_student_by_a_level(render, make, scores, earlier):
    """The lowest score of a hardly begun test says nothing about what the student can do."""
    text = render(make(*_cases(scores, earlier)["lowest"])).text(3)
    assert "Your child is beginning to understand" not in text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"language": "de"}, "language_not_available"),
        ({"language": "tlh"}, "language_not_available"),
        ({"assessment": "cast"}, "assessment_not_available"),
        ({"last_name": "𠮷田"}, "no_glyph"),
        ({"first_name": "\ud800"}, "no_glyph"),
        ({"first_name": "\ue000"}, "no_glyph"),
    ],
)
def test_what_cannot_be_made_fails_alone_with_a_reason(engine, make, change, reason):
    """The others of the batch are made; the reason is a code without student data."""
    batch = [make(), make(**change), make(first_name="Lena")]
    made = list(engine.single_files(batch))
    assert [type(each) for each in made] == [SsrFile, SsrFailure, SsrFile]
    assert made[1] == SsrFailure(batch[1], reason)
    merged = merged_file(engine, batch, "Grade 5")
    assert [entry.result for entry in merged.entries] == [batch[0], batch[2]]
    assert merged.failures == (SsrFailure(batch[1], reason),)


def test_invisible_characters_are_dropped(render, make):
    """A direction override cannot turn the page's words around."""
    assert "Maya Rivera" in render(make(first_name="Ma\u202eya\x07", last_name="\u2066Rivera")).text(1)


def test_the_same_result_gives_the_same_bytes(engine, make):
    """Also in another batch with other names, whose fonts were cut differently."""
    result = make(**NAMES["vietnamese"])
    (alone,) = engine.single_files([result])
    first, again, _ = engine.single_files([make(**NAMES["arabic"]), result, make(**NAMES["han"])])
    assert isinstance(first, SsrFile)
    assert again.content == alone.content
    assert merged_file(engine, [result], "x").content == merged_file(engine, [result], "x").content


def test_a_file_states_its_title_and_language(engine, make):
    """A screen reader needs the language; a viewer shows the title instead of the file's name."""
    (made,) = engine.single_files([make()])
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == "en-US"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo.Title) == "Student Score Report 2025–26: Maya Rivera"
        assert str(pdf.docinfo.CreationDate).startswith("D:20260701")


def test_a_merged_file_begins_every_report_on_an_odd_page(engine, make):
    """Printed on both sides, no two students share a sheet of paper."""
    batch = [make(last_name=f"Student{number}") for number in range(3)]
    merged = merged_file(engine, batch, "Grade 5")
    assert [(entry.result, entry.first_page, entry.pages) for entry in merged.entries] == [
        (batch[0], 1, 4),
        (batch[1], 5, 4),
        (batch[2], 9, 4),
    ]
    pages = PdfReader(io.BytesIO(merged.content), strict=True).pages
    assert len(pages) == merged.pages == 12
    for entry in merged.entries:
        assert entry.result.last_name in pages[entry.first_page - 1].extract_text()


def test_the_outline_leads_to_schools_and_students(engine, make):
    """A school once, with its students below it, as "Last, First"."""
    other = replace(make().school, code="19123450000002", name="Arroyo Middle School")
    batch = [make(), make(**NAMES["han"]), replace(make(last_name="{nb}"), school=other)]
    reader = PdfReader(io.BytesIO(merged_file(engine, batch, "All").content))

    def read(items):
        return [read(item) if isinstance(item, list) else item.title for item in items]

    assert read(reader.outline) == [
        "Manzanita Elementary School",
        ["Rivera, Maya", "陳, 曉明"],
        "Arroyo Middle School",
        ["{nb}, Maya"],
    ]
    assert reader.get_destination_page_number(reader.outline[1][1]) == 4


def test_a_merged_file_shares_its_fonts(engine, make):
    """Another student adds pages, not fonts."""
    one, two = (len(merged_file(engine, [make()] * count, "x").content) for count in (1, 2))
    assert two - one < 0.6 * one


def test_nothing_to_merge_gives_no_document(engine, make):
    """There is no such thing as a PDF without pages."""
    merged = merged_file(engine, [make(language="tlh")], "x")
    assert (merged.content, merged.entries, merged.pages) == (b"", (), 0)
    assert list(engine.single_files([])) == []


def test_a_page_can_be_drawn_as_a_picture(render, make):
    """The picture of the demo and of whoever looks for a fault."""
    picture = render(make()).picture(1)
    assert picture.startswith(b"\x89PNG")
