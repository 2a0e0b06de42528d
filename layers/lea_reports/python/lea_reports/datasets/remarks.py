"""What is said of rows that are taken in all the same."""

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.dataset import Feed
from lea_reports.datasets.rules import KnownOrganizations, remarks_of
from lea_reports.datasets.validation import LINE

_LINES_NAMED = 10


@dataclass(frozen=True, slots=True)
class Remark:
    """Rows that break a rule and do no harm: how many, and where the first ones stand, as `students.csv:7`."""

    column: str
    rule: str
    rows: int
    places: tuple[str, ...]


class Remarks:
    """Looks at the sound rows of a feed on a day of the program."""

    def __init__(self, feed: Feed, today: date, organizations: KnownOrganizations | None = None) -> None:
        self._rules = tuple(remarks_of(feed, organizations, today))
        self._embargo_column = feed.embargo_column
        self._today = today
        self._found: dict[tuple[str, str], Remark] = {}
        self.embargoed = 0
        """How many records have an SSR that appears after today."""

    def look_at(self, file: str, rows: pa.Table) -> None:
        """Look at some rows of a file."""
        if self._embargo_column is not None:
            late = pc.greater(rows[self._embargo_column], pa.scalar(self._today))
            self.embargoed += pc.sum(late, min_count=0).as_py()
        for fault in (fault for rule in self._rules for fault in rule(rows)):
            broken = rows[LINE].filter(fault.broken)
            if len(broken):
                before = self._found.get((fault.column, fault.rule), Remark(fault.column, fault.rule, 0, ()))
                places = (f"{file}:{line}" for line in broken[:_LINES_NAMED].to_pylist())
                self._found[fault.column, fault.rule] = Remark(
                    fault.column,
                    fault.rule,
                    before.rows + len(broken),
                    (*before.places, *places)[:_LINES_NAMED],
                )

    @property
    def found(self) -> tuple[Remark, ...]:
        """What was found, the most frequent first."""
        return tuple(sorted(self._found.values(), key=lambda remark: -remark.rows))

    def rows_that_break(self, rule: str) -> int:
        """Return of how many rows something was said."""
        return sum(remark.rows for remark in self._found.values() if remark.rule == rule)
