"""The datasets that are derived from rosters and scores: by the LEA where a student is enrolled now."""

from lea_reports.datasets.dataset import Dataset
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS

SCORES_BY_ENROLLED = Dataset(
    "scores_by_enrolled",
    "The scores again, in the partition of the LEA where the student is enrolled now.",
    SCORES.columns,
    key=SCORES.key,
    lea_column=None,
    year_column="administration_year",
)
"""Derived whenever students or scores are published; the LEA stands in the partition, in no column."""

STUDENTS_BY_ENROLLED = Dataset(
    "students_by_enrolled",
    "The students of `scores_by_enrolled`, in the same partitions: each as the newest roster that decides has them.",
    STUDENTS.columns,
    key=STUDENTS.key,
    lea_column=None,
)
"""Derived with `scores_by_enrolled`."""
