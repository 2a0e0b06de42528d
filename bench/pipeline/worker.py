"""Stands in front of a function's handler and writes down what every invocation did.

The bench ships this file alone, in a layer, so it imports nothing of the bench. It is told by the environment:
`MEASURED_HANDLER` names the function's own handler (`build_report.handler.handle`), `MEASURED_INTO` the folder of
notes.

Time is that of the thread that runs the handler, and each moment belongs to the innermost kind of work that is going
on. What other threads send to S3 meanwhile takes none of it, until the handler waits for them.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import Counter, defaultdict
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from botocore.handlers import BUILTIN_HANDLERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType

    from botocore.model import OperationModel

    from lea_reports.datasets.reader import DatasetReader
    from lea_reports.jobs.storage import CopiedRange, Joined, Storage, Upload
    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.engine.ssr_engine import (
        MergedEntry,
        MergeOptions,
        Sink,
        SsrEngine,
        SsrFailure,
        SsrFile,
    )
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.ssr_archive.planning import Limits
    from lea_reports.telemetry.events import Telemetry

T = TypeVar("T")
P = ParamSpec("P")

RENDERING, READING, OTHER = "rendering", "reading", "other"
S3, DYNAMODB, SQS = "s3", "dynamodb", "sqs"
_SERVICES = {"s3": S3, "dynamodb": DYNAMODB, "sqs": SQS}
_TO_RESET_THE_PEAK = "5"  # proc(5), clear_refs
_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


class Stopwatch:
    """Gives every moment of one thread to the innermost kind of work."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._going_on = [OTHER]
        self._wall, self._processor = perf_counter(), thread_time()
        self.wall: defaultdict[str, float] = defaultdict(float)
        """Seconds that passed, by kind of work."""
        self.processor: defaultdict[str, float] = defaultdict(float)
        """Seconds that the processor worked on it, by kind of work."""

    def begin(self, kind: str) -> None:
        """Go on to a kind of work; other threads are not measured."""
        if threading.get_ident() == self._thread:
            self.lap()
            self._going_on.append(kind)

    def end(self) -> None:
        """Go back to what was going on before."""
        if threading.get_ident() == self._thread:
            self.lap()
            self._going_on.pop()

    def lap(self) -> None:
        """Note the time since the last change."""
        wall, processor = perf_counter(), thread_time()
        kind = self._going_on[-1]
        self.wall[kind] += wall - self._wall
        self.processor[kind] += processor - self._processor
        self._wall, self._processor = wall, processor


class Note:
    """What one invocation did."""

    def __init__(self) -> None:
        self.watch = Stopwatch()
        self.calls: Counter[str] = Counter()
        """Requests to AWS, by service and operation."""
        self.sent: Counter[str] = Counter()
        """Bytes of objects sent to S3, by what they are."""
        self.received: Counter[str] = Counter()
        """Bytes of objects read from S3."""
        self.writes: Counter[str] = Counter()
        """Items written to DynamoDB one by one, by the first word of their sort key."""
        self.transacted: Counter[str] = Counter()
        """Items written in transactions, in the same way."""
        self.messages = 0
        """Messages sent to SQS."""
        self._lock = threading.Lock()

    def count(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        """Count a request by what it asks for."""
        with self._lock:
            self.calls[f"{service}:{operation}"] += 1
            match service, operation:
                case "dynamodb", "PutItem" | "UpdateItem" | "DeleteItem":
                    self.writes[_row(params)] += 1
                case "dynamodb", "TransactWriteItems":
                    for item in params["TransactItems"]:
                        self.transacted[_row(next(iter(item.values())))] += 1
                case "sqs", "SendMessage":
                    self.messages += 1
                case "sqs", "SendMessageBatch":
                    self.messages += len(params["Entries"])
                case "s3", "PutObject" | "UploadPart":
                    self.sent[_object(params["Key"])] += len(params["Body"])

    def read(self, size: int) -> None:
        """Count bytes of an object that was read."""
        with self._lock:
            self.received["GetObject"] += size

    def as_json(self, **about: object) -> str:
        """Return the line to write down."""
        self.watch.lap()
        values = {
            "wall": self.watch.wall,
            "processor": self.watch.processor,
            "calls": self.calls,
            "sent": self.sent,
            "received": self.received,
            "writes": self.writes,
            "transacted": self.transacted,
            "messages": self.messages,
        }
        return json.dumps(about | values)


def _object(key: str) -> str:
    """Return what an object is, by its key: a roster, the index of a fragment, a fragment or a part of the archive."""
    name = key.rpartition("/")[2]
    if name.endswith(".json.gz"):
        return "indexes"
    return next((kind for kind in ("roster", "fragment") if name.startswith(f"{kind}-")), "archive")


def _row(write: Mapping[str, Any]) -> str:
    """Return what kind of row an item is: the first word of its sort key."""
    key = write.get("Item") or write["Key"]
    return str(key["sk"]["S"]).partition("#")[0]


class _Now:
    """The note of the invocation that is going on."""

    note = Note()


def _provide_client_params(params: Mapping[str, Any], model: OperationModel, **_: object) -> None:
    _Now.note.count(model.service_model.service_name, model.name, params)


def _before_call(model: OperationModel, **_: object) -> None:
    _Now.note.watch.begin(_SERVICES.get(model.service_model.service_name, OTHER))


def _after_call(model: OperationModel, parsed: Mapping[str, Any], **_: object) -> None:
    _Now.note.watch.end()
    if model.name == "GetObject":
        _Now.note.read(parsed.get("ContentLength", 0))


def _after_call_error(**_: object) -> None:
    _Now.note.watch.end()


def _each(kind: str, items: Iterable[T]) -> Iterator[T]:
    """Hand items on, and measure how long each takes to come."""
    coming = iter(items)
    while True:
        _Now.note.watch.begin(kind)
        try:
            item = next(coming)
        except StopIteration:
            return
        finally:
            _Now.note.watch.end()
        yield item


def _timed(kind: str, work: Callable[P, T]) -> Callable[P, T]:
    """Measure a function."""

    @wraps(work)
    def measured(*args: P.args, **options: P.kwargs) -> T:
        _Now.note.watch.begin(kind)
        try:
            return work(*args, **options)
        finally:
            _Now.note.watch.end()

    return measured


class _MeasuredEngine:
    """An engine whose work is rendering, without what it reads from and writes to."""

    def __init__(self, engine: SsrEngine) -> None:
        self._engine = engine

    def single_files(
        self, results: Iterable[StudentResult], *, encryption: PdfEncryption | None = None
    ) -> Iterator[SsrFile | SsrFailure]:
        files = self._engine.single_files(_each(READING, results), encryption=encryption)
        return _each(RENDERING, files)

    def merge(
        self, results: Iterable[StudentResult], options: MergeOptions, sink: Sink
    ) -> Iterator[MergedEntry | SsrFailure]:
        outcomes = self._engine.merge(_each(READING, results), options, _timed(OTHER, sink))
        return _each(RENDERING, outcomes)


class _MeasuredUpload:
    """An upload; the handler waits for it now and then."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self.write = _timed(S3, upload.write)
        self.complete = _timed(S3, upload.complete)

    def __enter__(self) -> Self:
        self._upload.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _timed(S3, self._upload.__exit__)(kind, error, trace)


class _MeasuredStorage:
    """Storage of which every use is S3's time."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.put, self.get = _timed(S3, storage.put), _timed(S3, storage.get)

    def upload(self, key: str) -> _MeasuredUpload:
        return _MeasuredUpload(self._storage.upload(key))

    def join(self, key: str, parts: Iterable[Sequence[bytes | CopiedRange]]) -> Joined:
        return _timed(S3, self._storage.join)(key, _each(OTHER, parts))


def _measure_the_producers() -> None:
    """Let the build worker get its engine and its storage measured."""
    from lea_reports import producers

    furnished = producers.producers_of

    def measured(
        *, datasets: DatasetReader, storage: Storage, engine: SsrEngine, limits: Limits, telemetry: Telemetry
    ) -> object:
        return furnished(
            datasets=datasets,
            storage=_MeasuredStorage(storage),
            engine=_MeasuredEngine(engine),
            limits=limits,
            telemetry=telemetry,
        )

    vars(producers)["producers_of"] = measured


@contextmanager
def _noted(step: str, into: Path) -> Iterator[None]:
    """Write down what happens in a block."""
    Path("/proc/self/clear_refs").write_text(_TO_RESET_THE_PEAK, encoding="ascii")
    note = _Now.note = Note()
    began = perf_counter()
    try:
        yield
    finally:
        seconds = perf_counter() - began
        peak = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii", errors="replace"))
        line = note.as_json(
            function=os.environ["MEASURED_HANDLER"].partition(".")[0],
            step=step,
            seconds=seconds,
            peak_kb=int(peak[1]) if peak else 0,
        )
        with (into / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as notes:
            notes.write(line + "\n")


def _step(event: Mapping[str, Any]) -> str:
    """Return what an invocation is to do: a step of a job, or a request to the API."""
    if "httpMethod" in event:
        return f"{event['httpMethod']} {event.get('resource', '')}"
    if "Records" in event:
        return str(json.loads(event["Records"][0]["body"]).get("step", "notice"))
    return str(event.get("step", "unknown"))


def _handler() -> Callable[[dict[str, Any], object], object]:
    """Return the function's own handler, measured."""
    for name, hook in (
        ("provide-client-params", _provide_client_params),
        ("before-call", _before_call),
        ("after-call", _after_call),
        ("after-call-error", _after_call_error),
    ):
        BUILTIN_HANDLERS.append((name, hook))
    module, _, function = os.environ["MEASURED_HANDLER"].rpartition(".")
    if module == "build_report.handler":
        _measure_the_producers()
    own = vars(import_module(module))[function]
    into = Path(os.environ["MEASURED_INTO"])

    def handle(event: dict[str, Any], context: object) -> object:
        with _noted(_step(event), into):
            return own(event, context)

    return handle


if "MEASURED_HANDLER" in os.environ:
    handle = _handler()
