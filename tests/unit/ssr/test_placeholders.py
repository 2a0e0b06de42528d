"""Blanks: a number that is not known yet is measured, wrapped and taken to places as the number itself."""

import unicodedata
from dataclasses import dataclass
from operator import add, sub

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFailure
from lea_reports.ssr.pages.palette import BODY, HEADING
from lea_reports.typesetting.fonts import Fonts
from lea_reports.typesetting.placeholders import (
    DeferredCoordinate,
    Form,
    NumberPlaceholder,
    Slot,
    derived,
    form_of,
)
from lea_reports.typesetting.stand_ins import INDEX_OF, STAND_INS


@dataclass(frozen=True)
class Scale:
    """A place of each number, as charts have it."""

    step: float

    def place(self, number):
        return 48 + number * self.step


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


def test_a_number_has_a_stand_in_for_each_digit():
    """The first tells which of the values it is."""
    text = str(NumberPlaceholder(7, 4))
    assert len(text) == 4
    assert INDEX_OF[text[0]] == 7
    assert STAND_INS.issuperset(text)
    assert INDEX_OF.keys().isdisjoint(text[1:])


def test_values_have_other_stand_ins():
    """There are enough for the values of any part."""
    assert sorted(INDEX_OF.values()) == list(range(49))
    assert len({str(NumberPlaceholder(index, 3)) for index in range(49)}) == 49


def test_the_rules_of_direction_take_stand_ins_for_digits():
    """Else numbers would stand elsewhere in Arabic sentences."""
    assert {unicodedata.bidirectional(character) for character in STAND_INS} == {"EN"}


@pytest.mark.parametrize("stand_in", sorted(STAND_INS)[::12])
@pytest.mark.parametrize("name", ["first_name", "middle_name", "last_name"])
def test_a_name_with_a_stand_in_is_refused(fonts_folder, make, name, stand_in):
    """It could be taken for a placeholder, whether it was typed or not."""
    (made,) = CompiledEngine(fonts_folder).single_files([make(**{name: f"Maya {stand_in}"})])
    assert isinstance(made, SsrFailure)
    assert made.reason == "no_glyph"


_STEPS = st.lists(
    st.tuples(st.sampled_from(("+", "right +", "-", "mirrored")), st.floats(-1000, 1000)), max_size=8
)
_OPERATIONS = {
    "+": add,
    "right +": lambda place, other: other + place,
    "-": sub,
    "mirrored": lambda place, other: other - place,
}


def _moved(place, steps):
    for name, other in steps:
        place = _OPERATIONS[name](place, other)
    return place


@given(number=st.integers(0, 99_999), step=st.floats(0.01, 3), steps=_STEPS)
def test_a_late_place_is_moved_as_a_known_one(number, step, steps):
    """Whatever is added, subtracted and mirrored meanwhile is done in the end."""
    function = Scale(step).place
    late = _moved(derived(function, NumberPlaceholder(0, 5)), steps)
    assert isinstance(late, DeferredCoordinate)
    assert late.at(number) == pytest.approx(_moved(derived(function, number), steps), abs=1e-6)


def test_a_known_place_is_exact_to_a_hundredth():
    """So nothing is written that a viewer could show."""
    assert derived(Scale(1 / 3).place, 100) == 81.33


def test_late_places_of_the_same_function_are_equal():
    """A block with one is found again."""
    scale = Scale(0.5)
    one, same, other = (
        derived(function, NumberPlaceholder(0, 4)) for function in (scale.place, scale.place, abs)
    )
    assert hash(one + 3) == hash(same + 3)
    assert one + 3 == same + 3 != other + 3


TEXTS = [
    "Score: {}",
    "{}",
    "({} to {}, error band)",
    "Maya scored {} points in mathematics, {} more than in the year before",
    "Zoë: {}–{} (±{})",
    "總分{}分，高於{}分",
    "{}점을 받았습니다, {}점",
    "حصل على {} نقطة من {}",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("digits", [1, 2, 4])
def test_a_blank_number_is_measured_and_wrapped_like_digits(fonts, text, digits):
    """All digits are equally wide, and lines break beside numbers only where they may."""
    count = text.count("{}")
    stand_ins = [str(NumberPlaceholder(index, digits)) for index in range(count)]
    numbers = [("2530", "1497", "8806")[index][:digits] for index in range(count)]
    shown, known = text.format(*stand_ins), text.format(*numbers)
    for style in (BODY, HEADING):
        assert fonts.width(shown, style) == fonts.width(known, style)
        for width in (30.0, 60.0, 100.0):
            lines = fonts.wrap(shown, style, width)
            assert [len(line) for line in lines] == [len(line) for line in fonts.wrap(known, style, width)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("right_to_left", [False, True])
def test_a_blank_number_stands_on_the_line_where_digits_do(fonts, text, right_to_left):
    """Its stand-ins are in the order in which its digits would be."""
    count = text.count("{}")
    digits = "253", "149", "880"
    runs, known = (
        fonts.visual_runs(text.format(*values), right_to_left=right_to_left)
        for values in ([str(NumberPlaceholder(index, 3)) for index in range(count)], digits)
    )
    assert [run.typeface for run in runs] == [run.typeface for run in known]
    shown = "".join(run.text for run in runs)
    for index in range(count):
        shown = shown.replace(str(NumberPlaceholder(index, 3)), digits[index])
    assert shown == "".join(run.text for run in known)


_BYTES = st.binary(max_size=8) | st.sampled_from((b"%", b"%b", b"%%", b"100% (", b"%s\\"))


@given(pieces=st.lists(_BYTES | st.integers(0, 2), max_size=12))
def test_percent_signs_stand_as_they_are(pieces):
    """Whether or not there are placeholders among the bytes."""
    table = {0: b"zero %", 1: b"%b", 2: b""}
    text, slots = form_of(Slot(table, piece) if isinstance(piece, int) else piece for piece in pieces)
    filled = text % tuple(table[slot.value] for slot in slots) if slots else text
    assert filled == b"".join(table[piece] if isinstance(piece, int) else piece for piece in pieces)


def test_a_form_without_blanks_is_no_format():
    """Nothing is doubled in it, so it is written as it is."""
    assert form_of([b"100", b"% Td"]) == Form(b"100% Td", ())
