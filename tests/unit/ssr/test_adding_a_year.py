"""A new administration year is rows: every SSR of a year in which every level has another name is made."""

import csv
import json

import pytest

from lea_reports.assessments import Assessment, languages_of
from tests.unit.package_copy import PackageCopy

YEAR = 2026


@pytest.fixture(scope="module")
def made(tmp_path_factory, fonts):
    """Give every level another name from the year on, and make SSRs of it."""
    copy = PackageCopy(tmp_path_factory.mktemp("copy"))
    path = copy.table("level_labels")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    open_rows = [row for row in rows if not row["last_year"]]
    earlier = [row for row in rows if row not in open_rows or row["first_year"] != str(YEAR)]
    before = [{**row, "last_year": str(YEAR - 1)} if row in open_rows else row for row in earlier]
    new = [
        {**row, "first_year": str(YEAR), "last_year": "", "label": f"Rung {row['level']}"}
        for row in open_rows
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([*before, *new])
    feeds, target = tmp_path_factory.mktemp("feeds"), tmp_path_factory.mktemp("out")
    words = ("--students", "400", "--schools", "3", "--seed", "11", "--year", YEAR, "--assessments", "all")
    copy.command("synthesize", feeds, *words)
    return json.loads(copy.run("-c", RENDER, feeds, fonts, target))


RENDER = """
import io, json, sys
from pathlib import Path
from bench.students import read_students
from lea_reports.assessments import Assessment, languages_of
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from pypdf import PdfReader

feeds, fonts, target = map(Path, sys.argv[1:])
engine = CompiledEngine(fonts)
made = {}
for assessment in Assessment:
    entries = read_students(feeds, 25, assessment)
    for language in languages_of(assessment):
        files = [*engine.single_files(entry.result(language, assessment) for entry in entries)]
        texts = [
            " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages).split())
            if isinstance(file, SsrFile) else file.reason
            for file in (files if language == "en" else files[:3])
        ]
        made[f"{assessment} {language}"] = [sum(not isinstance(file, SsrFile) for file in files), texts]
print(json.dumps(made))
"""
"""Makes some SSRs of every assessment in each of its languages; prints how many could not be made, and their words."""


@pytest.mark.parametrize(
    ("assessment", "language"),
    [(assessment, language) for assessment in Assessment for language in languages_of(assessment)],
)
def test_every_ssr_of_the_year_is_made_in_every_language(made, assessment, language):
    """With a name that is not translated yet, too: a family rather reads the State's name than nothing."""
    failed, texts = made[f"{assessment} {language}"]

    assert failed == 0
    assert texts
    assert any("Rung" in text for text in texts)


def test_the_sentence_about_other_names_names_the_year(made):
    """It takes the year of the change from the table."""
    texts = [text for text in made["smarter-balanced en"][1] if "The names of the levels changed" in text]

    assert texts
    assert all(f"changed in {YEAR - 1}–{YEAR % 100}." in text for text in texts)
