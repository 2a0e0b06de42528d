"""Whose SSRs are kept as goldens: one invented student for each language, and the special cases in English."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from lea_reports.assessments import Assessment, Test, score_scale
from lea_reports.ssr.student_result import SchoolNames, from_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lea_reports.ssr.student_result import StudentResult

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
            "birth_date": date(2015, 5, 1),
            "grade": "05",
        }
        return from_rows(
            student, _RECORDS[self.special], _SCHOOL, language=self.language, assessment=self.kind
        )


def _scale_columns(test: str, grade: str, year: int, score: int | None, suffix: str = "") -> Row:
    """Return a score with the level that belongs to it."""
    scale = score_scale(Test(test), grade, year)
    level = scale.level_of(score) if scale and score is not None else 9
    return {
        f"grade_assessed{suffix}": grade,
        f"scale_score{suffix}": score,
        f"achievement_level{suffix}": level,
        f"standard_error{suffix}": None if score is None else 24,
        f"ssr_eligible{suffix}": "Y",
    }


def _record(
    test: str, score: int | None, past: Mapping[int, tuple[str, int | None]], **values: object
) -> Row:
    """Return a score record; `past` has grade and score by how many years ago they were."""
    row: Row = {
        "administration_year": _YEAR,
        "record_type": test,
        "test_completed_date": date(_YEAR, 4, 22 if test == "01" else 29),
        "score_status": "V",
        "lexile_or_quantile_measure": "1010L" if test == "01" else "865Q",
        "composite_claim_1_level": 2,
        "composite_claim_2_level": 3,
    }
    row |= _scale_columns(test, "05", _YEAR, score)
    if score is not None:
        row |= {"error_band_min": score - 24, "error_band_max": score + 24}
    for ago, (grade, earlier) in past.items():
        row |= _scale_columns(test, grade, _YEAR - ago, earlier, f"_minus_{ago}")
    if test == "01":
        row |= {
            "genre": "OPIN",
            "writing_organization_purpose": 3,
            "writing_evidence_elaboration": 2,
            "writing_conventions": 2,
        }
    return row | values


_PAST = {2: ("03", 2425), 1: ("04", 2471)}
_RECORDS: Mapping[str, tuple[Row, ...]] = {
    "": (_record("01", 2530, _PAST), _record("02", 2509, _PAST)),
    "no-history": (_record("01", 2601, {}), _record("02", 2455, {})),
    "exempt": (
        _record("01", None, {}, condition_code="NEL"),
        _record("02", None, {1: ("04", 2402)}, condition_code="PGE"),
    ),
    "one-subject": (_record("02", 2612, _PAST),),
    "too-few-answers": (
        _record("01", 2201, _PAST, condition_code="LOSS", error_band_min=2201),
        _record("02", 2220, {1: ("04", None)}, condition_code="LOSS", error_band_min=2220),
    ),
    "essay-codes": (
        _record(
            "01",
            2487,
            {1: ("04", 2471)},
            genre="INFO",
            writing_organization_purpose=None,
            writing_evidence_elaboration=None,
            writing_conventions=None,
            writing_organization_purpose_condition_code="I",
            writing_evidence_elaboration_condition_code="T",
            writing_conventions_condition_code="B",
        ),
        _record("02", 2590, _PAST, unlisted_resource_construct_change="Y"),
    ),
}
_ORDINARY = Case(Assessment.SMARTER_BALANCED.value, "en")
SPECIAL_CASES = tuple(replace(_ORDINARY, special=name) for name in _RECORDS if name)
ORDINARY_CASES = (_ORDINARY,)
CASES = (*ORDINARY_CASES, *SPECIAL_CASES)
