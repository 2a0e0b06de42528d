"""Which SSRs a student gets for each choice of the score reporting language.

Source: docs/domain.md#language-choices and docs/domain.md#primary-language-codes.
"""

from __future__ import annotations

from enum import StrEnum

ENGLISH = "en"

SSR_LANGUAGE_OF: dict[str, str] = {
    "00": ENGLISH,
    "01": "es",
    "02": "vi",
    "03": "zh-Hant",  # Cantonese
    "04": "ko",
    "05": "fil",
    "07": "zh-Hant",  # Mandarin
    "11": "ar",
}
"""SSR language by CALPADS primary language; a language that is not here has no SSR of its own."""


class LanguageChoice(StrEnum):
    """One of the nine options of the screen: all SSRs, or one of eight score reporting languages."""

    ALL = "all"
    ENGLISH_ALL = "english-all"
    ENGLISH_ONLY_AND_UNSUPPORTED = "english-only-and-unsupported"
    SPANISH = "spanish"
    FILIPINO = "filipino"
    KOREAN = "korean"
    VIETNAMESE = "vietnamese"
    TRADITIONAL_CHINESE = "traditional-chinese"
    ARABIC = "arabic"

    @property
    def label(self) -> str:
        """What it is called where people choose."""
        return _WORDS[self][0]

    @property
    def meaning(self) -> str:
        """Who gets which SSR, as a part of a sentence."""
        return _WORDS[self][1]

    def ssr_languages(self, primary_language: str | None) -> tuple[str, ...]:
        """Return the languages in which a student with this CALPADS primary language, or none on file, gets an SSR."""
        own = SSR_LANGUAGE_OF.get(primary_language or "", ENGLISH)
        match self:
            case LanguageChoice.ALL:
                return (ENGLISH,) if own == ENGLISH else (ENGLISH, own)
            case LanguageChoice.ENGLISH_ALL:
                return (ENGLISH,)
            case LanguageChoice.ENGLISH_ONLY_AND_UNSUPPORTED:
                return (ENGLISH,) if own == ENGLISH else ()
            case _:
                return (own,) if own == _LANGUAGE_OF_CHOICE[self] else ()


_WORDS = {
    LanguageChoice.ALL: (
        "all SSRs",
        "in English for every student, and in the primary language that has SSRs",
    ),
    LanguageChoice.ENGLISH_ALL: ("English (all students)", "in English for every student"),
    LanguageChoice.ENGLISH_ONLY_AND_UNSUPPORTED: (
        "English (English only and unsupported languages)",
        "in English for students whose primary language is English or has no SSRs",
    ),
    LanguageChoice.SPANISH: ("Spanish", "in Spanish for students whose primary language it is"),
    LanguageChoice.FILIPINO: ("Filipino", "in Filipino for students whose primary language it is"),
    LanguageChoice.KOREAN: ("Korean", "in Korean for students whose primary language it is"),
    LanguageChoice.VIETNAMESE: ("Vietnamese", "in Vietnamese for students whose primary language it is"),
    LanguageChoice.TRADITIONAL_CHINESE: (
        "Traditional Chinese",
        "in Traditional Chinese for students whose primary language is Cantonese or Mandarin",
    ),
    LanguageChoice.ARABIC: ("Arabic", "in Arabic for students whose primary language it is"),
}
"""Label and meaning of each choice. Source: docs/domain.md#language-choices."""

_LANGUAGE_OF_CHOICE = {
    LanguageChoice.SPANISH: "es",
    LanguageChoice.FILIPINO: "fil",
    LanguageChoice.KOREAN: "ko",
    LanguageChoice.VIETNAMESE: "vi",
    LanguageChoice.TRADITIONAL_CHINESE: "zh-Hant",
    LanguageChoice.ARABIC: "ar",
}


def ssr_languages(choices: frozenset[LanguageChoice], primary_language: str | None) -> tuple[str, ...]:
    """Return the languages of a student's SSRs for several choices together, English first, each once."""
    wanted = {language for choice in choices for language in choice.ssr_languages(primary_language)}
    return tuple(sorted(wanted, key=lambda language: (language != ENGLISH, language)))
