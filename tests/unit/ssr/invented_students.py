"""Students invented by chance, the same ones every time: in some of them every special case of a kind occurs."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from lea_reports.assessments import (
    GRADES,
    Assessment,
    ScorePart,
    Test,
    areas,
    composites,
    condition_codes,
    level_labels,
    score_scale,
)
from lea_reports.ssr.results.student_result import SchoolNames, from_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lea_reports.ssr.results.student_result import StudentResult

Row = dict[str, object]
Value = TypeVar("Value")

_NEWEST = 2026
_YEARS = (_NEWEST, _NEWEST, _NEWEST, 2025, 2021, 2019)
"""The present, the last year of the former level names, the one with scales of its own, and single claims."""
_SCHOOLS = (
    SchoolNames("99100010000001", "Manzanita Elementary School", "99100010000000", "Laguna Verde Unified"),
    SchoolNames("99100010000002", "Cañada del Oro (K–8)", "99100010000000", "Laguna Verde Unified"),
)
_NAMES = (
    ("Rivera", "Maya", "Jo"),
    ("Nguyễn", "Ánh Tuyết", "Thị"),
    ("Muñoz Peña", "Íñigo", ""),
    ("dela Cruz", "Niño", "Santos"),
    ("陳", "曉明", ""),
    ("김", "뷁민준", ""),
    ("العلي", "محمد", ""),
    ("陳 Müller", "Zoë", ""),
    (")) Tj ET (", "\\(\\", "%s"),
    ("{nb}", "%PDF & <x>", ""),
    ("Wolfeschlegelstein " * 12, "Hubert", ""),
    ("", "", ""),
)
_HISTORY_ONLY = frozenset(("EXA", "EXO", "EXW"))
"""Source: docs/domain.md#condition-codes."""
_ESSAY = ("organization_purpose", "evidence_elaboration", "conventions")


@dataclass(slots=True)
class Dice:
    """Choices that look random and repeat on every version of Python."""

    seed: str
    _throws: Iterator[int] = field(default_factory=count)

    def pick(self, values: Sequence[Value]) -> Value:
        """Choose one of some values."""
        return values[zlib.crc32(f"{self.seed} {next(self._throws)}".encode()) % len(values)]


def students(kind: Assessment, language: str, numbers: range) -> list[StudentResult]:
    """Invent the students of these numbers, who get their SSR of a kind in a language."""
    return [_student(Dice(f"{kind} {number}"), kind, language, number) for number in numbers]


def _student(dice: Dice, kind: Assessment, language: str, number: int) -> StudentResult:
    year = dice.pick(_YEARS)
    grade = dice.pick(dice.pick(kind.tests).grades)
    takes = [test for test in kind.tests if grade in test.grades]
    if len(takes) > 1 and number % 7 == 3:  # the last of its tests has no record
        takes.pop()
    last, first, middle = _NAMES[number % len(_NAMES)]
    student: Row = {
        "ssid": f"{number:010}",
        "last_name": last,
        "first_name": first,
        "middle_name": middle,
        "grade": grade,
    }
    rows = [_record(dice, test, year, grade, number + place) for place, test in enumerate(takes)]
    return from_rows(student, rows, dice.pick(_SCHOOLS), language=language, assessment=kind)


def _codes(test: Test) -> list[str]:
    """Return the condition codes of a test's records, in the order of the table."""
    return [code.code for code in condition_codes().values() if test in code.tests]


def _record(dice: Dice, test: Test, year: int, grade: str, number: int) -> Row:
    """Return a record. Every second one is ordinary; the others go through what may happen to it, in turn."""
    row: Row = {
        "administration_year": year,
        "record_type": test.value,
        "grade_assessed": grade,
        "test_completed_date": date(year, 4, 20 + int(test in {Test.SB_MATHEMATICS, Test.CAA_MATHEMATICS})),
        "score_status": "V",
        "ssr_eligible": "Y",
    }
    row |= _result(dice, test, year, grade, "")
    events: list[Row] = [{"condition_code": code} for code in _codes(test) if code not in _HISTORY_ONLY]
    events += [{"score_status": "I"}, {"scale_score": None}, {"unlisted_resource_construct_change": "Y"}]
    if number % 2:
        row |= events[number // 2 % len(events)]
    _obey_code(row, test, year, grade, "")
    row |= _parts(dice, test, year, grade, exempt=row.get("condition_code") == "EXD")
    if test.assessment is Assessment.SMARTER_BALANCED:
        row |= _measures(dice, test)
    if number % 5 and test is not Test.INITIAL_ELPAC:
        for ago in (1, 2, 3):
            row |= _past(dice, test, year, grade, number, ago)
    return row


def _result(dice: Dice, test: Test, year: int, grade: str, suffix: str) -> Row:
    """Return a score with its level and its error band."""
    scale = score_scale(test, grade, year)
    if scale is None:
        score = 100 * GRADES.index(grade) + dice.pick(range(30, 90))
        level = dice.pick(sorted(level_labels(test, year)))
    else:
        score = dice.pick(range(scale.lowest, scale.highest + 1))
        level = scale.level_of(score)
    error = dice.pick((None, 8, 24))
    row: Row = {f"scale_score{suffix}": score, f"achievement_level{suffix}": level}
    row[f"standard_error{suffix}"] = error
    if error and not suffix:
        row |= {"error_band_min": score - error, "error_band_max": score + error}
    return row


def _obey_code(row: Row, test: Test, year: int, grade: str, suffix: str) -> None:
    """Give a record the score that belongs to its condition code, or none."""
    code = condition_codes().get(str(row.get(f"condition_code{suffix}")))
    scale = score_scale(test, grade, year)
    if code and not code.scored:
        row |= {f"scale_score{suffix}": None, f"achievement_level{suffix}": 9}
    elif code and scale and code.score_above_lowest is not None:
        score = scale.lowest + code.score_above_lowest
        row |= {f"scale_score{suffix}": score, f"achievement_level{suffix}": scale.level_of(score)}


def _parts(dice: Dice, test: Test, year: int, grade: str, *, exempt: bool) -> Row:
    """Return the levels of areas and the scores of composites."""
    row: Row = {area.column: dice.pick((1, 2, 3)) for area in areas(test, year, grade)}
    if exempt:
        row |= {"speaking_exempt": "Y", "speaking_level": None}
    for composite in composites(test, year, grade):
        scale = score_scale(test, grade, year, ScorePart(composite.part))
        if scale is None:
            row |= {composite.score_column: dice.pick(range(930, 990)), composite.level_column: 2}
            continue
        score = dice.pick((None, scale.lowest, scale.thresholds[0], scale.highest))
        row[composite.score_column] = score
        row[composite.level_column] = 9 if score is None else scale.level_of(score)
    return row


def _measures(dice: Dice, test: Test) -> Row:
    if test is Test.SB_MATHEMATICS:
        return {"lexile_or_quantile_measure": dice.pick(("865Q", "EM20Q", None))}
    row: Row = {"lexile_or_quantile_measure": dice.pick(("1010L", "BR45L", None))}
    row["genre"] = dice.pick(("ARGU", "EXPL", "INFO", "NARR", "OPIN", None))
    for quality in _ESSAY:
        code = dice.pick((None, None, None, "B", "I", "L", "T", "M"))
        row[f"writing_{quality}_condition_code"] = code
        row[f"writing_{quality}"] = None if code else dice.pick((0, 1, 2))
    return row


def _past(dice: Dice, test: Test, year: int, grade: str, number: int, ago: int) -> Row:
    """Return the columns of an earlier year: a score, a reason why there is none, or no record."""
    suffix = f"_minus_{ago}"
    year -= ago
    grade = GRADES[max(0, GRADES.index(grade) - ago)]
    event = dice.pick(("score", "score", "score", "code", "code", "incomplete", "nothing"))
    if event == "nothing":
        return {}
    row: Row = {f"grade_assessed{suffix}": grade, f"ssr_eligible{suffix}": "Y"}
    if event != "incomplete":
        row |= _result(dice, test, year, grade, suffix)
    codes = _codes(test)
    if event == "code" and codes:
        row[f"condition_code{suffix}"] = codes[(number + ago) % len(codes)]
        _obey_code(row, test, year, grade, suffix)
    return row
