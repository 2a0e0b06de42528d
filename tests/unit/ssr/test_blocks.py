"""Parts of pages: composed once with placeholders and filled for every student, as if laid out for each alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import Composition
from lea_reports.ssr.engine.shared_glyph_table import shared_glyphs_of
from lea_reports.ssr.pages.palette import BODY, HEADING, TITLE
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting import blocks as blocks_module
from lea_reports.typesetting.blocks import Blocks, filled
from lea_reports.typesetting.canvas import Box, Line
from lea_reports.typesetting.content_canvas import ContentCanvas
from lea_reports.typesetting.embedded_fonts import EmbeddedFonts
from lea_reports.typesetting.fonts import Fonts
from lea_reports.typesetting.placeholders import derived, form_of
from lea_reports.typesetting.sheet import Pen
from tests.unit.ssr.invented_students import students

BLACK = (0, 0, 0)
LINE = Line(60, 90, 200, TITLE, 8)
NAMES = ["Maya Rivera", ")) Tj ET (", "%s 100%", "Nguyễn Thị Ánh", "陳曉明 Zoë", "العلي محمد", "Hubert " * 40]


def _place(score):
    return 60 + score / 7


def _title(pen, words, color):
    pen.canvas.text(60, 60, words, HEADING.in_color(color), tag="H1")


def _score(pen, low, high):
    """Say numbers and show them, once in each order."""
    canvas = pen.canvas
    canvas.text(60, 120, f"{low} to {high} (100%), {high}{low}", BODY)
    with canvas.figure(f"From {low} to {high} – 100%", Box(60, 130, 300, 8)):
        left, right = derived(_place, low), derived(_place, high)
        canvas.rectangle(Box(left - 2, 130, 4, 8), BLACK)
        canvas.line((left, 134), (right + 1, 134), BLACK)


def _name(pen, name):
    pen.canvas.words(LINE, name)


def _compose(sheet, words, color, name, low, high):
    sheet.fixed(_title, words, BLACK)
    sheet.variant(_title, words, color)
    sheet.value(_name, name)
    sheet.value(_score, low, high)
    sheet.value(_score, high, low)


@pytest.fixture(scope="module")
def embedded(fonts_folder):
    return EmbeddedFonts(Fonts(fonts_folder), shared_glyphs_of("smarter-balanced", "en"))


@pytest.fixture(scope="module", params=["en", "ar"])
def blocks(request, embedded):
    """Keep parts from test to test, as from student to student."""
    return Blocks(embedded, LANGUAGES[request.param], tags=True)


def _part(blocks, arguments, values, *, mark=0, compose=_compose):
    """Find a part or compose it."""
    sizes = tuple(blocks.sizes[value] for value in values)
    key = compose, mark, arguments, sizes
    return blocks.parts.get(key) or blocks.compose(compose, mark, arguments, sizes)


def _anew(embedded, texts, drawn, mark):
    """Lay blocks out one after the other, on a canvas of their own, with the values themselves."""
    canvas = ContentCanvas(embedded, tags=True)
    canvas.right_to_left = texts.right_to_left
    fragments = []
    for draw, *arguments in drawn:
        canvas.begin(mark)
        draw(Pen(canvas, texts), *arguments)
        fragments.append(canvas.finish())
        mark += fragments[-1].mcids
    return fragments


@given(
    name=st.sampled_from(NAMES),
    low=st.integers(0, 9999),
    high=st.integers(0, 9999),
    color=st.sampled_from((BLACK, (20, 90, 160))),
    mark=st.integers(0, 2),
)
def test_a_filled_part_is_what_its_blocks_are_when_laid_out_anew(
    blocks, embedded, name, low, high, color, mark
):
    """Content, words of figures, steps of the structure, fonts and glyphs."""
    part = _part(blocks, ("Score", color), (name, low, high), mark=mark)
    own = filled([(part, (name, low, high))])
    fixed, variant, *values = fragments = _anew(
        embedded,
        blocks.texts,
        [
            (_title, "Score", BLACK),
            (_title, "Score", color),
            (_name, name),
            (_score, low, high),
            (_score, high, low),
        ],
        mark,
    )
    assert part.fixed == form_of(fixed.content).text
    assert part.variant == form_of(variant.content).text
    assert own.content == b"".join(form_of(fragment.content).text for fragment in values)
    assert own.described == [form_of(words).text for each in fragments[1:] for words in each.described]
    assert part.structure == tuple(step for fragment in fragments for step in fragment.structure)
    assert part.mcids == sum(fragment.mcids for fragment in fragments)
    assert own.glyphs == frozenset().union(*(fragment.glyphs for fragment in fragments))
    fonts = 0
    for fragment in fragments:
        fonts |= fragment.fonts
    assert (part.fonts | own.fonts) & fonts == fonts


def _blank_fixed(sheet, score):
    sheet.fixed(_score, score, score)


def _blank_variant(sheet, score):
    sheet.variant(_score, score, score)


@pytest.mark.parametrize("compose", [_blank_fixed, _blank_variant])
def test_a_block_with_blanks_is_a_value(blocks, compose):
    """What one student's file shares with another's must not depend on either."""
    with pytest.raises(TypeError, match="composed as a value"):
        _part(blocks, (), (2530,), compose=compose)


def test_students_with_the_same_look_have_the_same_part(blocks):
    """Numbers of as many digits, and names that shared faces can set."""
    part = _part(blocks, ("Look", BLACK), ("Maya", 2530, 97))
    assert part is _part(blocks, ("Look", BLACK), ("Zed", 1000, 10))
    assert part is not _part(blocks, ("Look", BLACK), ("Maya", 253, 97))
    unusual = _part(blocks, ("Look", BLACK), ("Ánh Nguyễn", 2530, 97))
    assert part is not unusual
    assert part.template_key == unusual.template_key
    described = _part(blocks, ("Look", BLACK), ("العلي محمد", 2530, 97))
    assert described.template_key != part.template_key
    assert len(described.described) == len(part.described) + 1


def test_parts_of_a_kind_differ_in_variants_and_values_only(blocks):
    """Files of parts of the same kinds have a template in common."""
    kinds = [
        _part(blocks, arguments, ("Maya", 2530, 2444)).template_key
        for arguments in (("One", BLACK), ("One", (9, 9, 9)), ("Two", BLACK))
    ]
    assert kinds[0] == kinds[1] != kinds[2]


def test_the_memory_of_parts_has_an_end(embedded, monkeypatch):
    """What was forgotten is composed again, the same."""
    monkeypatch.setattr(blocks_module, "_MOST_KEPT", 2)
    blocks = Blocks(embedded, LANGUAGES["en"], tags=True)
    values = "Maya", 2530, 2444
    made = {}
    for words in ("One", "Two", "Three", "One"):
        part = _part(blocks, (words, BLACK), values)
        shown = part.fixed, part.variant, part.template_key, filled([(part, values)])
        assert made.setdefault(words, shown) == shown
        assert len(blocks.parts) <= 2
        assert len(blocks.sizes) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_filled_after_others_are_those_of_a_first_student(fonts_folder, language):
    """A file depends on its student only, not on who came before."""
    fonts = Fonts(fonts_folder)
    edition = EmbeddedFonts(fonts, shared_glyphs_of("smarter-balanced", language))
    used = Blocks(edition, LANGUAGES[language], tags=True)
    results = students(Assessment.SMARTER_BALANCED, language, range(24))
    filled_after = [Composition(used, result).pages for result in results][-3:]
    for result, pages in zip(results[-3:], filled_after, strict=True):
        fresh = Composition(Blocks(edition, LANGUAGES[language], tags=True), result).pages
        assert [filled(page) for page in pages] == [filled(page) for page in fresh]
        assert [[(part.fixed, part.variant, part.structure) for part, _ in page] for page in pages] == [
            [(part.fixed, part.variant, part.structure) for part, _ in page] for page in fresh
        ]
