"""Writing an invented district as feeds."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lea_reports.assessments import GRADES, AdministrationYear, Assessment
from lea_reports.datasets.dataset import Feed
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.invented import InventedStudent
from lea_reports.datasets.synthesis.district import (
    NEIGHBOUR_SCHOOLS,
    LeaPlan,
    district,
    neighbour,
    plan_lea,
)
from lea_reports.datasets.synthesis.feed_writer import FeedWriter, organization_row
from lea_reports.datasets.synthesis.other_records import Wanted, draw_other_records, takes_alternate
from lea_reports.datasets.synthesis.records import Record, Sitting, draw_records
from lea_reports.datasets.synthesis.students import (
    Identifiers,
    Learner,
    draw_learner,
    draw_learners,
    student_row,
)
from lea_reports.errors import Invalid
from lea_reports.organizations import School

_NEIGHBOUR_SIZE = 20  # one student next door for so many in the district
_SMALLEST_NEIGHBOUR = 26
_MOVED_SHARE = 0.02
_LEFT_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class SynthesisOrder:
    """What to invent. `students` is the enrollment of the district; its small neighbour comes on top."""

    students: int
    schools: int
    seed: int
    year: AdministrationYear
    lea_name: str = "Sample Valley Unified"
    csv: bool = False
    """Whether to write each feed as CSV as well."""
    assessments: frozenset[Assessment] = frozenset({Assessment.SMARTER_BALANCED})
    """The assessments that students take. Smarter Balanced records are the same with or without the others, but
    for their identification numbers and the few students who take the alternate assessment in their place."""

    def __post_init__(self) -> None:
        if self.schools < 1 or self.students < self.schools:
            raise Invalid("A district has at least one school, and no more schools than students.")


@dataclass(frozen=True, slots=True)
class SynthesisSummary:
    """How many rows each feed has."""

    organizations: int
    students: int
    scores: int
    others: Mapping[str, int]
    """By the name of each further feed."""


def synthesize(order: SynthesisOrder, folder: Path) -> SynthesisSummary:
    """Write organizations.parquet, students.parquet, scores.parquet and each further feed into a folder.

    The same order gives the same files, byte for byte, for the same version of pyarrow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(order.seed)
    own = plan_lea(district(order.lea_name, order.year), order.students, order.schools, order.year, random)
    next_door = plan_lea(
        neighbour(order.year),
        max(_SMALLEST_NEIGHBOUR, order.students // _NEIGHBOUR_SIZE),
        NEIGHBOUR_SCHOOLS,
        order.year,
        random,
    )
    with ExitStack() as stack:
        organizations, students, scores = (
            stack.enter_context(FeedWriter(folder, dataset, as_csv=order.csv))
            for dataset in (ORGANIZATIONS, STUDENTS, SCORES)
        )
        for row in _organization_rows((own, next_door)):
            organizations.add(row)
        others = {
            feed: stack.enter_context(FeedWriter(folder, feed, as_csv=order.csv))
            for feed in FEEDS.values()
            if feed.invented is not None
        }
        uins = Identifiers(16, "99", random)
        for learner, sitting, enrolled, moved in _population(order, own, next_door, random):
            if enrolled:
                students.add(student_row(learner, order.year, random, moved=moved))
            for record in _records(order, learner, sitting, uins, random):
                scores.add(record)
            student = InventedStudent(
                learner.ssid, learner.grade, sitting.year, sitting.school, is_enrolled=enrolled
            )
            for feed, writer in others.items():
                for invented in _rows_of(feed, student, order):
                    writer.add(invented)
        return SynthesisSummary(
            organizations.rows,
            students.rows,
            scores.rows,
            {feed.name: writer.rows for feed, writer in others.items()},
        )


def _rows_of(feed: Feed, student: InventedStudent, order: SynthesisOrder) -> Iterable[Mapping[str, object]]:
    """Invent the rows of a further feed, from a source of its own: what is there stays as it is."""
    if feed.invented is None:
        return ()
    return feed.invented(student, Random(f"{order.seed} {feed.name} {student.ssid}"))


def _records(
    order: SynthesisOrder, learner: Learner, sitting: Sitting, uins: Identifiers, random: Random
) -> Iterator[Record]:
    smarter_balanced = draw_records(learner, sitting, uins, random)
    # A source of its own, so that further assessments leave everything else as it is.
    own = Random(f"{order.seed} {learner.ssid}")
    alternate = takes_alternate(learner, own) and Assessment.CAA in order.assessments
    if Assessment.SMARTER_BALANCED in order.assessments and not alternate:
        yield from smarter_balanced
    yield from draw_other_records(learner, sitting, Wanted(order.assessments, alternate), uins, own)


def _population(
    order: SynthesisOrder, own: LeaPlan, next_door: LeaPlan, random: Random
) -> Iterator[tuple[Learner, Sitting, bool, bool]]:
    """Return everybody: the student, where they were tested, whether they are enrolled, whether they moved."""
    ssids = Identifiers(10, "9", random)
    # Students of the neighbour who came from the district are few against the district: as many move
    # either way, and the neighbour is small.
    came_from = {own.lea.cds_code: next_door, next_door.lea.cds_code: own}
    for plan in (own, next_door):
        moving = min(0.5, _MOVED_SHARE * order.students / max(1, _enrollment(plan)))
        for learner in draw_learners(plan, ssids, random):
            elsewhere = _school_teaching(came_from[plan.lea.cds_code], learner.grade, random)
            moved = elsewhere is not None and random.random() < moving
            school = elsewhere if moved and elsewhere is not None else learner.plan.school
            yield learner, Sitting(order.year, school), True, moved
    attended = [school for school in own.schools if any(school.enrollment.values())]
    for _ in range(round(order.students * _LEFT_SHARE)):
        school_plan = random.choice(attended)
        grade = random.choice([grade for grade in GRADES if school_plan.enrollment.get(grade)])
        learner = draw_learner(school_plan, grade, ssids.draw(), random)
        yield learner, Sitting(order.year, school_plan.school), False, False


def _enrollment(plan: LeaPlan) -> int:
    return sum(sum(school.enrollment.values()) for school in plan.schools)


def _school_teaching(plan: LeaPlan, grade: str, random: Random) -> School | None:
    teaching = [school.school for school in plan.schools if grade in school.enrollment]
    return random.choice(teaching) if teaching else None


def _organization_rows(plans: tuple[LeaPlan, ...]) -> Iterator[dict[str, object]]:
    for plan in plans:
        yield organization_row(plan.lea)
        for school in plan.schools:
            yield organization_row(school.school)
