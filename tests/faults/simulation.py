"""One run: the real steps of jobs over twins in memory, with faults, all from one seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, Role, RoleAssignment
from lea_reports.catalog import CATALOG
from lea_reports.delivery.links import Link
from lea_reports.delivery.mail import MemoryMailer
from lea_reports.delivery.repeat_notice import repeat_notice
from lea_reports.delivery.send_notice import send_notice
from lea_reports.errors import Transient
from lea_reports.jobs import dependencies
from lea_reports.jobs.build_chunk import build_chunk
from lea_reports.jobs.cancel_job import cancel_job
from lea_reports.jobs.finish_job import finish_job
from lea_reports.jobs.messages import BuildMessage, MemoryQueue, NoticeMessage, Step
from lea_reports.jobs.plan_job import plan_job
from lea_reports.jobs.reconcile import reconcile
from lea_reports.jobs.retry_job import retry_job
from lea_reports.jobs.storage import MemoryStorage
from lea_reports.jobs.store import MemoryJobStore, submitted
from lea_reports.jobs.submit_request import submit_request
from lea_reports.jobs.worker import Worker as Invocation
from lea_reports.producers import producers_of
from lea_reports.reports.request import report_request
from lea_reports.ssr_archive.planning import Limits
from lea_reports.telemetry.events import MemoryTelemetry
from tests.faults.districts import DEADLY, DISTRICTS, PUBLICATIONS, body_of, table_of
from tests.faults.engine import SmallEngine
from tests.faults.profile import DIES, HOUR, LONGEST_JUMP, MINUTE, Profile, drawn
from tests.faults.random_source import RandomSource
from tests.faults.remembering import datasets, prepare_work_area
from tests.faults.watch import Violation, Watch
from tests.faults.workers import Killed, Outcome, TurnLock, Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lea_reports.datasets.snapshots import Snapshots
    from lea_reports.jobs.job import Job
    from lea_reports.jobs.storage import Upload
    from lea_reports.ssr.results.student_result import StudentResult

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

DELIVERIES = 5
BUILD_LIMIT, NOTICE_LIMIT = 900.0, 60.0
FIRST_PAUSE = timedelta(seconds=30)
_VISIBILITY = 6
"""How the queues and functions are deployed; a test compares these with `infra` and the handler."""

_RECONCILE_EVERY = MINUTE
_LONGEST_RUN = 40 * HOUR
_MOST_TURNS = 60_000
_MOST_IN_A_BATCH = 10
_MERGED_SSRS = 12
_MOST_IMPATIENT = 3
_POISONED = {"plan": ("datasets", "rows"), "assembly": ("bucket", "join")}
"""The call at which a poisoned step breaks every time, or its worker dies."""


@dataclass(eq=False)
class Delivery:
    """A message in a queue: when it can be received, and how often it was."""

    queue: str
    message: BuildMessage | NoticeMessage
    visible_at: float
    receipt: str
    receives: int = 0


@dataclass(eq=False)
class Request:
    """What a coordinator asks for and when; it is asked again until the answer comes."""

    at: float
    lea: str
    body: dict[str, Any]
    person: Identity


@dataclass(eq=False)
class Visit:
    """What a coordinator does about the jobs that an LEA has by then: `does` is a row of `Simulation.actions`."""

    at: float
    lea: str
    does: str


class Faulty:
    """A twin whose every call may be interrupted, fail before or after its effect, or be the worker's last."""

    def __init__(self, simulation: Simulation, place: str, target: object) -> None:
        self._simulation = simulation
        self._place = place
        self._target = target

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)
        simulation, place = self._simulation, self._place

        def call(*args: Any, **options: Any) -> Any:
            return simulation.call(place, name, lambda: method(*args, **options), args)

        setattr(self, name, call)
        return call


class FaultyBucket(Faulty):
    """The bucket; an upload is a call for each thing that is done with it."""

    def upload(self, key: str) -> FaultyUpload:
        """Begin an object."""
        begun = self._simulation.call(self._place, "upload", lambda: self._target.upload(key), (key,))
        return FaultyUpload(self._simulation, key, begun)


class FaultyUpload:
    """An upload that may break at any part; one whose worker died is never given up by it."""

    def __init__(self, simulation: Simulation, key: str, upload: Upload) -> None:
        self._simulation = simulation
        self._key = key
        self._upload = upload
        self._worker = simulation.turns.holder

    def __enter__(self) -> Self:
        self._upload.__enter__()
        return self

    def __exit__(self, *how: object) -> None:
        if self._worker is None or not self._worker.dead:
            self._upload.__exit__(*how)

    def write(self, content: bytes) -> None:
        """Add bytes."""
        self._simulation.call("bucket", "write", lambda: self._upload.write(content), (self._key,))

    def complete(self, front: bytes = b"") -> int:
        """Make the object."""
        return self._simulation.call("bucket", "complete", lambda: self._upload.complete(front), (self._key,))


class FaultyTable(Faulty):
    """The table; a request is stored, and its twin looked for, by a call each, and chunks are written one by one."""

    def submit(self, job: Job) -> Job:
        """Store a job, or find its twin."""
        return submitted(self, job)

    def add_chunks(self, job: Job, chunks: Any) -> None:
        """Write each chunk by a call of its own."""
        for chunk in chunks:
            self._simulation.call(
                self._place, "add_chunks", lambda one=chunk: self._target.add_chunks(job, [one]), (job, chunk)
            )


class FaultyQueue(Faulty):
    """A queue that takes ten messages at once, perhaps not all of them, and may lose one without a word."""

    def send(self, messages: Any) -> None:
        """Send in batches."""
        for first in range(0, len(messages), _MOST_IN_A_BATCH):
            batch = messages[first : first + _MOST_IN_A_BATCH]
            taken = [message for message in batch if not self._simulation.goes_lost()]
            self._simulation.call(
                self._place, "send", lambda some=taken: self._target.send(some), tuple(batch)
            )


class CurrentDatasets:
    """The datasets as they are at this moment of a run."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        published = datasets()
        self.directory = published.directory
        self.rows = published.rows

    def pinned(self) -> Snapshots:
        """Return what is published by now."""
        return PUBLICATIONS[self._simulation.clock >= self._simulation.published_again_at]


class Simulation:
    """The cloud of one run; `run` works until nothing is left to do."""

    def __init__(
        self, seed: int, profile: Profile | None = None, requests: list[Request] | None = None
    ) -> None:
        prepare_work_area()
        self.random = RandomSource(seed)
        self.profile = profile or drawn(self.random)
        self.published_again_at = self.random.between(0, 3 * HOUR)
        self.clock = 0.0
        self.turns = TurnLock()
        self.trace: list[tuple[Any, ...]] = []
        self.faults: Counter[str] = Counter()
        self.table, self.bucket, self.mailer = MemoryJobStore(), MemoryStorage(), MemoryMailer()
        self.queues = {"builds": MemoryQueue(), "notices": MemoryQueue()}
        self.telemetry = MemoryTelemetry()
        self.watch = Watch(self)
        self.deliveries: list[Delivery] = []
        self.dead_letters: list[Delivery] = []
        self.workers: list[Worker] = []
        self._late: list[tuple[float, Callable[[], None]]] = []
        self._started = 0
        self._sent = 0
        self._next_reconcile = 0.0
        self._redriven = not self.profile.redrive
        self.requests = self._drawn_requests() if requests is None else requests
        self.visits = self._drawn_visits() if requests is None else []
        self._asked: list[Request] = []
        self._impatience = 0 if requests is not None else self.random.below(_MOST_IMPATIENT + 1)
        self.actions = {"cancel": self._cancel, "notice again": self._notice_again, "retry": self._retry}
        self.datasets = Faulty(self, "datasets", CurrentDatasets(self))
        limits = Limits(
            chunk_ssrs=self.profile.chunk_ssrs,
            merged_file_ssrs=_MERGED_SSRS,
            archive_bytes=self.profile.archive_bytes,
        )
        self.dependencies = dependencies.BuildDependencies(
            jobs=FaultyTable(self, "table", self.table),
            builds=FaultyQueue(self, "builds", self.queues["builds"]),
            notices=FaultyQueue(self, "notices", self.queues["notices"]),
            producers=producers_of(
                datasets=self.datasets,
                storage=FaultyBucket(self, "bucket", self.bucket),
                engine=SmallEngine(self.rendering),
                limits=limits,
                telemetry=self.telemetry,
            ),
            telemetry=self.telemetry,
            window=dependencies.Window(self.profile.open_chunks),
        )
        self._links = Faulty(self, "links", _Links())
        self._mailer = Faulty(self, "mail", self.mailer)

    @property
    def faulty(self) -> bool:
        """Whether things still go wrong."""
        return self.clock < self.profile.until

    @staticmethod
    def seconds(time: datetime) -> float:
        """Return a time as the clock of the run shows it."""
        return (time - START).total_seconds()

    def run(self) -> None:
        """Work until nothing is left to do.

        Raises:
            Violation: a promise was broken.
        """
        for _ in range(_MOST_TURNS):
            self._take_in()
            turn = self._next_turn()
            if turn is None:
                return
            turn()
            if self.watch.violation is not None:
                raise self.watch.violation
            if self.clock > _LONGEST_RUN:
                raise Violation("the run does not come to its end")
        raise Violation("turn after turn and no end")

    # What happens next.

    def _next_turn(self) -> Callable[[], None] | None:
        while True:
            turns = self._turns()
            if turns:
                return self.random.one_of(turns)
            times = self._times()
            if not times:
                return None
            self.clock = max(self.clock, min(times))

    def _turns(self) -> list[Callable[[], None]]:
        now = self.clock
        turns: list[Callable[[], None]] = [
            lambda worker=worker: self._resume(worker) for worker in self.workers if worker.wakes_at <= now
        ]
        if len(self.workers) < self.profile.workers:
            turns += [
                lambda delivery=delivery: self._receive(delivery)
                for delivery in self.deliveries
                if delivery.visible_at <= now
            ]
        turns += [
            lambda request=request: self._ask(request) for request in self.requests if request.at <= now
        ]
        turns += [lambda visit=visit: self._visit(visit) for visit in self.visits if visit.at <= now]
        turns += [lambda late=late: self._land(late) for late in self._late if late[0] <= now]
        check = self._first_check()
        if check is not None and max(check, self._next_reconcile) <= now:
            turns.append(self._reconcile)
        if not self._redriven and not self.faulty:
            turns.append(self._redrive)
        return turns

    def _times(self) -> list[float]:
        times = [worker.wakes_at for worker in self.workers]
        if len(self.workers) < self.profile.workers:
            times += [delivery.visible_at for delivery in self.deliveries]
        times += [request.at for request in self.requests]
        times += [visit.at for visit in self.visits]
        times += [late[0] for late in self._late]
        check = self._first_check()
        if check is not None:
            times.append(max(check, self._next_reconcile))
        if not self._redriven and (self.dead_letters or times):
            times.append(self.profile.until)
        return times

    def _first_check(self) -> float | None:
        checks = [job.check_at for job in self.watch.jobs() if job.check_at is not None]
        return self.seconds(min(checks)) if checks else None

    def _take_in(self) -> None:
        """Put what was sent into the queues, and show again early what workers asked for."""
        for name, queue in self.queues.items():
            for message in queue.sent:
                delay = self.random.between(0, 30) if self.faulty and self.random.happens(0.2) else 0.0
                self._sent += 1
                self.deliveries.append(Delivery(name, message, self.clock + delay, f"receipt-{self._sent}"))
            queue.sent.clear()
            for receipt, after in queue.delivered_again:
                for delivery in self.deliveries:
                    if delivery.receipt == receipt:
                        delivery.visible_at = self.clock + after.total_seconds()
            queue.delivered_again.clear()

    # Workers.

    def _start(self, kind: str, lea: str | None, limit: float, body: Callable[[Worker], None]) -> Worker:
        self._started += 1
        if self.profile.zombies and limit > NOTICE_LIMIT and self.faulty:
            limit *= 4
        skew = self.random.between(-self.profile.skew, self.profile.skew) if self.faulty else 0.0
        worker = Worker(f"{kind}-{self._started}", lea, skew, self.clock + limit, self.clock)
        self.workers.append(worker)
        self.turns.start(worker, lambda: body(worker))
        self._resume(worker)
        return worker

    def _resume(self, worker: Worker) -> None:
        self.turns.give(worker)
        if worker.done:
            self.workers.remove(worker)
            self.watch.ended(worker)

    def _now(self, worker: Worker) -> datetime:
        return START + timedelta(seconds=self.clock + worker.skew)

    def _receive(self, delivery: Delivery) -> None:
        if delivery.receives == DELIVERIES:
            self.deliveries.remove(delivery)
            self.dead_letters.append(delivery)
            self._note("queue", "gives up", delivery.message)
            return
        delivery.receives += 1
        limit = BUILD_LIMIT if delivery.queue == "builds" else NOTICE_LIMIT
        again = self.faulty and self.random.happens(self.profile.duplicate)
        delivery.visible_at = self.clock + (self.random.between(0, 600) if again else _VISIBILITY * limit)
        kind = delivery.message.step.value if delivery.queue == "builds" else "notice"
        self._start(kind, delivery.message.lea, limit, lambda worker: self._handle(worker, delivery))

    def _handle(self, worker: Worker, delivery: Delivery) -> None:
        """Do what the handlers do with a message."""
        message = delivery.message
        with Outcome() as outcome:
            if isinstance(message, NoticeMessage):
                self._notice(worker, message)
            else:
                self._build(worker, message)
        if outcome.error is not None:
            worker.error = outcome.error
            if delivery.queue == "builds" and not worker.dead:
                pause = FIRST_PAUSE * 2 ** (delivery.receives - 1)
                self.dependencies.builds.deliver_again(delivery.receipt, pause)
            return
        if self.faulty and self.random.happens(self.profile.duplicate / 4):
            return
        if delivery in self.deliveries:
            self.deliveries.remove(delivery)

    def _build(self, worker: Worker, message: BuildMessage) -> None:
        invocation = Invocation(
            worker.name,
            lambda: self._now(worker),
            lambda: timedelta(seconds=worker.dies_at - self.clock),
        )
        match message.step:
            case Step.PLAN:
                plan_job(self.dependencies, message.lea, message.job, invocation)
            case Step.CHUNK:
                build_chunk(self.dependencies, message.lea, message.job, message.chunk or 0, invocation)
            case Step.FINISH:
                finish_job(self.dependencies, message.lea, message.job, invocation)

    def _notice(self, worker: Worker, message: NoticeMessage) -> None:
        worker.notice_of = message.job
        send_notice(
            self.dependencies.jobs, self._links, self._mailer, self.telemetry,
            lea=message.lea, job_id=message.job, now=self._now(worker),
        )  # fmt: skip

    def _reconcile(self) -> None:
        self._next_reconcile = self.clock + _RECONCILE_EVERY
        if self.faulty and self.profile.duplicate and self.random.happens(0.1):
            self._next_reconcile = self.clock
        self._start(
            "reconcile", None, BUILD_LIMIT, lambda worker: reconcile(self.dependencies, self._now(worker))
        )

    def _redrive(self) -> None:
        self._redriven = True
        for delivery in self.dead_letters:
            self._note("operator", "redrives", delivery.message)
            delivery.receives, delivery.visible_at = 0, self.clock
        self.deliveries += self.dead_letters
        self.dead_letters.clear()

    def _ask(self, request: Request) -> None:
        self.requests.remove(request)
        self._asked.append(request)

        def body(worker: Worker) -> None:
            job = submit_request(
                asked=report_request(request.body, CATALOG),
                secret=None,
                caller=Caller(request.person, RoleAssignment(Role.LEA_CAASPP_COORDINATOR, request.lea)),
                job_id=f"{self._started:026d}",
                now=self._now(worker),
                jobs=self.dependencies.jobs,
                datasets=self.datasets,
                builds=self.dependencies.builds,
                telemetry=self.telemetry,
            )
            self.watch.answered(request, job)

        worker = self._start("request", request.lea, NOTICE_LIMIT, body)
        self.watch.asked(worker, request)

    def ask_again(self, request: Request) -> None:
        """Let a coordinator who got no answer ask again."""
        request.at = self.clock + 10
        self.requests.append(request)

    def _drawn_requests(self) -> list[Request]:
        random, found = self.random, []
        for number in range(1 + random.below(3)):
            district = random.one_of(DISTRICTS)
            body = body_of(
                f"Request{number}",
                merge=random.happens(0.4),
                nothing=random.happens(0.05),
                ahead=random.happens(0.4),
            )
            if random.happens(0.2):
                body = table_of(f"Request{number}")
            person = Identity(f"person-{district.lea}", f"{district.lea}@example.org")
            at = random.between(0, 300)
            found.append(Request(at, district.lea, body, person))
            if random.happens(0.3):
                found.append(Request(at + random.between(0, 60), district.lea, body, person))
        return found

    def _drawn_visits(self) -> list[Visit]:
        found = []
        for request in self.requests:
            if self.random.happens(0.1):
                found.append(Visit(self.random.between(0, HOUR), request.lea, "cancel"))
            if self.random.happens(0.2):
                found.append(Visit(self.random.between(0, 4 * HOUR), request.lea, "notice again"))
            while self.random.happens(0.3):
                found.append(Visit(self.random.between(0, 4 * HOUR), request.lea, "retry"))
        return found

    def _visit(self, visit: Visit) -> None:
        self.visits.remove(visit)
        for job in self.watch.jobs():
            if job.lea == visit.lea:
                action = self.actions[visit.does]
                self.watch.visited(visit.does, job)
                self._start(
                    visit.does.replace(" ", "-"),
                    job.lea,
                    NOTICE_LIMIT,
                    lambda worker, action=action, seen=job: action(worker, seen),
                )

    def _cancel(self, worker: Worker, job: Job) -> None:
        found = self.dependencies.jobs.job(job.lea, job.id)
        cancel_job(found, jobs=self.dependencies.jobs, telemetry=self.telemetry, now=self._now(worker))

    def _notice_again(self, worker: Worker, job: Job) -> None:
        found = self.dependencies.jobs.job(job.lea, job.id)
        now = self._now(worker)
        repeat_notice(
            found,
            jobs=self.dependencies.jobs,
            notices=self.dependencies.notices,
            telemetry=self.telemetry,
            now=now,
        )

    def _retry(self, worker: Worker, job: Job) -> None:
        job_id = f"{self._started:026d}"
        found = self.dependencies.jobs.job(job.lea, job.id)
        retry_job(
            job=found,
            secret=None,
            caller=Caller(found.requester, RoleAssignment(Role.LEA_CAASPP_COORDINATOR, job.lea)),
            job_id=job_id,
            now=self._now(worker),
            jobs=self.dependencies.jobs,
            datasets=self.datasets,
            builds=self.dependencies.builds,
            telemetry=self.telemetry,
        )

    # Calls.

    def call(self, place: str, name: str, effect: Callable[[], Any], args: tuple[Any, ...]) -> Any:
        """Do one call of a twin for the worker that runs, or let it fail."""
        worker = self.turns.holder
        if worker is None:
            return effect()
        self._ask_as_it_ends(worker, name, args)
        self._pause(worker, 0.3)
        if name == "add":
            self.watch.submitted(args[0])

        def lands() -> None:
            self.watch.after(worker, place, name, args, effect())

        fault = self._fault(place, lands)
        if fault:
            worker.failed_calls.add(name)
        self.trace.append((self.clock, worker.name, place, name, args, fault))
        if fault == "refused":
            raise _refusal(place, name)
        if fault.startswith("dies before"):
            self._kill(worker)
        if (place, name) == _POISONED.get(self.profile.poison.removesuffix(DIES)):
            self._take_poison(worker)
        result = effect()
        self.watch.after(worker, place, name, args, result)
        if fault == "dies after":
            self._kill(worker)
        if fault == "answer lost":
            raise _refusal(place, "answer")
        return result

    def _ask_as_it_ends(self, worker: Worker, name: str, args: tuple[Any, ...]) -> None:
        """Let an impatient coordinator ask for the same again in the instant in which a job of theirs ends."""
        if name != "move" or args[1].state.is_open or not self._impatience:
            return
        asked = [request for request in self._asked if request.lea == args[1].lea]
        if asked and self.random.happens(0.5):
            self._impatience -= 1
            self.requests.append(replace(self.random.one_of(asked), at=self.clock))
            worker.wakes_at = self.clock
            self.turns.hand_back(worker)

    def rendering(self, result: StudentResult) -> None:
        """Let the time pass that an SSR takes; a worker may die in it."""
        worker = self.turns.holder
        if worker is not None:
            self._pause(worker, 2.0)
            deadly = self.profile.deadly and result.last_name == DEADLY
            if deadly or self._happens(self.profile.crash / 4):
                self.trace.append((self.clock, worker.name, "engine", "render", (), "dies"))
                self.faults["dies in rendering"] += 1
                self._kill(worker)

    def goes_lost(self) -> bool:
        """Whether a message is lost without a word."""
        lost = self._happens(self.profile.lost)
        self.faults["lost"] += lost
        return lost

    def _happens(self, probability: float) -> bool:
        return self.faulty and self.random.happens(probability)

    def _fault(self, place: str, lands: Callable[[], None]) -> str:
        if not self.faulty:
            return ""
        fault = ""
        if self.random.happens(self.profile.crash):
            fault = self.random.one_of(
                ("dies before", "dies before", "dies after", "dies after", "dies before, lands late")
            )
            if fault == "dies before, lands late" and place not in {"mail", "datasets", "links"}:
                self._late.append((self.clock + self.random.between(0, 60), lands))
        elif self.random.happens(self._refuses(place)):
            fault = self.random.one_of(("refused", "answer lost"))
        if fault:
            self.faults[fault] += 1
        return fault

    def _refuses(self, place: str) -> float:
        profile = self.profile
        if place in {"builds", "notices"}:
            return profile.queue_refuses
        if place == "table":
            return profile.table_refuses
        return profile.mail_refuses if place in {"mail", "links"} else profile.bucket_refuses

    def _pause(self, worker: Worker, longest: float) -> None:
        if worker.dead:
            raise Killed
        if self.profile.switch:
            self.clock += self.random.between(0, longest)
            if self._happens(self.profile.jump):
                self.clock += self.random.between(MINUTE, LONGEST_JUMP)
                self.faults["jump"] += 1
        if self._happens(self.profile.slow):
            worker.wakes_at = self.clock + self.random.between(10, 1500)
            self.faults["slow"] += 1
            self.turns.hand_back(worker)
        elif self.random.happens(self.profile.switch):
            worker.wakes_at = self.clock
            self.turns.hand_back(worker)
        if self.clock > worker.dies_at:
            self.trace.append((self.clock, worker.name, "platform", "time is up", (), ""))
            self._kill(worker)

    def _take_poison(self, worker: Worker) -> None:
        self.faults[f"poisoned {self.profile.poison}"] += 1
        if self.profile.poison.endswith(DIES):
            self._kill(worker)
        raise ArithmeticError

    def _kill(self, worker: Worker) -> None:
        worker.dead = True
        raise Killed

    def _land(self, late: tuple[float, Callable[[], None]]) -> None:
        """Let a call of a worker that is dead take its effect at last."""
        self._late.remove(late)
        self.trace.append((self.clock, "network", "late", "call lands", (), ""))
        with Outcome() as outcome:
            late[1]()
        if outcome.error is not None:
            self.trace.append((self.clock, "network", "late", "call fails", (outcome.error,), ""))
        self.watch.look()

    def _note(self, who: str, what: str, message: object) -> None:
        self.trace.append((self.clock, who, "", what, (message,), ""))


class _Links:
    def links(self, job: Job, now: datetime) -> Sequence[Link]:
        expires_at = now + timedelta(hours=24)
        return [Link(f"https://example.org/{archive.key}", expires_at) for archive in job.files]


def _refusal(place: str, name: str) -> Exception:
    if place == "links" or (place, name) == ("mail", "answer"):
        return OSError(f"{place} is away")
    return Transient(f"{place} is away")
