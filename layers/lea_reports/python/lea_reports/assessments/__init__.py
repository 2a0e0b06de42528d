"""Tests, their grades, score scales, level and area names and condition codes, by administration year.

Everything that the State publishes as a table is a table here too: `tables/*.csv`, each row with its source.
"""

from lea_reports.assessments.administration_year import AdministrationYear
from lea_reports.assessments.areas import Area, area_level_label, areas
from lea_reports.assessments.condition_codes import ConditionCode, condition_code, condition_codes
from lea_reports.assessments.grades import GRADES, grade_order
from lea_reports.assessments.indicators import (
    AttemptednessRule,
    IncludeIndicator,
    attemptedness_rules,
    include_indicators,
)
from lea_reports.assessments.levels import level_label, level_labels
from lea_reports.assessments.score_scale import NO_SCORE_LEVEL, LevelRange, ScoreScale, score_scale
from lea_reports.assessments.test import Assessment, Subject, Test

__all__ = [
    "GRADES",
    "NO_SCORE_LEVEL",
    "AdministrationYear",
    "Area",
    "Assessment",
    "AttemptednessRule",
    "ConditionCode",
    "IncludeIndicator",
    "LevelRange",
    "ScoreScale",
    "Subject",
    "Test",
    "area_level_label",
    "areas",
    "attemptedness_rules",
    "condition_code",
    "condition_codes",
    "grade_order",
    "include_indicators",
    "level_label",
    "level_labels",
    "score_scale",
]
