"""Which SSRs a student gets for each choice of the score reporting language.

Source: docs/domain.md#language-choices and docs/domain.md#primary-language-codes.
"""

from __future__ import annotations

from functools import cache
from typing import ClassVar, Self

from lea_reports.assessments import ENGLISH, language_of, languages


class LanguageChoice(str):
    """One of the options of the screen, by its value in the API: all SSRs, or a score reporting language.

    Beside the three that are named here there is one for each language of SSRs but English.
    Raises `ValueError` for a text that is none.
    """

    __slots__ = ()

    ALL: ClassVar[LanguageChoice]
    ENGLISH_ALL: ClassVar[LanguageChoice]
    ENGLISH_ONLY_AND_UNSUPPORTED: ClassVar[LanguageChoice]

    def __new__(cls, value: str) -> Self:
        """Check the value and keep it."""
        if value not in _WORDS:
            raise ValueError(f"{value!r} is no score reporting language")
        return super().__new__(cls, value)

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
        own = language_of(primary_language)
        match self:
            case LanguageChoice.ALL:
                return (ENGLISH,) if own == ENGLISH else (ENGLISH, own)
            case LanguageChoice.ENGLISH_ALL:
                return (ENGLISH,)
            case LanguageChoice.ENGLISH_ONLY_AND_UNSUPPORTED:
                return (ENGLISH,) if own == ENGLISH else ()
            case _:
                return (own,) if self == languages()[own].choice else ()


_WORDS: dict[str, tuple[str, str]] = {
    "all": ("all SSRs", "in English for every student, and in the primary language that has SSRs"),
    "english-all": ("English (all students)", "in English for every student"),
    "english-only-and-unsupported": (
        "English (English only and unsupported languages)",
        "in English for students whose primary language is English or has no SSRs",
    ),
    **{
        language.choice: (language.choice_label, language.choice_meaning)
        for language in languages().values()
        if language.choice
    },
}
"""Label and meaning of each choice. Source: docs/domain.md#language-choices."""

LanguageChoice.ALL = LanguageChoice("all")
LanguageChoice.ENGLISH_ALL = LanguageChoice("english-all")
LanguageChoice.ENGLISH_ONLY_AND_UNSUPPORTED = LanguageChoice("english-only-and-unsupported")

LANGUAGE_CHOICES = tuple(map(LanguageChoice, _WORDS))
"""All choices, in the order of the screen."""


@cache
def ssr_languages(choices: frozenset[LanguageChoice], primary_language: str | None) -> tuple[str, ...]:
    """Return the languages of a student's SSRs for several choices together, English first, each once."""
    wanted = {language for choice in choices for language in choice.ssr_languages(primary_language)}
    return tuple(sorted(wanted, key=lambda language: (language != ENGLISH, language)))
