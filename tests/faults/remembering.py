"""Pure work that thousands of runs repeat is done once, and what threads do is done in place."""

from __future__ import annotations

from concurrent.futures import Future
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Self

from lea_reports.ssr_archive import work_area
from tests.faults.districts import published
from tests.faults.workers import Killed, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from lea_reports.datasets.dataset import Dataset
    from lea_reports.datasets.snapshots import Snapshots

_MOST = 4096


class RememberingReader:
    """The published districts; each question is answered from the files once."""

    def __init__(self) -> None:
        self._reader = published()
        self._answers: dict[Hashable, Any] = {}

    def directory(self, snapshots: Snapshots, lea: str) -> Any:
        """Return an LEA with its schools."""
        question = (snapshots.of("organizations"), lea)
        return self._answer(question, lambda: self._reader.directory(snapshots, lea))

    def rows(
        self,
        dataset: Dataset,
        snapshots: Snapshots,
        year: int,
        lea: str,
        columns: Sequence[str] | None = None,
    ) -> Any:
        """Return the rows of a partition."""
        question = (dataset.name, snapshots.of(dataset.name), year, lea, columns and tuple(columns))
        return self._answer(question, lambda: self._reader.rows(dataset, snapshots, year, lea, columns))

    def _answer(self, question: Hashable, find: Callable[[], Any]) -> Any:
        if question not in self._answers:
            self._answers[question] = find()
        return self._answers[question]


@cache
def datasets() -> RememberingReader:
    """Return the datasets that all runs of a process read."""
    return RememberingReader()


class InPlace:
    """Threads that are none: what is submitted is done at once, by the worker that has the turn."""

    def __init__(self, _at_once: int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        """Do it now; a fault waits for whoever asks for the result."""
        done: Future[Any] = Future()
        with Outcome() as outcome:
            done.set_result(work(*args))
        if isinstance(outcome.error, Killed):
            raise outcome.error
        if outcome.error is not None:
            done.set_exception(outcome.error)
        return done


@cache
def prepare_work_area() -> None:
    """Let the work area keep what it wrote and read, by the roster and by its bytes, and use no threads."""
    work_area.ThreadPoolExecutor = InPlace
    write, read = work_area.roster_file, work_area.results_of
    written: dict[Any, bytes] = {}

    def roster_file(entries: Sequence[Any], students: Any, scores: Any) -> bytes:
        key = (tuple(entries), id(students), id(scores))  # the datasets keeps its tables
        if key not in written:
            written[key] = write(entries, students, scores)
        return written[key]

    def results_of(content: bytes, school: Callable[[str], Any]) -> Iterator[Any]:
        yield from results(content, school)

    @lru_cache(_MOST)
    def results_by_content(content: bytes) -> tuple[Any, ...]:
        return tuple(read(content, schools[content]))

    schools: dict[bytes, Callable[[str], Any]] = {}

    def results(content: bytes, school: Callable[[str], Any]) -> tuple[Any, ...]:
        schools[content] = school
        return results_by_content(content)

    work_area.roster_file, work_area.results_of = roster_file, results_of
