"""Inventing students."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lea_reports.assessments import GRADES, AdministrationYear, grade_order
from lea_reports.datasets.synthesis.district import LeaPlan, SchoolPlan
from lea_reports.datasets.synthesis.population import Choice, Family, FullName, draw_family, draw_name

_GENDERS = Choice({"F": 48.4, "M": 50.9, "X": 0.7})
_PARENT_EDUCATION = ("14", "13", "12", "11", "10")  # from not finished high school up to graduate
_DECLINED = "15"
_AGE_IN_KINDERGARTEN = 5
_ENGLISH = "00"
_NEWCOMER_SHARE = 0.12
_DECLINE_SHARE = 0.06
_DISADVANTAGE_LINE = 0.35
_HELD_BACK_SHARE = 0.03
_LEARNERS_DISTANCE, _LEARNERS_OFFSET = 0.5, 0.1
_ARRIVED_THIS_YEAR_SHARE = 0.08
_SPECIAL_EDUCATION_SHARE = 0.13


@dataclass(frozen=True, slots=True)
class Learner:
    """A student as the other parts of the synthesis need to know them."""

    ssid: str
    name: FullName
    gender: str
    grade: str
    plan: SchoolPlan
    family: Family
    ethnicity: str
    language: str
    elas: str
    newcomer: bool
    """An English learner in the first 12 months at a US school."""
    parent_education: str
    disadvantaged: bool
    special_education: bool
    ability: float
    """In standard deviations from the statewide mean of the grade."""


class Identifiers:
    """Numbers that look drawn at random and never repeat, below 10 ** digits."""

    def __init__(self, digits: int, first_digit: str, random: Random) -> None:
        self._digits = digits - len(first_digit)
        self._first_digit = first_digit
        self._next = random.randrange(10**self._digits)

    def draw(self) -> str:
        """Return the next number as text of fixed length."""
        # A step that shares no factor with 10 visits every number once.
        self._next = (self._next + 3**20 * 7 + 2) % 10**self._digits
        return f"{self._first_digit}{self._next:0{self._digits}d}"


def draw_learners(plan: LeaPlan, identifiers: Identifiers, random: Random) -> Iterator[Learner]:
    """Invent every student of an LEA, school by school and grade by grade."""
    for school in plan.schools:
        for grade in GRADES:
            for _ in range(school.enrollment.get(grade, 0)):
                yield draw_learner(school, grade, identifiers.draw(), random)


def draw_learner(school: SchoolPlan, grade: str, ssid: str, random: Random) -> Learner:
    """Invent one student."""
    family, gender = draw_family(random), _GENDERS.draw(random)
    language = _ENGLISH if random.random() < family.english_only else family.languages.draw(random)
    elas = "EO" if language == _ENGLISH else _acquisition(grade, random)
    newcomer = elas == "EL" and random.random() < _NEWCOMER_SHARE
    home = random.gauss(0, 1)
    position = min(4, max(0, round(2 + home * 1.1)))
    # English learners, about a fifth, score lower; the rest so much higher that the mean stays.
    ability = (
        _LEARNERS_OFFSET
        + school.ability
        + 0.45 * home
        + random.gauss(0, 0.86)
        - (_LEARNERS_DISTANCE if elas == "EL" else 0)
    )
    return Learner(
        ssid,
        draw_name(random, family, gender),
        gender,
        grade,
        school,
        family,
        family.ethnicities.draw(random),
        language,
        elas,
        newcomer,
        _DECLINED if random.random() < _DECLINE_SHARE else _PARENT_EDUCATION[position],
        home + random.gauss(0, 0.8) < _DISADVANTAGE_LINE,
        random.random() < _SPECIAL_EDUCATION_SHARE,
        ability,
    )


def student_row(
    learner: Learner, year: AdministrationYear, random: Random, *, moved: bool
) -> dict[str, object]:
    """Return the row of the `students` dataset."""
    school = learner.plan.school
    return {
        "ssid": learner.ssid,
        "last_name": learner.name.last,
        "first_name": learner.name.first,
        "middle_name": learner.name.middle,
        "birth_date": _birth_date(learner.grade, year, random),
        "gender": learner.gender,
        "grade": learner.grade,
        "lea": school.lea,
        "school": school.cds_code,
        "enrollment_date": _enrollment_date(learner, year, random, moved=moved),
        "primary_language": learner.language,
        "elas": learner.elas,
        "reporting_ethnicity": learner.ethnicity,
        "parent_education_level": learner.parent_education,
        "special_education": "Yes" if learner.special_education else "No",
        "economic_disadvantage": "Yes" if learner.disadvantaged else "No",
        "local_student_id": f"{random.randrange(10**6):06d}",
    }


def _acquisition(grade: str, random: Random) -> str:
    """Draw a status: the higher the grade, the more students are reclassified."""
    learning = 0.62 - 0.04 * grade_order(grade)
    draw = random.random()
    if draw < learning:
        return "EL"
    if draw < learning + 0.12:
        return "IFEP"
    if draw < learning + 0.125:
        return "TBD" if grade == "KN" else "RFEP"
    return "RFEP" if grade_order(grade) > 1 else "IFEP"


def _birth_date(grade: str, year: AdministrationYear, random: Random) -> date:
    # A child enters kindergarten who turns five by the first of September.
    youngest = date(year - 1 - _AGE_IN_KINDERGARTEN - grade_order(grade), 9, 1)
    late = 365 if random.random() < _HELD_BACK_SHARE else 0
    return youngest - timedelta(days=random.randrange(365) + late)


def _enrollment_date(learner: Learner, year: AdministrationYear, random: Random, *, moved: bool) -> date:
    if moved:
        return date(year, 6, random.randint(1, 30))
    if learner.newcomer or random.random() < _ARRIVED_THIS_YEAR_SHARE:
        return date(year - 1, 9, 1) + timedelta(days=random.randrange(160))
    years_here = random.randint(0, min(5, grade_order(learner.grade)))
    return date(year - 1 - years_here, 8, random.randint(11, 20))
