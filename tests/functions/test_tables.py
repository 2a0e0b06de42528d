"""A report that is one table, from the request to the download: one declaration, and nothing else knows of it."""

import csv
import io
from datetime import date

import boto3
import pytest
from openpyxl import load_workbook

from lea_reports.access.roles import Role
from lea_reports.assessments import Program
from lea_reports.catalog import CATALOG
from lea_reports.reports.definition import Delivery, LetterWords, Level, ReportDefinition
from lea_reports.reports.parameters import NAME, Choice, OneOf, Schools
from lea_reports.reports.table import FORMAT, CellType, Table, TableColumn

from .conftest import LEA, MAPLE, OTHER_LEA, sent_mails

OAK = "99100010000002"


def _rows(data, parameters, _day):
    """Yield the students of the chosen schools, in one order or the other."""
    rows = data.rows("students", 2026, ["ssid", "last_name", "school", "birth_date"]).to_pylist()
    chosen = parameters["schools"]
    for row in sorted(rows, key=lambda row: row["ssid"], reverse=parameters["order"] == "descending"):
        if chosen == "all" or row["school"] in chosen:
            yield (row["ssid"], row["last_name"], row["birth_date"], len(row["last_name"]))


MADE_UP = ReportDefinition(
    code="made-up-students",
    title="Made-up Students",
    link_text="Made-up Students",
    program=Program.CAASPP,
    level=Level.LEA,
    roles=frozenset({Role.LEA_CAASPP_COORDINATOR}),
    contents="the students of your LEA.",
    parameters=(
        NAME,
        Schools(name="schools", title="School(s)"),
        OneOf(
            name="order",
            title="Order",
            required=False,
            choices=(Choice(value="ascending", title="A to Z"), Choice(value="descending", title="Z to A")),
            rule="known_order",
            sentence="The orders: ascending, descending.",
            standard="ascending",
        ),
        FORMAT,
    ),
    formats=("xlsx", "csv"),
    delivery=Delivery.REQUESTED,
    output=Table(
        columns=(
            TableColumn("SSID", CellType.TEXT, 12, "students, ssid"),
            TableColumn("Last Name", CellType.TEXT, 30, "students, last_name"),
            TableColumn("Birth Date", CellType.DATE, 12, "students, birth_date"),
            TableColumn("Letters", CellType.NUMBER, 8, "made up"),
        ),
        rows=_rows,
    ),
    words=LetterWords(item="student", items="students", made="Students", opening="Open the file."),
    hints=lambda _parameters, _day: ["Perhaps the school has none."],
)
HEADINGS = ["SSID", "Last Name", "Birth Date", "Letters"]


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    """Put one more report into the catalog."""
    monkeypatch.setitem(CATALOG, MADE_UP.code, MADE_UP)


@pytest.fixture
def body():
    """Return a valid request."""

    def make(**parts):
        return {"report": MADE_UP.code, "name": "Roster", "schools": "all"} | parts

    return make


def download(functions, job):
    """Return the one file of a job, and its name."""
    keys = [
        item["Key"] for item in functions.s3.list_objects_v2(Bucket="archive", Prefix="archives/")["Contents"]
    ]
    [key] = [key for key in keys if f"/{job['id']}/" in key]
    assert key.startswith(f"archives/{LEA}/")
    return key.rpartition("/")[2], functions.s3.get_object(Bucket="archive", Key=key)["Body"].read()


def test_it_is_asked_for_made_mailed_and_opened(functions, body):
    """As a workbook, which is what one gets who does not say it."""
    status, headers, job = functions.call("POST", "/v1/report-requests", body())
    assert (status, job["state"], job["parameters"]["format"]) == (202, "requested", "xlsx")

    functions.work()

    _, _, job = functions.call("GET", headers["location"])
    assert (job["state"], job["counts"]) == ("ready", {"made": 5, "not_included": 0})
    [file] = job["files"]
    name, content = download(functions, job)
    assert (file["name"], file["bytes"], file["entries"]) == ("Roster.xlsx", len(content), 1)
    assert name == "Roster.xlsx"
    rows = [*load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]
    assert list(rows[0]) == HEADINGS
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    assert (rows[1][1], rows[1][2].date(), rows[1][3]) == ("Zhang", date(2016, 1, 2), 5)


def test_a_csv_file_and_the_other_choices_are_minded(functions, body):
    """Each parameter decides something."""
    asked = body(schools=[OAK], order="descending", format="csv")
    _, headers, _ = functions.call("POST", "/v1/report-requests", asked)

    functions.work()

    name, content = download(functions, functions.call("GET", headers["location"])[2])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert name == "Roster.csv"
    assert rows[0] == HEADINGS
    assert [row[0] for row in rows[1:]] == ["2000000002", "2000000001"]


def test_it_costs_one_message_to_build_and_one_to_notify(functions, body):
    """A small report waits for no chunk."""
    functions.call("POST", "/v1/report-requests", body())

    [plan] = functions.waiting("BUILD")
    functions.build(plan)

    assert functions.waiting("BUILD") == []
    assert len(functions.waiting("NOTICE")) == 1
    rows = boto3.client("dynamodb").scan(TableName=functions.environment["TABLE_NAME"])["Items"]
    assert not any("CHUNK" in row["sk"]["S"] for row in rows)


def test_nothing_found_is_told_with_what_was_chosen(functions, body):
    """The words are those of the report."""
    asked = body(schools=[MAPLE], order="descending")
    _, headers, _ = functions.call("POST", "/v1/report-requests", asked)
    functions.s3.delete_object(
        Bucket="data", Key=f"datasets/students/snapshot=s/year=2026/lea={LEA}/part.parquet"
    )

    functions.work()

    assert functions.call("GET", headers["location"])[2]["state"] == "no_results"
    [mail] = sent_mails()
    for words in (
        "No student matches",
        "School(s)",
        "1 chosen",
        "Order",
        "Z to A",
        "Perhaps the school has none.",
    ):
        assert words in str(mail.__dict__)


def test_the_mail_says_what_the_declaration_says(functions, body):
    """Its title, its numbers, how to open it."""
    functions.call("POST", "/v1/report-requests", body())
    functions.work()

    [mail] = sent_mails()
    for words in ("Ready: Made-up Students “Roster”", "Students", "5", "Open the file.", "Made-up Students"):
        assert words in str(mail.__dict__)
    assert "Not included" not in str(mail.__dict__)


@pytest.mark.parametrize(
    ("parts", "pointer", "rule"),
    [
        ({"format": "pdf"}, "/format", "known_format"),
        ({"order": 1}, "/order", "known_order"),
        ({"schools": ["99200020000001"]}, "/schools/0", "school_of_lea"),
        ({"name": "a b"}, "/name", "report_name"),
        ({"merge": True}, "/merge", "unknown_field"),
    ],
)
def test_its_own_rules_are_checked(functions, body, parts, pointer, rule):
    """By the declaration of the report that is named; what another report asks for is unknown here."""
    status, _, problem = functions.call("POST", "/v1/report-requests", body(**parts))

    assert status == 422
    assert [(each["pointer"], each["rule"]) for each in problem["problems"]] == [(pointer, rule)]


def test_equal_choices_are_one_request(functions, body):
    """What is left out is what stands for it."""
    _, _, first = functions.call("POST", "/v1/report-requests", body(schools=[OAK, MAPLE]))
    _, _, second = functions.call(
        "POST", "/v1/report-requests", body(schools=[MAPLE, OAK], order="ascending", format="xlsx")
    )
    _, _, third = functions.call("POST", "/v1/report-requests", body(schools=[MAPLE]))

    assert first["id"] == second["id"] != third["id"]


def test_the_catalog_and_the_form_tell_of_it(functions):
    """What a client needs to ask for it."""
    _, _, listed = functions.call("GET", "/v1/reports")
    _, _, shown = functions.call("GET", f"/v1/reports/{MADE_UP.code}")

    assert MADE_UP.code in [report["code"] for report in listed["reports"]]
    assert list(shown["form"]["properties"]) == ["name", "schools", "order", "format"]
    assert shown["form"]["properties"]["order"]["oneOf"] == [
        {"const": "ascending", "title": "A to Z"},
        {"const": "descending", "title": "Z to A"},
    ]
    assert shown["form"]["required"] == ["name", "schools"]


def test_another_lea_sees_neither_the_job_nor_a_row_of_it(functions, body):
    """The rows are those of the LEA whose coordinator asked."""
    _, headers, job = functions.call("POST", "/v1/report-requests", body())
    functions.work()

    assert functions.call("GET", headers["location"], subject="foreigner")[0] == 404
    assert OTHER_LEA not in download(functions, job)[1].decode("latin-1")


def test_it_has_nothing_to_retry(functions, body):
    """A table lacks nothing."""
    _, headers, _ = functions.call("POST", "/v1/report-requests", body())
    functions.work()

    status, _, problem = functions.call("POST", f"{headers['location']}/retry", {})

    assert (status, problem["problems"][0]["rule"]) == (409, "nothing_to_retry")
