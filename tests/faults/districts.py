"""Six small districts, published twice: rosters of 3 to 40 SSRs with everything that can be wrong with a student.

In the second publication some of it is put right, and some students have left or moved.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa

from lea_reports.assessments import AdministrationYear
from lea_reports.catalog.student_score_report_pdfs import REPORT
from lea_reports.catalog.total_enrolled_students import REPORT as TABLE
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import to_parquet
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.roster import Roster
from lea_reports.datasets.snapshots import Snapshots, partition_key, read_pointer, switch_pointer, whole_key
from lea_reports.storage.objects import MemoryObjects

if TYPE_CHECKING:
    from lea_reports.jobs.job import Job

YEAR = AdministrationYear(2026)
PUBLISHED = datetime(2026, 11, 1, tzinfo=UTC)
SPANISH = "01"
GOOD, BAD = 2450, 9999
SECRET = 2451
"""The score of every record whose day does not come in any run."""
DURING_RUNS, AFTER_RUNS = date(2026, 11, 22), date(2027, 6, 1)
"""The day on which runs begin, and one that none of them sees."""
POISONED = "Poison"
"""The last name of a student on whose SSR the engine breaks."""
DEADLY = "Name07"
"""The last name of the first student of every district, and of some others."""


class Student(NamedTuple):
    """A student, the code of their language, their scale score and when their SSR became available.

    `mathematics` is when the record of that test becomes available, if not with the other.
    """

    ssid: str
    school: str
    last_name: str
    language: str
    score: int
    available: date = date(2026, 6, 1)
    mathematics: date | None = None

    def day_of(self, record_type: str) -> date:
        """Return when a record becomes available."""
        return self.mathematics or self.available if record_type == "02" else self.available


class District(NamedTuple):
    """An LEA and the students of its schools."""

    lea: str
    students: tuple[Student, ...]

    def corrected(self) -> District:
        """Return the district of the second publication.

        Bad records are mended, and available later than anybody chose, but in some districts their students are gone.
        In one the engine can set every name. The first student of each goes to another school.
        """
        number, last_school = int(self.lea[4:7]), self.students[-1].school
        stayed = [student for student in self.students if student.score == GOOD or number % 2 == 0]
        mended = [
            student._replace(
                score=GOOD,
                available=student.available if student.score == GOOD else date(2026, 8, 20),
                last_name="Name00" if student.last_name == POISONED and number == 4 else student.last_name,
            )
            for student in stayed
        ]
        mended[0] = mended[0]._replace(school=last_school)
        return District(self.lea, tuple(mended))


def _district(
    number: int, sizes: tuple[int, ...], spanish: int, bad: int, poisoned: int, early: int = 0
) -> District:
    """Invent a district; from the place `early` on stand three students with results whose day is to come."""
    lea = f"9910{number:03d}0000000"
    students = []
    for school, size in enumerate(sizes, start=1):
        for at in range(size):
            place = len(students) + 1
            students.append(
                Student(
                    ssid=f"{number:04d}{place:06d}",
                    school=f"{lea[:7]}{school:07d}",
                    last_name=POISONED if place == poisoned else f"Name{place * 7 % 13:02d}",
                    language=SPANISH if spanish and at % spanish == 0 else "00",
                    score=BAD if place == bad else GOOD,
                )
            )
    if early:
        days = {"available": DURING_RUNS}, {"available": AFTER_RUNS}, {"mathematics": AFTER_RUNS}
        for at, changes in enumerate(days, start=early - 1):
            students[at] = students[at]._replace(**changes)
    return District(lea, tuple(students))


DISTRICTS = (
    _district(1, (3,), spanish=0, bad=0, poisoned=0),
    _district(2, (1, 2, 1), spanish=2, bad=0, poisoned=3),
    _district(3, (5, 6), spanish=3, bad=4, poisoned=0, early=6),
    _district(4, (12, 1, 1, 4), spanish=5, bad=2, poisoned=9, early=4),
    _district(5, (2,) * 9, spanish=0, bad=7, poisoned=0),
    _district(6, (30, 4), spanish=7, bad=0, poisoned=31, early=8),
)


_SNAPSHOTS = ("first", "second")
PUBLICATIONS = tuple(
    Snapshots(
        {
            "organizations": "o",
            "students": snapshot,
            "scores": "c",
            "scores_by_enrolled": snapshot,
            "students_by_enrolled": snapshot,
        },
        Roster(YEAR, PUBLISHED.date()),
    )
    for snapshot in _SNAPSHOTS
)


def body_of(name: str, *, merge: bool, nothing: bool = False, ahead: bool = False) -> dict[str, object]:
    """Ask for every SSR of an LEA's summer, or (`nothing`) of dates on which none appeared, or (`ahead`) of a year."""
    return {
        "report": REPORT.code,
        "name": name,
        "administration_year": YEAR.label,
        "schools": "all",
        "grades": "all",
        "start_date": "2026-07-01" if nothing else "2026-05-01",
        "end_date": "2027-07-31" if ahead else "2026-07-31",
        "assessments": "all",
        "languages": "all",
        "merge": merge,
    }


def table_of(name: str) -> dict[str, object]:
    """Ask for a table, which is made at once."""
    return {"report": TABLE.code, "name": name, "format": "csv"}


def enrolled_of(job: Job) -> Counter[str]:
    """Return how many students each school of the job's LEA has, in the publication that it was pinned to."""
    (district,) = (district for district in DISTRICTS if district.lea == job.lea)
    if job.snapshots != PUBLICATIONS[0]:
        district = district.corrected()
    return Counter(student.school for student in district.students)


@cache
def published() -> DatasetReader:
    """Return datasets with all districts, as they are in both publications."""
    store = MemoryObjects()
    organizations = []
    for district in DISTRICTS:
        lea = {"lea": district.lea, "county_name": "Demo"}
        organizations.append(
            lea | {"cds_code": district.lea, "kind": "district", "name": f"LEA {district.lea[4:7]}"}
        )
        schools = sorted({student.school for student in district.students})
        organizations += [
            lea | {"cds_code": code, "kind": "school", "name": f"School {code[-2:]}"} for code in schools
        ]
        for snapshot, published_district in zip(_SNAPSHOTS, (district, district.corrected()), strict=True):
            _store(store, snapshot, published_district)
    table = pa.Table.from_pylist(organizations, ORGANIZATIONS.schema)
    store.put(whole_key("organizations", "o"), to_parquet(table))
    switch_pointer(store, read_pointer(store), PUBLICATIONS[0].ids, PUBLISHED)
    return DatasetReader(store)


def _store(store: MemoryObjects, snapshot: str, district: District) -> None:
    students = [_student(district.lea, student) for student in district.students]
    scores = [
        _score(district.lea, record_type, student)
        for student in district.students
        for record_type in ("01", "02")
    ]
    for name, rows, schema in (
        ("students", students, STUDENTS.schema),
        ("students_by_enrolled", students, STUDENTS.schema),
        ("scores_by_enrolled", scores, SCORES.schema),
    ):
        table = pa.Table.from_pylist(rows, schema)
        store.put(partition_key(name, snapshot, YEAR, district.lea), to_parquet(table))


def ssrs_of(job: Job) -> frozenset[tuple[str, str]]:
    """Return the SSRs that a job is to find, each as SSID and language: the rule in plain words, not in ours.

    A retry finds what has become available since, up to its own day.
    """
    (district,) = (district for district in DISTRICTS if district.lea == job.lea)
    if job.snapshots != PUBLICATIONS[0]:
        district = district.corrected()
    day = job.requested_at.astimezone(ZoneInfo("America/Los_Angeles")).date()
    start, chosen_end = (date.fromisoformat(job.parameters[name]) for name in ("start_date", "end_date"))
    end = day if job.listed_by else min(day, chosen_end)
    found = set()
    for student in district.students:
        days = [each for each in map(student.day_of, ("01", "02")) if each <= day]
        if days and start <= max(days) <= end:
            found |= {(student.ssid, "en"), (student.ssid, "es" if student.language == SPANISH else "en")}
    return frozenset(found)


def _student(lea: str, student: Student) -> dict[str, object]:
    return {
        "ssid": student.ssid,
        "last_name": student.last_name,
        "first_name": "Ana",
        "birth_date": date(2016, 1, 2),
        "gender": "F",
        "grade": "04",
        "lea": lea,
        "school": student.school,
        "primary_language": student.language,
        "elas": "EO",
    }


def _score(lea: str, record_type: str, student: Student) -> dict[str, object]:
    return {
        "administration_year": 2026,
        "record_type": record_type,
        "ssid": student.ssid,
        "grade_assessed": "03",
        "tested_lea": lea,
        "tested_school": student.school,
        "test_completed_date": date(2026, 4, 20),
        "include_indicator": "Y",
        "ssr_eligible": "Y",
        "ssr_available_date": student.day_of(record_type),
        "scale_score": SECRET if student.day_of(record_type) == AFTER_RUNS else student.score,
        "standard_error": 24,
        "achievement_level": 3,
    }
