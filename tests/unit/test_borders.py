"""The borders between rooms: every contract of `pyproject.toml` holds, and would notice an import that crosses it."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = Path("layers", "lea_reports", "python")
SOURCES = (PACKAGES, *map(Path, ("functions", "cli", "infra", "local", "bench", "tests/reference")))
IMPORT, LAZY_IMPORT = "\nimport {}\n", "\ndef _planted():\n    import {}\n"
TYPES_ONLY = "\nfrom typing import TYPE_CHECKING as _PLANTED\n\nif _PLANTED:\n    import {}\n"
CROSSINGS = {
    "Handlers and the command line stand on lea_reports, never the other way; nobody imports bench": (
        ("jobs.cancel_job", IMPORT, "cli.faults"),
        ("errors", LAZY_IMPORT, "bench.students"),
        ("delivery.links", IMPORT, "request_report.models"),
        ("table", TYPES_ONLY, "cli.place"),
    ),
    "Each room stands on those below it, and on none beside it": (
        ("pdf.syntax", LAZY_IMPORT, "lea_reports.typesetting.fonts"),
        ("typesetting.styles", TYPES_ONLY, "lea_reports.archive.assembly"),
        ("tabular.delimited", IMPORT, "lea_reports.ssr_archive.listing"),
        ("datasets.roster", TYPES_ONLY, "lea_reports.jobs.job"),
        ("ssr_archive.release", LAZY_IMPORT, "lea_reports.catalog"),
    ),
    "SSRs: the engine draws pages, pages say words, words tell results": (
        ("ssr.results.names", IMPORT, "lea_reports.ssr.words.texts"),
        ("ssr.pages.grid", TYPES_ONLY, "lea_reports.ssr.engine.ssr_engine"),
    ),
    "PDF and typesetting know no SSR, nor what is tested": (
        ("typesetting.styles", IMPORT, "lea_reports.ssr.pages.palette"),
        ("pdf.structure", TYPES_ONLY, "lea_reports.assessments.areas"),
    ),
    "Archives know no SSR": (
        ("archive.assembly", LAZY_IMPORT, "lea_reports.ssr.results.names"),
        ("archive.fragment", IMPORT, "lea_reports.ssr_archive.naming"),
    ),
    "Jobs know no report and no producer": (
        ("jobs.plan_job", IMPORT, "lea_reports.ssr_archive.selection"),
        ("jobs.store", TYPES_ONLY, "lea_reports.reports.definition"),
    ),
    "Reports know no HTTP, no queue and no table": (
        ("reports.request", LAZY_IMPORT, "lea_reports.jobs.messages"),
        ("reports.definition", IMPORT, "aws_lambda_powertools"),
    ),
    "SSRs, typesetting, PDF, archives and assessments know no jobs and no storage": (
        ("ssr.engine.documents", TYPES_ONLY, "lea_reports.jobs.job"),
        ("assessments.areas", IMPORT, "lea_reports.datasets.reader"),
    ),
    "Assessments know no paper": (("assessments.areas", IMPORT, "lea_reports.pdf.syntax"),),
    "Nothing in a room needs what needs it": (
        ("typesetting.glyphs", TYPES_ONLY, "lea_reports.typesetting.fonts"),
        ("jobs.job", LAZY_IMPORT, "lea_reports.jobs.store"),
    ),
    "What only tells of reports loads neither what reads data nor what draws": (
        ("delivery.letter", IMPORT, "pyarrow"),
        ("catalog.student_score_report_pdfs", LAZY_IMPORT, "lea_reports.ssr.engine.compiled_engine"),
    ),
    "Pure rooms import no AWS and no web framework": (("typesetting.canvas", LAZY_IMPORT, "boto3"),),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Return a copy of the code, with the same contracts."""
    folder = tmp_path_factory.mktemp("borders")
    for source in SOURCES:
        shutil.copytree(ROOT / source, folder / source, ignore=_all_but_code)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _all_but_code(folder, names):
    return [name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir())]


def _checked(folder):
    """Return the contracts that hold and those that don't."""
    path = os.pathsep.join(str(folder / source) for source in (*SOURCES[:2], Path()))
    command = [Path(sys.executable).with_name("lint-imports")]
    environment = os.environ | {"PYTHONPATH": path, "COLUMNS": "500"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    said = " ".join(done.stdout.split())
    names = [contract["name"] for contract in _contracts()]
    kept, broken = ({name for name in names if f"{name} {how}" in said} for how in ("KEPT", "BROKEN"))
    assert kept | broken == set(names), done.stdout + done.stderr
    assert (done.returncode == 0) == (not broken)
    return kept, broken


def _contracts():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_every_contract_has_an_import_that_crosses_it():
    """Who adds a contract shows what it is against."""
    assert CROSSINGS.keys() == {contract["name"] for contract in _contracts()}


def test_the_code_keeps_every_contract(copy):
    """So a contract that breaks below breaks by what was planted."""
    assert _checked(copy)[1] == set()


@pytest.mark.parametrize(
    ("contract", "crossing"),
    [(contract, crossing) for contract, crossings in CROSSINGS.items() for crossing in crossings],
)
def test_an_import_that_crosses_a_border_breaks_its_contract(copy, contract, crossing):
    """Be it at the top of a module, inside a function, or for types only."""
    module, how, imported = crossing
    file = copy / PACKAGES / "lea_reports" / Path(*module.split(".")).with_suffix(".py")
    own = file.read_text()
    file.write_text(own + how.format(imported))
    try:
        assert contract in _checked(copy)[1]
    finally:
        file.write_text(own)
