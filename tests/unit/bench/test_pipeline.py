"""The bench of whole jobs: what is measured, added up, priced and promised."""

import csv
import json

import pytest
from click.testing import CliRunner

from bench.commands import main
from bench.pipeline.cost import RowSizes, cost_of, price, price_table
from bench.pipeline.job import Delivered
from bench.pipeline.report import MERGED, UNMERGED, PipelineReport, Row
from bench.pipeline.run import CASES, cases
from bench.pipeline.schools import invented_sizes, sizes_of_leas, students_of
from bench.pipeline.usage import Notes, Usage
from bench.pipeline.worker import DYNAMODB, RENDERING, S3, Note, Stopwatch
from bench.students import read_students
from bench.tested_leas import TestedLea as Lea
from bench.tested_leas import lea_code, write_tested_leas
from lea_reports.assessments import AdministrationYear
from lea_reports.errors import Invalid


def note(**values):
    """Return what a chunk's invocation writes down."""
    usual = {
        "function": "build_report",
        "step": "chunk",
        "seconds": 2.0,
        "peak_kb": 200_000,
        "wall": {"rendering": 1.0, "s3": 0.5, "other": 0.5},
        "processor": {"rendering": 0.9, "s3": 0.1, "other": 0.5},
        "calls": {"s3:PutObject": 2, "s3:GetObject": 1, "dynamodb:TransactWriteItems": 1},
        "sent": {"fragment": 9_000_000, "indexes": 1_000_000},
        "received": {"GetObject": 10},
        "writes": {"CHUNK": 1},
        "transacted": {"CHUNK": 1, "JOB": 1},
        "messages": 1,
    }
    return usual | values


@pytest.mark.parametrize("students", [1, 10, 700, 20_000, 265_355])
def test_invented_schools_have_exactly_the_students_that_are_asked_for(students):
    """No school is empty."""
    schools = invented_sizes(students)
    assert students_of(schools) == students
    assert all(school and min(school.values()) > 0 for school in schools)


def test_the_largest_lea_is_as_many_schools_as_the_real_one():
    """It has 974 with tested students."""
    assert 900 < len(invented_sizes(265_355)) < 1_050


def test_the_schools_of_a_table_are_counted_by_lea(tmp_path):
    """Grades in which nobody was tested are left out."""
    path = tmp_path / "schools.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ("cds_code", "grade", "ela_tested", "math_tested"),
                ("01100170112607", "06", "16", "15"),
                ("01100170112607", "07", "", "1"),
                ("01100170112608", "03", "4", "4"),
                ("19647330000001", "03", "5", "4"),
            ]
        )
    assert sizes_of_leas(path) == {"0110017": [{"06": 16}, {"03": 4}], "1964733": [{"03": 5}]}


def test_another_table_is_refused(tmp_path):
    """The message names the file and the column."""
    path = tmp_path / "schools.csv"
    path.write_text("cds_code,grade\n01100170112607,06\n")
    with pytest.raises(Invalid, match=r"schools\.csv is no table of tested students: 'ela_tested'"):
        sizes_of_leas(path)


def test_every_student_of_a_tested_lea_has_an_ssr(tmp_path):
    """In every school and grade that was ordered."""
    lea = Lea(lea_code(3), "Sample Unified", [{"03": 20, "11": 5}, {"08": 30}])
    write_tested_leas([lea], tmp_path, year=AdministrationYear(2026), seed=1)
    entries = read_students(tmp_path)
    grades = [(str(entry.student["school"])[-6:], str(entry.student["grade"])) for entry in entries]
    assert {each: grades.count(each) for each in set(grades)} == {
        ("000001", "03"): 20,
        ("000001", "11"): 5,
        ("000002", "08"): 30,
    }


def test_cases_are_chosen_by_name_and_may_be_made_smaller():
    """Each is an LEA of its own."""
    chosen = cases(CASES, None, 30)
    assert [case.name for case in chosen] == ["median", "large", "largest"]
    assert [case.students for case in chosen] == [30, 30, 30]
    assert len({case.lea.code for case in chosen}) == 3
    assert [case.students for case in cases(CASES, None, None)] == [700, 20_000, 265_355]


def test_a_moment_belongs_to_the_innermost_kind_of_work():
    """What waits inside of rendering is not rendering."""
    watch = Stopwatch()
    watch.begin(RENDERING)
    watch.begin(S3)
    watch.end()
    watch.end()
    watch.lap()
    assert watch.wall.keys() == {"other", RENDERING, S3}
    assert all(seconds >= 0 for seconds in (*watch.wall.values(), *watch.processor.values()))


def test_requests_are_counted_by_what_they_ask_for():
    """Items of a transaction apart, messages of a batch each, bytes by what the object is."""
    own = Note()
    chunk, job = {"sk": {"S": "CHUNK#1#000000"}}, {"sk": {"S": "JOB#1"}}
    own.count("dynamodb", "UpdateItem", {"Key": chunk})
    own.count("dynamodb", "PutItem", {"Item": chunk | {"state": {"S": "waiting"}}})
    own.count(
        "dynamodb",
        "TransactWriteItems",
        {"TransactItems": [{"Update": {"Key": chunk}}, {"Update": {"Key": job}}]},
    )
    own.count("sqs", "SendMessageBatch", {"Entries": [{}, {}, {}]})
    own.count("s3", "PutObject", {"Key": "work/1/2/roster-000000.parquet", "Body": b"123"})
    own.count("s3", "UploadPart", {"Key": "work/1/2/fragment-000000", "Body": b"12345"})
    own.count("s3", "PutObject", {"Key": "work/1/2/fragment-000000.json.gz", "Body": b"1"})
    own.count("s3", "UploadPart", {"Key": "archives/1/2/all.zip", "Body": b"12"})
    own.read(7)
    told = json.loads(own.as_json(step="chunk"))
    assert told["step"] == "chunk"
    assert told["writes"] == {"CHUNK": 2}
    assert told["transacted"] == {"CHUNK": 1, "JOB": 1}
    assert told["messages"] == 3
    assert told["sent"] == {"roster": 3, "fragment": 5, "indexes": 1, "archive": 2}
    assert told["received"] == {"GetObject": 7}
    assert told["calls"]["s3:UploadPart"] == 2


def test_what_watchers_and_the_schedule_cause_is_not_the_jobs():
    """Neither a look at the status nor the reconcile of each minute."""
    usage = Usage.of(
        [note(), note(step="GET /v1/report-requests/{id}", function="request_report"), note(step="reconcile")]
    )
    assert usage.steps == {"chunk": 1}
    assert usage.seconds == {"build_report": 2.0}
    assert usage.items_written == 3
    assert usage.bytes_sent == 10_000_000
    assert usage.peak_bytes == 200_000 * 1024
    assert usage.shares()["rendering"] == 0.5
    assert usage.shares()[DYNAMODB] == 0.0
    assert usage.processor_seconds()["rendering"] == 0.9
    assert usage.requests_of_step("chunk") == 4


def test_notes_are_read_once_and_whole_lines_only(tmp_path):
    """A worker may be writing just then."""
    notes = Notes(tmp_path)
    path = tmp_path / "1.jsonl"
    path.write_text('{"step": "plan"}\n{"step": ')
    assert notes.fresh() == [{"step": "plan"}]
    path.write_text('{"step": "plan"}\n{"step": "chunk"}\n')
    assert notes.fresh() == [{"step": "chunk"}]
    assert notes.fresh() == []


def test_a_job_costs_what_it_used_times_the_prices():
    """A write in a transaction counts twice, and a job's row is in two indexes as well."""
    usage = Usage.of(
        [note(), note(step="notice", function="notify", calls={}, writes={}, transacted={}, messages=0)]
    )
    cost = cost_of(usage, RowSizes({"JOB": 1500, "CHUNK": 400}), archive_bytes=10**9)
    assert cost["dynamodb"] == pytest.approx((1 + 2 + 2 * 2 * 3) * price("dynamodb_write_unit"))
    assert cost["s3_requests"] == pytest.approx(2 * price("s3_write_request") + price("s3_read_request"))
    assert cost["s3_storage"] == pytest.approx((1 + 0.02 * 3 / 30) * price("s3_gb_month"))
    assert cost["sqs"] == pytest.approx(3 * price("sqs_request"))
    assert cost["ses"] == pytest.approx(price("ses_mail"))
    assert cost["lambda"] > 2 * 1769 / 1024 * price("lambda_gb_second")


def test_every_price_has_its_source_and_the_table_its_day():
    """Prices change."""
    table = price_table()
    assert table["looked_up"] == "2026-11-22"
    assert all(entry["source"].startswith("aws.amazon.com/") for entry in table["prices"].values())


def row(case, way, *, ssrs, seconds):
    """Return a measured job."""
    usage = Usage.of([note()])
    return Row(case, way, 4, Delivered(seconds, ssrs, 10_000_000, ssrs + 2, True, usage, RowSizes({})))


def test_targets_compare_jobs_with_each_other_and_with_the_plain_pipeline():
    """Nothing is said of what was not measured."""
    large = row("large", MERGED, ssrs=20_000, seconds=10)
    largest = row("largest", MERGED, ssrs=200_000, seconds=125)
    reached = {each.target.name: each for each in PipelineReport([large, largest], 5.0, []).reached()}
    assert reached["linear_merged"].measured == pytest.approx(0.8)
    assert reached["merged_per_plain"].measured == pytest.approx(320)
    assert reached["largest_merged_seconds"].line.endswith("NOT MET")
    assert reached["large_merged_sent"].measured == 1.0
    assert "linear_unmerged" not in reached
    alone = PipelineReport([row("median", UNMERGED, ssrs=700, seconds=2)], 5.0, ["left out: something"])
    assert {each.target.name for each in alone.reached()} == {
        "median_unmerged_sent",
        "median_unmerged_writes",
        "median_unmerged_memory",
    }
    assert "left out: something" in alone.lines()


def test_the_json_document_says_what_was_promised():
    """Figures of every job, targets, prices and their day."""
    told = json.loads(PipelineReport([row("median", MERGED, ssrs=700, seconds=2)], 5.0, []).as_json())
    assert told["prices"]["looked_up"] == "2026-11-22"
    assert told["rows"][0]["ssrs_per_second"] == 350.0
    assert told["rows"][0]["steps"]["chunk"] == {
        "invocations": 1,
        "seconds": 2.0,
        "processor_seconds": 1.5,
        "requests": 4,
        "peak_memory_mb": 204.8,
    }
    assert told["rows"][0]["cost_usd_total"] == pytest.approx(
        sum(told["rows"][0]["cost_usd"].values()), abs=1e-5
    )


def test_the_command_knows_its_cases():
    """A wrong name is told, with those that there are."""
    answer = CliRunner().invoke(main, ["pipeline", "--cases", "huge"])
    assert answer.exit_code == 2
    assert "There is no 'huge'; there are median, large, largest." in answer.output
