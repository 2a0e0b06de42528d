from datetime import date

import pytest

from lea_reports.errors import Invalid, NotFound
from lea_reports.organizations import CdsCode, LeaDirectory, OrganizationKind, Window

DISTRICT = "99123450000000"
CHARTER = "99123450999999"


def row(cds_code, name, **other):
    return {
        "cds_code": cds_code,
        "name": name,
        "kind": "school",
        "lea": DISTRICT,
        "county_name": "Sample",
        "window_start": date(2026, 3, 2),
        "window_end": date(2026, 5, 29),
        **other,
    }


ROWS = [
    row("99123450000002", "Willow"),
    row("99123450000001", "Alder", window_start=None, window_end=None),
    row(DISTRICT, "Sample Unified", kind="district"),
    row(CHARTER, "Harbor Charter", kind="direct_funded_charter", lea=CHARTER),
    row("99678900000001", "Elsewhere", lea="99678900000000"),
]


def test_a_directory_holds_the_lea_and_only_its_schools_by_name():
    """Schools of other LEAs, also of charters in the same district, are left out."""
    directory = LeaDirectory.from_rows(DISTRICT, ROWS)
    assert directory.lea.name == "Sample Unified"
    assert directory.lea.lea == DISTRICT
    assert [school.name for school in directory.schools] == ["Alder", "Willow"]
    assert directory.codes() == {CdsCode("99123450000001"), CdsCode("99123450000002")}


def test_schools_stand_as_people_sort_them():
    """An accent does not move a school to the end of the list."""
    names = ["Zamora", "Ángeles", "O’Neill", "Olive", "ONeal"]
    rows = [
        row(DISTRICT, "Sample Unified", kind="district"),
        *(row(f"9912345000010{at}", name) for at, name in enumerate(names)),
    ]
    schools = LeaDirectory.from_rows(DISTRICT, rows).schools
    assert [school.name for school in schools] == ["Ángeles", "Olive", "ONeal", "O’Neill", "Zamora"]


def test_a_direct_funded_charter_is_its_own_only_school():
    """Its students are enrolled in a school whose code is the LEA's code."""
    directory = LeaDirectory.from_rows(CHARTER, ROWS)
    assert directory.lea.kind is OrganizationKind.DIRECT_FUNDED_CHARTER
    assert [school.cds_code for school in directory.schools] == [CHARTER]


def test_a_school_is_found_by_code_within_its_lea_only():
    """The directory answers None for a school of another LEA."""
    directory = LeaDirectory.from_rows(DISTRICT, ROWS)
    found = directory.school("99123450000002")
    assert found is not None
    assert found.window == Window(date(2026, 3, 2), date(2026, 5, 29))
    assert directory.school("99678900000001") is None


def test_an_unknown_lea_is_not_found():
    """A code without a row of its own is no LEA."""
    with pytest.raises(NotFound, match="99000000000000"):
        LeaDirectory.from_rows("99000000000000", ROWS)


def test_a_school_cannot_pose_as_an_lea():
    """A row of kind school that claims to be its own LEA is refused."""
    code = "99123450000001"
    with pytest.raises(Invalid, match="no LEA"):
        LeaDirectory.from_rows(code, [row(code, "Alder", lea=code)])


def test_half_a_window_is_none():
    """Both ends may be blank in the feed; one that is must not take the LEA its reports."""
    rows = [row(DISTRICT, "Sample Unified", kind="district", window_end=None)]

    assert LeaDirectory.from_rows(DISTRICT, rows).lea.window is None


def test_a_window_includes_both_its_ends_and_never_runs_backwards():
    """Testing happens on the first and on the last day too."""
    window = Window(date(2026, 3, 2), date(2026, 5, 29))
    assert date(2026, 3, 2) in window
    assert date(2026, 5, 29) in window
    assert date(2026, 5, 30) not in window
    with pytest.raises(Invalid, match="on or after its start"):
        Window(date(2026, 5, 29), date(2026, 3, 2))
