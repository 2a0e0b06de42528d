"""Tests, their grades, score scales, level and area names and condition codes, by administration year.

Everything that the State publishes as a table is a table here too: `tables/*.csv`, each row with its source.
"""

from lea_reports.assessments.administration_year import FIRST_YEAR, LAST_YEAR, AdministrationYear
from lea_reports.assessments.areas import Area, area_level_label, areas
from lea_reports.assessments.composites import Composite, comparable, composites
from lea_reports.assessments.condition_codes import ConditionCode, condition_code, condition_codes
from lea_reports.assessments.grades import GRADES, grade_order
from lea_reports.assessments.indicators import (
    AttemptednessRule,
    IncludeIndicator,
    attemptedness_rules,
    include_indicators,
)
from lea_reports.assessments.languages import ENGLISH, Language, language_of, languages, languages_of
from lea_reports.assessments.levels import (
    level_label,
    level_labels,
    names_in_use,
    newest_described_year,
    year_of_other_names,
)
from lea_reports.assessments.program_day import PROGRAM_TIME_ZONE, program_day, year_of_latest_results
from lea_reports.assessments.score_scale import NO_SCORE_LEVEL, LevelRange, ScorePart, ScoreScale, score_scale
from lea_reports.assessments.shared_ssr import ssr_tests, ssrs_of
from lea_reports.assessments.test import Assessment, Program, Subject, Test, assessments_of

__all__ = [
    "ENGLISH",
    "FIRST_YEAR",
    "GRADES",
    "LAST_YEAR",
    "NO_SCORE_LEVEL",
    "PROGRAM_TIME_ZONE",
    "AdministrationYear",
    "Area",
    "Assessment",
    "AttemptednessRule",
    "Composite",
    "ConditionCode",
    "IncludeIndicator",
    "Language",
    "LevelRange",
    "Program",
    "ScorePart",
    "ScoreScale",
    "Subject",
    "Test",
    "area_level_label",
    "areas",
    "assessments_of",
    "attemptedness_rules",
    "comparable",
    "composites",
    "condition_code",
    "condition_codes",
    "grade_order",
    "include_indicators",
    "language_of",
    "languages",
    "languages_of",
    "level_label",
    "level_labels",
    "names_in_use",
    "newest_described_year",
    "program_day",
    "score_scale",
    "ssr_tests",
    "ssrs_of",
    "year_of_latest_results",
    "year_of_other_names",
]
