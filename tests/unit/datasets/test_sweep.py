"""What killed ingests leave: on this machine and in the store."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from ulid import ULID

from cli import main
from lea_reports.datasets.scratch import scratch_folder, sweep_scratch
from lea_reports.datasets.snapshots import POINTER, read_pointer
from lea_reports.datasets.sweep import sweep_snapshots
from lea_reports.storage.objects import FolderObjects, MemoryObjects

NOW = datetime(2026, 7, 11, tzinfo=UTC)

# A process that makes a folder with a file in it, says where, and waits for its end.
_WORKER = """
import sys
from pathlib import Path
from lea_reports.datasets.scratch import scratch_folder
with scratch_folder(Path(sys.argv[1])) as folder:
    (folder / "students.arrow").write_text("names")
    print(folder, flush=True)
    sys.stdin.read()
"""


def ulid(*, hours):
    """Return an id that was made so many hours ago; always the same one."""
    return str(ULID.from_datetime(NOW - timedelta(hours=hours)))[:10] + "0" * 16


@pytest.fixture
def worker(tmp_path):
    """Start another process that works in a folder of its own; return it with the folder."""
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        folder = Path(process.stdout.readline().strip())
        yield process, folder
        process.kill()


def test_a_folder_is_removed_at_the_end_whatever_happens(tmp_path):
    """Nothing is left beside it either; nobody else may look into it meanwhile."""

    def fail():
        with scratch_folder(tmp_path) as folder:
            assert folder.stat().st_mode & 0o077 == 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_is_in_use_stays_and_what_a_killed_process_left_goes(worker, tmp_path):
    """The system gives back the lock of a process that was killed."""
    process, folder = worker
    assert sweep_scratch(tmp_path) == 0
    assert (folder / "students.arrow").exists()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert folder.exists()
    assert sweep_scratch(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_ours_is_never_swept(tmp_path):
    """A link or a file under such a name, and folders with other names."""
    (tmp_path / "other").mkdir()
    (tmp_path / "lea-reports-ingest-link").symlink_to(tmp_path / "other")
    (tmp_path / "lea-reports-ingest-file").touch()
    assert sweep_scratch(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 3


def test_the_next_ingest_sweeps(worker, good_row, write_csv, take_in, objects, tmp_path, monkeypatch):
    """Both: the folder, and the snapshot that nobody published."""
    process, folder = worker
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    objects.put(f"datasets/students/snapshot={ulid(hours=25)}/year=2026/lea=1/part.parquet", b"")
    take_in(objects, "students", write_csv("students", [good_row("students")]))
    assert not folder.exists()
    current = read_pointer(objects).snapshots.of("students")
    assert all(f"snapshot={current}/" in key for key in objects.keys("datasets/students/"))


@pytest.fixture
def datasets(good_row, write_csv, take_in):
    """Publish students three times: 20, 9 and 3 days ago."""
    objects = MemoryObjects()
    for days in (20, 9, 3):
        now = NOW - timedelta(days=days)
        take_in(objects, "students", write_csv("students", [good_row("students")]), now=now)
    return objects


def stored(objects):
    """Return the ids of the stored snapshots of students."""
    return [prefix.removesuffix("/").partition("=")[2] for prefix in objects.folders("datasets/students/")]


def test_only_what_nobody_can_read_is_swept(datasets):
    """What is current stays, what was until some days ago, and what may be an ingest under way."""
    names = {
        name: f"datasets/students/snapshot={name}/part.parquet"
        for name in (ulid(hours=23), ulid(hours=25), "own")
    }
    for key in names.values():
        datasets.put(key, b"")
    pointer = read_pointer(datasets)
    assert sweep_snapshots(datasets, NOW) == 1
    named = {pointer.snapshots.of("students"), *(former.snapshots["students"] for former in pointer.former)}
    assert set(stored(datasets)) == {*named - {None}, ulid(hours=23), "own"}


def test_what_was_replaced_a_week_ago_goes_after_the_next_publication(datasets, good_row, write_csv, take_in):
    """The pointer remembers for seven days; student data is not kept for ever."""
    first = stored(datasets)[0]
    take_in(datasets, "students", write_csv("students", [good_row("students")]))
    assert first in stored(datasets)
    sweep_snapshots(datasets, NOW + timedelta(hours=25))
    assert first not in stored(datasets)


@pytest.mark.parametrize(
    "pointer",
    [
        b'{"snapshots": {"students": "b"}, "published_at": "2026-07-01T00:00:00Z"}',
        b'{"snapshots": {"students": "b"}, "former": [{"snapshots": {}, "until": "2026-07-10T09:00:00Z"}]}',
    ],
    ids=["no memory", "of hours"],
)
def test_nothing_is_swept_as_long_as_the_pointer_does_not_know_the_past_day(pointer):
    """A datasets of before snapshots were remembered: jobs may read one that the pointer does not know."""
    objects = MemoryObjects()
    objects.put(POINTER, pointer)
    objects.put(f"datasets/students/snapshot={ulid(hours=99)}/part.parquet", b"")
    assert sweep_snapshots(objects, NOW) == 0


def test_what_a_write_that_was_killed_left_in_a_folder_is_swept(tmp_path):
    """No key lists it, and it holds students' data all the same."""
    left = tmp_path / "datasets" / "students" / f"snapshot={ulid(hours=25)}" / "year=2026" / "lea=1"
    left.mkdir(parents=True)
    draft = left / ".part.parquet.4711"
    draft.touch()
    objects = FolderObjects(tmp_path)
    assert list(objects.keys("datasets/")) == []
    assert sweep_snapshots(objects, NOW) == 1
    assert not draft.exists()


def test_the_command_sweeps_and_tells(tmp_path, monkeypatch):
    """One line, with how many."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "lea-reports-ingest-left").mkdir()
    old = ULID.from_datetime(datetime.now(UTC) - timedelta(days=2))
    left = tmp_path / "datasets" / "datasets" / "scores" / f"snapshot={old}" / "part.parquet"
    left.parent.mkdir(parents=True)
    left.touch()
    result = CliRunner().invoke(main, ["sweep", "--to", "datasets"])
    assert result.output == "Removed 1 folders of killed ingests and 1 snapshots.\n"
    assert not left.exists()
