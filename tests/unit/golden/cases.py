"""Whose SSRs are kept as goldens: one invented student for each kind and language, and special cases in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment, Test, score_scale
from lea_reports.ssr.results.student_result import SchoolNames, from_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.ssr.results.student_result import StudentResult

Row = dict[str, object]

_YEAR = 2026
_SCHOOL = SchoolNames(
    "99100010000001", "Manzanita Elementary School", "99100010000000", "Laguna Verde Unified School District"
)
_NAMES: Mapping[str, tuple[str, str, str]] = {
    "en": ("Rivera", "Maya", "Jo"),
    "es": ("Muñoz Peña", "Íñigo", ""),
    "fil": ("dela Cruz", "Niño", "Santos"),
    "vi": ("Nguyễn", "Ánh Tuyết", "Thị"),
    "ko": ("김", "민준", ""),
    "zh-Hant": ("陳", "曉明", ""),
    "ar": ("العلي", "محمد", ""),
}
"""Last, first and middle name by language of the SSR."""


@dataclass(frozen=True, slots=True)
class Case:
    """One golden: its name is the name of its files."""

    kind: str
    language: str
    special: str = ""

    @property
    def name(self) -> str:
        """Such as `smarter-balanced-en-exempt`."""
        return "-".join(filter(None, (self.kind, self.language, self.special)))

    def result(self) -> StudentResult:
        """Return what the SSR says."""
        last, first, middle = _NAMES[self.language]
        student: Row = {
            "ssid": "9876543210",
            "last_name": last,
            "first_name": first,
            "middle_name": middle,
            "grade": "05",
        }
        return from_rows(
            student, _RECORDS[self.kind, self.special], _SCHOOL, language=self.language, assessment=self.kind
        )


def _scale_columns(
    test: Test, grade: str, year: int, score: int | None, level: int | None = None, suffix: str = ""
) -> Row:
    """Return a score with the level that belongs to it; `level` is for scales that were never published."""
    scale = score_scale(test, grade, year)
    if score is None:
        level = 9
    elif scale:
        level = scale.level_of(score)
    return {
        f"grade_assessed{suffix}": grade,
        f"scale_score{suffix}": score,
        f"achievement_level{suffix}": level,
        f"ssr_eligible{suffix}": "Y",
    }


def _past(test: Test, ago: int, grade: str, score: int | None, level: int | None = None) -> Row:
    """Return the columns of an earlier year."""
    columns = _scale_columns(test, grade, _YEAR - ago, score, level, f"_minus_{ago}")
    return columns | {f"standard_error_minus_{ago}": None if score is None else 24}


def _record(test: Test, score: int | None, *more: Row, grade: str = "05", level: int | None = None) -> Row:
    """Return a score record, with whatever columns come on top."""
    row: Row = {
        "administration_year": _YEAR,
        "record_type": test.value,
        "test_completed_date": date(_YEAR, 4, 29 if test is Test.SB_MATHEMATICS else 22),
        "score_status": "V",
    }
    row |= _scale_columns(test, grade, _YEAR, score, level)
    for columns in more:
        row |= columns
    return row


def _subject(test: Test, score: int | None, *more: Row) -> Row:
    """Return a Smarter Balanced record with claims, measure and essay."""
    columns: Row = {"composite_claim_1_level": 2, "composite_claim_2_level": 3}
    if score is not None:
        columns |= {"standard_error": 24, "error_band_min": score - 24, "error_band_max": score + 24}
    if test is Test.SB_ELA:
        columns |= {"lexile_or_quantile_measure": "1010L", "genre": "OPIN", "writing_conventions": 2}
        columns |= {"writing_organization_purpose": 3, "writing_evidence_elaboration": 2}
    else:
        columns |= {"lexile_or_quantile_measure": "865Q"}
    return _record(test, score, columns, *more)


def _two_years(test: Test) -> Row:
    return _past(test, 2, "03", 2425) | _past(test, 1, "04", 2471)


_ELA, _MATHEMATICS = Test.SB_ELA, Test.SB_MATHEMATICS
_NO_ESSAY: Row = {
    "genre": "INFO",
    "writing_organization_purpose": None,
    "writing_evidence_elaboration": None,
    "writing_conventions": None,
    "writing_organization_purpose_condition_code": "I",
    "writing_evidence_elaboration_condition_code": "T",
    "writing_conventions_condition_code": "B",
}
_NO_ERROR: Row = {"standard_error": None, "error_band_min": None, "error_band_max": None}
_DOMAINS: Row = {"listening_level": 3, "speaking_level": 3, "reading_level": 2, "writing_level": 1}
_COMPOSITES: Row = {
    "oral_language_scale_score": 1540,
    "oral_language_level": 4,
    "written_language_scale_score": 1500,
    "written_language_level": 2,
}
_YEAR_BEFORE: Row = {"administration_year": _YEAR - 1, "test_completed_date": date(_YEAR - 1, 4, 22)}
_SMARTER_BALANCED: Mapping[str, tuple[Row, ...]] = {
    "": (
        _subject(_ELA, 2530, _two_years(_ELA)),
        _subject(_MATHEMATICS, 2509, _two_years(_MATHEMATICS)),
    ),
    "no-history": (_subject(_ELA, 2601), _subject(_MATHEMATICS, 2455)),
    "exempt": (
        _subject(_ELA, None, {"condition_code": "NEL"}),
        _subject(_MATHEMATICS, None, {"condition_code": "PGE"}, _past(_MATHEMATICS, 1, "04", 2402)),
    ),
    "one-subject": (_subject(_MATHEMATICS, 2612, _two_years(_MATHEMATICS)),),
    "too-few-answers": (
        _subject(_ELA, 2200, _two_years(_ELA), {"condition_code": "LOSS", "error_band_min": 2200}),
        _subject(
            _MATHEMATICS,
            2220,
            _past(_MATHEMATICS, 1, "04", None),
            {"condition_code": "LOSS", "error_band_min": 2220},
        ),
    ),
    "no-known-error": (
        _subject(_ELA, 2530, _two_years(_ELA), _NO_ERROR),
        _subject(
            _MATHEMATICS,
            2509,
            _past(_MATHEMATICS, 1, "04", 2471),
            _NO_ERROR,
            {"standard_error_minus_1": None},
        ),
    ),
    "essay-codes": (
        _subject(_ELA, 2487, _past(_ELA, 1, "04", 2471), _NO_ESSAY),
        _subject(_MATHEMATICS, 2590, _two_years(_MATHEMATICS), {"unlisted_resource_construct_change": "Y"}),
    ),
    "invalidated": (
        _subject(_ELA, 2530, _two_years(_ELA), {"score_status": "I"}),
        _subject(_MATHEMATICS, None),
    ),
    "not-tested": (
        _subject(_ELA, None, {"condition_code": "NT"}, _two_years(_ELA)),
        _subject(_MATHEMATICS, None, {"condition_code": "NTE"}),
    ),
    "earlier-names": (
        _subject(_ELA, 2530, _two_years(_ELA), _YEAR_BEFORE),
        _subject(_MATHEMATICS, 2509, _two_years(_MATHEMATICS), _YEAR_BEFORE),
    ),
}
_SCIENCE: Row = {"domain_1_level": 1, "domain_2_level": 3, "domain_3_level": 2}
_BAND: Row = {"standard_error": 8, "error_band_min": 207, "error_band_max": 223}
_CAST: Mapping[str, tuple[Row, ...]] = {
    "": (_record(Test.CAST, 215, _SCIENCE, _BAND),),
    "excused": (_record(Test.CAST, None, {"condition_code": "PGE"}),),
    "too-few-answers": (
        _record(
            Test.CAST,
            150,
            _SCIENCE,
            {"standard_error": 8, "error_band_min": 150, "error_band_max": 158},
            {"condition_code": "LOSS", "unlisted_resource_construct_change": "Y"},
        ),
    ),
    "incomplete": (_record(Test.CAST, None, {"domain_1_level": 2}),),
    "invalidated": (_record(Test.CAST, 215, _SCIENCE, {"score_status": "I"}),),
}
_CAA: Mapping[str, tuple[Row, ...]] = {
    "": (
        _record(Test.CAA_ELA, 550, _past(Test.CAA_ELA, 1, "04", 448)),
        _record(Test.CAA_MATHEMATICS, 501, {"condition_code": "INC1"}),
        _record(Test.CAA_SCIENCE, 540, level=2),
    ),
    "earlier-codes": (
        _record(
            Test.CAA_ELA,
            501,
            _past(Test.CAA_ELA, 2, "03", 300) | {"condition_code_minus_2": "INC0"},
            _past(Test.CAA_ELA, 1, "04", 401) | {"condition_code_minus_1": "INC1"},
            {"condition_code": "INC1"},
        ),
        _record(Test.CAA_MATHEMATICS, 540, _past(Test.CAA_MATHEMATICS, 1, "04", 448)),
        _record(Test.CAA_SCIENCE, 540, level=2),
    ),
    "two-tests": (
        _record(Test.CAA_ELA, 400, {"condition_code": "INC0"}, grade="04"),
        _record(Test.CAA_MATHEMATICS, None, grade="04"),
    ),
    "too-few-tasks": (_record(Test.CAA_SCIENCE, None, {"condition_code": "NER"}, grade="10"),),
}
_CSA: Mapping[str, tuple[Row, ...]] = {
    "": (
        _record(Test.CSA, 755, {"domain_1_level": 3}, _past(Test.CSA, 1, "06", 655, 2), grade="07", level=2),
    ),
    "other-scale": (
        _record(
            Test.CSA,
            755,
            {"domain_1_level": 3},
            _past(Test.CSA, 2, "05", 555),
            _past(Test.CSA, 1, "06", 655, 2),
            grade="07",
            level=2,
        ),
    ),
    "high-school": (
        _record(
            Test.CSA,
            955,
            {"domain_4_level": 3, "csa_composite_1_scale_score": 960, "csa_composite_1_level": 3},
            grade="10",
            level=2,
        ),
    ),
}
_SUMMATIVE: Mapping[str, tuple[Row, ...]] = {
    "": (
        _record(
            Test.SUMMATIVE_ELPAC, 1520, _DOMAINS, _COMPOSITES, _past(Test.SUMMATIVE_ELPAC, 1, "04", 1480)
        ),
    ),
    "exempt-in-speaking": (
        _record(
            Test.SUMMATIVE_ELPAC,
            1520,
            _DOMAINS,
            _COMPOSITES,
            {"condition_code": "EXD", "speaking_exempt": "Y", "speaking_level": None},
        ),
    ),
    "incomplete": (
        _record(
            Test.SUMMATIVE_ELPAC,
            None,
            _DOMAINS,
            _COMPOSITES,
            {"written_language_scale_score": None, "written_language_level": 9, "writing_level": None},
        ),
    ),
    "alternate-instead": (
        _record(
            Test.SUMMATIVE_ELPAC,
            None,
            {"condition_code": "ALT"},
            _past(Test.SUMMATIVE_ELPAC, 3, "02", 1440) | {"condition_code_minus_3": "EXO"},
            _past(Test.SUMMATIVE_ELPAC, 2, "03", 1460) | {"condition_code_minus_2": "EXW"},
            _past(Test.SUMMATIVE_ELPAC, 1, "04", None) | {"condition_code_minus_1": "EXA"},
        ),
    ),
}
_ALTERNATE: Mapping[str, tuple[Row, ...]] = {
    "": (_record(Test.SUMMATIVE_ALTERNATE_ELPAC, 550, _past(Test.SUMMATIVE_ALTERNATE_ELPAC, 1, "04", 548)),),
    "not-tested": (_record(Test.SUMMATIVE_ALTERNATE_ELPAC, None, {"condition_code": "NT"}),),
}
_INITIAL: Mapping[str, tuple[Row, ...]] = {
    "": (
        _record(Test.INITIAL_ELPAC, 450, {"oral_language_level": 3, "written_language_level": 2}, grade="KN"),
    ),
    "incomplete": (_record(Test.INITIAL_ELPAC, None, grade="KN"),),
}
_RECORDS = {
    (kind.value, special): rows
    for kind, cases in (
        (Assessment.SMARTER_BALANCED, _SMARTER_BALANCED),
        (Assessment.CAST, _CAST),
        (Assessment.CAA, _CAA),
        (Assessment.CSA, _CSA),
        (Assessment.SUMMATIVE_ELPAC, _SUMMATIVE),
        (Assessment.SUMMATIVE_ALTERNATE_ELPAC, _ALTERNATE),
        (Assessment.INITIAL_ELPAC, _INITIAL),
    )
    for special, rows in cases.items()
}
LANGUAGES = ("en", "es", "fil", "vi", "ko", "zh-Hant", "ar")
CASES = tuple(
    Case(kind, language, special)
    for kind, special in _RECORDS
    for language in (("en",) if special else LANGUAGES)
    if not (language == "ar" and kind.endswith("elpac"))  # there is none
)


_CAST_BESIDE = {
    "science-excused": "excused",
    "science-incomplete": "incomplete",
    "science-invalidated": "invalidated",
}
"""Which CAST record stands beside Smarter Balanced in a special case."""


class ScienceCase(Case):
    """A Smarter Balanced SSR with CAST, of the last year that combined them."""

    def result(self) -> StudentResult:
        """Return what the SSR says."""
        year = 2025
        rows = [
            row | {"administration_year": year, "test_completed_date": date(year, 4, 22)}
            for row in (
                *_SMARTER_BALANCED["too-few-answers" if self.special == "science-too-few" else ""],
                *_CAST[_CAST_BESIDE.get(self.special, "")],
            )
        ]
        last, first, middle = _NAMES[self.language]
        student: Row = {"ssid": "9876543210", "last_name": last, "first_name": first, "middle_name": middle}
        student |= {"grade": "05"}
        return from_rows(student, rows, _SCHOOL, language=self.language, assessment=self.kind)


CASES += tuple(ScienceCase(Assessment.SMARTER_BALANCED, language, "science") for language in LANGUAGES)
CASES += tuple(
    ScienceCase(Assessment.SMARTER_BALANCED, "en", special) for special in ("science-too-few", *_CAST_BESIDE)
)
