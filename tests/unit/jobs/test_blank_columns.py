"""Whatever column of a feed is blank that may be blank: the SSR is made, or listed with a reason."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pypdfium2
import pytest

from lea_reports.assessments import (
    GRADES,
    AdministrationYear,
    Assessment,
    Program,
    Test,
    areas,
    assessments_of,
    composites,
    languages_of,
    score_scale,
)
from lea_reports.datasets.feeds.organizations import FEED as ORGANIZATIONS
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.parquet import to_parquet
from lea_reports.datasets.snapshots import whole_key
from lea_reports.jobs.job import JobState
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.student_result import SchoolNames
from lea_reports.ssr_archive.build import path_in_archive
from lea_reports.ssr_archive.language_choices import LanguageChoice
from lea_reports.ssr_archive.planning import Limits
from lea_reports.ssr_archive.roster import RosterEntry
from lea_reports.ssr_archive.roster_file import results_of, roster_file
from local.archive_check import MANIFEST, NOT_INCLUDED, read_list
from tests.reference.merged_file import merged_file

LEA, MAPLE = "99100010000000", "99100010000001"
YEAR = AdministrationYear(2026)
PRIMARY = {"en": "00", "es": "01", "vi": "02", "zh-Hant": "03", "ko": "04", "fil": "05", "ar": "11"}
LAST_NAMES = {
    "en": "Sukarno",
    "es": "Peña",
    "vi": "Nguyễn",
    "zh-Hant": "陳",
    "ko": "김",
    "fil": "Cruz",
    "ar": "حسن",
}
CAASPP = assessments_of(Program.CAASPP)
GRADE = {Assessment.SMARTER_BALANCED: "08", Assessment.CAST: "08", Assessment.CAA: "08", Assessment.CSA: "10"}
NOTHING_TO_PRINT = {"ssr_eligible", "ssr_available_date"}
"""Without these no record is released."""
CONTRADICTIONS = {"achievement_level", *(f"achievement_level_minus_{ago}" for ago in (1, 2, 3))}
"""A score without its level is no record that can be true; ingest rejects it."""


def optional(dataset):
    """Return the names of the columns that may be blank."""
    return [column.name for column in dataset.columns if not column.required]


def student_row(ssid, assessment, language):
    """Return a student with every column filled."""
    return {
        "ssid": ssid,
        "last_name": LAST_NAMES[language],
        "first_name": "Ana",
        "middle_name": "Bo",
        "birth_date": date(2013, 1, 2),
        "gender": "F",
        "grade": GRADE.get(assessment, "05"),
        "lea": LEA,
        "school": MAPLE,
        "enrollment_date": date(2025, 8, 12),
        "primary_language": PRIMARY[language],
        "elas": "EL",
        "reporting_ethnicity": "800",
        "parent_education_level": "15",
        "special_education": "No",
        "economic_disadvantage": "No",
        "local_student_id": "000035579",
    }


def scored(test, grade, year, suffix=""):
    """Return a score with everything that belongs to it, in the middle of its scale."""
    scale = score_scale(test, grade, year)
    score = (scale.lowest + scale.highest) // 2 if scale else 540
    return {
        f"ssr_eligible{suffix}": "Y",
        f"grade_assessed{suffix}": grade,
        f"standard_error{suffix}": 9,
        f"scale_score{suffix}": score,
        f"achievement_level{suffix}": scale.level_of(score) if scale else 2,
    }


def score_row(ssid, test, grade):
    """Return a record with every column filled that records of the test have."""
    row = {
        "administration_year": int(YEAR),
        "record_type": test.value,
        "ssid": ssid,
        "tested_lea": LEA,
        "tested_school": MAPLE,
        "test_completed_date": date(2026, 4, 20),
        "attemptedness": "Y",
        "score_status": "V",
        "include_indicator": "Y",
        "ssr_available_date": date(2026, 6, 1),
        "score_available_date": date(2026, 5, 30),
        "test_mode": "O",
        "unlisted_resource_construct_change": "Y",
        "uin": "1234567890123456",
        **scored(test, grade, YEAR),
    }
    row |= {"error_band_min": row["scale_score"] - 9, "error_band_max": row["scale_score"] + 9}
    row |= {area.column: 2 for area in areas(test, YEAR, grade)}
    for part in composites(test, YEAR, grade):
        scale = score_scale(test, grade, YEAR, part.part)
        score = (scale.lowest + scale.highest) // 2 if scale else 540
        row |= {part.score_column: score, part.level_column: scale.level_of(score) if scale else 2}
        row |= {part.error_column: 9} if part.error_column else {}
    for ago in (1, 2, 3):
        earlier = GRADES[GRADES.index(grade) - ago]
        if earlier in test.grades:
            row |= scored(test, earlier, YEAR - ago, f"_minus_{ago}")
    if test.assessment is Assessment.SMARTER_BALANCED:
        row |= {"lexile_or_quantile_measure": "977L" if test is Test.SB_ELA else "865Q"}
    if test is Test.SB_ELA:
        row |= {"genre": "NARR", "writing_organization_purpose": 3, "writing_evidence_elaboration": 2}
        row |= {"writing_conventions_condition_code": "B"}
    if test is Test.SUMMATIVE_ELPAC:
        row |= {"writing_exempt": "Y", "writing_level": None}
    return row


def tables(kinds):
    """Return students of every kind and language, and their records."""
    students, scores = [], []
    for kind in kinds:
        for language in languages_of(kind):
            ssid = f"{len(students) + 1:010d}"
            students.append(student_row(ssid, kind, language) | {"_kind": kind, "_language": language})
            grade = GRADE.get(kind, "05")
            scores += [score_row(ssid, test, grade) for test in kind.tests if grade in test.grades]
    return students, scores


def filled(kinds):
    """Return the columns of records that say something in records of these kinds; blanking others changes nothing."""
    return {name for row in tables(kinds)[1] for name, value in row.items() if value is not None}


def blank(rows, columns):
    """Return rows without some columns."""
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


@pytest.fixture(scope="session")
def engine(fonts):
    """Return the real engine, which keeps what it laid out."""
    return CompiledEngine(fonts)


@pytest.fixture
def made(new_site, objects, with_rows, selection, engine):
    """Return a function that makes all SSRs of an LEA one of whose feeds lacks columns."""

    def make(dataset, columns, *, merge, kinds=CAASPP):
        students, scores = tables(kinds)
        students = blank(students, {"_kind", "_language"})
        lea = {
            "lea": LEA,
            "county_name": "Demo",
            "window_start": date(2026, 1, 5),
            "window_end": date(2026, 7, 15),
        }
        organizations = [
            lea | {"cds_code": LEA, "kind": "district", "name": "Demo Unified"},
            lea | {"cds_code": MAPLE, "kind": "school", "name": "Maple"},
        ]
        rows = {ORGANIZATIONS: organizations, STUDENTS: students, SCORES: scores}
        rows[dataset] = blank(rows[dataset], columns)
        table = pa.Table.from_pylist(rows[ORGANIZATIONS], ORGANIZATIONS.schema)
        objects.put(whole_key("organizations", "o"), to_parquet(table))
        with_rows(rows[STUDENTS], rows[SCORES])
        site = new_site()
        site.engine, site.limits = engine, Limits(chunk_ssrs=1000)
        job = site.submit(replace(selection, languages=frozenset({LanguageChoice.ALL}), merge=merge))
        site.run()
        return site, site.job(job)

    return make


def listed(site, job, name):
    """Return the rows of a list of the archive."""
    (archive,) = job.files
    with zipfile.ZipFile(io.BytesIO(site.storage.objects[archive.key])) as content:
        return read_list(content, name)


BLANKS = [(dataset, column) for dataset in (ORGANIZATIONS, STUDENTS, SCORES) for column in optional(dataset)]
SAID = {kind: filled([kind]) for kind in CAASPP}


def touched(dataset, column):
    """Return the assessments whose SSRs can tell whether a column is blank."""
    return [kind for kind in CAASPP if dataset is not SCORES or column in SAID[kind]] or CAASPP


@pytest.mark.parametrize("merge", [False, True], ids=["single", "merged"])
@pytest.mark.parametrize(
    ("dataset", "column"), BLANKS, ids=[f"{dataset.name}-{column}" for dataset, column in BLANKS]
)
def test_one_blank_column_costs_no_ssr(made, dataset, column, merge):
    """Every CAASPP assessment in every language; only what cannot be true, or is not released, is not made."""
    kinds = touched(dataset, column)
    site, job = made(dataset, {column}, merge=merge, kinds=kinds)

    if column in NOTHING_TO_PRINT:
        assert job.state is JobState.NO_RESULTS
        return
    expected = len(kinds) * (1 if column == "primary_language" else 2) * len(PRIMARY)
    expected -= 0 if column == "primary_language" else len(kinds)  # English-speaking families get one
    assert job.state is JobState.READY
    assert job.progress.total == expected
    missing = {row["Reason"] for row in listed(site, job, NOT_INCLUDED)}
    assert missing == ({"bad_record"} if column in CONTRADICTIONS else set())


@pytest.mark.parametrize("merge", [False, True], ids=["single", "merged"])
@pytest.mark.parametrize(
    ("dataset", "needed"),
    [(ORGANIZATIONS, set()), (STUDENTS, set()), (SCORES, NOTHING_TO_PRINT)],
    ids=["organizations", "students", "scores"],
)
def test_all_blank_columns_at_once_cost_no_ssr(made, dataset, needed, merge):
    """A feed of nothing but what it must have."""
    site, job = made(dataset, {*optional(dataset)} - needed, merge=merge)

    assert job.state is JobState.READY
    assert not listed(site, job, NOT_INCLUDED)
    assert len(listed(site, job, MANIFEST)) == job.progress.total


def test_a_student_with_one_name_has_one_in_the_names_of_files(made):
    """No dangling underscore, and nobody is called "unnamed"."""
    site, job = made(STUDENTS, {"first_name", "middle_name"}, merge=False)

    files = [row["File"].rpartition("/")[2] for row in listed(site, job, MANIFEST)]

    assert "Sukarno_0000000001_smarter-balanced_en.pdf" in files
    assert {file.partition("_0")[0] for file in files} == set(LAST_NAMES.values())


def results(kind, columns):
    """Read results of a kind in all of its languages from a roster file whose records lack columns."""
    students, scores = tables([kind])
    entries = [
        RosterEntry(
            ssid=student["ssid"],
            school=MAPLE,
            grade=student["grade"],
            assessment=kind,
            language=student["_language"],
            last_name=student["last_name"],
            first_name="",
            student_at=at,
            scores_at=tuple(n for n, row in enumerate(scores) if row["ssid"] == student["ssid"]),
        )
        for at, student in enumerate(students)
    ]
    rows = [blank(students, {*columns, "_kind", "_language"}), blank(scores, columns)]
    content = roster_file(
        entries,
        *(
            pa.Table.from_pylist(each, data.schema)
            for each, data in zip(rows, (STUDENTS, SCORES), strict=True)
        ),
    )
    return list(results_of(content, lambda code: SchoolNames(code, "Maple", LEA, "Demo")))


ELPAC_BLANKS = [
    (kind, column)
    for kind in assessments_of(Program.ELPAC)
    for column in ("first_name", "middle_name", *optional(SCORES))
    if column in {"first_name", "middle_name", *filled([kind])}
    and column not in CONTRADICTIONS | {"oral_language_level", "written_language_level"}
]


@pytest.mark.parametrize(("kind", "column"), ELPAC_BLANKS)
def test_the_kinds_of_the_other_program_take_blanks_too(engine, kind, column):
    """Their report is still to come; their SSRs are made already."""
    found = results(kind, {column})

    single = list(engine.single_files(found))
    merged = merged_file(engine, found, "Spring")

    assert [isinstance(file, SsrFile) for file in single] == [True] * len(languages_of(kind))
    assert (len(merged.entries), merged.failures) == (len(found), ())
    assert not any("__" in path_in_archive(result) for result in found)


@pytest.mark.parametrize("kind", CAASPP)
def test_a_student_with_one_name_is_called_by_it_everywhere(engine, kind):
    """In the title of each file, on its pages and in the outline of a merged one: no comma, no blank at its end."""
    found = results(kind, {"first_name", "middle_name"})
    names = [LAST_NAMES[result.language] for result in found]

    files = [pypdfium2.PdfDocument(file.content) for file in engine.single_files(found)]
    titles = [file.get_metadata_value("Title").rstrip("\N{POP DIRECTIONAL ISOLATE}") for file in files]
    merged = pypdfium2.PdfDocument(merged_file(engine, found, "Spring", tagged=True).content)
    outline = [entry.get_title() for entry in merged.get_toc()]

    assert [title.endswith(name) for title, name in zip(titles, names, strict=True)] == [True] * len(names)
    assert not [title for title in titles if "  " in title or "," in title]
    assert outline == ["Maple", *names]
