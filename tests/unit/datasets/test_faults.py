from datetime import UTC, datetime, timedelta

import pytest
from ulid import ULID

from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.snapshots import partitions, read_pointer
from lea_reports.errors import Transient
from lea_reports.storage.objects import MemoryObjects

NOW = datetime(2026, 7, 11, tzinfo=UTC)
LEAS = ("99100010000000", "99100020000000")
SCHOOLS = ("99100016000001", "99100026000001")


class _Killed(BaseException):
    """The process was killed: no handler of ordinary errors may catch this."""


class FaultyObjects:
    """A store that fails at call number `failing`, and at every later one if the process is dead."""

    def __init__(self, objects, failing, error, *, dead):
        self._objects, self._failing, self._error, self._dead = objects, failing, error, dead
        self.calls = 0

    def __getattr__(self, name):
        method = getattr(self._objects, name)

        def call(*arguments):
            self.calls += 1
            if self.calls == self._failing or (self._dead and self.calls > self._failing):
                raise self._error
            return list(method(*arguments)) if name in {"keys", "folders"} else method(*arguments)

        return call


class SecondPutFails(FaultyObjects):
    """A store that fails while the second partition is written."""

    def __init__(self, objects):
        super().__init__(objects, 2, Transient("the line broke"), dead=False)

    def __getattr__(self, name):
        return super().__getattr__(name) if name == "put" else getattr(self._objects, name)


def contents(objects):
    """Return everything that the current snapshots hold, read as everybody reads it."""
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    held = {
        "organizations": datasets.organizations(pinned).to_pylist(),
        "rosters": read_pointer(objects).rosters,
    }
    for dataset in (STUDENTS, SCORES, SCORES_BY_ENROLLED, STUDENTS_BY_ENROLLED):
        held[dataset.name] = {lea: datasets.rows(dataset, pinned, 2026, lea).to_pylist() for lea in LEAS}
        snapshot = pinned.of(dataset.name)
        if snapshot is not None:
            assert all(objects.get(part.key).content for part in partitions(objects, dataset.name, snapshot))
    return held


@pytest.mark.parametrize("dead", [False, True], ids=["a fault", "killed"])
@pytest.mark.parametrize("dataset", ["organizations", "students", "scores"])
def test_the_pointer_always_names_complete_snapshots(dataset, dead, good_row, write_csv, take_in):
    """Whichever call fails, readers see all of the old data or all of the new, never a mixture."""
    schools = [
        good_row("organizations", cds_code=school, kind="school", lea=lea)
        for school, lea in zip(SCHOOLS, LEAS, strict=True)
    ]
    there, elsewhere = (
        {"lea": LEAS[1], "school": SCHOOLS[1]},
        {"tested_lea": LEAS[1], "tested_school": SCHOOLS[1]},
    )
    old = {
        "organizations": [
            good_row("organizations"),
            good_row("organizations", cds_code=LEAS[1], lea=LEAS[1]),
            *schools,
        ],
        "students": [good_row("students"), good_row("students", ssid="9000000002", **there)],
        "scores": [good_row("scores"), good_row("scores", ssid="9000000002", **elsewhere)],
    }
    new = {
        "organizations": [
            *old["organizations"],
            good_row("organizations", cds_code="99100016000002", kind="school"),
        ],
        "students": [good_row("students", **there), good_row("students", ssid="9000000002")],
        "scores": [good_row("scores", scale_score="2511"), good_row("scores", ssid="9000000002")],
    }
    order = {"year": 2027 if dataset == "students" else 2026, "now": NOW}

    def filled():
        store = MemoryObjects()
        for name in ("organizations", "students", "scores"):
            take_in(store, name, write_csv(name, old[name]), now=NOW - timedelta(days=9))
        # What a killed ingest left is removed on the way.
        store.put(f"datasets/students/snapshot={ULID.from_datetime(NOW - timedelta(days=3))}/rest", b"")
        return store

    feed = write_csv(dataset, new[dataset])
    whole = filled()
    before = contents(whole)
    take_in(whole, dataset, feed, **order)
    after = contents(whole)
    assert before != after
    failing, finished, seen_old = 0, False, 0
    while not finished:
        failing += 1
        store = filled()
        error = _Killed() if dead else Transient("the line broke")
        faulty = FaultyObjects(store, failing, error, dead=dead)
        try:
            take_in(faulty, dataset, feed, **order)
        except (_Killed, Transient):
            assert contents(store) == before
            seen_old += 1
        else:
            finished = True
            assert contents(store) == after
    assert seen_old >= 4
    assert failing == faulty.calls + 1


def test_a_failed_ingest_cleans_up_behind_itself(good_row, write_csv, take_in):
    """If the store answers again, objects of the snapshot that never became current are removed."""
    store = MemoryObjects()
    take_in(store, "scores", write_csv("scores", [good_row("scores")]))
    before = list(store.keys(""))
    faulty = SecondPutFails(store)
    rows = [good_row("students"), good_row("students", ssid="9000000002", lea=LEAS[1])]
    with pytest.raises(Transient):
        take_in(faulty, "students", write_csv("students", rows))
    assert list(store.keys("")) == before
    assert read_pointer(store).snapshots.of("students") is None
