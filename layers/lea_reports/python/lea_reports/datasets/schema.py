"""The columns of the three datasets: name, type, meaning, allowed values and source of each."""

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from lea_reports.assessments import GRADES, Test, condition_codes
from lea_reports.organizations import OrganizationKind

LAYOUT = "student data file layout 2021-22"
HEADER = "student data file header 2023-24"
ELPAC_LAYOUT = "Summative ELPAC layout 2020-21"
"""What the columns are named after: docs/domain.md#layouts."""

YES_NO = ("Yes", "No")
Y_N = ("Y", "N")
GENRES = ("ARGU", "EXPL", "INFO", "NARR", "OPIN")
ESSAY_CONDITION_CODES = ("B", "I", "L", "T", "M")
HISTORY_YEARS = (1, 2, 3)
LANGUAGE_DOMAINS = ("listening", "speaking", "reading", "writing")
"""The domains of the English proficiency tests, in the order of their file."""


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters that a text must not have: as a regular expression (RE2), and the rule in words for people."""

    expression: str
    words: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a whole text looks like: as a regular expression (RE2), and in words for people."""

    expression: str
    words: str
    without: tuple[Characters, ...] = ()
    """What it must not have beside, each with a sentence of its own."""


CDS_CODE = Pattern(r"[0-9]{14}", "14 digits")
SSID = Pattern(r"[0-9]{10}", "10 digits")
UIN = Pattern(r"[0-9]{16}", "16 digits")
LANGUAGE_CODE = Pattern(r"[0-9]{2}", "2 digits")
READING_MEASURE = Pattern(r"(BR|EM)?[0-9]{1,4}[LQ]", "a measure like 880L, BR120L or EM45Q")
DAMAGE = (
    Characters(r"\x{FFFD}", "text with all its letters: \ufffd (U+FFFD) stands where one was lost before"),
    Characters(
        r"[\x{80}-\x{9F}]",
        "text without control characters U+0080 to U+009F; they come from a wrong encoding",
    ),
    Characters(
        r"[\x{FDD0}-\x{FDEF}"
        + "".join(rf"\x{{{plane:X}FFFE}}\x{{{plane:X}FFFF}}" for plane in range(17))
        + "]",
        "text without noncharacters, such as U+FFFE",
    ),
)
"""What names hold that were damaged on their way here."""
PRINTABLE = Pattern(
    r"[^\x00-\x1f\x7f\s\p{Z}\x{85}]"
    r"([^\x00-\x1f\x7f\x{2028}\x{2029}]*[^\x00-\x1f\x7f\s\p{Z}\x{85}])?",
    "text without control characters, and without spaces at its ends",
    without=DAMAGE,
)


class ColumnType(StrEnum):
    """How a column is stored."""

    TEXT = "text"
    DATE = "date"
    INT8 = "int8"
    INT16 = "int16"

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type."""
        return {"text": pa.string(), "date": pa.date32(), "int8": pa.int8(), "int16": pa.int16()}[self.value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset. A missing value is null, never an empty text."""

    name: str
    type: ColumnType
    meaning: str
    source: str
    required: bool = False
    allowed: tuple[str, ...] | None = None
    """The only values a text may have."""
    pattern: Pattern | None = None
    longest: int | None = None
    """The most characters a text may have."""
    lowest: int | None = None
    highest: int | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A feed: what it is called, what its rows hold, and how it is cut into partitions."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns that tell rows apart; the rows of a partition stand in this order."""
    lea_column: str | None
    """The column that names a row's partition; None for a dataset that is one small file."""
    year_column: str | None = None
    """The column that names a row's administration year; None if the ingest says it for all rows."""
    repeated: str = "these key columns were given before"
    """The rule that a second row with the same key breaks, in words."""

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema, strings as plain strings."""
        return pa.schema([pa.field(column.name, column.type.arrow) for column in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


def _code(
    name: str, meaning: str, source: str, allowed: tuple[str, ...], *, required: bool = False
) -> Column:
    return Column(name, ColumnType.TEXT, meaning, source, required=required, allowed=allowed)


def _matching(name: str, meaning: str, source: str, pattern: Pattern, *, required: bool = True) -> Column:
    return Column(name, ColumnType.TEXT, meaning, source, required=required, pattern=pattern)


def _name(name: str, meaning: str, source: str, longest: int, *, required: bool = False) -> Column:
    return Column(
        name, ColumnType.TEXT, meaning, source, required=required, pattern=PRINTABLE, longest=longest
    )


def _date(name: str, meaning: str, source: str, *, required: bool = False) -> Column:
    return Column(name, ColumnType.DATE, meaning, source, required=required)


def _score(name: str, meaning: str, source: str, highest: int = 2999) -> Column:
    return Column(name, ColumnType.INT16, meaning, source, lowest=0, highest=highest)


def _level(name: str, meaning: str, source: str, highest: int, lowest: int = 1) -> Column:
    return Column(name, ColumnType.INT8, meaning, source, lowest=lowest, highest=highest)


ORGANIZATIONS = Dataset(
    "organizations",
    "Every LEA and school that takes part in testing.",
    (
        _matching(
            "cds_code",
            "Its County-District-School code.",
            "docs/domain.md#cds-codes",
            CDS_CODE,
            required=True,
        ),
        _code(
            "kind",
            "What it is.",
            "docs/domain.md#kinds-of-organizations",
            tuple(kind.value for kind in OrganizationKind),
            required=True,
        ),
        _matching(
            "lea",
            "The code of the LEA it belongs to; its own code if it is one.",
            "docs/domain.md#organizations",
            CDS_CODE,
        ),
        _name("name", "Its name.", f"{LAYOUT}, fields 13 and 15", 100, required=True),
        _name(
            "county_name",
            "The county it lies in.",
            "docs/domain.md#kinds-of-organizations",
            100,
            required=True,
        ),
        _date("window_start", "The first day on which it gives tests.", f"{LAYOUT}, fields 104-111"),
        _date("window_end", "The last day on which it gives tests.", f"{LAYOUT}, fields 104-111"),
    ),
    key=("cds_code",),
    repeated="this CDS code was given before",
    lea_column=None,
)

STUDENTS = Dataset(
    "students",
    "A roster: every student as enrolled on its date, one row each.",
    (
        _matching("ssid", "The statewide student identifier.", f"{LAYOUT}, field 2", SSID),
        _name("last_name", "Last name, in any script.", f"{LAYOUT}, field 3", 50, required=True),
        _name("first_name", "First name, the preferred one if there is one.", f"{LAYOUT}, field 4", 30),
        _name("middle_name", "Middle name.", f"{LAYOUT}, field 5", 30),
        _date("birth_date", "Date of birth.", f"{LAYOUT}, field 6", required=True),
        _code("gender", "Female, male or nonbinary.", f"{LAYOUT}, field 7", ("F", "M", "X")),
        _code("grade", "The grade enrolled in.", f"{LAYOUT}, field 10", GRADES, required=True),
        _matching("lea", "The LEA enrolled in now.", f"{LAYOUT}, field 12", CDS_CODE),
        _matching("school", "The school enrolled in now.", f"{LAYOUT}, field 14", CDS_CODE),
        _date("enrollment_date", "The first day at that school.", f"{LAYOUT}, field 29"),
        _matching(
            "primary_language",
            "The CALPADS language code, two digits.",
            f"{LAYOUT}, field 32",
            LANGUAGE_CODE,
            required=False,
        ),
        _code(
            "elas",
            "English language acquisition status.",
            f"{LAYOUT}, field 30",
            ("ADEL", "EO", "EL", "IFEP", "RFEP", "TBD"),
        ),
        _code(
            "reporting_ethnicity",
            "The one ethnicity used in reports.",
            f"{LAYOUT}, field 47",
            ("100", "200", "300", "400", "500", "600", "700", "800"),
        ),
        _code(
            "parent_education_level",
            "The highest education of a parent; 15 declined to state.",
            f"{LAYOUT}, field 48",
            ("10", "11", "12", "13", "14", "15"),
        ),
        _code("special_education", "Whether IDEA applies.", f"{LAYOUT}, fields 22 and 23", YES_NO),
        _code("economic_disadvantage", "Whether disadvantaged.", f"{LAYOUT}, fields 36 and 37", YES_NO),
        _name("local_student_id", "The LEA's own identifier.", f"{HEADER}, column 375", 15),
        _date(
            "as_of_date",
            "The day whose enrollment the feed tells, the same in all rows.",
            "docs/domain.md#enrolled-and-tested",
        ),
    ),
    key=("ssid",),
    repeated="this SSID was given before",
    lea_column="lea",
)

SCORES = Dataset(
    "scores",
    "One record per student and test of an administration year.",
    (
        Column(
            "administration_year",
            ColumnType.INT16,
            "The ending year of the school year.",
            "docs/domain.md#administration-years",
            required=True,
            lowest=2015,
            highest=2099,
        ),
        _code("record_type", "The test.", f"{LAYOUT}, field 1", tuple(Test), required=True),
        _matching("ssid", "The statewide student identifier.", f"{LAYOUT}, field 2", SSID),
        _code("grade_assessed", "The grade of the test.", f"{LAYOUT}, field 11", GRADES, required=True),
        _matching("tested_lea", "The LEA that gave the test.", f"{LAYOUT}, fields 96-102", CDS_CODE),
        _matching("tested_school", "The school that gave the test.", f"{LAYOUT}, fields 96-102", CDS_CODE),
        _date("test_completed_date", "The test date printed on the SSR.", f"{LAYOUT}, field 103"),
        _code(
            "condition_code",
            "Why there is no score, or one that does not count in full.",
            f"{LAYOUT}, field 120",
            tuple(condition_codes()),
        ),
        _code("attemptedness", "How far the student got.", f"{LAYOUT}, field 121", ("N", "P", "Y")),
        _code("score_status", "Valid or invalidated.", f"{LAYOUT}, field 122", ("I", "V")),
        _code(
            "include_indicator",
            "Whether the record counts in aggregates.",
            f"{LAYOUT}, field 125",
            ("N", "E", "T", "R", "Y"),
            required=True,
        ),
        _code("ssr_eligible", "Whether there is an SSR; blank if not tested.", f"{LAYOUT}, field 130", Y_N),
        _date("ssr_available_date", "The first day of the SSR.", f"{HEADER}, SSRAvailableDate"),
        _date("score_available_date", "The first day of the score.", f"{HEADER}, column 374"),
        _matching(
            "lexile_or_quantile_measure",
            "The Lexile (ELA) or Quantile (mathematics) measure.",
            f"{LAYOUT}, field 131",
            READING_MEASURE,
            required=False,
        ),
        _score("scale_score", "The overall scale score.", f"{LAYOUT}, field 146"),
        _score("standard_error", "Standard error of measurement.", f"{LAYOUT}, field 147", 999),
        _score("error_band_min", "The low end of the error band.", f"{LAYOUT}, field 148"),
        _score("error_band_max", "The high end of the error band.", f"{LAYOUT}, field 149"),
        _level("achievement_level", "1 to 4, or 9 for no score.", f"{LAYOUT}, field 150", 9),
        _level("composite_claim_1_level", "1 below, 2 near, 3 above.", f"{HEADER}, SmarterCompClaim1PL", 3),
        _level("composite_claim_2_level", "1 below, 2 near, 3 above.", f"{HEADER}, SmarterCompClaim2PL", 3),
        _level("domain_1_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 151", 3),
        _level("domain_2_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 152", 3),
        _level("domain_3_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 153", 3),
        _level("domain_4_level", "1 below, 2 near, 3 above.", f"{HEADER}, Domain4Level", 3),
        *(
            column
            for number, name in ((1, "Oral"), (2, "Written"))
            for column in (
                _score(
                    f"csa_composite_{number}_scale_score",
                    f"The scale score of {name} Literacy (CSA, high school).",
                    f"{HEADER}, CSAComp{number}ScaleScore",
                ),
                _level(
                    f"csa_composite_{number}_level",
                    f"The level of {name} Literacy (CSA, high school), 1 to 3.",
                    f"{HEADER}, CSAComp{number}PL",
                    3,
                ),
            )
        ),
        *(
            column
            for name, first_field in (("oral", 139), ("written", 140))
            for column in (
                _score(
                    f"{name}_language_scale_score",
                    f"The scale score of {name} language (Summative ELPAC).",
                    f"{ELPAC_LAYOUT}, field {first_field}",
                ),
                _score(
                    f"{name}_language_standard_error",
                    f"Standard error of the score of {name} language.",
                    f"{ELPAC_LAYOUT}, field {first_field + 5}",
                    999,
                ),
                _level(
                    f"{name}_language_level",
                    f"The level of {name} language: 1 to 4 (Summative ELPAC) or 3 (Initial ELPAC).",
                    f"{ELPAC_LAYOUT}, field {first_field + 3}; Initial ELPAC: its file",
                    4,
                ),
            )
        ),
        *(
            column
            for number, domain in enumerate(LANGUAGE_DOMAINS)
            for column in (
                _level(
                    f"{domain}_level",
                    "1 beginning, 2 somewhat or moderately, 3 well developed; blank for no score.",
                    f"{ELPAC_LAYOUT}, field {146 + number}",
                    3,
                ),
                _code(
                    f"{domain}_exempt",
                    f"Y if the student was exempt from {domain}.",
                    f"{ELPAC_LAYOUT}, field {150 + number}; the letter is ours",
                    Y_N,
                ),
            )
        ),
        _code("genre", "What kind of essay was written.", f"{LAYOUT}, field 154", GENRES),
        _level("writing_organization_purpose", "0 to 4 points.", f"{LAYOUT}, field 155", 4, 0),
        _level("writing_evidence_elaboration", "0 to 4 points.", f"{LAYOUT}, field 156", 4, 0),
        _level("writing_conventions", "0 to 2 points.", f"{LAYOUT}, field 157", 2, 0),
        *(
            _code(
                f"writing_{dimension}_condition_code",
                "Why the essay got no points: blank, insufficient, language, off topic, off purpose.",
                f"{LAYOUT}, field {field}",
                ESSAY_CONDITION_CODES,
            )
            for field, dimension in (
                (158, "organization_purpose"),
                (159, "evidence_elaboration"),
                (160, "conventions"),
            )
        ),
        _code("test_mode", "Online or on paper.", f"{LAYOUT}, field 124", ("O", "P")),
        _code(
            "unlisted_resource_construct_change",
            "Whether an unlisted resource changed what the test measures.",
            f"{LAYOUT}, field 123",
            Y_N,
        ),
        *(
            column
            for years, first_field in ((1, 308), (2, 326), (3, 344))
            for column in (
                _code(
                    f"ssr_eligible_minus_{years}",
                    f"Whether there was an SSR, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field}",
                    Y_N,
                ),
                _code(
                    f"grade_assessed_minus_{years}",
                    f"The grade of the test, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                    GRADES,
                ),
                _score(
                    f"standard_error_minus_{years}",
                    f"Standard error of measurement, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field + 3}",
                    999,
                ),
                _score(
                    f"scale_score_minus_{years}",
                    f"The overall scale score, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                ),
                _level(
                    f"achievement_level_minus_{years}",
                    f"1 to 4, or 9 for no score, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                    9,
                ),
                _code(
                    f"condition_code_minus_{years}",
                    f"The condition code, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field + 6}",
                    tuple(condition_codes()),
                ),
            )
        ),
        _matching("uin", "Unique identification number of the record.", f"{LAYOUT}, field 363", UIN),
    ),
    key=("ssid", "record_type", "administration_year"),
    repeated="this SSID was given before with the same test and year",
    lea_column="tested_lea",
    year_column="administration_year",
)

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

FEEDS = {dataset.name: dataset for dataset in (ORGANIZATIONS, STUDENTS, SCORES)}
"""The datasets that come from outside, by name."""
