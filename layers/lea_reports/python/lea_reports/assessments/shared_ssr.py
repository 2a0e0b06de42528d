"""Which tests stand on one SSR: those of its assessment, and in some years another's as well."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from lea_reports.assessments.fact_table import read_table, year_span
from lea_reports.assessments.test import Assessment, Test


@cache
def ssr_tests(assessment: Assessment, year: int) -> tuple[Test, ...]:
    """Return the tests that an SSR of an assessment can show in an administration year, in report order.

    Its own come first. Source: docs/domain.md#ssrs-that-show-two-assessments.
    """
    guests = (
        Test(row["record_type"])
        for row in read_table("shared_ssrs")
        if row["assessment"] == assessment.value and year in year_span(row)
    )
    return (*assessment.tests, *guests)


@cache
def ssrs_of(record_types: frozenset[str], year: int) -> Mapping[Assessment, tuple[Test, ...]]:
    """Return the SSRs that records of one student and year make, with those of the tests that each shows.

    A record stands on one SSR only: a guest goes to its host's if the host's own tests left a record, and
    makes an SSR of its own if they did not (grades 10 and 12 take CAST, but nothing of Smarter Balanced).
    """
    hosts = [assessment for assessment in Assessment if not record_types.isdisjoint(assessment.tests)]
    shown = {host: tuple(test for test in ssr_tests(host, year) if test in record_types) for host in hosts}
    hosted = {test for host, tests in shown.items() for test in tests if test not in host.tests}
    return MappingProxyType({host: tests for host, tests in shown.items() if not hosted.issuperset(tests)})
