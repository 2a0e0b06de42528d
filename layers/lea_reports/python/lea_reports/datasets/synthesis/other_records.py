"""Inventing results of the tests beside Smarter Balanced: science, alternate, Spanish and English proficiency.

A score lies on the published scale of its test. Where none is published (CAA science, CSA from 2024-25 on)
the number and its level are as made up as the student; the ranges they are drawn from are ours.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from lea_reports.assessments import (
    GRADES,
    AdministrationYear,
    Assessment,
    LevelRange,
    ScorePart,
    ScoreScale,
    Test,
    areas,
    composites,
    condition_codes,
    grade_order,
    score_scale,
)
from lea_reports.assessments.fact_table import YearSpan
from lea_reports.datasets.columns import HISTORY_YEARS, LANGUAGE_DOMAINS
from lea_reports.datasets.synthesis.records import Record, Sitting, available_date, test_date
from lea_reports.datasets.synthesis.students import Identifiers, Learner

_ALTERNATE_SHARE = 0.08  # of the students in special education: about one in a hundred
_SPANISH_SHARE = 0.25  # of the students who speak Spanish at home
_SPANISH = "01"
_SCIENCE_GRADES = ("05", "08", "11")  # high schools choose one of three grades; ours takes the eleventh
_INITIAL_GRADES = ("KN", "01")
_DOMAIN_EXEMPT = 0.01
_HISTORY_MISSING = 0.08
_UNSCORED = {
    Test.CAST: (("PGE", 0.012), ("NTE", 0.002), ("NT", 0.012), ("LOSS", 0.004)),
    Test.CAA_ELA: (("PGE", 0.02), ("NT", 0.02), ("INC0", 0.02), ("INC1", 0.02)),
    Test.CAA_MATHEMATICS: (("PGE", 0.02), ("NT", 0.02), ("INC0", 0.02), ("INC1", 0.02)),
    Test.CAA_SCIENCE: (("PGE", 0.02), ("NT", 0.02), ("NER", 0.04)),
    Test.CSA: (("LOSS", 0.01),),
    Test.SUMMATIVE_ELPAC: (("NT", 0.015),),
    Test.SUMMATIVE_ALTERNATE_ELPAC: (("NT", 0.015),),
    Test.INITIAL_ELPAC: (),
}
_YEARS_OF_HISTORY = {Test.SUMMATIVE_ELPAC: (1, 2), Test.CAST: (), Test.INITIAL_ELPAC: ()}
_DOMAIN_NOISE = 0.5
_MIDDLE = 0.42
"""Where on its scale the mean student scores, as a share of its length."""
_SPREAD = 0.17


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which assessments are to be invented, and whether this student takes the alternate ones."""

    assessments: frozenset[Assessment]
    alternate: bool

    def tests(self, learner: Learner, random: Random) -> tuple[Test, ...]:
        """Return the tests that a student takes beside Smarter Balanced."""
        spanish = learner.language == _SPANISH and random.random() < _SPANISH_SHARE
        learning = learner.elas == "EL"
        initial = learner.newcomer or (learner.elas in {"EL", "IFEP"} and learner.grade in _INITIAL_GRADES)
        takes = {
            Assessment.CAST: learner.grade in _SCIENCE_GRADES and not self.alternate,
            Assessment.CAA: self.alternate,
            Assessment.CSA: spanish and not self.alternate,
            Assessment.SUMMATIVE_ELPAC: learning and not self.alternate,
            Assessment.SUMMATIVE_ALTERNATE_ELPAC: learning and self.alternate,
            Assessment.INITIAL_ELPAC: initial and not self.alternate,
        }
        return tuple(
            test
            for assessment, taken in takes.items()
            if taken and assessment in self.assessments
            for test in assessment.tests
            if learner.grade in (_SCIENCE_GRADES if test is Test.CAA_SCIENCE else test.grades)
        )


def takes_alternate(learner: Learner, random: Random) -> bool:
    """Decide whether a student's disability calls for the alternate assessments."""
    return learner.special_education and random.random() < _ALTERNATE_SHARE


def draw_other_records(
    learner: Learner, sitting: Sitting, wanted: Wanted, uins: Identifiers, random: Random
) -> list[Record]:
    """Invent the rows of the `scores` dataset of one student for the tests beside Smarter Balanced."""
    completed = test_date(sitting, random)
    available = available_date(sitting.year, completed, random)
    return [
        _record(test, learner, sitting, (completed, available), random) | {"uin": uins.draw()}
        for test in wanted.tests(learner, random)
    ]


def _record(
    test: Test, learner: Learner, sitting: Sitting, days: tuple[date, date], random: Random
) -> Record:
    code = _condition(test, learner, random)
    ability = learner.ability + random.gauss(0, 0.3)
    record: Record = {
        "administration_year": int(sitting.year),
        "record_type": test.value,
        "ssid": learner.ssid,
        "grade_assessed": learner.grade,
        "tested_lea": sitting.school.lea,
        "tested_school": sitting.school.cds_code,
        "condition_code": code,
        **_history(test, learner.grade, sitting.year, ability, random),
    }
    condition = condition_codes()[code] if code else None
    if condition and not condition.scored:
        record |= {"attemptedness": "N", "include_indicator": condition.include or "N"}
        if code == "NER":
            record |= {"attemptedness": "P", "ssr_eligible": "N", "test_completed_date": days[0]}
        return record
    record |= {
        "test_completed_date": days[0],
        "score_status": "V",
        "test_mode": "O",
        "attemptedness": "Y",
        "include_indicator": (condition.include if condition else None) or "Y",
        "ssr_eligible": "N" if code == "LOSS" else "Y",
        "ssr_available_date": None if code == "LOSS" else days[1],
        "score_available_date": days[1] - timedelta(days=random.randrange(4)),
    }
    scale = _scale(test, learner.grade, sitting.year)
    if condition and condition.score_above_lowest is not None:
        score = scale.lowest + condition.score_above_lowest
        return record | {"scale_score": score, "achievement_level": scale.level_of(score)}
    return record | _scores(test, learner.grade, sitting.year, ability, random)


def _condition(test: Test, learner: Learner, random: Random) -> str | None:
    if test is Test.CAA_ELA and learner.newcomer:
        return "NEL"
    fate = random.random()
    for code, share in _UNSCORED[test]:
        if fate < share:
            return code
        fate -= share
    return None


def _scores(test: Test, grade: str, year: AdministrationYear, ability: float, random: Random) -> Record:
    """Invent the scores of a student who sat the whole test."""
    if test is Test.SUMMATIVE_ELPAC:
        return _proficiency(grade, year, ability, random)
    scale = _scale(test, grade, year)
    score = _place(scale, ability)
    outcome: Record = {"scale_score": score, "achievement_level": scale.level_of(score)}
    if test is not Test.INITIAL_ELPAC:
        error = max(2, round((scale.highest - scale.lowest) * 0.035))
        outcome |= {
            "standard_error": error,
            "error_band_min": max(scale.lowest, score - error),
            "error_band_max": min(scale.highest, score + error),
        }
    for area in areas(test, year, grade):
        outcome[area.column] = _domain_level(ability, random)
    for part in composites(test, year, grade):
        value = _place(scale, ability + random.gauss(0, _DOMAIN_NOISE))
        outcome |= {part.score_column: value, part.level_column: scale.level_of(value)}
    return outcome


def _proficiency(grade: str, year: AdministrationYear, ability: float, random: Random) -> Record:
    """Invent composites and domains; the overall score is the mean of the two composites."""
    outcome: Record = {}
    values = []
    for part in composites(Test.SUMMATIVE_ELPAC, year, grade):
        scale = _scale(Test.SUMMATIVE_ELPAC, grade, year, part.part)
        value = _place(scale, ability + random.gauss(0.3, _DOMAIN_NOISE))
        values.append(value)
        outcome |= {part.score_column: value, part.level_column: scale.level_of(value)}
        if part.error_column:
            outcome[part.error_column] = round(18 + 3 * abs(ability))
    for area in areas(Test.SUMMATIVE_ELPAC, year):
        outcome[area.column] = _domain_level(ability + 0.3, random)
    if random.random() < _DOMAIN_EXEMPT:
        domain = random.choice(LANGUAGE_DOMAINS)
        outcome |= {f"{domain}_level": None, f"{domain}_exempt": "Y", "condition_code": "EXD"}
    overall = round(sum(values) / len(values))
    level = _scale(Test.SUMMATIVE_ELPAC, grade, year).level_of(overall)
    return outcome | {"scale_score": overall, "achievement_level": level}


def _history(test: Test, grade: str, year: AdministrationYear, ability: float, random: Random) -> Record:
    history: Record = {}
    for years in _YEARS_OF_HISTORY.get(test, HISTORY_YEARS):
        earlier = grade_order(grade) - years
        if earlier < 0 or GRADES[earlier] not in test.grades or random.random() < _HISTORY_MISSING:
            continue
        before, past_grade = year.before(years), GRADES[earlier]
        if test is Test.CAA_SCIENCE and past_grade not in _SCIENCE_GRADES:
            continue
        scale = _scale(test, past_grade, before)
        score = _place(scale, 0.9 * ability + random.gauss(0, 0.3))
        history |= {
            f"ssr_eligible_minus_{years}": "Y",
            f"grade_assessed_minus_{years}": past_grade,
            f"scale_score_minus_{years}": score,
            f"achievement_level_minus_{years}": scale.level_of(score),
        }
    return history


def _place(scale: ScoreScale, ability: float) -> int:
    """Return the score of an ability: the middle of the scale and the spread around it are ours."""
    length = scale.highest - scale.lowest
    score = scale.lowest + round(length * (_MIDDLE + _SPREAD * ability))
    return min(scale.highest, max(scale.lowest, score))


def _domain_level(ability: float, random: Random) -> int:
    level = ability + random.gauss(0, _DOMAIN_NOISE)
    return 1 if level < -_DOMAIN_NOISE else 3 if level > _DOMAIN_NOISE else 2


def _scale(test: Test, grade: str, year: int, part: ScorePart = ScorePart.OVERALL) -> ScoreScale:
    """Return the published scale, or one of ours in its place for inventing numbers."""
    published = score_scale(test, grade, year, part)
    if published is not None:
        return published
    base = 100 * min(9, grade_order(grade))
    cuts = (base, base + 45, base + 60, base + 100)
    levels = tuple(
        LevelRange(level, low, high - 1) for level, (low, high) in enumerate(pairwise(cuts), start=1)
    )
    return ScoreScale(test, grade, YearSpan(year, year), levels, part)
