"""What a feed beside the first three is invented from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lea_reports.datasets.synthesis.records import Sitting
    from lea_reports.datasets.synthesis.students import Learner


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented student: where they are tested, and whether a school enrolls them still (and perhaps another one)."""

    learner: Learner
    sitting: Sitting
    is_enrolled: bool
