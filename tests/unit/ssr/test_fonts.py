"""Which font sets a character, and how texts are measured and broken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.ssr.fonts import ELLIPSIS, BatchFonts, FontFolder, NoGlyph, Typeface
from lea_reports.ssr.palette import BODY, TITLE


@pytest.fixture(scope="module")
def folder(fonts_folder):
    return FontFolder(fonts_folder)


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
def test_every_script_has_its_font(folder, text, typefaces):
    """A space inside Arabic belongs to it, so that the whole name reads from the right."""
    runs = folder.runs(text)
    assert [run.typeface for run in runs] == typefaces
    assert "".join(run.text for run in runs) == text


def test_only_text_that_needs_it_is_shaped(folder):
    """Shaping is slow; joining letters and loose marks need it."""
    assert [folder.runs(text)[0].shaped for text in ("محمد", "x\u0331a", "देव", "Nguyễn", "陳", "김")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["𠮷田", "\ud800", "\ue000", "אבי", "A\u0378"])
def test_a_character_without_glyph_is_noticed(folder, text):
    """Rare ideographs, broken and private characters have no glyph in any font of the layer."""
    with pytest.raises(NoGlyph):
        folder.runs(text)


def test_a_missing_layer_says_so(tmp_path):
    """The error names what to do."""
    with pytest.raises(FileNotFoundError, match="build the fonts layer"):
        FontFolder(tmp_path).runs("A")


def test_big5_hkscs_and_all_hangul_are_covered(folder):
    """The repertoires that names are registered in are complete."""
    assert set(range(0xAC00, 0xD7A4)) <= folder.coverage(Typeface.KOREAN)
    hkscs = {
        point
        for first in range(0x87, 0xFF)
        for second in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for point in map(ord, bytes((first, second)).decode("big5hkscs", "ignore"))
        if 0x4E00 <= point < 0xA000
    }
    assert len(hkscs) > 15_000
    assert hkscs <= folder.coverage(Typeface.CHINESE)


@pytest.fixture(scope="module")
def letters(folder):
    with BatchFonts(folder, ["letters of ASCII are always there"]) as fonts:
        yield fonts


@given(text=st.text("abc defghij", min_size=1, max_size=80).map(lambda text: " ".join(text.split()) or "a"))
def test_no_line_is_wider_than_its_place(letters, text):
    """Wrapping keeps every character and never leaves the column."""
    lines = letters.wrap(text, BODY, 40)
    assert all(letters.width(line, BODY) <= 40.001 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_what_does_not_fit_is_set_smaller_and_then_cut(folder):
    """First the size gives way, then the text ends with an ellipsis."""
    with BatchFonts(folder, ["Maya"]) as fonts:
        assert fonts.fit("Maya", TITLE, 400, smallest=8) == (("Maya",), TITLE)
        (line,), style = fonts.fit("Maya " * 8, TITLE, 400, smallest=8)
        assert style.size < TITLE.size
        assert not line.endswith(ELLIPSIS)
        (line,), style = fonts.fit("Maya" * 100, TITLE, 400, smallest=8)
        assert style.size == 8
        assert line.endswith(ELLIPSIS)
        assert fonts.width(line, style) <= 400
