"""The feed of students: a roster, which says who is enrolled where on a day."""

from collections.abc import Iterator
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import GRADES
from lea_reports.datasets.columns import (
    CDS_CODE,
    HEADER,
    LANGUAGE_CODE,
    LAYOUT,
    SSID,
    YES_NO,
    code,
    day,
    matching,
    name,
)
from lea_reports.datasets.dataset import Fault, Feed, Place


def _rules(rows: pa.Table) -> Iterator[Fault]:
    """Check that nobody enrolls before birth."""
    yield Fault(
        "enrollment_date",
        pc.less_equal(rows["enrollment_date"], rows["birth_date"]),
        "enrollment comes after birth",
    )


def _remarks(rows: pa.Table, today: date) -> Iterator[Fault]:
    """Find students who cannot be: a date of birth is not why an SSR is withheld."""
    yield Fault(
        "birth_date", pc.greater(rows["birth_date"], pa.scalar(today)), "a student was born today or earlier"
    )


FEED = Feed(
    "students",
    "A roster: every student as enrolled on its date, one row each.",
    (
        matching("ssid", "The statewide student identifier.", f"{LAYOUT}, field 2", SSID),
        name("last_name", "Last name, in any script.", f"{LAYOUT}, field 3", 50, required=True),
        name("first_name", "First name, the preferred one if there is one.", f"{LAYOUT}, field 4", 30),
        name("middle_name", "Middle name.", f"{LAYOUT}, field 5", 30),
        day("birth_date", "Date of birth.", f"{LAYOUT}, field 6", required=True),
        code("gender", "Female, male or nonbinary.", f"{LAYOUT}, field 7", ("F", "M", "X")),
        code("grade", "The grade enrolled in.", f"{LAYOUT}, field 10", GRADES, required=True),
        matching("lea", "The LEA enrolled in now.", f"{LAYOUT}, field 12", CDS_CODE),
        matching("school", "The school enrolled in now.", f"{LAYOUT}, field 14", CDS_CODE),
        day("enrollment_date", "The first day at that school.", f"{LAYOUT}, field 29"),
        matching(
            "primary_language",
            "The CALPADS language code, two digits.",
            f"{LAYOUT}, field 32",
            LANGUAGE_CODE,
            required=False,
        ),
        code(
            "elas",
            "English language acquisition status.",
            f"{LAYOUT}, field 30",
            ("ADEL", "EO", "EL", "IFEP", "RFEP", "TBD"),
        ),
        code(
            "reporting_ethnicity",
            "The one ethnicity used in reports.",
            f"{LAYOUT}, field 47",
            ("100", "200", "300", "400", "500", "600", "700", "800"),
        ),
        code(
            "parent_education_level",
            "The highest education of a parent; 15 declined to state.",
            f"{LAYOUT}, field 48",
            ("10", "11", "12", "13", "14", "15"),
        ),
        code("special_education", "Whether IDEA applies.", f"{LAYOUT}, fields 22 and 23", YES_NO),
        code("economic_disadvantage", "Whether disadvantaged.", f"{LAYOUT}, fields 36 and 37", YES_NO),
        name("local_student_id", "The LEA's own identifier.", f"{HEADER}, column 375", 15),
        day(
            "as_of_date",
            "The day whose enrollment the feed tells, the same in all rows.",
            "docs/domain.md#enrolled-and-tested",
        ),
    ),
    key=("ssid",),
    repeated="this SSID was given before",
    lea_column="lea",
    refers_to=("organizations",),
    rules=(_rules,),
    remarks=(_remarks,),
    place=Place("lea", "school"),
    is_roster=True,
    examples=(
        {
            "ssid": "9000000001",
            "last_name": "Nguyễn",
            "first_name": "Ánh",
            "birth_date": "2015-03-01",
            "grade": "05",
            "lea": "99100010000000",
            "school": "99100016000001",
            "primary_language": "02",
            "as_of_date": "2026-06-01",
        },
    ),
    against=(
        "Organizations have to be published before.",
        "The feed replaces the roster of its administration year; an older one needs `--accept-drop`.",
        "Students with scores whom no roster has are counted; many more than before need `--accept-drop`.",
    ),
)
