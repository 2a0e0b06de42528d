"""Which tests stand on one SSR."""

import pytest

from lea_reports.assessments import Assessment, Test, ssr_tests, ssrs_of

BOTH = (Test.SB_ELA, Test.SB_MATHEMATICS)


@pytest.mark.parametrize(
    ("year", "tests"),
    [(2023, BOTH), (2024, (*BOTH, Test.CAST)), (2025, (*BOTH, Test.CAST)), (2026, BOTH)],
)
def test_the_science_test_stands_beside_smarter_balanced_for_two_years(year, tests):
    """2023-24 and 2024-25 put both on one SSR."""
    assert ssr_tests(Assessment.SMARTER_BALANCED, year) == tests


def test_no_other_assessment_has_guests():
    """CAST itself shows CAST alone in every year."""
    others = set(Assessment) - {Assessment.SMARTER_BALANCED}

    assert all(ssr_tests(kind, year) == kind.tests for kind in others for year in range(2016, 2030))


@pytest.mark.parametrize(
    ("record_types", "year", "ssrs"),
    [
        ({"01", "02", "06"}, 2025, {Assessment.SMARTER_BALANCED: (*BOTH, Test.CAST)}),
        ({"02", "06"}, 2024, {Assessment.SMARTER_BALANCED: (Test.SB_MATHEMATICS, Test.CAST)}),
        ({"06"}, 2025, {Assessment.CAST: (Test.CAST,)}),
        ({"01", "06"}, 2026, {Assessment.SMARTER_BALANCED: (Test.SB_ELA,), Assessment.CAST: (Test.CAST,)}),
        ({"03", "05"}, 2025, {Assessment.CAA: (Test.CAA_ELA, Test.CAA_SCIENCE)}),
        (set(), 2025, {}),
    ],
)
def test_a_record_stands_on_one_ssr(record_types, year, ssrs):
    """A guest without a host makes an SSR of its own."""
    assert ssrs_of(frozenset(record_types), year) == ssrs
