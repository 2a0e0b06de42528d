"""Taking a feed in: check every row, then publish all of it or nothing."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import AdministrationYear
from lea_reports.datasets.feed import read_feed
from lea_reports.datasets.lake import Lake
from lea_reports.datasets.object_store import ObjectStore
from lea_reports.datasets.publish import Publication, Published
from lea_reports.datasets.reject_log import RejectLog
from lea_reports.datasets.rules import KnownOrganizations, broken_memberships
from lea_reports.datasets.schema import Dataset
from lea_reports.datasets.snapshots import Snapshots, read_pointer
from lea_reports.datasets.spool import Spool, by_value
from lea_reports.datasets.validation import LINE, Reject, Validator
from lea_reports.errors import Invalid

_FILE = "file"
_POSITION = "position"


@dataclass(frozen=True, slots=True)
class IngestOrder:
    """What to take in, and how strictly."""

    dataset: Dataset
    files: tuple[Path, ...]
    year: AdministrationYear
    """The administration year of rows that do not say it themselves."""
    rejects: Path
    """Where the reasons for rows left out are written; no file if there are none."""
    allow_rejects: bool = False


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What came of an ingest."""

    accepted: int
    rejected: int
    """Rows left out; a row may have several reasons."""
    published: Published | None
    """None if nothing was published because of rejects."""
    notes: tuple[str, ...] = ()
    """What else whoever feeds the program should know, in sentences."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an ingest needs from outside: the store, time and ids."""

    objects: ObjectStore
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    progress: Callable[[int], None] = lambda _: None
    """Told how many bytes of the input were read since the last call."""


def ingest(order: IngestOrder, around: Surroundings) -> IngestSummary:
    """Check every row of the files and publish them as the new snapshot of their dataset.

    The snapshot replaces the administration years that the files hold; other years are carried over.
    Nothing is written to the store before every row is checked, and nothing becomes current before
    everything is written. Memory stays flat: rows wait on disk.

    Raises `Invalid` for a file that cannot be read as this dataset, `Conflict` if somebody else published
    meanwhile.
    """
    before = read_pointer(around.objects)
    schema = order.dataset.schema.append(pa.field(LINE, pa.int64())).append(pa.field(_FILE, pa.int16()))
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lea-reports-")))
        log = stack.enter_context(RejectLog(order.rejects))
        by_key = stack.enter_context(Spool(scratch / "by-key", schema, order.dataset.key[0]))
        notes: list[str] = []
        for rows in _sound_rows(order, around, before.snapshots, log, notes):
            by_key.append(rows)
        by_lea = stack.enter_context(
            Spool(scratch / "by-lea", schema, order.dataset.lea_column or order.dataset.key[0])
        )
        accepted = 0
        for rows in _without_repeats(order, by_key, log):
            by_lea.append(rows)
            accepted += len(rows)
        whole = None
        if order.dataset.lea_column is None:
            whole = _without_broken_memberships(
                order, pa.concat_tables([schema.empty_table(), *by_lea.groups()]), log
            )
            accepted = len(whole)
        if log.rows and not order.allow_rejects:
            return IngestSummary(accepted, log.rows, None, tuple(notes))
        if not accepted:
            raise Invalid(f"The files hold no rows to publish as {order.dataset.name}.")
        publication = Publication(around.objects, before, order.dataset, around.new_id, scratch)
        try:
            if whole is not None:
                publication.write_whole(whole)
            else:
                publication.carry_over(_write_partitions(order, by_lea, publication))
                publication.derive_scores_by_enrolled()
        except BaseException:
            publication.discard()
            raise
        return IngestSummary(accepted, log.rows, publication.switch(around.now()), tuple(notes))


def _sound_rows(
    order: IngestOrder, around: Surroundings, snapshots: Snapshots, log: RejectLog, notes: list[str]
) -> Iterator[pa.Table]:
    organizations = Lake(around.objects).organizations(snapshots)
    known = KnownOrganizations.from_table(organizations) if len(organizations) else None
    validator = Validator(order.dataset, known)
    for number, path in enumerate(order.files):
        consumed = 0
        for batch in read_feed(path, order.dataset):
            checked = validator.check(batch)
            log.add(path, checked.rejects)
            yield checked.rows.append_column(
                pa.field(_FILE, pa.int16()), pa.repeat(pa.scalar(number, pa.int16()), len(checked.rows))
            )
            around.progress(batch.consumed - consumed)
            consumed = batch.consumed
    notes += validator.notes()


def _without_repeats(order: IngestOrder, by_key: Spool, log: RejectLog) -> Iterator[pa.Table]:
    """Return the rows whose key did not come before; the later ones are rejects."""
    keys = list(order.dataset.key)
    for group in by_key.groups():
        positions = pa.array(range(len(group)), pa.int64())
        keyed = group.select(keys).append_column(_POSITION, positions)
        first = keyed.group_by(keys).aggregate([(_POSITION, "min")])[f"{_POSITION}_min"]
        if len(first) == len(group):
            yield group
            continue
        is_first = pc.is_in(positions, value_set=first.combine_chunks())
        _log_left_out(order, group.filter(pc.invert(is_first)), keys, "the key was given before", log)
        yield group.filter(is_first)


def _without_broken_memberships(order: IngestOrder, rows: pa.Table, log: RejectLog) -> pa.Table:
    fault = broken_memberships(rows)
    if not pc.any(fault.broken).as_py():
        return rows
    _log_left_out(order, rows.filter(fault.broken), [fault.column], fault.rule, log)
    return rows.filter(pc.invert(fault.broken))


def _log_left_out(order: IngestOrder, rows: pa.Table, columns: list[str], rule: str, log: RejectLog) -> None:
    for row in rows.select([*columns, LINE, _FILE]).to_pylist():
        value = " ".join(str(row[column]) for column in columns)
        log.add(order.files[row[_FILE]], [Reject(row[LINE], " ".join(columns), value, rule)])


def _write_partitions(order: IngestOrder, by_lea: Spool, publication: Publication) -> set[int]:
    """Write a partition for each LEA and year; return the years."""
    years: set[int] = set()
    lea_column, year_column = order.dataset.lea_column, order.dataset.year_column
    for group in by_lea.groups():
        for lea, rows in by_value(group, str(lea_column)):
            parts = by_value(rows, year_column) if year_column else [(str(order.year), rows)]
            for year, part in parts:
                publication.write_partition(int(year), lea, part)
                years.add(int(year))
    return years
