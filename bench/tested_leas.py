"""LEAs of given sizes, in which every student has an SSR: for measurements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.synthesis.district import COUNTY, COUNTY_NAME, LeaPlan, SchoolPlan
from lea_reports.datasets.synthesis.feed_writer import FeedWriter, organization_row
from lea_reports.datasets.synthesis.population import school_names
from lea_reports.datasets.synthesis.records import Record, Sitting, draw_records
from lea_reports.datasets.synthesis.students import Identifiers, Learner, draw_learners, student_row
from lea_reports.organizations import CdsCode, Lea, OrganizationKind, School, Window


@dataclass(frozen=True, slots=True)
class TestedLea:
    """An LEA to invent: its name, and the students of each of its schools by grade (`03`)."""

    code: CdsCode
    name: str
    schools: Sequence[Mapping[str, int]]


def lea_code(number: int) -> CdsCode:
    """Return the code of an invented LEA, by a number of at most four digits."""
    return CdsCode(f"{COUNTY}2{number:04d}0000000")


def write_tested_leas(
    leas: Sequence[TestedLea], folder: Path, *, year: AdministrationYear, seed: int
) -> None:
    """Write organizations.parquet, students.parquet and scores.parquet of some LEAs into a folder.

    Every student has a Smarter Balanced record that makes an SSR; what else can be in a record is as frequent as in
    the other invented feeds.
    """
    random = Random(seed)
    ssids, uins = Identifiers(10, "9", random), Identifiers(16, "99", random)
    window = Window(date(year, 3, 2), date(year, 5, 29))
    with ExitStack() as stack:
        organizations, students, scores = (
            stack.enter_context(FeedWriter(folder, dataset)) for dataset in (ORGANIZATIONS, STUDENTS, SCORES)
        )
        for lea in leas:
            district = Lea(lea.code, lea.name, OrganizationKind.DISTRICT, COUNTY_NAME, window)
            organizations.add(organization_row(district))
            plan = LeaPlan(district, tuple(_schools(lea, window, random)))
            for school in plan.schools:
                organizations.add(organization_row(school.school))
            for learner in draw_learners(plan, ssids, random):
                students.add(student_row(learner, year, random, moved=False))
                sitting = Sitting(year, learner.plan.school)
                for record in _records_with_ssr(learner, sitting, uins, random):
                    scores.add(record)


def _schools(lea: TestedLea, window: Window, random: Random) -> Iterator[SchoolPlan]:
    names = school_names()
    for number, size in enumerate(lea.schools):
        turn, position = divmod(number, len(names))
        name = f"{names[position]} School{f' {turn + 1}' if turn else ''}"
        code = CdsCode(f"{lea.code[:7]}6{number + 1:06d}")
        school = School(code, name, OrganizationKind.SCHOOL, COUNTY_NAME, lea.code, window)
        yield SchoolPlan(school, dict(size), random.gauss(0, 0.25))


def _records_with_ssr(
    learner: Learner, sitting: Sitting, uins: Identifiers, random: Random
) -> Sequence[Record]:
    """Draw until the student is one of those who get an SSR."""
    while True:
        records = draw_records(learner, sitting, uins, random)
        if any(record.get("ssr_eligible") == "Y" for record in records):
            return records
