"""Taking a feed in: check every row, then publish all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import AdministrationYear, program_day
from lea_reports.datasets.dataset import Feed
from lea_reports.datasets.date_of_feed import AS_OF, DateOfFeed
from lea_reports.datasets.drops import DropLimit, rows_by_year_and_lea
from lea_reports.datasets.feed_file import read_feed
from lea_reports.datasets.partitioned_scratch import PartitionedScratch, by_value
from lea_reports.datasets.publish import Publication, Published
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.references import references, with_what_is_closed
from lea_reports.datasets.reject_log import RejectLog
from lea_reports.datasets.remarks import Remark, Remarks
from lea_reports.datasets.roster import Roster, newest_roster, roster_of
from lea_reports.datasets.rules import SCHOOL_OF_THE_LEA, KnownOrganizations
from lea_reports.datasets.scratch import scratch_folder, sweep_scratch
from lea_reports.datasets.snapshots import Pointer, partitions, read_pointer
from lea_reports.datasets.sweep import sweep_snapshots
from lea_reports.datasets.validation import LINE, MOST_LISTED, Reject, Validator
from lea_reports.errors import Invalid
from lea_reports.storage.objects import ObjectStore

MOST_DROPPED = 10
"""So many percent of its rows a feed may lose without being asked about it, unless it is said otherwise."""

_FILE = "file"
_POSITION = "position"


@dataclass(frozen=True, slots=True)
class IngestOrder:
    """What to take in, and how strictly."""

    feed: Feed
    files: tuple[Path, ...]
    year: AdministrationYear | None
    """The administration year of a roster; None: the school year of its date. Scores say theirs themselves."""
    rejects: Path
    """Where the reasons for rows left out are written; no file if there are none."""
    allow_rejects: bool = False
    as_of: date | None = None
    """The day whose enrollment a roster tells, if its rows do not say it."""
    most_dropped: int = MOST_DROPPED
    """How many percent of the rows may be missing or left out."""
    accept_drop: bool = False
    """Whether to publish what drops more than that, or loses an LEA."""


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """What came of an ingest."""

    accepted: int
    rejected: int
    """Rows left out; a row may have several reasons."""
    published: Published | None
    """None if nothing was published because of rejects or drops."""
    reasons: tuple[tuple[str, str, int], ...] = ()
    """Column, rule and how many rows broke it, the most frequent first."""
    drops: tuple[str, ...] = ()
    """What became less than it should, in sentences. Unless accepted they are why nothing was published."""
    remarks: tuple[Remark, ...] = ()
    """What stands out in rows that were taken."""
    embargoed: int = 0
    """Records taken whose SSR appears after today."""
    roster: Roster | None = None
    """Which roster the students are."""
    deciding: Roster | None = None
    """The newest roster, with this one: who is in it is where it has them. None unless students are taken in."""
    notes: tuple[str, ...] = ()
    """What else whoever feeds the program should know, in sentences."""


@dataclass(frozen=True, slots=True)
class IngestDependencies:
    """What an ingest needs from outside: the store, time and ids."""

    objects: ObjectStore
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    progress: Callable[[int], None] = lambda _: None
    """Told how many bytes of the input were read since the last call."""


def ingest(order: IngestOrder, around: IngestDependencies) -> IngestSummary:
    """Check every row of the files and publish them as the new snapshot of their dataset.

    The snapshot replaces the administration years that the files hold; other years are carried over.
    Nothing is written to the store before every row is checked, and nothing becomes current before
    everything is written. Memory stays flat: rows wait on disk. What killed ingests left is removed first.

    Raises `Invalid` for a file that cannot be read as this dataset, or a list of organizations that lacks what enrolled
    students point to; `Conflict` if somebody else published meanwhile.
    """
    if order.rejects.resolve() in {file.resolve() for file in order.files}:
        raise Invalid(f"{order.rejects} is a feed: the list of rows left out would be written over it.")
    today = program_day(around.now())
    roster_of(order.year, order.as_of, today)  # said before the feed is read
    with ExitStack() as stack:
        log = stack.enter_context(RejectLog(order.rejects, order.files))
        sweep_scratch()
        sweep_snapshots(around.objects, around.now())
        scratch = stack.enter_context(scratch_folder())
        return _Ingest(order, around, today, read_pointer(around.objects), log, scratch).run()


class _Ingest:
    """One ingest on its way: what was found so far."""

    def __init__(
        self,
        order: IngestOrder,
        around: IngestDependencies,
        today: date,
        before: Pointer,
        log: RejectLog,
        scratch: Path,
    ) -> None:
        self._order = order
        self._around = around
        self._today = today
        self._before = before
        self._log = log
        self._scratch = scratch
        self._organizations = DatasetReader(around.objects).organizations(before.snapshots)
        self._known = KnownOrganizations.from_table(self._organizations) if len(self._organizations) else None
        self._remarks = Remarks(order.feed, today, self._known)
        names = zip(
            *(self._organizations[column].to_pylist() for column in ("cds_code", "name")), strict=True
        )
        self._limit = DropLimit(order.most_dropped, dict(names))
        self._drops: list[str] = []
        self._notes: list[str] = []
        self._accepted = 0
        self._roster: Roster | None = None
        self._deciding: Roster | None = None

    def run(self) -> IngestSummary:
        """Check, compare, publish."""
        feed = self._order.feed
        schema = feed.schema.append(pa.field(LINE, pa.int64())).append(pa.field(_FILE, pa.int16()))
        with PartitionedScratch(self._scratch / "by-lea", schema, feed.lea_column or feed.key[0]) as by_lea:
            counts = self._check(schema, by_lea)
            whole = None
            if feed.lea_column is None:
                whole = self._whole(pa.concat_tables([schema.empty_table(), *by_lea.groups()]))
            if self._log.rows and not (self._order.allow_rejects and self._accepted):
                return self._summary(None)
            if not self._accepted:
                raise Invalid(f"The files hold no rows to publish as {feed.name}.")
            self._compare_rejects()
            self._compare_schools()
            if whole is not None:
                whole = self._with_references(whole)
                self._compare_organizations(whole)
            else:
                self._compare_years(counts)
            if self._is_refused():
                return self._summary(None)
            return self._publish(whole, by_lea)

    def _check(self, schema: pa.Schema, by_lea: PartitionedScratch) -> dict[int, Counter[str]]:
        """Set the good rows aside by LEA, and return how many each LEA has in each year."""
        said = DateOfFeed()
        counts: dict[int, Counter[str]] = {}
        with PartitionedScratch(self._scratch / "by-key", schema, self._order.feed.key[0]) as by_key:
            for rows in self._sound_rows():
                if AS_OF in rows.column_names:
                    said.add(rows[AS_OF])
                by_key.append(rows)
            if self._order.feed.is_roster:
                self._roster = roster_of(self._order.year, said.agreed(self._order.as_of), self._today)
            for group in by_key.groups():
                rows = self._without_repeats(group)
                by_lea.append(rows)
                self._accepted += len(rows)
                self._count(rows, counts)
        return counts

    def _publish(self, whole: pa.Table | None, by_lea: PartitionedScratch) -> IngestSummary:
        around = self._around
        publication = Publication(
            around.objects, self._before, self._order.feed, around.new_id, self._scratch, self._roster
        )
        try:
            if whole is not None:
                publication.write_whole(whole)
            else:
                publication.carry_over(self._write_partitions(by_lea, publication))
                self._look_for_unknown(publication)
            if self._is_refused():
                publication.discard()
                return self._summary(None)
        except BaseException:
            publication.discard()
            raise
        return self._summary(publication.switch(around.now()))

    def _summary(self, published: Published | None) -> IngestSummary:
        reasons = ((column, rule, rows) for (column, rule), rows in self._log.counts.most_common())
        return IngestSummary(
            self._accepted,
            self._log.rows,
            published,
            tuple(reasons),
            tuple(self._drops),
            self._remarks.found,
            self._remarks.embargoed,
            self._roster,
            self._deciding,
            tuple(self._notes),
        )

    def _is_refused(self) -> bool:
        return bool(self._drops) and not self._order.accept_drop

    def _sound_rows(self) -> Iterator[pa.Table]:
        validator = Validator(self._order.feed, self._known)
        for number, path in enumerate(self._order.files):
            consumed = 0
            for batch in read_feed(path, self._order.feed):
                checked = validator.check(batch)
                self._log.add(path, checked.rejects, checked.counts, checked.left_out)
                rows = checked.rows.append_column(
                    pa.field(_FILE, pa.int16()), pa.repeat(pa.scalar(number, pa.int16()), len(checked.rows))
                )
                # Many equal rows, which a small file can hold, do not have to wait on disk.
                rows = self._without_repeats(rows)
                self._remarks.look_at(self._log.name_of(path), rows)
                yield rows
                self._around.progress(batch.consumed - consumed)
                consumed = batch.consumed
        self._notes += validator.notes()

    def _without_repeats(self, rows: pa.Table) -> pa.Table:
        """Return the rows whose key did not come before among these; the later ones are rejects."""
        keys = list(self._order.feed.key)
        positions = pa.array(range(len(rows)), pa.int64())
        keyed = rows.select(keys).append_column(_POSITION, positions)
        first = keyed.group_by(keys).aggregate([(_POSITION, "min")])[f"{_POSITION}_min"]
        if len(first) == len(rows):
            return rows
        is_first = pc.is_in(positions, value_set=first.combine_chunks())
        self._leave_out(rows.filter(pc.invert(is_first)), keys, self._order.feed.repeated)
        return rows.filter(is_first)

    def _whole(self, rows: pa.Table) -> pa.Table:
        """Return the rows of a dataset that is one file, whose references to each other hold."""
        for rule in self._order.feed.whole_rules:
            for fault in rule(rows):
                if pc.any(fault.broken).as_py():
                    self._leave_out(rows.filter(fault.broken), [fault.column], fault.rule)
                    rows = rows.filter(pc.invert(fault.broken))
        self._accepted = len(rows)
        return rows.select(list(self._order.feed.names))

    def _leave_out(self, rows: pa.Table, columns: list[str], rule: str) -> None:
        column = " ".join(columns)
        files = rows[_FILE].unique().to_pylist()
        for number in files:
            of_file = rows.filter(pc.equal(rows[_FILE], number))
            listed = [
                Reject(row[LINE], column, " ".join(str(row[name]) for name in columns), rule)
                for row in of_file.select([*columns, LINE])[:MOST_LISTED].to_pylist()
            ]
            self._log.add(self._order.files[number], listed, {(column, rule): len(of_file)}, len(of_file))

    def _count(self, rows: pa.Table, counts: dict[int, Counter[str]]) -> None:
        """Count the rows of each LEA and year; a dataset that is one file has neither."""
        feed = self._order.feed
        if feed.lea_column is None:
            return
        by = [feed.lea_column, *([feed.year_column] if feed.year_column else [])]
        for row in rows.group_by(by).aggregate([([], "count_all")]).to_pylist():
            year = row[feed.year_column] if feed.year_column else self._year()
            counts.setdefault(year, Counter())[row[feed.lea_column]] += row["count_all"]

    def _year(self) -> int:
        """Return the year of the roster that is taken in."""
        if self._roster is None:
            raise ValueError("only a roster has one year for all its rows")
        return self._roster.year

    def _compare_rejects(self) -> None:
        left_out, rows = self._log.rows, self._log.rows + self._accepted
        if self._limit.is_passed_by(left_out, rows):
            self._drops.append(f"{self._order.feed.name}: {left_out:,} of {rows:,} rows are left out.")

    def _compare_schools(self) -> None:
        """Ask about a feed many of whose schools belong to another LEA: that is no school that moved."""
        elsewhere = self._remarks.rows_that_break(SCHOOL_OF_THE_LEA)
        if self._limit.is_passed_by(elsewhere, self._accepted):
            self._drops.append(
                f"{self._order.feed.name}: {elsewhere:,} of {self._accepted:,} rows are of schools that belong to "
                "another LEA."
            )

    def _compare_organizations(self, whole: pa.Table) -> None:
        before, after = (Counter(table["lea"].to_pylist()) for table in (self._organizations, whole))
        self._drops += self._limit.drops(self._order.feed.name, before, after)

    def _compare_years(self, counts: dict[int, Counter[str]]) -> None:
        """Compare each year with itself as it is published, and a roster with that of the year whose place it takes."""
        name = self._order.feed.name
        snapshot = self._before.snapshots.of(name)
        compared = [(year, year) for year in sorted(counts)]
        if self._roster is not None:
            compared += [(self._roster.year, year) for year in self._overtaken(self._roster, snapshot)]
        before = rows_by_year_and_lea(
            self._around.objects, name, snapshot, {published for _, published in compared}
        )
        for year, published in compared:
            what = f"{name} of {AdministrationYear(year).label}"
            if published != year:
                what += f", against those of {AdministrationYear(published).label}"
            self._drops += self._limit.drops(what, before[published], counts[year])

    def _overtaken(self, roster: Roster, snapshot: str | None) -> Iterator[int]:
        """Yield the year whose roster decided so far, if one of another year does from now on; find which one does.

        A roster that is older than the one of its year is no correction of it.
        """
        stored = partitions(self._around.objects, self._order.feed.name, snapshot) if snapshot else ()
        years = {partition.year for partition in stored}
        dates = self._before.rosters
        newest = newest_roster(years, dates)
        self._deciding = newest_roster(years | {roster.year}, {**dates, roster.year: roster.as_of})
        if roster.year in dates and roster.as_of < dates[roster.year]:
            self._drops.append(
                f"students of {roster.year.label}: this roster is as of {roster.as_of}, "
                f"where one as of {dates[roster.year]} is published."
            )
        if newest is not None and newest.year != roster.year and roster.order > newest.order:
            yield newest.year

    def _with_references(self, whole: pa.Table) -> pa.Table:
        """Return the organizations with those that were closed and that results of earlier years name.

        Raises:
            Invalid: students of the newest roster are in what the feed lacks, or nobody ever knew what is lacking.
        """
        pointed_to = references(self._around.objects, self._before)
        given = set(whole["cds_code"].to_pylist())
        lacking = pointed_to.now - given
        if lacking:
            raise Invalid(
                "Students of the newest roster are in organizations that the feed lacks: "
                f"{self._limit.named(lacking)}. Add these, or publish a roster without them first."
            )
        complete = with_what_is_closed(whole, self._organizations, pointed_to.ever)
        closed = set(complete["cds_code"].to_pylist()) - given
        unknown = pointed_to.ever - given - closed
        if unknown:
            raise Invalid(
                "Published students or scores are of organizations that neither the feed has nor an earlier one: "
                f"{self._limit.named(unknown)}. Add these."
            )
        leas = dict(zip(complete["cds_code"].to_pylist(), complete["lea"].to_pylist(), strict=True))
        moved = {code for lea, codes in pointed_to.schools_now.items() for code in codes if leas[code] != lea}
        if moved:
            self._drops.append(
                "Students of the newest roster are in schools that now belong to another LEA, and stay with the LEA "
                f"that the roster says: {self._limit.named(moved)}. A roster that says the new LEA moves them."
            )
        if closed:
            self._notes.append(
                "Kept, because students or scores of earlier years are in organizations that the feed lacks: "
                f"{self._limit.named(closed)}."
            )
        return complete

    def _write_partitions(self, by_lea: PartitionedScratch, publication: Publication) -> set[int]:
        """Write a partition for each LEA and year; return the years."""
        years: set[int] = set()
        feed = self._order.feed
        for group in by_lea.groups():
            for lea, rows in by_value(group, str(feed.lea_column)):
                column = feed.year_column
                parts = by_value(rows, column) if column else [(str(self._year()), rows)]
                for year, part in parts:
                    publication.write_partition(int(year), lea, part)
                    years.add(int(year))
        return years

    def _look_for_unknown(self, publication: Publication) -> None:
        """Derive who may ask for what, and say whose results nobody may ask for.

        Some students left in the meantime. Many more than before are a fault of one of the two feeds: of the roster,
        whatever its year, or of the scores.
        """
        if not publication.decides_who_may_ask:
            return
        located = publication.derive_by_enrolled()
        if not located and not self._order.feed.is_roster:
            self._notes.append("There is no roster: until students are taken in, nobody can ask for SSRs.")
        for found in located:
            if not found.unknown:
                continue
            sentence = (
                f"{found.unknown:,} of {found.students:,} students with scores of {found.year.label} are in no roster; "
                "nobody can ask for their SSRs."
            )
            before = self._before.in_no_roster.get(found.year, 0)
            grown = self._limit.is_passed_by(found.unknown - before, found.students)
            if grown and before:
                sentence += f" So far they are {before:,}."
            (self._drops if grown else self._notes).append(sentence)
