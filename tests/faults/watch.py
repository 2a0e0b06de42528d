"""What is promised, whatever happens: looked at after every call and at the end of a run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lea_reports.errors import Transient
from lea_reports.jobs.job import ChunkState, JobState, NoticeState
from lea_reports.jobs.step import GIVEN_UP_AS, NOT_BUILT
from lea_reports.jobs.store import fingerprint
from lea_reports.jobs.timing import CHECK_BUILD, DEADLINE, MOST_ATTEMPTS, MOST_STEP_ATTEMPTS
from lea_reports.ssr_archive.listing import (
    MANIFEST,
    MOST_BYTES_LISTED,
    MOST_BYTES_OF_EMPTY_LISTS,
    NOT_INCLUDED,
    NOT_SELECTED,
    list_name,
)
from lea_reports.ssr_archive.not_included import not_included_key
from tests.faults.districts import SECRET, TABLE, enrolled_of, ssrs_of
from tests.faults.profile import HOUR, LONG_OUTAGE, LONGEST_JUMP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lea_reports.jobs.job import Job
    from tests.faults.profile import Profile
    from tests.faults.simulation import Request, Simulation
    from tests.faults.workers import Worker

_POISON_ENDS = HOUR
"""How long after the other faults a poisoned plan may keep its job open: attempts of before may count for nothing."""
_LEA = re.compile(r"\b9910[0-9]{10}\b")


class Violation(Exception):
    """A promise was broken."""


class Watch:
    """Looks at a simulation from outside; the first broken promise stays in `violation`."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self.violation: Violation | None = None
        self._submitted: dict[str, str] = {}
        self._fingerprints: dict[str, str] = {}
        self._seen: dict[str, Job] = {}
        self._closed_at: dict[str, float] = {}
        self._asked: dict[Worker, Request] = {}
        self._second_mails: Counter[str] = Counter()
        self._mails: Counter[str] = Counter()
        self._wanted_again: Counter[str] = Counter()
        self._cancels: set[str] = set()
        self._holders: dict[str, Worker] = {}
        self._in_vain: Counter[tuple[str, JobState]] = Counter()

    def jobs(self) -> list[Job]:
        """Return every job that is stored."""
        found = (self._simulation.table.job(lea, job_id) for job_id, lea in self._submitted.items())
        return [job for job in found if job is not None]

    # During a run.

    def submitted(self, job: Job) -> None:
        """Note a job that is about to be stored."""
        self._submitted[job.id] = job.lea
        self._fingerprints[job.id] = fingerprint(job)

    def asked(self, worker: Worker, request: Request) -> None:
        """Note who serves a request."""
        if worker.done:
            self._without_answer(worker, request)
        else:
            self._asked[worker] = request

    def answered(self, request: Request, job: Job) -> None:
        """Look at the answer to a request."""
        if job.lea != request.lea or job.requester != request.person:
            self._broken(f"a request of {request.lea} was answered with job {job.id} of {job.lea}")

    def visited(self, does: str, job: Job) -> None:
        """Note what a coordinator wants of a job."""
        if does == "cancel":
            self._cancels.add(job.id)

    def ended(self, worker: Worker) -> None:
        """Look at a worker that came to its end."""
        if worker.attempts is not None:
            self._attempt_ended(worker, *worker.attempts)
        request = self._asked.pop(worker, None)
        if request is not None:
            self._without_answer(worker, request)
        if worker.mailed:
            self._second_mails[worker.mailed] += 1

    def after(self, worker: Worker, place: str, name: str, args: tuple[Any, ...], result: Any) -> None:
        """Look at what a call has done."""
        if worker.lea is not None:
            self._look_for_leaks(worker, place, args)
        if (place, name) == ("mail", "send"):
            self._mails[worker.notice_of] += 1
            worker.mailed = worker.notice_of
        elif (place, name) == ("table", "record_notice"):
            worker.mailed = ""
        elif (place, name) == ("table", "claim_step") and result is not None:
            self._begins(worker, result)
        elif (place, name) == ("table", "move") and args[1].state is JobState.PLANNING:
            self._begins(worker, args[1])
        elif (place, name) == ("table", "move") and args[1].state is JobState.FAILED:
            self._takes_over(worker, args[1])  # whoever was still at it was heard of too late
        elif (place, name) == ("table", "release_step") and not worker.lost:
            self._takes_over(worker, args[0])
        elif (place, name) == ("table", "want_notice") and result:
            self._wanted_again[args[0].id] += 1
        if place == "table":
            self.look()

    def look(self) -> None:
        """Look at every job: each moves forward only, and identical requests share an open one."""
        open_ones = set()
        for job in self.jobs():
            before = self._seen.get(job.id)
            if before is not job:
                if before is not None:
                    self._compare(before, job)
                self._seen[job.id] = job
            if job.state.is_open:
                key = (job.lea, self._fingerprints[job.id])
                if key in open_ones:
                    self._broken(f"two open jobs of one request: {job.id}")
                open_ones.add(key)
            else:
                self._closed_at.setdefault(job.id, self._simulation.clock)

    def _compare(self, before: Job, job: Job) -> None:
        if job.state is not before.state and not before.state.may_become(job.state):
            self._broken(f"job {job.id} went from {before.state} to {job.state}")
        old, new = before.progress, job.progress
        if before.state not in {JobState.REQUESTED, JobState.PLANNING} and (
            (new.total, new.chunks) != (old.total, old.chunks)
        ):
            self._broken(f"the plan of job {job.id} changed: {old} {new}")
        if new.made < old.made or new.not_included < old.not_included or new.chunks_done < old.chunks_done:
            self._broken(f"the progress of job {job.id} went back: {old} {new}")
        if new.done > new.total or new.chunks_done > new.chunks:
            self._broken(f"job {job.id} counts more than it has: {new}")

    def _look_for_leaks(self, worker: Worker, place: str, args: tuple[Any, ...]) -> None:
        for arg in args:
            text = arg if isinstance(arg, str) else getattr(arg, "lea", None) or getattr(arg, "to", "")
            for lea in _LEA.findall(str(text)):
                if lea[:7] != worker.lea[:7]:
                    self._broken(f"{worker.name} of {worker.lea} touched {place} of {lea}")

    def _begins(self, worker: Worker, job: Job) -> None:
        if worker.done:  # its call lands late
            self._in_vain[job.id, job.state] += 1
        worker.attempts = (job.id, job.state)
        self._takes_over(worker, job)

    def _takes_over(self, worker: Worker, job: Job) -> None:
        """Note that whoever held a step before lost it."""
        holder = self._holders.pop(job.id, None)
        if holder is not None and holder is not worker:
            holder.lost = True
        if worker.attempts is not None:
            self._holders[job.id] = worker

    def _attempt_ended(self, worker: Worker, job_id: str, state: JobState) -> None:
        """Count an attempt at a step that came to nothing, unless its worker could say that something was away."""
        unheard = worker.lost or worker.failed_calls & {"move", "claim_step", "release_step"}
        said = isinstance(worker.error, Transient) and not unheard
        stopped = any(job.id == job_id and job.state in {state, JobState.FAILED} for job in self.jobs())
        if (worker.error is not None and not said) or (worker.error is None and stopped):
            self._in_vain[job_id, state] += 1

    def _without_answer(self, worker: Worker, request: Request) -> None:
        if worker.error is not None:
            if not worker.failed_calls and not worker.dead:
                self._broken(f"{worker.name} refused a request though nothing was away: {worker.error!r}")
            self._simulation.ask_again(request)

    def _broken(self, what: str) -> None:
        if self.violation is None:
            self.violation = Violation(what)

    # At the end of a run.

    def check_end(self, faultless: Callable[[Job, Profile, bytes | None], Sequence[bytes]]) -> None:
        """Look at what is left when nothing more happens.

        `faultless` returns the archives of a job in a run without faults, with the limits of a profile and, of a retry,
        with this list of what failed before.

        Raises:
            Violation: a promise was broken.
        """
        self.look()
        if not self._seen:
            self._broken("no request became a job")
        archives = set()
        for job in self.jobs():
            self._check_job(job)
            if job.retry is not None:
                self._check_retry(job)
            if job.state is JobState.READY:
                check = self._check_table if job.report == TABLE.code else self._check_archives
                check(job, faultless(job, self._simulation.profile, self._listed(job)))
            elif job.files:
                self._broken(f"job {job.id} is {job.state} and has archives")
            archives.update(archive.key for archive in job.files)
        self._check_bucket(archives)
        if self.violation is not None:
            raise self.violation

    def _listed(self, job: Job) -> bytes | None:
        """Return the list of what is not included that a job makes once more; None if it makes what was chosen."""
        return job.listed_by and self._simulation.bucket.objects[not_included_key(job.lea, job.listed_by)]

    def _wanted(self, job: Job) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
        """Return the SSRs that a job is to make, as SSID and language, and those that it cannot find any more."""
        if job.retry is None:
            return ssrs_of(job), frozenset()
        retried = self._simulation.table.job(job.lea, job.retry.of)
        if retried.state is not JobState.READY:
            return self._wanted(replace(retried, snapshots=job.snapshots, requested_at=job.requested_at))
        failed = frozenset(map(_ssr, Contents(self._archives(retried)).not_included))
        found = ssrs_of(job)
        return failed & found, failed - found

    def _check_job(self, job: Job) -> None:
        wanted, until, latest = self._wanted_state(job), self._simulation.profile.until, self._latest_end(job)
        ended_at = self._closed_at.get(job.id, float("inf"))
        if ended_at > latest:
            self._broken(f"job {job.id} ended too late or never: {ended_at} is after {latest}")
        if job.state is JobState.FAILED:
            if not job.reason:
                self._broken(f"job {job.id} failed without a reason")
            if until < LONG_OUTAGE and not self._was_tried_often(job):
                self._broken(f"job {job.id} failed though faults had stopped: {job.reason}")
        elif job.state is JobState.CANCELLED:
            if job.id not in self._cancels:
                self._broken(f"job {job.id} was cancelled by nobody")
        elif job.state is not wanted:
            self._broken(f"job {job.id} is {job.state} in the end")
        mails, least = self._mails[job.id], int(job.state is not JobState.CANCELLED)
        most = least and 1 + self._second_mails[job.id] + self._wanted_again[job.id]
        if least and job.notice.state is not NoticeState.SENT:
            self._broken(f"nobody recorded the mail about job {job.id}")
        if not least <= mails <= most:
            self._broken(f"{mails} mails about job {job.id}, {self._second_mails[job.id]} senders died")

    def _latest_end(self, job: Job) -> float:
        profile, asked_at = self._simulation.profile, self._simulation.seconds(job.requested_at)
        calm = profile.until + LONGEST_JUMP if profile.jump else profile.until
        if profile.poison.startswith("plan"):
            return max(asked_at, calm) + _POISON_ENDS
        return max(asked_at + DEADLINE.total_seconds(), calm) + 2 * CHECK_BUILD.total_seconds()

    def _wanted_state(self, job: Job) -> JobState:
        poison = self._simulation.profile.poison
        if job.report == TABLE.code:
            return JobState.FAILED if poison.startswith("plan") else JobState.READY
        if poison.startswith("plan") or (poison and self._wanted(job)[0]):
            return JobState.FAILED
        return JobState.READY if self._wanted(job)[0] else JobState.NO_RESULTS

    def _was_tried_often(self, job: Job) -> bool:
        """Whether the reason of a job that failed is one that was seen often enough."""
        if job.reason == NOT_BUILT:
            chunks = self._simulation.table.chunks(job)
            return any(chunk.attempts_in_vain >= MOST_ATTEMPTS for chunk in chunks)
        return any(
            job.reason == reason and self._in_vain[job.id, state] >= MOST_STEP_ATTEMPTS
            for state, reason in GIVEN_UP_AS.items()
        )

    def _check_retry(self, job: Job) -> None:
        retried = self._simulation.table.job(job.lea, job.retry.of)
        last = self._simulation.table.job(job.lea, retried.retried_as or "")
        if retried.state.is_open or last is None or last.retry is None or last.retry.of != retried.id:
            self._broken(f"job {job.id} retries {retried.id}, which does not tell so")

    def _archives(self, job: Job) -> list[bytes]:
        return [self._simulation.bucket.objects[archive.key] for archive in job.files]

    def _check_sizes(self, job: Job, contents: Sequence[bytes]) -> None:
        if [len(content) for content in contents] != [archive.size for archive in job.files]:
            self._broken(f"the archives of job {job.id} are not what the job says")
        largest = max(
            chunk.size + chunk.count * MOST_BYTES_LISTED for chunk in self._simulation.table.chunks(job)
        )
        if max(map(len, contents)) > max(
            self._simulation.profile.archive_bytes, largest + MOST_BYTES_OF_EMPTY_LISTS
        ):
            self._broken(f"an archive of job {job.id} is too large")

    def _check_archives(self, job: Job, faultless: Sequence[bytes]) -> None:
        contents = self._archives(job)
        self._check_sizes(job, contents)
        made, wanted = Contents(contents), Contents(faultless)
        listed = [_ssr(row) for row in (*made.manifest, *made.not_included)]
        found, left_out = self._wanted(job)
        if sorted(listed) != sorted(found | left_out):
            self._broken(f"the lists of job {job.id} are not its roster: {listed}")
        if {_ssr(row) for row in made.not_included if row["Reason"] == NOT_SELECTED} != left_out:
            self._broken(f"job {job.id} left out others than those that are gone: {left_out}")
        if (job.progress.made, job.progress.not_included) != (len(made.manifest), len(made.not_included)):
            self._broken(f"job {job.id} does not count what its archive holds: {job.progress}")
        if (
            made.not_included
            and self._simulation.bucket.objects.get(not_included_key(job.lea, job.id))
            != made.not_included_csv
        ):
            self._broken(f"the list of what job {job.id} lacks is not the one in its archive")
        given_up = [row for row in made.not_included if row["Reason"] == NOT_BUILT]
        if not given_up and contents != list(faultless):
            self._broken(f"the archives of job {job.id} are not those of a run without faults")
        tried_often = sum(
            chunk.count
            for chunk in self._simulation.table.chunks(job)
            if chunk.state is ChunkState.GIVEN_UP and chunk.attempts_in_vain >= MOST_ATTEMPTS
        )
        if len(given_up) != tried_often:
            self._broken(f"job {job.id} gave up other SSRs than it should")
        if any(str(SECRET).encode() in file for file in made.files.values()):
            self._broken(f"job {job.id} hands out a result before its day")
        if any(wanted.files.get(name) != file for name, file in made.files.items()):
            self._broken(f"a file of job {job.id} is not the one of a run without faults")
        if any(row not in wanted.manifest for row in made.manifest) or any(
            row not in wanted.not_included for row in made.not_included if row not in given_up
        ):
            self._broken(f"a row of job {job.id} is not the one of a run without faults")

    def _check_table(self, job: Job, faultless: Sequence[bytes]) -> None:
        """Compare a table with that of a run without faults, and with the students whom we know ourselves."""
        objects = self._simulation.bucket.objects
        if [objects.get(file.key) for file in job.files] != list(faultless):
            self._broken(f"the table of job {job.id} is not that of a run without faults")
            return
        [content] = faultless
        if [file.size for file in job.files] != [len(content)]:
            self._broken(f"the table of job {job.id} is not as large as the job says")
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        counts = {row["School CDS Code"]: int(row["All Grades"]) for row in rows}
        enrolled = enrolled_of(job)
        everybody = counts.pop("", None)
        if everybody != enrolled.total() or +Counter(counts) != enrolled:
            self._broken(f"the table of job {job.id} counts other students than its LEA has: {counts}")
        progress = job.progress
        if (progress.total, progress.made, progress.not_included) != (len(rows), len(rows), 0):
            self._broken(f"job {job.id} counts other rows than its table has: {progress}")
        if self._simulation.table.chunks(job):
            self._broken(f"job {job.id} was to be made at once, and has chunks")

    def _check_bucket(self, archives: set[str]) -> None:
        folders = {f"{job.lea}/{job.id}" for job in self.jobs()}
        ready = {f"{job.lea}/{job.id}" for job in self.jobs() if job.state is JobState.READY}
        for key in self._simulation.bucket.objects:
            area, _, rest = key.partition("/")
            folder = "/".join(rest.removesuffix(".csv").split("/")[:2])
            if area not in {"work", "archives", "not-included"} or folder not in folders:
                self._broken(f"{key} belongs to no job")
            if area == "archives" and folder in ready and key not in archives:
                self._broken(f"{key} is nobody's archive")


class Contents:
    """What archives hold together: PDFs, and the rows of their lists; `not_included_csv` lists what they lack."""

    def __init__(self, contents: Sequence[bytes]) -> None:
        self.files: dict[str, bytes] = {}
        self.manifest: list[dict[str, str]] = []
        self.not_included: list[dict[str, str]] = []
        lists = []
        for content in contents:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                if archive.testzip() is not None:
                    raise Violation("an archive is damaged")
                files = {name: archive.read(name) for name in archive.namelist() if name.endswith(".pdf")}
                (name,) = (name for name in archive.namelist() if name.endswith(f"_{MANIFEST}.csv"))
                stem = name.removesuffix(f"_{MANIFEST}.csv")
                missing = list_name(stem, NOT_INCLUDED, "csv")
                manifest = _rows(archive, name)
                self.not_included += _rows(archive, missing)
                lists.append(archive.read(missing))
            if files.keys() != {row["File"] for row in manifest} or files.keys() & self.files.keys():
                raise Violation("an archive does not list its own files, or another has them too")
            self.files |= files
            self.manifest += manifest
        headings = lists[0].partition(b"\r\n")[0] + b"\r\n"
        self.not_included_csv = headings + b"".join(each.removeprefix(headings) for each in lists)


def _ssr(row: dict[str, str]) -> tuple[str, str]:
    return row["SSID"], row["Language"]


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
