"""What is said of rows that are taken in all the same."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.datasets.rules import Fault, score_remarks, student_remarks
from lea_reports.datasets.schema import SCORES, STUDENTS, Dataset
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

    def __init__(self, dataset: Dataset, today: date) -> None:
        self._rules = _REMARKS.get(dataset.name)
        self._dataset = dataset
        self._today = today
        self._found: dict[tuple[str, str], Remark] = {}
        self.embargoed = 0
        """How many records have an SSR that appears after today."""

    def look_at(self, file: str, rows: pa.Table) -> None:
        """Look at some rows of a file."""
        if self._dataset is SCORES:
            late = pc.greater(rows["ssr_available_date"], pa.scalar(self._today))
            self.embargoed += pc.sum(late, min_count=0).as_py()
        if self._rules is None:
            return
        for fault in self._rules(rows, self._today):
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


_REMARKS: Mapping[str, Callable[[pa.Table, date], Iterator[Fault]]] = {
    SCORES.name: score_remarks,
    STUDENTS.name: student_remarks,
}
