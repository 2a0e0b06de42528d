import pytest

from lea_reports.storage.objects import MemoryObjects

PROFICIENCY = {
    "record_type": "21",
    "scale_score": "1520",
    "achievement_level": "3",
    "standard_error": "",
    "error_band_min": "",
    "error_band_max": "",
    "lexile_or_quantile_measure": "",
    "composite_claim_1_level": "",
    "composite_claim_2_level": "",
    "genre": "",
    "writing_organization_purpose": "",
    "writing_evidence_elaboration": "",
    "writing_conventions": "",
    "scale_score_minus_1": "",
    "standard_error_minus_1": "",
    "achievement_level_minus_1": "",
    "oral_language_scale_score": "1540",
    "oral_language_level": "4",
    "written_language_scale_score": "1500",
    "written_language_level": "2",
    "listening_level": "3",
    "speaking_level": "2",
    "reading_level": "2",
    "writing_level": "1",
}
"""What turns the good row of Smarter Balanced into one of the Summative ELPAC."""

FAULTS = {
    "organizations": [
        ({"cds_code": "123"}, "cds_code", "14 digits"),
        ({"cds_code": ""}, "cds_code", "a value is required"),
        ({"kind": "academy"}, "kind", "one of county_office"),
        ({"name": ""}, "name", "a value is required"),
        ({"name": " Sample"}, "name", "without control characters"),
        ({"name": "Sample\tUnified"}, "name", "without control characters"),
        ({"name": "S" * 101}, "name", "at most 100 characters"),
        ({"lea": "99100020000000"}, "lea", "an LEA belongs to itself"),
        ({"kind": "school"}, "lea", "a school belongs to an LEA"),
        ({"window_end": "2026-03-01"}, "window_end", "on or after its start"),
        ({"window_end": ""}, "window_end", "both a start and an end"),
        ({"window_start": "03/02/2026"}, "window_start", "a date that exists, written YYYY-MM-DD"),
        ({"window_start": "20260302"}, "window_start", "a date that exists, written YYYY-MM-DD"),
        ({"window_start": "2026-02-30"}, "window_start", "a date that exists, written YYYY-MM-DD"),
    ],
    "students": [
        ({"ssid": "900000001"}, "ssid", "10 digits"),
        ({"ssid": "90000000011"}, "ssid", "10 digits"),
        ({"ssid": "٩٠٠٠٠٠٠٠٠١"}, "ssid", "10 digits"),
        ({"last_name": ""}, "last_name", "a value is required"),
        ({"first_name": "x" * 31}, "first_name", "at most 30 characters"),
        ({"gender": "f"}, "gender", "one of F, M, X"),
        ({"grade": "5"}, "grade", "one of KN, 01"),
        ({"primary_language": "2"}, "primary_language", "2 digits"),
        ({"elas": "ELL"}, "elas", "one of ADEL"),
        ({"reporting_ethnicity": "900"}, "reporting_ethnicity", "one of 100"),
        ({"parent_education_level": "9"}, "parent_education_level", "one of 10"),
        ({"special_education": "Y"}, "special_education", "one of Yes, No"),
        ({"birth_date": ""}, "birth_date", "a value is required"),
        ({"enrollment_date": "2015-03-01"}, "enrollment_date", "enrollment comes after birth"),
    ],
    "scores": [
        ({"administration_year": "26"}, "administration_year", "a whole number from 2015 to 2099"),
        ({"administration_year": "2026.5"}, "administration_year", "a whole number"),
        ({"record_type": "1"}, "record_type", "one of 01"),
        ({"record_type": "99"}, "record_type", "one of 01"),
        ({"grade_assessed": "09"}, "grade_assessed", "the test is given in this grade"),
        ({"condition_code": "XYZ"}, "condition_code", "one of ALT, EXA"),
        ({"condition_code": "INC0"}, "condition_code", "is used with this test"),
        ({"condition_code": "NEL"}, "include_indicator", "the one of the condition code"),
        ({"condition_code": "PGE", "include_indicator": "N"}, "scale_score", "excludes a scale score"),
        ({"condition_code": "LOSS", "include_indicator": "T"}, "scale_score", "fixes the scale score"),
        ({"include_indicator": ""}, "include_indicator", "a value is required"),
        ({"include_indicator": "X"}, "include_indicator", "one of N, E, T, R, Y"),
        ({"ssr_eligible": "y"}, "ssr_eligible", "one of Y, N"),
        ({"ssr_available_date": "2026-04-19"}, "ssr_available_date", "on or after the test date"),
        ({"lexile_or_quantile_measure": "880"}, "lexile_or_quantile_measure", "a measure like 880L"),
        ({"scale_score": "2199"}, "scale_score", "lies on the scale"),
        ({"scale_score": "2731"}, "scale_score", "lies on the scale"),
        ({"scale_score": "251O"}, "scale_score", "a whole number from 0 to 2999"),
        ({"scale_score": "99999"}, "scale_score", "a whole number from 0 to 2999"),
        ({"achievement_level": "4"}, "achievement_level", "the one of the scale score"),
        ({"achievement_level": ""}, "achievement_level", "the one of the scale score"),
        ({"achievement_level": "9"}, "achievement_level", "the one of the scale score"),
        ({"scale_score": ""}, "achievement_level", "without a scale score the level is 9 or blank"),
        ({"scale_score": ""}, "error_band_min", "an error band needs a scale score"),
        ({"error_band_min": "2511"}, "error_band_min", "begins at or below the score"),
        ({"error_band_max": "2509"}, "error_band_max", "ends at or above the score"),
        ({"error_band_max": ""}, "error_band_max", "both a low and a high end"),
        ({"composite_claim_1_level": "4"}, "composite_claim_1_level", "a whole number from 1 to 3"),
        ({"administration_year": "2022"}, "composite_claim_1_level", "for this test and year"),
        ({"record_type": "02"}, "genre", "Smarter Balanced ELA only"),
        ({"genre": "POEM"}, "genre", "one of ARGU"),
        ({"writing_conventions": "3"}, "writing_conventions", "a whole number from 0 to 2"),
        ({"test_mode": "X"}, "test_mode", "one of O, P"),
        ({"scale_score_minus_1": "2139"}, "scale_score_minus_1", "lies on the scale"),
        ({"achievement_level_minus_1": "1"}, "achievement_level_minus_1", "the one of the scale score"),
        ({"uin": "12"}, "uin", "16 digits"),
        ({"oral_language_scale_score": "1500"}, "oral_language_scale_score", "reported for this test"),
        ({"listening_level": "2"}, "listening_level", "reported for this test"),
        ({"csa_composite_1_level": "2"}, "csa_composite_1_level", "reported for this test"),
        ({"csa_composite_1_level": "4"}, "csa_composite_1_level", "a whole number from 1 to 3"),
        ({"listening_exempt": "Y"}, "listening_exempt", "only the Summative ELPAC"),
        (PROFICIENCY | {"oral_language_scale_score": "1801"}, "oral_language_scale_score", "lies on the scale"),
        (PROFICIENCY | {"oral_language_level": "3"}, "oral_language_level", "the one of the scale score"),
        (PROFICIENCY | {"listening_exempt": "Y"}, "listening_level", "an exempt domain has no level"),
        (PROFICIENCY | {"listening_exempt": "1"}, "listening_exempt", "one of Y, N"),
        (PROFICIENCY | {"scale_score": "1149"}, "scale_score", "lies on the scale"),
        (PROFICIENCY | {"include_indicator": "R"}, "include_indicator", "used with this test"),
    ],
}  # fmt: skip
CASES = [
    pytest.param(dataset, changes, column, rule, id=f"{dataset}-{column}-{str(changes)[:60]}")
    for dataset, faults in FAULTS.items()
    for changes, column, rule in faults
]


@pytest.mark.parametrize("dataset", FAULTS)
def test_a_row_without_fault_is_taken(dataset, good_row, write_csv, take_in, objects, rejects):
    """The rows that the other tests damage are themselves right."""
    summary = take_in(objects, dataset, write_csv(dataset, [good_row(dataset)]))
    assert rejects() == []
    assert (summary.accepted, summary.rejected) == (1, 0)


@pytest.mark.parametrize(("dataset", "changes", "column", "rule"), CASES)
def test_a_bad_value_is_rejected_with_line_column_value_and_rule(
    dataset, changes, column, rule, good_row, write_csv, take_in, objects, rejects
):  # fmt: skip
    """The bad row stands in line 3, between a good one and the end of the file."""
    good = good_row(dataset)
    bad = good_row(dataset, **changes)
    summary = take_in(objects, dataset, write_csv(dataset, [good, bad]))
    assert summary.rejected == 1
    reasons = [reason for reason in rejects() if reason["column"] == column and rule in reason["rule"]]
    assert reasons, rejects()
    assert {reason["line"] for reason in rejects()} == {"3"}
    assert reasons[0]["value"] == bad[column][:200]


def test_scales_that_were_never_published_reject_nothing(good_row, write_csv, take_in, objects):
    """CAA science has no known numbers; its scores are taken as they are."""
    blank = {name: "" for name in good_row("scores") if name.startswith(("composite", "genre", "writing"))}
    blank |= {name: "" for name in good_row("scores") if name.endswith("_minus_1")}
    row = good_row("scores", record_type="05", scale_score="555", achievement_level="2", **blank)
    row |= {"error_band_min": "", "error_band_max": ""}
    assert take_in(objects, "scores", write_csv("scores", [row])).rejected == 0


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"listening_level": "", "listening_exempt": "Y", "condition_code": "EXD"},
        {"record_type": "EA", "scale_score": "545", "achievement_level": "2"},
        {
            "record_type": "EI",
            "scale_score": "450",
            "oral_language_level": "3",
            "written_language_level": "2",
        },
    ],
    ids=["summative", "exempt from a domain", "alternate", "initial"],
)
def test_rows_of_english_proficiency_tests_are_taken(changes, good_row, write_csv, take_in, objects, rejects):
    """The Initial ELPAC has levels of composites but no scores of them; the alternate has neither."""
    row = good_row("scores", **PROFICIENCY)
    if "record_type" in changes:
        row |= {name: "" for name in PROFICIENCY if name.startswith(("oral", "written"))}
        row |= {f"{domain}_level": "" for domain in ("listening", "speaking", "reading", "writing")}
    take_in(objects, "scores", write_csv("scores", [row | changes]))
    assert rejects() == []


@pytest.mark.parametrize(
    ("school", "lea", "rule"),
    [
        ("99100016000009", "99100010000000", "the school is a known one"),
        ("99100016000001", "99100030000000", "the LEA is a known one"),
        ("99100016000001", "99100016000001", "the LEA is a known one"),
    ],
)
@pytest.mark.parametrize(("dataset", "prefix"), [("students", ""), ("scores", "tested_")])
def test_unknown_places_are_rejected_once_organizations_are_published(
    dataset, prefix, school, lea, rule, good_row, write_csv, take_in, objects, rejects
):
    """A code with the right form may still name nothing, or a school of another LEA."""
    row = good_row(dataset, **{f"{prefix}school": school, f"{prefix}lea": lea})
    assert take_in(MemoryObjects(), dataset, write_csv(dataset, [row])).rejected == 0
    organizations = [
        good_row("organizations"),
        good_row("organizations", cds_code="99100020000000", lea="99100020000000"),
        good_row("organizations", cds_code="99100016000001", kind="school"),
        good_row("organizations", cds_code="99100026000001", kind="school", lea="99100020000000"),
    ]
    assert take_in(objects, "organizations", write_csv("organizations", organizations)).rejected == 0
    assert take_in(objects, dataset, write_csv(dataset, [good_row(dataset)])).rejected == 0
    assert take_in(objects, dataset, write_csv(dataset, [row])).rejected == 1
    assert rule in {reason["rule"] for reason in rejects()}


def test_a_student_of_a_school_of_another_lea_is_rejected(good_row, write_csv, take_in, objects, rejects):
    """A roster tells who is where now, and decides who may ask for whose SSRs."""
    organizations = [
        good_row("organizations"),
        good_row("organizations", cds_code="99100020000000", lea="99100020000000"),
        good_row("organizations", cds_code="99100026000001", kind="school", lea="99100020000000"),
    ]
    take_in(objects, "organizations", write_csv("organizations", organizations))
    row = good_row("students", school="99100026000001", lea="99100010000000")
    assert take_in(objects, "students", write_csv("students", [row])).rejected == 1
    assert [reason["rule"] for reason in rejects()] == ["the school belongs to the LEA"]


def test_a_school_of_an_lea_that_is_not_in_the_feed_is_rejected(
    good_row, write_csv, take_in, objects, rejects
):
    """The organizations feed is whole: every LEA named in it is a row of it."""
    school = good_row("organizations", cds_code="99100026000001", kind="school", lea="99100020000000")
    rows = [good_row("organizations"), school]
    assert take_in(objects, "organizations", write_csv("organizations", rows)).rejected == 1
    assert [(reason["line"], reason["rule"]) for reason in rejects()] == [
        ("3", "the LEA is a row of its own")
    ]
