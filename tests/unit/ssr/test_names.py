"""How names are cleaned and ordered."""

import pytest

from lea_reports.ssr.results.names import clean, full_name, name_in_lists


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("  Ann \t Lee\n", "Ann Lee"),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("An\u202ena\u2066", "Anna"),
        ("Zero\x00Byte\x1f", "Zero Byte"),
        ("Soft\u00adHyphen\ufeff", "SoftHyphen"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("A\u200cB", "AB"),
        ("\ud800", "\ud800"),
    ],
)
def test_a_name_is_cleaned_of_what_cannot_be_seen(given, shown):
    """Controls and direction characters go, spelling stays, and a broken character is left to be noticed."""
    assert clean(given) == shown


@pytest.mark.parametrize(
    ("last", "first", "middle", "shown"),
    [
        ("Rivera", "Maya", "Elena", "Maya Elena Rivera"),
        ("陳", "曉明", "", "陳曉明"),
        ("김", "민준", "", "김민준"),
        ("陳", "David", "", "David 陳"),
        ("", "Cher", "", "Cher"),
        ("", "", "", ""),
    ],
)
def test_a_name_stands_in_the_order_of_its_script(make, last, first, middle, shown):
    """Family names come first in Han and Hangul, last elsewhere."""
    assert full_name(make(last_name=last, first_name=first, middle_name=middle)) == shown


def test_lists_name_the_family_first(make):
    """The outline is sorted by last name, so that is what it shows."""
    assert name_in_lists(make()) == "Rivera, Maya"
    assert name_in_lists(make(first_name="")) == "Rivera"
