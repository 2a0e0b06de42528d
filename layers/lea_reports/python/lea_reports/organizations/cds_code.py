"""The 14 digits that name every county office, district and school of California."""

import re
from typing import Self

from lea_reports.errors import Invalid

_CDS_CODE = re.compile(r"[0-9]{14}")
_NO_SCHOOL = "0000000"


class CdsCode(str):
    """A County-District-School code: 2 digits county, 5 digits district, 7 digits school.

    It is a plain string everywhere (leading zeros matter), checked once when it is made.
    The code of a district or county office has the school part 0000000.
    A direct-funded charter school is an LEA under its own, school-shaped code, so a code alone does not
    tell whether it names an LEA: `Lea.kind` does. Source: docs/domain.md#cds-codes.

    Raises `Invalid` for anything but 14 ASCII digits.
    """

    __slots__ = ()

    def __new__(cls, code: str) -> Self:
        """Check `code` and keep it."""
        if not _CDS_CODE.fullmatch(code):
            raise Invalid(f"A CDS code has 14 digits; got {code!r}.")
        return super().__new__(cls, code)

    @property
    def county(self) -> str:
        """The 2-digit county."""
        return self[:2]

    @property
    def district(self) -> str:
        """The 5-digit district."""
        return self[2:7]

    @property
    def school(self) -> str:
        """The 7-digit school; 0000000 in the code of a district or county office."""
        return self[7:]

    @property
    def lea(self) -> "CdsCode":
        """The code of the district this code lies in.

        That is the LEA of a school that a district runs. It is not the LEA of a direct-funded charter
        school, which is one itself: there, `School.lea` knows better.
        """
        return type(self)(self[:7] + _NO_SCHOOL)
