"""Fill the stack: a synthetic district, its feeds taken in, and the people who work there."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.datasets.by_enrolled import STUDENTS_BY_ENROLLED
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.storage.s3_objects import S3Objects
from local.accounts import Account, demo_assignments, new_account
from local.demo_year import demo_year
from local.stack import run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from local.stack import Stack


@dataclass(frozen=True, slots=True)
class District:
    """The LEA with the most schools, those of its schools whose students have results (code: name), and a neighbour."""

    lea: str
    name: str
    schools: dict[str, str]
    other_lea: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """A stack's data and people: the LEA's coordinator, one of its sites', and the neighbour's."""

    district: District
    lea_coordinator: Account
    site_coordinator: Account
    other_coordinator: Account

    @property
    def accounts(self) -> tuple[Account, ...]:
        """Everybody who can sign in."""
        return (self.lea_coordinator, self.site_coordinator, self.other_coordinator)


def synthesize_district(folder: Path, *, students: int, schools: int, number: int) -> None:
    """Have `lea-reports synthesize` write a district into `folder`; the same `number` gives the same one."""
    sizes = ("--students", str(students), "--schools", str(schools))
    run_command("synthesize", *sizes, "--seed", str(number), "--year", str(int(demo_year())), folder)


def seed(stack: Stack, folder: Path, announce: Callable[[str], None] = lambda _: None) -> Seeded:
    """Take the feeds of a synthesized folder in, as program staff do, and give people accounts and roles."""
    for feed in FEEDS:
        rejects = folder / f"rejected-{feed}.csv"
        announce(stack.operate("ingest", feed, folder / f"{feed}.parquet", "--rejects", rejects).rstrip())
    district = published_district(stack)
    accounts = [
        new_account(stack.cloud, stack.deployment, email, assignment)
        for email, assignment in demo_assignments(
            district.lea, next(iter(district.schools)), district.other_lea
        ).items()
    ]
    with ThreadPoolExecutor(len(accounts)) as pool:
        for output in pool.map(lambda account: _assign_role(stack, account), accounts):
            announce(output.rstrip())
    return Seeded(district, *accounts)


def _assign_role(stack: Stack, account: Account) -> str:
    held = account.assignment
    school = ("--school", held.school) if held.school else ()
    return stack.operate("assign-role", account.email, str(held.role), held.lea, *school)


def published_district(stack: Stack) -> District:
    """Read the district from the datasets as they are published."""
    datasets = DatasetReader(S3Objects(stack.cloud.s3, stack.deployment.data_bucket_name))
    pinned = datasets.pinned()
    organizations = datasets.organizations(pinned).to_pylist()
    schools = Counter(row["lea"] for row in organizations if row["cds_code"] != row["lea"])
    lea = schools.most_common(1)[0][0]
    attended = set(
        datasets.rows(STUDENTS_BY_ENROLLED, pinned, demo_year(), lea, ["school"])["school"].to_pylist()
    )
    names = {row["cds_code"]: row["name"] for row in organizations}
    return District(
        lea=lea,
        name=names[lea],
        schools={code: names[code] for code in sorted(attended)},
        other_lea=next(row["lea"] for row in organizations if row["lea"] != lea),
    )
