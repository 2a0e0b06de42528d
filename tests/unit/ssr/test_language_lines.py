"""How lines of every script are ordered and broken."""

import pytest
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.ssr.pages.palette import BODY
from lea_reports.typesetting.bidi import visual_order
from lea_reports.typesetting.directions import ISOLATES
from lea_reports.typesetting.fonts import Fonts, Typeface
from lea_reports.typesetting.line_breaks import units


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


def _seen(text, *, right_to_left):
    """Return the characters from left to right."""
    return "".join(text[position] for position, _ in visual_order(text, right_to_left=right_to_left))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("من \u20682507–2553\u2069 هنا", "انه 2507–2553 نم"),
        ("اسم \u2068Maya Rivera\u2069", "Maya Rivera مسا"),
        ("\u2066±23\u2069 خطأ", "أطخ ±23"),
        ("درجة 2530.", ".2530 ةجرد"),
    ],
)
def test_values_keep_their_own_direction_in_arabic(text, seen):
    """Ranges, Latin names and signs stand inside the sentence as they would alone."""
    assert _seen(text, right_to_left=True) == seen


def test_the_page_decides_where_a_mixed_line_begins():
    """The same name with two scripts is turned around on an Arabic page."""
    assert _seen("Ali علي", right_to_left=False) == "Ali يلع"
    assert _seen("Ali علي", right_to_left=True) == "يلع Ali"


@given(
    text=st.text("abA  محشلا٣٤12357.,:/+-–%$±()[]\"'\u0301\u064b\u2066\u2067\u2068\u2069", max_size=16),
    right_to_left=st.booleans(),
)
def test_the_order_is_that_of_another_implementation(text, right_to_left):
    """Letters, digits, signs, marks, brackets and isolates in any mixture, as fpdf2 orders them."""
    base = TextDirection.RTL if right_to_left else TextDirection.LTR
    theirs = [
        (character.character_index, character.embedding_level % 2 == 1)
        for character in BidiParagraph(text, base).get_reordered_characters()
        if character.character not in ISOLATES
    ]
    assert list(visual_order(text, right_to_left=right_to_left)) == theirs


@pytest.mark.parametrize("right_to_left", [False, True])
def test_a_joiner_does_not_cut_a_word(right_to_left):
    """Persian and Urdu names have joiners between letters of one word."""
    assert visual_order("ab نی\u200cا", right_to_left=False)[-1] == (3, True)
    leftwards = [
        position for position, turned in visual_order("می\u200cر", right_to_left=right_to_left) if turned
    ]
    assert leftwards == [3, 2, 1, 0]


def test_an_isolate_without_end_reaches_to_the_end_of_the_line():
    """And an end without a beginning means nothing."""
    assert _seen("من \u2066a-b", right_to_left=True) == "a-b نم"
    assert _seen("\u2069a", right_to_left=False) == "a"


def test_brackets_that_open_without_end_are_no_pairs():
    """The annex gives up at 63; the order stays one of all characters."""
    assert sorted(_seen("م" + "(" * 70 + "a" + ")" * 70, right_to_left=True)) == sorted(
        "م" + "(" * 70 + "a" + ")" * 70
    )


def test_runs_stand_from_left_to_right(fonts):
    """The shaping engine turns Arabic itself; everything else is handed over as it stands on paper."""
    runs = fonts.visual_runs("علي (Ali) محمد", right_to_left=True)
    assert "".join(run.text for run in runs if not run.shaped).split() == ["(Ali)"]
    assert [run.text for run in runs if run.shaped] == ["محمد", "علي"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Read every day", ["Read", "every", "day"]),
        ("孩子，加油！", ["孩", "子，", "加", "油！"]),
        ("（數學）2530 分", ["（數", "學）", "2530", "分"]),
        ("成績報告2025–26", ["成", "績", "報", "告", "2025–26"]),
        ("자녀의 점수는", ["자녀의", "점수는"]),
    ],
)
def test_lines_break_by_the_rules_of_the_script(text, parts):
    """Between ideographs, never before what closes or after what opens; elsewhere at spaces."""
    assert [unit for unit, _ in units(text)] == parts


@pytest.mark.parametrize(
    "text", ["這份報告說明您孩子的成績，以及每個成績等級的意思。" * 3, "قراءة كل يوم مع الطفل " * 6]
)
def test_broken_lines_keep_their_text_and_their_width(fonts, text):
    """Nothing is lost at a line's end, and no line is wider than its place."""
    text = text.strip()
    lines = fonts.wrap(text, BODY, 90)
    assert len(lines) > 2
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(fonts.width(line, BODY) <= 90 for line in lines)


@pytest.mark.parametrize(("text", "typeface"), [("김、이", Typeface.KOREAN), ("陳、李", Typeface.CHINESE)])
def test_punctuation_is_set_in_the_font_of_its_script(fonts, text, typeface):
    """A Korean comma is no Chinese one."""
    assert [run.typeface for run in fonts.runs(text)] == [typeface]
