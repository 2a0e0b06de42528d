"""Names of files inside an archive."""

from __future__ import annotations

from lea_reports.file_names import file_word, report_word

_LONGEST_SCHOOL, _LONGEST_LAST_NAME, _LONGEST_FIRST_NAME = 24, 25, 21
"""Units of UTF-16. Below a download folder with the longest name of an archive a path has at most 259 of them, which is
what Windows opens; a test computes the longest."""


def school_folder(code: str, name: str) -> str:
    """Return the folder of a school: `99100011234567_Maple_Elementary`."""
    return f"{code}_{file_word(name, _LONGEST_SCHOOL)}"


def ssr_path(
    *, school: str, grade: str, last_name: str, first_name: str | None, ssid: str, test: str, language: str
) -> str:
    """Return the path of one SSR; `school` is its folder. The SSID makes it unique in the school.

    A student with one name has one word for it.
    """
    student = file_word(last_name, _LONGEST_LAST_NAME)
    if first_name:
        student += f"_{file_word(first_name, _LONGEST_FIRST_NAME)}"
    return f"{school}/grade-{grade}/{student}_{ssid}_{test}_{language}.pdf"


def archive_stem(name: str, number: int, archives: int) -> str:
    """Return the name of one of a report's archives, counted from 1: `Spring`, or `Spring_2-of-3`."""
    return report_word(name) if archives == 1 else f"{report_word(name)}_{number}-of-{archives}"


def merged_name(*, name: str, grade: str, language: str, number: int) -> str:
    """Return the name of a merged file: `Spring_grade-03_en_001.pdf`."""
    return f"{report_word(name)}_grade-{grade}_{language}_{number:03d}.pdf"
