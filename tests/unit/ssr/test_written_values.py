"""What is written for placeholders: the same bytes as a canvas writes that knows the value."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.ssr.engine.shared_glyph_table import shared_glyphs_of
from lea_reports.ssr.pages.palette import HEADING, LABEL, TITLE
from lea_reports.typesetting import written_values
from lea_reports.typesetting.canvas import Line
from lea_reports.typesetting.content_canvas import ContentCanvas
from lea_reports.typesetting.embedded_fonts import EmbeddedFonts, faces_of
from lea_reports.typesetting.fonts import Fonts
from lea_reports.typesetting.placeholders import Slot, form_of
from lea_reports.typesetting.written_values import LineBytes, NumberBytes, gathered

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "
FITS, TOO_LONG = "Maya Rivera", "Maya Rivera " * 30
UNUSUAL = ["Nguyễn Thị Ánh", "陳曉明", "العلي محمد", "김민준 Zoë"]


@pytest.fixture(scope="module")
def embedded(fonts_folder):
    return EmbeddedFonts(Fonts(fonts_folder), shared_glyphs_of("smarter-balanced", "en"))


def _canvas(embedded, *, tags=True, right_to_left=False):
    canvas = ContentCanvas(embedded, tags=tags)
    canvas.right_to_left = right_to_left
    return canvas


def _line(width=200.0, style=TITLE, *, smallest=8.0, tag="P", ranged_right=False):
    return Line(306, 90, width, style, smallest, tag, ranged_right)


def _drawn(canvas, line, mark, text):
    """Lay a text out by itself."""
    canvas.begin(mark)
    line.draw(canvas, text)
    return canvas.finish()


@given(
    text=st.text(PRINTABLE, min_size=1, max_size=60),
    width=st.floats(20, 500),
    style=st.sampled_from((TITLE, HEADING, LABEL)),
    smallest=st.floats(5, 8),
    tag=st.sampled_from(("P", "H1", None)),
    tags=st.booleans(),
    mark=st.integers(0, 40),
)
def test_a_simple_text_is_written_as_its_canvas_lays_it_out(
    embedded, text, width, style, smallest, tag, tags, mark
):
    """Whether it fits at once, is set smaller or is cut."""
    line = _line(width, style, smallest=smallest, tag=tag)
    expected = _drawn(_canvas(embedded, tags=tags), line, mark, text)
    filled = LineBytes(_canvas(embedded, tags=tags), line, mark)[text]
    assert filled == form_of(expected.content).text


@pytest.mark.parametrize("text", [FITS, TOO_LONG, *UNUSUAL])
@pytest.mark.parametrize("ranged_right", [False, True])
@pytest.mark.parametrize("right_to_left", [False, True])
def test_so_is_any_other(embedded, text, ranged_right, right_to_left):
    """Its place may depend on its width, and its glyphs stand in other fonts."""
    line = _line(ranged_right=ranged_right)
    expected = _drawn(_canvas(embedded, right_to_left=right_to_left), line, 3, text)
    lines = LineBytes(_canvas(embedded, right_to_left=right_to_left), line, 3)
    assert lines[text] == form_of(expected.content).text
    if text in lines.beyond:
        assert lines.beyond[text] == (expected.fonts, expected.glyphs)


def test_texts_follow_each_other_as_if_each_were_the_first(embedded):
    """What one of them left on the canvas does not reach the next."""
    texts = [TOO_LONG, FITS, *UNUSUAL, TOO_LONG + "x", FITS + "x"]
    together = LineBytes(_canvas(embedded), _line(), 1)
    assert [together[text] for text in texts] == [
        LineBytes(_canvas(embedded), _line(), 1)[text] for text in texts
    ]


def test_only_unusual_texts_bring_fonts_of_their_own(embedded):
    """Those of simple ones are in every file."""
    lines = LineBytes(_canvas(embedded), _line(), 0)
    for text in (FITS, *UNUSUAL):
        assert lines[text]
    assert lines.beyond.keys() == set(UNUSUAL)
    for fonts, glyphs in lines.beyond.values():
        extra = {face for face in faces_of(fonts) if face.extra}
        assert extra == {glyph.face for glyph in glyphs} != set()


def test_the_memory_of_lines_has_an_end(embedded, monkeypatch):
    """What was forgotten is made again, the same."""
    monkeypatch.setattr(written_values, "_MOST_TEXTS", 3)
    lines = LineBytes(_canvas(embedded), _line(), 0)
    made = {}
    for text in (FITS, *UNUSUAL, FITS):
        assert made.setdefault(text, lines[text]) == lines[text]
        assert len(lines) <= 3
        assert lines.beyond.keys() <= lines.keys()
        assert (text in lines.beyond) == (text in UNUSUAL)


def test_the_memory_of_numbers_has_an_end(monkeypatch):
    """What was forgotten is made again."""
    monkeypatch.setattr(written_values, "_MOST_NUMBERS", 2)
    asked = []

    def make(number):
        asked.append(number)
        return b"%d" % number

    numbers = NumberBytes(make)
    assert [numbers[number] for number in (1, 2, 1, 3, 1)] == [b"1", b"2", b"1", b"3", b"1"]
    assert asked == [1, 2, 3, 1]
    assert len(numbers) == 2


PIECES = st.lists(
    st.one_of(
        st.binary(max_size=300),
        st.builds(Slot, st.just(NumberBytes(lambda number: b"<%d>" % number)), st.integers(0, 2)),
        st.builds(Slot, st.just({"7": b"seven", "8": b"eight"}), st.just(3)),
    )
)


@given(pieces=PIECES)
def test_slots_that_are_gathered_show_what_each_would(pieces):
    """In fewer look-ups, with percent signs and all between them."""
    values = (2417, 2400, 2434, "7")
    described = b"".join(
        piece.table[values[piece.value]] if isinstance(piece, Slot) else piece for piece in pieces
    )
    text, slots = form_of(gathered(pieces))
    assert (text % tuple(table[values[value]] for table, value in slots) if slots else text) == described


def test_slots_of_one_number_that_are_close_become_one():
    """Others stay where they are."""
    table = NumberBytes(lambda number: b"%d" % number)
    pieces = [Slot(table, 0), b" ", Slot(table, 0), b"x" * 1000, Slot(table, 0), b" ", Slot(table, 1)]
    assert [piece if isinstance(piece, bytes) else piece.value for piece in gathered(pieces)] == [
        0,
        b"x" * 1000,
        0,
        b" ",
        1,
    ]
