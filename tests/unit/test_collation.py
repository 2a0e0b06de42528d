from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.collation import order_of_names


def in_order(people):
    """Sort people who stand the wrong way round, so that an order that decides nothing is seen."""
    wrong = list(people)
    wrong.reverse()
    return sorted(wrong, key=lambda person: order_of_names(*person))


LETTERS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F), max_size=8)


@pytest.mark.parametrize(
    "names",
    [
        ["Alvarez", "Álvarez", "Navarro", "Ñíguez", "Ortiz", "Zapata"],
        ["De La Cruz", "Dean", "Delacruz", "Delgado"],
        ["Dang", "Đặng", "Dao", "Đào", "Duong"],
        ["lee", "Lee", "Leé", "Lees"],
        ["O'Brien", "Oʻbrien", "O’Brien", "O’Neil", "O'Neill", "Oakley"],
        ["Garcia Lopez", "García-López", "Garcia Lozano", "Garciadiego"],
        ["Muller", "Müller", "Mullerhof", "Müllerin"],
        ["Strasse", "Straße", "Strasser"],
        ["Lopez", "Łopuszański", "Lorca"],
        ["Zwick", "Þórsson", "Ωmega", "Жуков", "علي", "김", "あべ", "陳"],
        ["가나", "각", "나"],
        ["かとう", "カトウ", "きだ"],
        ["Ab", "Æbler", "Af"],
        ["Nz", "Ŋa", "Oa"],
    ],
)
def test_names_stand_where_people_look_for_them(names):
    """Base letters decide first, then marks, then capitals; scripts follow each other as in CLDR's root order."""
    assert in_order([(name,) for name in names]) == [(name,) for name in names]


def test_the_first_name_decides_before_the_marks_of_the_last_name():
    """Who is looked for under Alvarez is found by the first name, whichever way the clerk wrote the last one."""
    people = [("Álvarez", "Ana"), ("Alvarez", "Beto"), ("Álvarez", "Beto"), ("Alvarez", "Carla")]

    assert in_order(people) == people


def test_who_has_no_first_name_stands_first_among_their_namesakes():
    """Mononyms are names."""
    people = [("Suharto", None), ("Suharto", "Ana")]

    assert in_order(people) == people


@given(st.lists(LETTERS, min_size=2, max_size=6))
def test_different_names_never_share_a_place(names):
    """So the order does not depend on the order before."""
    ordered = sorted(set(names), key=order_of_names)

    assert all(order_of_names(one) < order_of_names(other) for one, other in pairwise(ordered))
