import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise

import pyarrow.compute as pc
import pytest
from pyarrow import parquet

from lea_reports.assessments import AdministrationYear, Assessment, Test, score_scale
from lea_reports.datasets.columns import LANGUAGE_DOMAINS
from lea_reports.datasets.feeds import FEEDS
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.synthesis import SynthesisOrder, synthesize
from lea_reports.datasets.synthesis.population import families, school_names
from lea_reports.datasets.synthesis.students import Identifiers
from lea_reports.errors import Invalid
from lea_reports.storage.objects import MemoryObjects

YEAR = AdministrationYear(2026)
LEA, NEIGHBOUR = "99100010000000", "99100020000000"
SCRIPTS = {"CJK": "Han", "HANGUL": "Hangul", "ARABIC": "Arabic", "LATIN": "Latin"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A district of the size that the demo uses."""
    folder = tmp_path_factory.mktemp("district")
    synthesize(SynthesisOrder(1000, 4, 20, YEAR, csv=True), folder)
    return folder


@pytest.fixture(scope="module")
def whole_folder(tmp_path_factory):
    """The same district, larger, with every assessment."""
    folder = tmp_path_factory.mktemp("whole")
    synthesize(SynthesisOrder(3000, 6, 20, YEAR, assessments=frozenset(Assessment)), folder)
    return folder


@pytest.fixture(scope="module")
def all_scores(whole_folder):
    return parquet.read_table(whole_folder / "scores.parquet").to_pylist()


@pytest.fixture(scope="module")
def students(folder):
    return parquet.read_table(folder / "students.parquet").to_pylist()


@pytest.fixture(scope="module")
def scores(folder):
    return parquet.read_table(folder / "scores.parquet").to_pylist()


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_its_own_ingest_takes_every_row(form, folder, take_in, rejects):
    """Both forms, with the organizations known and with scores and students in either order."""
    objects = MemoryObjects()
    for dataset in ("organizations", "scores", "students", "scores"):
        summary = take_in(objects, dataset, folder / f"{dataset}.{form}")
        assert (summary.rejected, rejects()) == (0, [])
    datasets = DatasetReader(objects)
    assert len(datasets.directory(datasets.pinned(), LEA).schools) == 4
    assert len(datasets.rows(STUDENTS, datasets.pinned(), YEAR, LEA)) == 1000


def test_the_same_order_gives_the_same_files(folder, tmp_path):
    """Byte for byte; another seed gives other students."""
    synthesize(SynthesisOrder(1000, 4, 20, YEAR, csv=True), tmp_path / "again")
    synthesize(SynthesisOrder(1000, 4, 21, YEAR, csv=True), tmp_path / "other")
    for dataset in FEEDS:
        for form in ("parquet", "csv"):
            name = f"{dataset}.{form}"
            assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
            assert (tmp_path / "other" / name).read_bytes() != (folder / name).read_bytes()


def test_the_district_cannot_be_mistaken_for_a_real_one(students, scores):
    """All codes lie in county 99; identifiers are distinct."""
    assert {student["lea"][:2] for student in students} == {"99"}
    assert {record["tested_school"][:2] for record in scores} == {"99"}
    assert len({student["ssid"] for student in students}) == len(students)
    assert len({record["uin"] for record in scores}) == len(scores)


def test_most_students_have_an_ssr_and_some_have_none(students, scores):
    """Grades that are not tested are there as well, and students whose record gives no SSR."""
    own = [student for student in students if student["lea"] == LEA]
    assert len(own) == 1000
    assert {student["grade"] for student in own} == {"KN", *(f"{grade:02d}" for grade in range(1, 13))}
    eligible = {record["ssid"] for record in scores if record["ssr_eligible"] == "Y"}
    tested_grades = [student for student in own if student["grade"] in Test.SB_ELA.grades]
    share = sum(student["ssid"] in eligible for student in own) / len(own)
    assert 0.6 < share < 0.8
    assert any(student["ssid"] not in eligible for student in tested_grades)


def test_every_assessment_comes_without_a_fault(whole_folder, take_in, rejects):
    """Science, alternate, Spanish and English proficiency follow the rules of the feed."""
    objects = MemoryObjects()
    for dataset in ("organizations", "students", "scores"):
        assert take_in(objects, dataset, whole_folder / f"{dataset}.parquet").rejected == 0
    assert rejects() == []


def test_every_test_is_taken_by_whom_it_is_for(whole_folder, all_scores):
    """CAA in place of Smarter Balanced, CSA by Spanish speakers, ELPAC by English learners."""
    students = {row["ssid"]: row for row in parquet.read_table(whole_folder / "students.parquet").to_pylist()}
    takers = {test: {r["ssid"] for r in all_scores if r["record_type"] == test} for test in Test}
    assert all(takers.values())
    alternate = takers[Test.CAA_ELA] | takers[Test.CAA_MATHEMATICS] | takers[Test.CAA_SCIENCE]
    assert alternate.isdisjoint(takers[Test.SB_ELA] | takers[Test.SB_MATHEMATICS] | takers[Test.CAST])
    assert 0.005 * len(students) < len(alternate) < 0.02 * len(students)
    assert {students[s]["primary_language"] for s in takers[Test.CSA] if s in students} == {"01"}
    for test in (Test.SUMMATIVE_ELPAC, Test.SUMMATIVE_ALTERNATE_ELPAC):
        assert {students[s]["elas"] for s in takers[test] if s in students} == {"EL"}
    grades = {row["grade_assessed"] for row in all_scores if row["record_type"] == Test.CAST}
    assert grades == {"05", "08", "11"}


def test_other_assessments_leave_smarter_balanced_as_it_is(tmp_path):
    """All but the number that identifies a record and the few who take the alternate assessment."""
    rows = {}
    for name, wanted in (("few", {Assessment.SMARTER_BALANCED}), ("all", set(Assessment))):
        synthesize(SynthesisOrder(300, 3, 5, YEAR, assessments=frozenset(wanted)), tmp_path / name)
        table = parquet.read_table(tmp_path / name / "scores.parquet").drop_columns(["uin"])
        rows[name] = [row for row in table.to_pylist() if row["record_type"] in {"01", "02"}]
    assert all(row in rows["few"] for row in rows["all"])
    assert len(rows["all"]) > 0.95 * len(rows["few"])


def test_the_special_cases_of_the_other_tests_occur(all_scores):
    """Nothing answered, few answered, too few tasks, exempt domains, history without a published scale."""
    codes = {(row["record_type"], row["condition_code"]) for row in all_scores}
    assert {("21", "NT"), ("21", "EXD"), ("06", "PGE"), ("06", "LOSS")} <= codes
    exempt = [row for row in all_scores if row["condition_code"] == "EXD"]
    assert all("Y" in {row[f"{domain}_exempt"] for domain in LANGUAGE_DOMAINS} for row in exempt)
    assert any(row["record_type"] == "09" and row["scale_score_minus_2"] is not None for row in all_scores)


def test_some_students_moved_in_and_some_moved_out(students, scores):
    """Tested next door and enrolled here, the reverse, and tested here but enrolled nowhere."""
    enrolled = {student["ssid"]: student["lea"] for student in students}
    ways = Counter((record["tested_lea"], enrolled.get(record["ssid"])) for record in scores)
    assert ways[NEIGHBOUR, LEA] >= 5
    assert ways[LEA, NEIGHBOUR] >= 5
    assert ways[LEA, None] >= 1
    assert ways[LEA, LEA] > 1000


def test_some_students_took_one_subject_only(scores):
    """The other record is missing, or stands there without an SSR."""
    tests = Counter(record["ssid"] for record in scores)
    eligible = Counter(record["ssid"] for record in scores if record["ssr_eligible"] == "Y")
    assert 1 in tests.values()
    assert any(tests[ssid] == 2 and number == 1 for ssid, number in eligible.items())


def test_names_come_in_every_script_and_composed(students):
    """Latin with Spanish and Vietnamese marks, Han, Hangul and Arabic; NFC, as fonts expect it."""
    names = [f"{student['last_name']} {student['first_name']}" for student in students]
    scripts = Counter(
        script
        for name in names
        for word, script in SCRIPTS.items()
        if unicodedata.name(name[0]).startswith(word)
    )
    assert set(scripts) == set(SCRIPTS.values())
    assert any("ñ" in name for name in names)
    assert any("ễ" in name for name in names)
    assert all(unicodedata.is_normalized("NFC", name) for name in names)
    assert {"00", "01", "02", "03", "04", "05", "07", "11", "12"} <= {
        student["primary_language"] for student in students
    }


def test_every_name_of_the_tables_is_composed_and_fits_its_field():
    """Also those that no small district draws."""
    for family in families():
        for names, longest in ((family.last, 24), *((names, 30) for names in family.given.values())):
            assert len(set(names)) == len(names)
            assert all(0 < len(name) <= longest and unicodedata.is_normalized("NFC", name) for name in names)
    assert len(set(school_names())) == len(school_names())


def test_condition_codes_come_with_the_rest_of_their_record(scores):
    """No score without a test, LOSS at the lowest score, and no SSR for either."""
    codes = Counter(record["condition_code"] for record in scores)
    assert {"PGE", "NT", "NEL", "LOSS"} <= set(codes)
    for record in scores:
        if record["condition_code"] in {"PGE", "NTE", "NT", "NEL"}:
            assert record["scale_score"] is None
            assert record["test_completed_date"] is None
            assert record["ssr_eligible"] is None
        if record["condition_code"] == "LOSS":
            assert (record["ssr_eligible"], record["include_indicator"]) == ("N", "T")
        if record["condition_code"] == "NEL":
            assert (record["record_type"], record["include_indicator"]) == ("01", "E")


def test_ssr_dates_lie_between_may_20_and_july_10(scores):
    """They are spread, so that a date range chooses some of them."""
    dates = [record["ssr_available_date"] for record in scores if record["ssr_eligible"] == "Y"]
    assert None not in dates
    assert min(dates) >= date(2026, 5, 20)
    assert max(dates) <= date(2026, 7, 10)
    assert len(set(dates)) > 20


def test_history_lies_on_the_scale_of_its_own_year(scores):
    """Up to three years; grade eleven looks back to grade eight."""
    depths = Counter()
    for record in scores:
        for years in (1, 2, 3):
            score = record[f"scale_score_minus_{years}"]
            if score is not None:
                grade = record[f"grade_assessed_minus_{years}"]
                scale = score_scale(Test(record["record_type"]), grade, 2026 - years)
                assert scale is not None
                assert scale.level_of(score) == record[f"achievement_level_minus_{years}"]
                depths[record["grade_assessed"], grade] += 1
    assert depths["11", "08"]
    assert depths["06", "03"]
    assert not [pair for pair in depths if pair[0] == "03"]


@pytest.mark.parametrize(("record_type", "lowest", "highest"), [("01", 0.42, 0.52), ("02", 0.30, 0.40)])
def test_level_shares_are_like_californias(record_type, lowest, highest, tmp_path):
    """About 47 % meet the standard in ELA and 35 % in mathematics in a district of many schools."""
    synthesize(SynthesisOrder(6000, 40, 3, YEAR), tmp_path)
    table = parquet.read_table(tmp_path / "scores.parquet")
    levels = table.filter(pc.equal(table["record_type"], record_type))["achievement_level"].to_pylist()
    counts = Counter(level for level in levels if level in {1, 2, 3, 4})
    assert lowest < (counts[3] + counts[4]) / counts.total() < highest
    assert min(counts.values()) > 0.1 * counts.total()


@pytest.mark.parametrize(("students", "schools"), [(1, 1), (7, 2), (60, 3), (200, 12), (1500, 1000)])
def test_districts_of_any_shape_have_exactly_the_asked_size(students, schools, tmp_path):
    """One school for all grades, more schools than names, fewer students than grades."""
    summary = synthesize(SynthesisOrder(students, schools, 1, YEAR), tmp_path)
    assert summary.organizations == 2 + schools + 2
    table = parquet.read_table(tmp_path / "students.parquet")
    assert table["lea"].to_pylist().count(LEA) == students
    names = parquet.read_table(tmp_path / "organizations.parquet")["name"].to_pylist()
    assert len(set(names[: schools + 1])) == schools + 1


def test_a_district_without_students_is_refused():
    """So is one with more schools than students."""
    with pytest.raises(Invalid, match="at least one school"):
        SynthesisOrder(3, 4, 1, YEAR)


def test_identifiers_never_repeat():
    """The step visits every number before one comes back."""

    class _Fixed:
        def randrange(self, _):
            return 0

    identifiers = Identifiers(5, "9", _Fixed())
    drawn = [identifiers.draw() for _ in range(10_000)]
    assert len(set(drawn)) == 10_000
    assert {len(number) for number in drawn} == {5}
    assert any(later < earlier for earlier, later in pairwise(drawn))
