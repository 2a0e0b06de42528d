"""The contact sheets: who is shown, and that the picture shows every page."""

import pytest

from bench.contact_sheet import choose, read_pairs, sheet
from bench.engines import ENGINES, OURS
from bench.students import Entry, invent_students, read_students
from lea_reports.assessments import Assessment
from lea_reports.ssr.results.student_result import SchoolNames

SCHOOL = SchoolNames("99100010000001", "Oak", "99100010000000", "Demo Unified")


def _entry(language, **score):
    return Entry({"primary_language": language, "ssid": "1"}, (score,), SCHOOL)


def test_a_family_that_speaks_the_language_is_shown():
    """Of those, the student of whom the most is known."""
    english, korean = _entry("00", scale_score=1, history=1), _entry("04", scale_score=1)
    fuller = _entry("04", scale_score=1, history=2)
    assert choose([english, korean, fuller], "ko") is fuller


def test_without_such_a_family_any_student_is_shown():
    """A kind that few students take has a picture in every language."""
    english = _entry("00", scale_score=1)
    assert choose([english], "ko") is english
    assert choose([], "ko") is None


@pytest.fixture
def entry(tmp_path):
    """Invent a student."""
    invent_students(tmp_path, 1, seed=3)
    return read_students(tmp_path, 1)[0]


def test_all_pages_stand_beside_each_other(entry, fonts):
    """Four pages of Letter size make a picture about three times as wide as high."""
    (made,) = ENGINES[OURS](fonts).single_files([entry.result("en")])
    picture = sheet(made.content)
    assert 2.8 < picture.width / picture.height < 3.3


def test_a_report_with_science_has_six_pages(tmp_path, fonts):
    """Of a student with both results, in a year that combined them."""
    invent_students(tmp_path, 12, 3, (Assessment.SMARTER_BALANCED, Assessment.CAST))
    pairs = read_pairs(tmp_path)
    assert pairs
    (made,) = ENGINES[OURS](fonts).single_files([pairs[0].result("en")])
    assert made.result.administration_year == 2025
    assert made.pages == 6
