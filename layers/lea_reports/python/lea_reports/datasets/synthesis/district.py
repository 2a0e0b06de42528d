"""The invented LEAs: a district of the asked size and a small neighbour, so that students can move."""

from dataclasses import dataclass
from datetime import date
from random import Random

from lea_reports.assessments import GRADES, AdministrationYear
from lea_reports.datasets.synthesis.population import school_names
from lea_reports.organizations import CdsCode, Lea, OrganizationKind, School, Window

COUNTY = "99"
"""No county of California has this number: real ones end at 58."""
COUNTY_NAME = "Sample"
DISTRICT = CdsCode(f"{COUNTY}100010000000")
NEIGHBOUR = CdsCode(f"{COUNTY}100020000000")
NEIGHBOUR_NAME = "Sample Hills Unified"
NEIGHBOUR_SCHOOLS = 2

_MIDDLE_SHARE, _HIGH_SHARE = 0.22, 0.18
# A grade that takes Smarter Balanced weighs 1. The others weigh less than in a real district, so that most
# students have an SSR: a demo shows SSRs.
_UNTESTED_WEIGHT = {"KN": 0.5, "01": 0.55, "02": 0.55, "09": 0.4, "10": 0.4, "12": 0.4}


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """A school, the grades it teaches and how many students it has, by grade."""

    school: School
    enrollment: dict[str, int]
    ability: float
    """How far the school's students lie above the statewide mean, in standard deviations."""


@dataclass(frozen=True, slots=True)
class LeaPlan:
    """An LEA and its schools."""

    lea: Lea
    schools: tuple[SchoolPlan, ...]


def plan_lea(lea: Lea, students: int, schools: int, year: AdministrationYear, random: Random) -> LeaPlan:
    """Lay out an LEA: exactly `schools` schools with exactly `students` students in them."""
    levels = _school_levels(schools)
    per_grade = dict(
        zip(GRADES, _shares(students, [_UNTESTED_WEIGHT.get(g, 1.0) for g in GRADES]), strict=True)
    )
    sizes = [random.uniform(0.8, 1.2) for _ in levels]
    enrollment: list[dict[str, int]] = [{} for _ in levels]
    for grade, number in per_grade.items():
        teaching = [position for position, level in enumerate(levels) if grade in level.grades]
        parts = _shares(number, [sizes[position] for position in teaching])
        for position, part in zip(teaching, parts, strict=True):
            enrollment[position][grade] = part
    names = _distinct_names(len(levels), random)
    plans = []
    for position, level in enumerate(levels):
        code = CdsCode(f"{lea.cds_code[:7]}{level.first_digit}{position + 1:06d}")
        charter = schools >= _SCHOOLS_WITH_A_CHARTER and position == 0
        kind = OrganizationKind.LOCALLY_FUNDED_CHARTER if charter else OrganizationKind.SCHOOL
        name = f"{names[position]} {level.name}{' Charter' if charter else ''}"
        window = _window(year, random)
        school = School(code, name, kind, lea.county_name, lea.cds_code, window)
        plans.append(SchoolPlan(school, enrollment[position], random.gauss(0, 0.25)))
    return LeaPlan(lea, tuple(plans))


def district(name: str, year: AdministrationYear) -> Lea:
    """Return the invented district."""
    return Lea(DISTRICT, name, OrganizationKind.DISTRICT, COUNTY_NAME, _widest_window(year))


def neighbour(year: AdministrationYear) -> Lea:
    """Return the invented district next door."""
    return Lea(NEIGHBOUR, NEIGHBOUR_NAME, OrganizationKind.DISTRICT, COUNTY_NAME, _widest_window(year))


@dataclass(frozen=True, slots=True)
class _Level:
    name: str
    grades: tuple[str, ...]
    first_digit: str  # real codes of elementary and middle schools begin with 6, of high schools with 3


_ALL = _Level("School", GRADES, "6")
_ELEMENTARY = _Level("Elementary", GRADES[:6], "6")
_MIDDLE = _Level("Middle", GRADES[6:9], "6")
_HIGH = _Level("High", GRADES[9:], "3")
_SECONDARY = _Level("Secondary", GRADES[6:], "3")
_SCHOOLS_WITH_A_CHARTER = 12
_SCHOOLS_WITH_A_MIDDLE = 3


def _school_levels(schools: int) -> list[_Level]:
    if schools == 1:
        return [_ALL]
    if schools < _SCHOOLS_WITH_A_MIDDLE:
        return [_ELEMENTARY, _SECONDARY]
    middle, high = max(1, round(schools * _MIDDLE_SHARE)), max(1, round(schools * _HIGH_SHARE))
    return [_ELEMENTARY] * (schools - middle - high) + [_MIDDLE] * middle + [_HIGH] * high


def _shares(total: int, weights: list[float]) -> list[int]:
    """Split a whole number by weights so that the parts add up to it."""
    parts, used, cumulated, whole = [], 0, 0.0, sum(weights)
    for weight in weights:
        cumulated += weight
        upto = round(total * cumulated / whole)
        parts.append(upto - used)
        used = upto
    return parts


def _distinct_names(number: int, random: Random) -> list[str]:
    names = list(school_names())
    random.shuffle(names)
    rounds = -(-number // len(names))
    return [name if turn == 0 else f"{name} {turn + 1}" for turn in range(rounds) for name in names][:number]


def _window(year: AdministrationYear, random: Random) -> Window:
    return Window(date(year, 3, random.randint(2, 20)), date(year, 5, random.randint(18, 29)))


def _widest_window(year: AdministrationYear) -> Window:
    return Window(date(year, 3, 2), date(year, 5, 29))
