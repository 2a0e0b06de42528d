"""Marks without letters, joiners and numbers that are none: each is shown, or fails alone with its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.unit.ssr.hostile_students import (
    A_FEW_BATCHES,
    MARKS,
    NAMES,
    NUMBERS,
    PLAIN,
    SCHOOLS,
    UNSEEN,
    Student,
    batches,
    students,
)
from tests.unit.ssr.test_hostile_names import assert_good, assert_made_or_explained, covered, is_told

_JOINERS = st.sampled_from(("ا\u200cب", "\u200c", "\u200d", "می\u200cخواهم", "e\u0301\u0323", "ẹ\u0301"))
_MARKED = st.lists(st.one_of(PLAIN, MARKS, _JOINERS, st.characters(max_codepoint=0x24F)), max_size=8).map(
    "".join
)
_NUMBER = st.lists(st.one_of(PLAIN, UNSEEN), max_size=4).map("".join)
_BATCHES = batches(
    students(dict.fromkeys(NAMES, _MARKED)),
    students(dict.fromkeys(SCHOOLS, _MARKED)),
    students(dict.fromkeys(NUMBERS, _NUMBER)),
)

__all__ = ["covered"]


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine as single files are made."""
    return CompiledEngine(fonts_folder)


@pytest.mark.parametrize(
    "hostile",
    [
        {"first_name": "\u0321"},
        {"last_name": "ẹ\u0301"},
        {"school": "ا\u200cب"},
        {"last_name": "می\u200cخواهم"},
        {"ssid": "1\x0402"},
        {"ssid": "1\u202e23"},
        {"ssid": "\ufeff1"},
    ],
    ids=ascii,
)
def test_nobody_else_is_called_otherwise(compiled, hostile):
    """What one student's marks do to a font must not be heard in another's name."""
    student, neighbour = Student(**hostile, kind=Assessment.CAST), Student(kind=Assessment.CAST)
    own, other = compiled.single_files([student.result(), neighbour.result()])
    assert problems(other.content) == []
    assert is_told("Maya Rivera", spoken_text(other.content))
    assert_good(own)


@A_FEW_BATCHES
@given(_BATCHES)
def test_marks_joiners_and_strange_numbers_are_told_or_fail_alone(compiled, covered, batch):
    """As with any other hostile name."""
    results = [student.result() for student in batch]
    made = list(compiled.single_files(results))
    assert_made_or_explained(results, made, covered)
    for each in made:
        if isinstance(each, SsrFile):
            assert_good(each)
