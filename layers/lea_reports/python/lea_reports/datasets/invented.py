"""Whom a feed beside the first three is invented for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.assessments import AdministrationYear
    from lea_reports.organizations import School


@dataclass(frozen=True, slots=True)
class InventedStudent:
    """An invented student, as they were tested.

    `school` is where, in `year`; `is_enrolled` tells whether a school enrolls them still, perhaps another one.
    """

    ssid: str
    grade: str
    year: AdministrationYear
    school: School
    is_enrolled: bool
