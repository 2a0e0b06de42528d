"""Inventing test results: scores, levels, condition codes and three years of history."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from lea_reports.assessments import (
    GRADES,
    NO_SCORE_LEVEL,
    AdministrationYear,
    ScoreScale,
    Test,
    areas,
    condition_codes,
    grade_order,
    score_scale,
)
from lea_reports.datasets.columns import ESSAY_CONDITION_CODES, HISTORY_YEARS
from lea_reports.datasets.synthesis.population import read_table
from lea_reports.datasets.synthesis.students import Identifiers, Learner
from lea_reports.errors import Invalid
from lea_reports.organizations import School

_FIRST_DAY, _LAST_DAY = (5, 20), (7, 10)  # SSRs of a year become available from May 20 to July 10

# Shares of records, close to what districts see.
_CONDITION_SHARES = (("PGE", 0.012), ("NTE", 0.002), ("NT", 0.012), ("LOSS", 0.004))
_SAME_FATE = 0.85
_PARTLY = 0.003
_CONSTRUCT_CHANGED = 0.003
_NO_RECORD = 0.01
_ONE_SUBJECT_ONLY = 0.012
_ESSAY_NOT_SCORED = 0.02
_PAPER = 0.003
_HISTORY_MISSING = 0.05
_HISTORY_EXEMPT = 0.01

_GENRES = dict.fromkeys(("03", "04", "05"), ("OPIN", "INFO", "NARR"))
_OLDER_GENRES = ("ARGU", "EXPL", "NARR")
_ESSAY_DIMENSIONS = ("organization_purpose", "evidence_elaboration", "conventions")
_FAR, _LARGEST_ERROR = 2.8, 61  # in standard deviations; in scale points


_CLAIM_NOISE, _CLAIM_ERROR = 24, 42  # scale points: how claims differ from the whole, and how sure they are

Record = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where and in which year a student is tested."""

    year: AdministrationYear
    school: School


def draw_records(learner: Learner, sitting: Sitting, uins: Identifiers, random: Random) -> list[Record]:
    """Invent the rows of the `scores` dataset for one student: none, one or two."""
    if learner.grade not in Test.SB_ELA.grades or random.random() < _NO_RECORD:
        return []
    tests = [Test.SB_ELA, Test.SB_MATHEMATICS]
    if random.random() < _ONE_SUBJECT_ONLY:
        tests.remove(random.choice(tests))
    abilities = {
        Test.SB_ELA: learner.ability,
        Test.SB_MATHEMATICS: 0.82 * learner.ability + random.gauss(0, 0.55),
    }
    completed = test_date(sitting, random)
    available = available_date(sitting.year, completed, random)
    fate = random.random()
    records = []
    for test in tests:
        # A parent's exemption or an absence mostly concerns both tests.
        code = _condition(learner, test, fate if random.random() < _SAME_FATE else random.random())
        record = {
            "administration_year": int(sitting.year),
            "record_type": test.value,
            "ssid": learner.ssid,
            "grade_assessed": learner.grade,
            "tested_lea": sitting.school.lea,
            "tested_school": sitting.school.cds_code,
            "condition_code": code,
            "uin": uins.draw(),
            **_history(learner.grade, test, sitting.year, abilities[test], random),
        }
        if code is not None and not condition_codes()[code].scored:
            record |= {"attemptedness": "N", "include_indicator": condition_codes()[code].include}
        else:
            tested_on = completed + timedelta(days=random.randrange(6))
            record |= {"test_completed_date": tested_on, "score_status": "V"}
            record["test_mode"] = "P" if random.random() < _PAPER else "O"
            record |= _outcome(record, abilities[test], max(available, tested_on), random)
        records.append(record)
    return records


def _condition(learner: Learner, test: Test, fate: float) -> str | None:
    if test is Test.SB_ELA and learner.newcomer:
        return "NEL"
    for code, share in _CONDITION_SHARES:
        if fate < share:
            return code
        fate -= share
    return None


def _outcome(record: Record, ability: float, available: date, random: Random) -> Record:
    """Invent what a student who sat the test gets."""
    test, grade = Test(str(record["record_type"])), str(record["grade_assessed"])
    year = int(str(record["administration_year"]))
    scale = _scale(test, grade, year)
    if record["condition_code"] is not None:
        return {
            "attemptedness": "Y",
            "include_indicator": "T",
            "ssr_eligible": "N",
            "scale_score": scale.lowest,
            "achievement_level": 1,
        }
    if random.random() < _PARTLY:
        return {
            "attemptedness": "P",
            "include_indicator": "T",
            "ssr_eligible": "N",
            "achievement_level": NO_SCORE_LEVEL,
        }
    score, error = _score(test, grade, scale, ability)
    changed = random.random() < _CONSTRUCT_CHANGED
    outcome: Record = {
        "attemptedness": "Y",
        "include_indicator": "R" if changed else "Y",
        "unlisted_resource_construct_change": "Y" if changed else None,
        "ssr_eligible": "Y",
        "ssr_available_date": available,
        "score_available_date": available - timedelta(days=random.randrange(4)),
        "scale_score": score,
        "standard_error": error,
        "error_band_min": max(scale.lowest, score - error),
        "error_band_max": min(scale.highest, score + error),
        "achievement_level": scale.level_of(score),
        "lexile_or_quantile_measure": _measure(test, score),
    }
    for area in areas(test, year):
        outcome[area.column] = _area_level(score, scale, random)
    if test is Test.SB_ELA:
        outcome |= _essay(grade, ability, random)
    return outcome


def _history(grade: str, test: Test, year: AdministrationYear, ability: float, random: Random) -> Record:
    """Invent up to three earlier years, each on the scale of its own grade and year."""
    history: Record = {}
    for years in HISTORY_YEARS:
        earlier = GRADES[grade_order(grade) - years]
        scale = score_scale(test, earlier, year - years)
        if scale is None or random.random() < _HISTORY_MISSING:
            continue
        history[f"grade_assessed_minus_{years}"] = earlier
        if random.random() < _HISTORY_EXEMPT:
            history[f"condition_code_minus_{years}"] = "PGE"
            continue
        score, error = _score(test, earlier, scale, 0.9 * ability + random.gauss(0, 0.4))
        history |= {
            f"ssr_eligible_minus_{years}": "Y",
            f"standard_error_minus_{years}": error,
            f"scale_score_minus_{years}": score,
            f"achievement_level_minus_{years}": scale.level_of(score),
        }
    return history


def _score(test: Test, grade: str, scale: ScoreScale, ability: float) -> tuple[int, int]:
    """Return a scale score and its standard error, which grows towards both ends of the scale."""
    mean, deviation = _distributions()[test, grade]
    score = min(scale.highest, max(scale.lowest, round(mean + deviation * ability)))
    return score, round(22 + 5 * ability * ability) if abs(ability) < _FAR else _LARGEST_ERROR


def _area_level(score: int, scale: ScoreScale, random: Random) -> int:
    """Return 1 below, 2 near or 3 above: where the claim surely lies from the threshold of level 3."""
    distance = score + random.gauss(0, _CLAIM_NOISE) - scale.thresholds[1]
    return 1 if distance < -_CLAIM_ERROR else 3 if distance > _CLAIM_ERROR else 2


def _essay(grade: str, ability: float, random: Random) -> Record:
    genre = random.choice(_GENRES.get(grade, _OLDER_GENRES))
    if random.random() < _ESSAY_NOT_SCORED:
        code = random.choice(ESSAY_CONDITION_CODES)
        points = (0, 0, 0)
    else:
        code = None
        levels = (2.2 + 0.8 * ability + random.gauss(0, 0.5) for _ in range(2))
        organization, evidence = (min(4, max(1, round(level))) for level in levels)
        points = (organization, evidence, min(2, max(0, round(1.3 + 0.5 * ability + random.gauss(0, 0.4)))))
    essay: Record = {"genre": genre}
    for dimension, value in zip(_ESSAY_DIMENSIONS, points, strict=True):
        essay[f"writing_{dimension}"] = value
        essay[f"writing_{dimension}_condition_code"] = code
    return essay


def _measure(test: Test, score: int) -> str:
    """Return an invented Lexile or Quantile measure: linear in the score, in steps of five."""
    if test is Test.SB_ELA:
        measure, letter, below_zero = (score - 2432) * 3.3 + 690, "L", "BR"
    else:
        measure, letter, below_zero = (score - 2436) * 2.9 + 640, "Q", "EM"
    rounded = 5 * round(measure / 5)
    return f"{rounded}{letter}" if rounded >= 0 else f"{below_zero}{-rounded}{letter}"


def test_date(sitting: Sitting, random: Random) -> date:
    """Invent the day on which a student begins a test, inside the school's window."""
    window = sitting.school.window
    if window is None:
        return date(sitting.year, 4, 15)
    last = (window.end - window.start).days - 6
    return window.start + timedelta(days=random.randrange(last))


def available_date(year: int, completed: date, random: Random) -> date:
    """Invent the first day of an SSR, some time after the test."""
    first, last = date(year, *_FIRST_DAY), date(year, *_LAST_DAY)
    earliest = max(first, completed + timedelta(days=10))
    return earliest + timedelta(days=random.randrange((last - earliest).days + 1))


def _scale(test: Test, grade: str, year: int) -> ScoreScale:
    scale = score_scale(test, grade, year)
    if scale is None:
        raise Invalid(f"No score scale is known for {test.full_name}, grade {grade}, {year}.")
    return scale


@cache
def _distributions() -> dict[tuple[Test, str], tuple[float, float]]:
    return {
        (Test(row["record_type"]), row["grade"]): (float(row["mean"]), float(row["deviation"]))
        for row in read_table("score_distributions")
    }
