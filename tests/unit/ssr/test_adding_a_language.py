"""A language is one row and its catalogs: the steps of docs/translating.md, followed to the letter."""

import io
import json
import re
import zipfile

import pytest
from babel.messages.pofile import read_po, write_po
from pypdf import PdfReader

from tests.unit.package_copy import ROOT, PackageCopy

LEA = "99100010000000"
SAID = "pt: "
"""Before every sentence of the translation, so that it is told from the one that it was made of."""


def translate(copy):
    """Translate what `make messages` left empty: the Spanish sentences, marked where that is seen."""
    locale = copy.package / "ssr" / "words" / "locale"
    for domain in ("ssr", "outcome"):
        with (locale / "es" / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            spanish = {message.context: message.string for message in read_po(file) if message.id}
        path = locale / "pt" / "LC_MESSAGES" / f"{domain}.po"
        with path.open("rb") as file:
            catalog = read_po(file, locale="pt")
        for message in catalog:
            if message.id:
                assert not message.string
                mark = SAID if message.context == "cover.title" else ""
                message.string = mark + spanish[message.context]
        target = io.BytesIO()
        write_po(target, catalog, width=100, no_location=True, ignore_obsolete=True)
        path.write_bytes(target.getvalue())


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Add the row of the documentation, let `make messages` write the catalogs, and translate them."""
    copy = PackageCopy(tmp_path_factory.mktemp("copy"))
    [row] = re.findall(
        r"## A new language\n.*?```csv\n\s*(.*?)\n\s*```",
        (ROOT / "docs" / "translating.md").read_text(encoding="utf-8"),
        re.DOTALL,
    )
    table = copy.table("languages")
    table.write_text(table.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    said = copy.run(ROOT / "recipes" / "messages.py")
    assert "pt/LC_MESSAGES/ssr.po written" in said
    translate(copy)
    assert copy.run(ROOT / "recipes" / "messages.py", "--check") == ""
    return copy


@pytest.fixture(scope="module")
def archive(copy, tmp_path_factory, fonts):
    """Make the SSRs of the families who speak it."""
    feeds, store, target = (tmp_path_factory.mktemp(name) for name in ("feeds", "store", "out"))
    words = ("--students", "120", "--schools", "3", "--seed", "5", "--year", "2026", "--assessments", "all")
    copy.command("synthesize", feeds, *words)
    copy.run("-c", SPEAK, feeds / "students.parquet")
    copy.take_in(feeds, store)
    parameters = {
        "name": "Portuguese",
        "schools": "all",
        "grades": "all",
        "start_date": "2025-07-01",
        "end_date": "2026-07-31",
        "assessments": "all",
        "languages": ["portuguese"],
        "administration_year": "2025-26",
    }
    copy.command(
        *("report", "student-score-report-pdfs", "--lea", LEA, "--parameters", json.dumps(parameters)),
        *("--from", store, "--to", target, "--fonts", fonts),
    )
    with zipfile.ZipFile(target / "Portuguese.zip") as made:
        yield made


SPEAK = """
import sys
import pyarrow as pa
from pyarrow import parquet
table = parquet.read_table(sys.argv[1])
place = table.schema.get_field_index("primary_language")
spoken = pa.array(["06"] * len(table), pa.string())
parquet.write_table(table.set_column(place, "primary_language", spoken), sys.argv[1])
"""


def test_its_ssrs_are_made(archive):
    """Of the program that the row names, and in its words."""
    files = [name for name in archive.namelist() if name.endswith(".pdf")]
    missing = archive.read("Portuguese_not_included.csv").decode("utf-8-sig")

    assert len(files) > 30
    assert all(name.endswith("_pt.pdf") for name in files)
    smarter_balanced = next(name for name in files if "smarter-balanced" in name)
    document = PdfReader(io.BytesIO(archive.read(smarter_balanced)))
    assert SAID in document.pages[0].extract_text()
    assert document.trailer["/Root"]["/Lang"] == "pt-BR"
    assert len(missing.splitlines()) == 1  # the headings


def test_a_program_that_the_row_does_not_name_has_none_in_it(copy):
    """As ELPAC has no Arabic."""
    code = (
        "from lea_reports.assessments import Assessment, languages_of;"
        " print([each.value for each in Assessment if 'pt' in languages_of(each)])"
    )

    assert copy.run("-c", code).strip() == "['smarter-balanced', 'cast', 'caa', 'csa']"


def test_the_api_offers_it(copy):
    """The form and the model of the body are made of the table."""
    code = (
        "import json; from lea_reports.catalog import CATALOG; from lea_reports.reports.request import"
        " form_schema; print(json.dumps(form_schema(CATALOG['student-score-report-pdfs'])))"
    )

    languages = json.loads(copy.run("-c", code))["properties"]["languages"]

    assert {"const": "portuguese", "title": "Portuguese"} in languages["oneOf"][1]["items"]["oneOf"]
    assert "in Portuguese for students" in languages["description"]


def test_its_dates_are_those_of_its_locale(copy):
    """CLDR says how."""
    conventions = json.loads(
        (copy.package / "ssr" / "words" / "locale" / "conventions.json").read_text(encoding="utf-8")
    )

    assert conventions["pt"]["months"][3] == "abril"
    assert conventions["pt"]["right_to_left"] is False
