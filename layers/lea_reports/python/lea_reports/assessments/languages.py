"""The languages of SSRs: one row of a table each, which is all that code knows of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lea_reports.assessments.fact_table import read_table
from lea_reports.assessments.test import Assessment, Program

ENGLISH = "en"
"""The language of which everybody gets an SSR, and in which its sentences are written."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of SSRs. Source: docs/domain.md#languages-of-ssrs and docs/domain.md#primary-language-codes."""

    code: str
    """Its name in files, catalogs and the API."""
    bcp47: str
    """What a PDF says of its language."""
    cldr_locale: str
    """Whose dates and directions it has."""
    calpads_codes: tuple[str, ...]
    """The primary languages whose families get it."""
    choice: str
    """The score reporting language that means it; empty for English, which others mean."""
    choice_label: str
    choice_meaning: str
    programs: tuple[Program, ...]
    """The programs whose SSRs exist in it."""
    least_bytes: int
    """How large a file in it is at least, as measured: its letters are most of it."""


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages by their codes, English first."""
    return {
        row["language"]: Language(
            row["language"],
            row["bcp47"],
            row["cldr_locale"],
            tuple(row["calpads_codes"].split()),
            row["choice"],
            row["choice_label"],
            row["choice_meaning"],
            tuple(map(Program, row["programs"].split())),
            int(row["least_bytes"]),
        )
        for row in read_table("languages")
    }


@cache
def languages_of(assessment: Assessment) -> tuple[str, ...]:
    """Return the languages that an assessment's SSR is made in, English first."""
    return tuple(code for code, language in languages().items() if assessment.program in language.programs)


@cache
def language_of(primary_language: str | None) -> str:
    """Return the language of a family's SSR by the CALPADS code of their primary language, or None if none is on file.

    English, if there are no SSRs in theirs.
    """
    return next(
        (code for code, language in languages().items() if primary_language in language.calpads_codes),
        ENGLISH,
    )
