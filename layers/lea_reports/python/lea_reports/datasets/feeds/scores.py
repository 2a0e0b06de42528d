"""The feed of scores: a record per student and test. Its rules stand in `score_rules`."""

from lea_reports.assessments import FIRST_YEAR, GRADES, LAST_YEAR, Test, condition_codes
from lea_reports.datasets.columns import (
    CDS_CODE,
    ELPAC_LAYOUT,
    ESSAY_CONDITION_CODES,
    GENRES,
    HEADER,
    LANGUAGE_DOMAINS,
    LAYOUT,
    READING_MEASURE,
    SSID,
    UIN,
    Y_N,
    Column,
    ColumnType,
    code,
    day,
    level,
    matching,
    score,
)
from lea_reports.datasets.dataset import Feed, Place
from lea_reports.datasets.score_rules import SCORE_RULES, score_remarks

FEED = Feed(
    "scores",
    "One record per student and test of an administration year.",
    (
        Column(
            "administration_year",
            ColumnType.INT16,
            "The ending year of the school year.",
            "docs/domain.md#administration-years",
            required=True,
            lowest=FIRST_YEAR,
            highest=LAST_YEAR,
        ),
        code("record_type", "The test.", f"{LAYOUT}, field 1", tuple(Test), required=True),
        matching("ssid", "The statewide student identifier.", f"{LAYOUT}, field 2", SSID),
        code("grade_assessed", "The grade of the test.", f"{LAYOUT}, field 11", GRADES, required=True),
        matching("tested_lea", "The LEA that gave the test.", f"{LAYOUT}, fields 96-102", CDS_CODE),
        matching("tested_school", "The school that gave the test.", f"{LAYOUT}, fields 96-102", CDS_CODE),
        day("test_completed_date", "The test date printed on the SSR.", f"{LAYOUT}, field 103"),
        code(
            "condition_code",
            "Why there is no score, or one that does not count in full.",
            f"{LAYOUT}, field 120",
            tuple(condition_codes()),
        ),
        code("attemptedness", "How far the student got.", f"{LAYOUT}, field 121", ("N", "P", "Y")),
        code("score_status", "Valid or invalidated.", f"{LAYOUT}, field 122", ("I", "V")),
        code(
            "include_indicator",
            "Whether the record counts in aggregates.",
            f"{LAYOUT}, field 125",
            ("N", "E", "T", "R", "Y"),
            required=True,
        ),
        code("ssr_eligible", "Whether there is an SSR; blank if not tested.", f"{LAYOUT}, field 130", Y_N),
        day("ssr_available_date", "The first day of the SSR.", f"{HEADER}, SSRAvailableDate"),
        day("score_available_date", "The first day of the score.", f"{HEADER}, column 374"),
        matching(
            "lexile_or_quantile_measure",
            "The Lexile (ELA) or Quantile (mathematics) measure.",
            f"{LAYOUT}, field 131",
            READING_MEASURE,
            required=False,
        ),
        score("scale_score", "The overall scale score.", f"{LAYOUT}, field 146"),
        score("standard_error", "Standard error of measurement.", f"{LAYOUT}, field 147", 999),
        score("error_band_min", "The low end of the error band.", f"{LAYOUT}, field 148"),
        score("error_band_max", "The high end of the error band.", f"{LAYOUT}, field 149"),
        level("achievement_level", "1 to 4, or 9 for no score.", f"{LAYOUT}, field 150", 9),
        level("composite_claim_1_level", "1 below, 2 near, 3 above.", f"{HEADER}, SmarterCompClaim1PL", 3),
        level("composite_claim_2_level", "1 below, 2 near, 3 above.", f"{HEADER}, SmarterCompClaim2PL", 3),
        level("domain_1_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 151", 3),
        level("domain_2_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 152", 3),
        level("domain_3_level", "1 below, 2 near, 3 above.", f"{LAYOUT}, field 153", 3),
        level("domain_4_level", "1 below, 2 near, 3 above.", f"{HEADER}, Domain4Level", 3),
        *(
            column
            for number, name in ((1, "Oral"), (2, "Written"))
            for column in (
                score(
                    f"csa_composite_{number}_scale_score",
                    f"The scale score of {name} Literacy (CSA, high school).",
                    f"{HEADER}, CSAComp{number}ScaleScore",
                ),
                level(
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
                score(
                    f"{name}_language_scale_score",
                    f"The scale score of {name} language (Summative ELPAC).",
                    f"{ELPAC_LAYOUT}, field {first_field}",
                ),
                score(
                    f"{name}_language_standard_error",
                    f"Standard error of the score of {name} language.",
                    f"{ELPAC_LAYOUT}, field {first_field + 5}",
                    999,
                ),
                level(
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
                level(
                    f"{domain}_level",
                    "1 beginning, 2 somewhat or moderately, 3 well developed; blank for no score.",
                    f"{ELPAC_LAYOUT}, field {146 + number}",
                    3,
                ),
                code(
                    f"{domain}_exempt",
                    f"Y if the student was exempt from {domain}.",
                    f"{ELPAC_LAYOUT}, field {150 + number}; the letter is ours",
                    Y_N,
                ),
            )
        ),
        code("genre", "What kind of essay was written.", f"{LAYOUT}, field 154", GENRES),
        level("writing_organization_purpose", "0 to 4 points.", f"{LAYOUT}, field 155", 4, 0),
        level("writing_evidence_elaboration", "0 to 4 points.", f"{LAYOUT}, field 156", 4, 0),
        level("writing_conventions", "0 to 2 points.", f"{LAYOUT}, field 157", 2, 0),
        *(
            code(
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
        code("test_mode", "Online or on paper.", f"{LAYOUT}, field 124", ("O", "P")),
        code(
            "unlisted_resource_construct_change",
            "Whether an unlisted resource changed what the test measures.",
            f"{LAYOUT}, field 123",
            Y_N,
        ),
        *(
            column
            for years, first_field in ((1, 308), (2, 326), (3, 344))
            for column in (
                code(
                    f"ssr_eligible_minus_{years}",
                    f"Whether there was an SSR, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field}",
                    Y_N,
                ),
                code(
                    f"grade_assessed_minus_{years}",
                    f"The grade of the test, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                    GRADES,
                ),
                score(
                    f"standard_error_minus_{years}",
                    f"Standard error of measurement, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field + 3}",
                    999,
                ),
                score(
                    f"scale_score_minus_{years}",
                    f"The overall scale score, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                ),
                level(
                    f"achievement_level_minus_{years}",
                    f"1 to 4, or 9 for no score, {years} year(s) before.",
                    f"{LAYOUT}, fields {first_field}-{first_field + 6}",
                    9,
                ),
                code(
                    f"condition_code_minus_{years}",
                    f"The condition code, {years} year(s) before.",
                    f"{LAYOUT}, field {first_field + 6}",
                    tuple(condition_codes()),
                ),
            )
        ),
        matching("uin", "Unique identification number of the record.", f"{LAYOUT}, field 363", UIN),
    ),
    key=("ssid", "record_type", "administration_year"),
    repeated="this SSID was given before with the same test and year",
    lea_column="tested_lea",
    year_column="administration_year",
    refers_to=("organizations", "students"),
    rules=SCORE_RULES,
    remarks=(score_remarks,),
    place=Place("tested_lea", "tested_school", was=True),
    embargo_column="ssr_available_date",
    examples=(
        {
            "administration_year": "2026",
            "record_type": "01",
            "ssid": "9000000001",
            "grade_assessed": "05",
            "tested_lea": "99100010000000",
            "tested_school": "99100016000001",
            "test_completed_date": "2026-04-20",
            "score_status": "V",
            "include_indicator": "Y",
            "ssr_eligible": "Y",
            "ssr_available_date": "2026-06-01",
            "scale_score": "2510",
            "standard_error": "24",
            "error_band_min": "2486",
            "error_band_max": "2534",
            "achievement_level": "3",
            "uin": "9900000000000001",
        },
    ),
    against=(
        "Organizations have to be published before; students should be, or nobody can ask for SSRs.",
        "The feed replaces the scores of the administration years that it has; other years stay.",
        "Rows of schools that belong to another LEA stay with theirs and are named; over 10 % need `--accept-drop`.",
        "Students with scores whom no roster has are counted; many more than before need `--accept-drop`.",
    ),
)
