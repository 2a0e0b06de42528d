"""The languages of SSRs, as their table has them."""

import pytest

from lea_reports.assessments import ENGLISH, Assessment, Program, language_of, languages, languages_of


def test_english_comes_first_and_is_chosen_by_nobody_alone():
    """Everybody gets it; what else is chosen says of whom."""
    assert next(iter(languages())) == ENGLISH
    assert languages()[ENGLISH].choice == ""


def test_no_two_languages_share_a_code_a_choice_or_a_family():
    """Each primary language leads to one SSR."""
    rows = languages().values()
    codes = [code for language in rows for code in language.calpads_codes]
    choices = [language.choice for language in rows]

    assert len(codes) == len(set(codes))
    assert len(choices) == len(set(choices))
    assert all(len(code) == 2 for code in codes)


@pytest.mark.parametrize(
    ("primary", "language"),
    [
        ("00", "en"),
        ("01", "es"),
        ("03", "zh-Hant"),
        ("07", "zh-Hant"),
        ("11", "ar"),
        ("06", "en"),
        (None, "en"),
    ],
)
def test_a_family_gets_the_ssr_of_its_language_or_english(primary, language):
    """Cantonese and Mandarin share one; Portuguese has none, and nobody knows what is not on file."""
    assert language_of(primary) == language


@pytest.mark.parametrize("assessment", Assessment)
def test_elpac_has_no_arabic(assessment):
    """All others have every language."""
    offered = languages_of(assessment)

    assert ("ar" in offered) is (assessment.program is Program.CAASPP)
    assert set(languages()) - set(offered) <= {"ar"}
