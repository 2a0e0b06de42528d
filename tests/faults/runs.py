"""Runs by seed: check one, check many, and describe what happened in one that broke a promise."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from lea_reports.access.identity import Identity
from lea_reports.assessments import program_day
from lea_reports.jobs.job import Job, Retry
from lea_reports.jobs.messages import BuildMessage, Step
from lea_reports.organizations import CdsCode
from lea_reports.ssr_archive.not_included import not_included_key
from tests.faults.profile import CALM
from tests.faults.simulation import START, Simulation
from tests.faults.watch import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from lea_reports.datasets.snapshots import Snapshots
    from tests.faults.profile import Profile

_SHORT = 120
_RETRIED, _THE_JOB = "0" * 26, "1" * 26


def check_seed(seed: int, profile: Profile | None = None) -> Simulation:
    """Run a seed, with the faults that it draws or those of a profile, and check every promise.

    Raises:
        Violation: one was broken.
    """
    simulation = Simulation(seed, profile)
    simulation.run()
    simulation.watch.check_end(faultless_files)
    return simulation


def check_seeds(seeds: range) -> tuple[int, Counter[str], int | None]:
    """Return how many seeds kept every promise, which faults they met, and the first that broke one."""
    faults: Counter[str] = Counter()
    for count, seed in enumerate(seeds):
        try:
            faults += check_seed(seed).faults
        except Violation:
            return count, faults, seed
    return len(seeds), faults, None


def described(seed: int) -> Iterator[str]:
    """Run a seed again and describe it line by line: its faults, its requests, what happened, what was broken."""
    simulation = Simulation(seed)
    yield f"{simulation.profile}"
    yield from map(str, simulation.requests)
    broken: Violation | None = None
    try:
        simulation.run()
        simulation.watch.check_end(faultless_files)
    except Violation as violation:
        broken = violation
    for clock, who, place, what, args, fault in simulation.trace:
        given = ", ".join(_brief(arg) for arg in args)
        yield f"{clock:9.1f}  {who:13}  {place}.{what}({given})  {fault and '! ' + fault}".rstrip()
    yield f"seed {seed}: {broken or 'every promise was kept'}"


def faultless_files(job: Job, profile: Profile, listed: bytes | None) -> tuple[bytes, ...]:
    """Return the files that a job gets when nothing goes wrong; `listed` is the list that it retries.

    The moment of a request matters for its day alone.
    """
    on_the_first_day = program_day(job.requested_at) == program_day(START)
    calm = CALM._replace(chunk_ssrs=profile.chunk_ssrs, archive_bytes=profile.archive_bytes)
    return faultless(
        job.report,
        job.lea,
        json.dumps(job.parameters, sort_keys=True),
        job.snapshots,
        START if on_the_first_day else job.requested_at,
        calm,
        listed,
    )


@cache
def faultless(
    report: str,
    lea: str,
    parameters: str,
    snapshots: Snapshots,
    requested_at: datetime,
    calm: Profile,
    listed: bytes | None,
) -> tuple[bytes, ...]:
    """Run one job alone and return its files, once for all runs of the code as it is."""
    simulation = Simulation(0, calm, [])
    job = Job(
        id=_THE_JOB,
        lea=CdsCode(lea),
        report=report,
        parameters=json.loads(parameters),
        requester=Identity("calm", "calm@example.org"),
        role=f"lea-caaspp-coordinator@{lea}",
        snapshots=snapshots,
        requested_at=requested_at,
        retry=None if listed is None else Retry(_RETRIED, _RETRIED),
    )
    if listed is not None:
        simulation.table.submit(replace(job, id=_RETRIED, retry=None))
        simulation.bucket.put(not_included_key(job.lea, _RETRIED), listed)
    simulation.watch.submitted(job)
    simulation.table.submit(job)
    simulation.queues["builds"].send([BuildMessage(step=Step.PLAN, lea=job.lea, job=job.id)])
    simulation.run()
    made = simulation.table.job(job.lea, job.id)
    assert made is not None
    return tuple(simulation.bucket.objects[file.key] for file in made.files)


def _brief(arg: object) -> str:
    """Return what a reader wants to know of an argument."""
    parts = [type(arg).__name__]
    for name in (
        "id",
        "number",
        "step",
        "job",
        "chunk",
        "state",
        "version",
        "progress",
        "worker",
        "leased_until",
    ):
        value = getattr(arg, name, None)
        if value is not None and not callable(value):
            parts.append(f"{name}={value}")
    plain = isinstance(arg, (str, bytes, int, timedelta, Exception))
    text = repr(arg) if plain else " ".join(parts)
    return text if len(text) <= _SHORT else text[:_SHORT] + "…"
