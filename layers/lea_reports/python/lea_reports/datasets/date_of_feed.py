"""The date that a roster says of itself."""

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.errors import Invalid

AS_OF = "as_of_date"
"""The column in which a feed of students says its own date."""


class DateOfFeed:
    """The one date that the rows of a feed of students say; None if they say none."""

    def __init__(self) -> None:
        self._said: set[date | None] = set()

    def add(self, dates: pa.ChunkedArray) -> None:
        """Look at some rows.

        Raises:
            Invalid: not all rows of the feed say the same.
        """
        self._said.update(pc.unique(dates).to_pylist())
        if len(self._said) > 1:
            first, second = sorted("nothing" if day is None else day.isoformat() for day in self._said)[:2]
            raise Invalid(
                f"One row says {AS_OF} {first}, another {second}: all rows of a roster have one date, or none has."
            )

    def agreed(self, option: date | None) -> date | None:
        """Return the date of the feed, or the one that was given beside it.

        Raises:
            Invalid: there are both, and they differ.
        """
        said = next(iter(self._said), None)
        if said is not None and option is not None and said != option:
            raise Invalid(f"The feed says {AS_OF} {said}, and {option} was given beside it.")
        return said or option
