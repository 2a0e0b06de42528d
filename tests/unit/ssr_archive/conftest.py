"""Rows as a roster is made from, and a selection to vary."""

from datetime import date

import pytest

from lea_reports.assessments import AdministrationYear
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.selection import SsrSelection

MAPLE, OAK = "99100010000001", "99100010000002"


@pytest.fixture
def selection():
    """Everything that is available in a year, in English."""
    return SsrSelection(
        name="Spring",
        administration_year=AdministrationYear(2026),
        schools=None,
        grades=None,
        start=date(2026, 5, 1),
        end=date(2026, 7, 31),
        assessments=None,
        languages=frozenset({LanguageChoice.ENGLISH_ALL}),
        merge=False,
    )


@pytest.fixture
def student():
    """Make a student's row."""

    def make(ssid, school=MAPLE, last_name="Lee", first_name="Ana", primary_language="00"):
        return {
            "ssid": ssid,
            "school": school,
            "last_name": last_name,
            "first_name": first_name,
            "primary_language": primary_language,
        }

    return make


@pytest.fixture
def score():
    """Make a score row."""

    def make(ssid, record_type="01", grade="03", eligible="Y", available=date(2026, 6, 1)):
        return {
            "ssid": ssid,
            "record_type": record_type,
            "grade_assessed": grade,
            "ssr_eligible": eligible,
            "ssr_available_date": available,
        }

    return make
