"""Results of many students at once, read by columns.

What `from_rows` does for one student, several times faster: values come out of whole columns, and the rules are
applied to them as they stand. Whatever is out of the ordinary (another assessment, a record that cannot be true,
records that do not belong together) is left to `from_rows` itself, so there is one set of rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain, compress, pairwise, starmap
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from lea_reports.assessments import AdministrationYear, Assessment, Test, ssr_tests
from lea_reports.errors import Invalid
from lea_reports.ssr.results.columns import Columns
from lea_reports.ssr.results.outcome import Outcome, outcome_of
from lea_reports.ssr.results.row_values import text_of
from lea_reports.ssr.results.student_result import StudentResult, from_rows
from lea_reports.ssr.results.subject_result import ESSAY, TESTED_ON, SubjectResult, no_record, subject_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lea_reports.ssr.results.row_values import Row
    from lea_reports.ssr.results.student_result import SchoolNames
    from lea_reports.ssr.results.subject_result import Reading, SubjectReader

COLUMNS_OF_SSR = ("ssr", "school", "listed_grade", "assessment", "language")
"""What a table of records says about the SSR that a record stands on.

`ssr` numbers the SSRs: the records of one stand together and bear the same number. `school` is a CDS code,
`listed_grade` the grade by which the SSR is listed.
"""
COLUMNS_OF_STUDENT = ("ssid", "last_name", "first_name", "middle_name", "grade")
"""What an SSR says about its student; stands beside each of the student's records."""

T = TypeVar("T")

_SMARTER_BALANCED = Assessment.SMARTER_BALANCED.value


@dataclass(frozen=True, slots=True)
class BadRecord:
    """An SSR whose records cannot be true."""

    ssid: str
    school: str
    grade: str
    assessment: str
    language: str
    problem: str
    """What is wrong with them, without student data."""


def student_results(table: pa.Table, school: Callable[[str], SchoolNames]) -> list[StudentResult | BadRecord]:
    """Read the SSRs of a table, in its order.

    The table has a row for each score record: `COLUMNS_OF_SSR`, `COLUMNS_OF_STUDENT` and columns of the `scores`
    dataset; one that is missing counts as null. `school` names a school by its code.
    """
    numbers = Columns(table).integers("ssr")
    starts = [at for at, (before, number) in enumerate(pairwise((None, *numbers))) if number != before]
    spans = list(pairwise((*starts, len(numbers))))
    heads = Columns(table.take(pa.array(starts, pa.int64())))
    codes = heads.texts("school")
    schools = {code: school(code) for code in set(codes)}
    said = (
        heads.integers("ssr"),
        heads.texts("ssid"),
        heads.texts("last_name"),
        heads.texts("first_name"),
        heads.texts("middle_name"),
        [schools[code] for code in codes],
        heads.texts("assessment"),
        heads.texts("language"),
    )
    year = _only_year(table)
    results: list[StudentResult | BadRecord | None] = [None] * len(codes)
    if year:
        results = [*starmap(_Records(table, year).result, zip(*said, strict=True))]
    left = [at for at, result in enumerate(results) if result is None]
    if left:
        positions = chain.from_iterable(range(*spans[at]) for at in left)
        rows = iter(Columns(table.take(pa.array(positions, pa.int64()))).rows())
        for at in left:
            results[at] = _by_rows([next(rows) for _ in range(*spans[at])], schools[codes[at]])
    return [result for result in results if result is not None]


def _by_rows(rows: Sequence[Row], school: SchoolNames) -> StudentResult | BadRecord:
    """Read an SSR of any assessment by the rows of its records."""
    language, assessment = text_of(rows[0], "language"), text_of(rows[0], "assessment")
    try:
        return from_rows(rows[0], rows, school, language=language, assessment=assessment)
    except Invalid as error:
        ssid, listed_grade = text_of(rows[0], "ssid"), text_of(rows[0], "listed_grade")
        return BadRecord(ssid, school.code, listed_grade, assessment, language, str(error))


def _only_year(table: pa.Table) -> AdministrationYear | None:
    years = pc.unique(table["administration_year"]).to_pylist()
    try:
        return AdministrationYear(years[0]) if len(years) == 1 and years[0] is not None else None
    except Invalid:
        return None


class _Records:
    """What the records of Smarter Balanced, and of what its SSR shows beside it, say: by the number of the SSR."""

    def __init__(self, table: pa.Table, year: AdministrationYear) -> None:
        self._year = year
        self._read_by_rows: set[int | None] = set()
        """SSRs with a record that is out of the ordinary."""
        shown = ssr_tests(Assessment.SMARTER_BALANCED, year)
        of_test = {test: table.filter(pc.equal(table["record_type"], test.value)) for test in shown}
        if sum(map(len, of_test.values())) != len(table):
            others = pc.invert(pc.is_in(table["record_type"], pa.array(map(str, shown))))
            self._read_by_rows.update(Columns(table.filter(others)).integers("ssr"))
        ela = Columns(of_test[Test.SB_ELA])
        self._ela = self._subjects(subject_reader(Test.SB_ELA, year), ela)
        self._essays = dict(zip(ela.integers("ssr"), self._each(ESSAY, ela, None), strict=True))
        self._mathematics = self._subjects(
            subject_reader(Test.SB_MATHEMATICS, year), Columns(of_test[Test.SB_MATHEMATICS])
        )
        self._science = self._outcomes(Test.CAST, of_test[Test.CAST]) if Test.CAST in of_test else {}

    def result(
        self,
        number: int | None,
        ssid: str,
        last_name: str,
        first_name: str,
        middle_name: str,
        school: SchoolNames,
        assessment: str,
        language: str,
    ) -> StudentResult | None:
        """Join what an SSR says; None if it must be read by rows."""
        ela, mathematics = self._ela.get(number), self._mathematics.get(number)
        either = ela or mathematics
        if either is None or number in self._read_by_rows or assessment != _SMARTER_BALANCED:
            return None
        grade = either.grade
        ela = ela or no_record(Test.SB_ELA, grade)
        return StudentResult(
            ssid,
            last_name,
            first_name,
            middle_name,
            school,
            self._year,
            grade,
            language,
            assessment,
            ela,
            mathematics or no_record(Test.SB_MATHEMATICS, grade),
            self._essays[number] if ela.score else None,
            (),
            self._science.get(number),
        )

    def _subjects(self, reader: SubjectReader, columns: Columns) -> dict[int | None, SubjectResult | None]:
        areas = self._each(reader.areas, columns, ())
        years = [self._each(past, columns, None) for past in reader.history]
        before = columns.dates(TESTED_ON), areas, zip(*years, strict=True)
        found: list[SubjectResult | None] = self._each(reader.subject, columns, None, *before)
        numbers = columns.integers("ssr")
        without_grade = (not grade for grade in columns.texts("grade_assessed"))
        self._read_by_rows.update(compress(numbers, without_grade))
        subjects = dict(zip(numbers, found, strict=True))
        if len(subjects) < len(numbers):
            self._read_by_rows.update(number for number, count in Counter(numbers).items() if count > 1)
        return subjects

    def _outcomes(self, test: Test, table: pa.Table) -> dict[int | None, Outcome]:
        outcomes: dict[int | None, Outcome] = {}
        for number, row in zip(Columns(table).integers("ssr"), Columns(table).rows(), strict=True):
            try:
                found = outcome_of(test, row, self._year, "")
            except Invalid:
                found = None
            if found is None or not found.grade or number in outcomes:
                self._read_by_rows.add(number)
            else:
                outcomes[number] = found
        return outcomes

    def _each(self, reading: Reading[T], columns: Columns, instead: T, *before: Iterable[object]) -> list[T]:
        """Apply a rule to every row; what cannot be true becomes `instead`, and its SSR odd.

        `before`: what the rule takes before the columns of the reading.
        """
        texts, integers = map(columns.texts, reading.texts), map(columns.integers, reading.integers)
        values = [*map(list, before), *texts, *integers]
        if not values:
            return [reading.rule()] * len(columns)
        try:
            return list(starmap(reading.rule, zip(*values, strict=True)))
        except Invalid:
            rows = zip(columns.integers("ssr"), zip(*values, strict=True), strict=True)
            return [self._tried(reading.rule, number, row, instead) for number, row in rows]

    def _tried(self, rule: Callable[..., T], number: int | None, values: tuple[object, ...], instead: T) -> T:
        try:
            return rule(*values)
        except Invalid:
            self._read_by_rows.add(number)
            return instead
