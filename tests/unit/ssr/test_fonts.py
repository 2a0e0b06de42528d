"""Which font sets a character, and how texts are measured and broken."""

import os
import subprocess
import sys
import unicodedata

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.ssr.pages.palette import BODY, TITLE
from lea_reports.typesetting import fonts as fonts_module
from lea_reports.typesetting.fonts import ELLIPSIS, SCALE, Fonts, Typeface
from lea_reports.typesetting.glyphs import NoGlyph


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


@pytest.mark.parametrize(
    ("text", "typefaces"),
    [
        ("Nguyễn Thị Ánh", [Typeface.LATIN]),
        ("Kaʻahumanu", [Typeface.LATIN]),
        ("陳大文", [Typeface.CHINESE]),
        ("뷁똠펲쌰", [Typeface.KOREAN]),
        ("محمد العلي", [Typeface.ARABIC]),
        ("Amy 陳", [Typeface.LATIN, Typeface.CHINESE]),
        ("أحمد Ali", [Typeface.ARABIC, Typeface.LATIN]),
    ],
)
def test_every_script_has_its_font(fonts, text, typefaces):
    """A space inside Arabic belongs to it, so that the whole name reads from the right."""
    runs = fonts.runs(text)
    assert [run.typeface for run in runs] == typefaces
    assert "".join(run.text for run in runs) == text


def test_only_text_that_needs_it_is_shaped(fonts):
    """Shaping is slow; joining letters and loose marks need it."""
    assert [fonts.runs(text)[0].shaped for text in ("محمد", "x\u0331a", "देव", "Nguyễn", "陳", "김")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["𠮷田", "\ud800", "\ue000", "אבי", "A\u0378"])
def test_a_character_without_glyph_is_noticed(fonts, text):
    """Rare ideographs, broken and private characters have no glyph in any font of the layer."""
    with pytest.raises(NoGlyph):
        fonts.runs(text)


def test_a_missing_layer_says_so(tmp_path):
    """The error names what to do."""
    with pytest.raises(FileNotFoundError, match="build the fonts layer"):
        Fonts(tmp_path).width("A", BODY)


def test_big5_hkscs_and_all_hangul_are_covered(fonts):
    """The repertoires that names are registered in are complete."""
    assert fonts.covers(Typeface.KOREAN, "".join(map(chr, range(0xAC00, 0xD7A4))))
    hkscs = {
        character
        for first in range(0x87, 0xFF)
        for second in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for character in bytes((first, second)).decode("big5hkscs", "ignore")
        if 0x4E00 <= ord(character) < 0xA000
    }
    assert len(hkscs) > 15_000
    assert fonts.covers(Typeface.CHINESE, "".join(hkscs))


@pytest.mark.parametrize("typeface", Typeface)
def test_both_weights_have_the_same_characters(fonts, typeface):
    """So a text that can be set can be set bold."""
    regular, bold = (fonts.file(typeface, bold=bold).glyph_of for bold in (False, True))
    assert regular.keys() == bold.keys()


def _fontools_width(fonts_folder, typeface, text):
    with TTFont(fonts_folder / f"{typeface}-Regular.ttf", lazy=True) as font:
        names, metrics = font.getBestCmap(), font["hmtx"]
        return sum(metrics[names[ord(character)]][0] for character in text) / font["head"].unitsPerEm


@pytest.mark.parametrize(
    ("typeface", "text"), [("NotoSans", "Nguyễn “2530”"), ("NotoSansTC", "陳大文"), ("NotoSansKR", "뷁민준")]
)
def test_a_width_is_that_of_its_glyphs(fonts, fonts_folder, typeface, text):
    """Sizes are in points, widths too."""
    expected = _fontools_width(fonts_folder, typeface, text) * BODY.size
    assert fonts.width(text, BODY) == pytest.approx(expected)


def test_arabic_is_set_larger(fonts):
    """Its letters join, and its widths are those of the enlarged font."""
    glyphs = fonts.shape(Typeface.ARABIC, "محمد", bold=False)
    file = fonts.file(Typeface.ARABIC, bold=False)
    assert "".join(glyph.letters for glyph in reversed(glyphs)) == "محمد"
    assert not any(glyph.displaced or glyph.gap for glyph in glyphs)
    assert [glyph.advance for glyph in glyphs] == [
        pytest.approx(file.advances[glyph.number] * SCALE[Typeface.ARABIC]) for glyph in glyphs
    ]
    assert fonts.width("محمد", BODY) == pytest.approx(sum(glyph.advance for glyph in glyphs) * BODY.size)


@pytest.mark.parametrize("text", ["شيئًا", "يُدرَّس", "لَاحظ", "إتقانًا", "لا", "الله", "محمّد"])
def test_every_glyph_of_an_arabic_word_spells_its_own_letters(fonts, text):
    """A vowel mark says itself wherever it stands, not the letter it was first seen on."""
    glyphs = fonts.shape(Typeface.ARABIC, text, bold=False)
    assert "".join(glyph.letters for glyph in reversed(glyphs)) == text
    several = [glyph.letters for glyph in glyphs if len(glyph.letters) > 1]
    assert all(unicodedata.combining(mark) for marks in several for mark in marks)


def test_a_loose_mark_has_a_place_of_its_own(fonts):
    """The font alone would let it stand beside its letter."""
    marks = [glyph for glyph in fonts.shape(Typeface.LATIN, "x\u0331", bold=False) if glyph.displaced]
    assert len(marks) == 1
    assert marks[0].right < 0


def test_a_letter_that_shaping_cannot_set_is_noticed(fonts):
    """HarfBuzz would leave it out silently."""
    with pytest.raises(NoGlyph):
        fonts.shape(Typeface.ARABIC, "陳", bold=False)


def test_memory_has_an_end(fonts_folder, monkeypatch):
    """A process sets millions of names; what it measured is the same after it forgot."""
    monkeypatch.setattr(fonts_module, "_MOST_REMEMBERED", 3)
    fonts = Fonts(fonts_folder)
    names = [f"Name {number}" for number in range(8)]
    first = [fonts.width(name, BODY) for name in names]
    assert [fonts.width(name, BODY) for name in names] == first
    assert max(len(memory) for memory in vars(fonts).values() if isinstance(memory, dict)) <= 3


@pytest.mark.parametrize(("text", "needed"), [("Maya Núñez 陳 김", ""), ("علي (Ali)", "uharfbuzz")])
def test_a_text_loads_only_what_it_needs(fonts_folder, text, needed):
    """A process that sets one SSR does not spend its start on libraries for other scripts."""
    program = (
        "import sys; from pathlib import Path; from lea_reports.typesetting.fonts import Fonts;"
        "from lea_reports.typesetting.embedded_fonts import EmbeddedFonts;"
        "from lea_reports.ssr.pages.palette import BODY;"
        "fonts = Fonts(Path(sys.argv[1])); fonts.visual_runs(sys.argv[2], right_to_left=True);"
        "fonts.wrap(sys.argv[2], BODY, 30);"
        "heavy = {'uharfbuzz', 'fpdf', 'fontTools', 'PIL', 'pypdf', 'numpy', 'babel'} & sys.modules.keys();"
        "print(*heavy)"
    )
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", program, fonts_folder, text]
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == needed


@given(text=st.text("abc defghij", min_size=1, max_size=80).map(lambda text: " ".join(text.split()) or "a"))
def test_no_line_is_wider_than_its_place(fonts, text):
    """Wrapping keeps every character and never leaves the column."""
    lines = fonts.wrap(text, BODY, 40)
    assert all(fonts.width(line, BODY) <= 40.001 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_does_not_fit_is_set_smaller_and_then_cut(fonts):
    """First the size gives way, then the text ends with an ellipsis."""
    assert fonts.fit("Maya", TITLE, 400, smallest=8) == (("Maya",), TITLE)
    (line,), style = fonts.fit("Maya " * 8, TITLE, 400, smallest=8)
    assert style.size < TITLE.size
    assert not line.endswith(ELLIPSIS)
    (line,), style = fonts.fit("Maya" * 100, TITLE, 400, smallest=8)
    assert style.size == 8
    assert line.endswith(ELLIPSIS)
    assert fonts.width(line, style) <= 400
