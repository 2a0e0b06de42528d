"""Which SSRs a student gets for each of the nine choices, as docs/domain.md#language-choices says."""

import pytest

from lea_reports.ssr_archive.language_choices import LANGUAGE_CHOICES, LanguageChoice, ssr_languages

ENGLISH, SPANISH, VIETNAMESE, CANTONESE, KOREAN, FILIPINO, MANDARIN, ARABIC = (
    "00", "01", "02", "03", "04", "05", "07", "11",
)  # fmt: skip
PORTUGUESE, ARMENIAN = "06", "12"

EVERYBODY = (
    ENGLISH,
    SPANISH,
    VIETNAMESE,
    CANTONESE,
    KOREAN,
    FILIPINO,
    MANDARIN,
    ARABIC,
    PORTUGUESE,
    ARMENIAN,
)
OWN = {
    SPANISH: "es", VIETNAMESE: "vi", CANTONESE: "zh-Hant", KOREAN: "ko", FILIPINO: "fil", MANDARIN: "zh-Hant",
    ARABIC: "ar",
}  # fmt: skip

TABLE = {
    LanguageChoice.ALL: {
        primary: ("en", OWN[primary]) if primary in OWN else ("en",) for primary in EVERYBODY
    },
    LanguageChoice.ENGLISH_ALL: dict.fromkeys(EVERYBODY, ("en",)),
    LanguageChoice.ENGLISH_ONLY_AND_UNSUPPORTED: dict.fromkeys((ENGLISH, PORTUGUESE, ARMENIAN), ("en",)),
    LanguageChoice("spanish"): {SPANISH: ("es",)},
    LanguageChoice("filipino"): {FILIPINO: ("fil",)},
    LanguageChoice("korean"): {KOREAN: ("ko",)},
    LanguageChoice("vietnamese"): {VIETNAMESE: ("vi",)},
    LanguageChoice("traditional-chinese"): {CANTONESE: ("zh-Hant",), MANDARIN: ("zh-Hant",)},
    LanguageChoice("arabic"): {ARABIC: ("ar",)},
}


@pytest.mark.parametrize("primary", EVERYBODY)
@pytest.mark.parametrize("choice", LANGUAGE_CHOICES)
def test_a_choice_gives_each_student_the_ssrs_of_the_table(choice, primary):
    """Rows that are not in the table give nothing."""
    assert choice.ssr_languages(primary) == TABLE[choice].get(primary, ())


def test_several_choices_together_give_each_language_once_and_english_first():
    """English for all and Spanish means both for Spanish-speaking families."""
    choices = frozenset({LanguageChoice("spanish"), LanguageChoice.ENGLISH_ALL, LanguageChoice.ALL})

    assert ssr_languages(choices, SPANISH) == ("en", "es")
    assert ssr_languages(choices, KOREAN) == ("en", "ko")
