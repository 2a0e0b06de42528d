"""What the peers are given: the same content as ours, in the forms that they take."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bench.contest import Setting
from bench.peers.content import content_of
from bench.peers.fill_pikepdf import Template
from bench.peers.merge_pikepdf import merge as merge_with_pikepdf
from bench.peers.merge_pypdf import merge as merge_with_pypdf
from bench.peers.programs import program
from bench.sameness import different_pixels, is_tagged, words
from bench.singles import PIKEPDF, WAYS, EnginePrinter
from bench.students import invent_students, read_students
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.typesetting.fonts import Fonts
from tests.reference.fpdf_engine import FpdfEngine


@pytest.fixture(scope="module")
def setting(tmp_path_factory, fonts):
    """Invent a few students."""
    folder = tmp_path_factory.mktemp("students")
    invent_students(folder, 20, seed=5)
    return Setting(fonts, folder, 20, "en")


@pytest.fixture(scope="module")
def result(setting):
    """Choose a student."""
    return read_students(setting.students, 1)[0].result("en")


@pytest.fixture(scope="module")
def content(result, fonts):
    """Take down what the student's SSR says."""
    return content_of(result, Fonts(fonts))


def test_a_peer_gets_every_page_with_its_headings_and_foot(content):
    """Four pages; each begins with its title and ends with whose it is."""
    assert [page.blocks[0].tag for page in content.pages] == ["H1"] * 4
    assert all(f"Page {number} of 4" in page.foot for number, page in enumerate(content.pages, 1))


def test_a_peer_gets_the_charts_with_everything_in_them(content, result):
    """The level bar has its levels and the score, and says the same in words."""
    score = str(result.ela.score.value)
    bar = next(block for block in content.pages[1].blocks if block.tag == "Figure")
    shown = {str(shape["text"]) for shape in bar.shapes if shape["kind"] == "text"}
    assert {score, "Level 1", "Level 4"} <= shown
    assert score in bar.text
    assert all(-1 <= float(str(shape["y"])) <= bar.height + 1 for shape in bar.shapes)


def test_a_peer_gets_every_word_of_the_tables_and_paragraphs(content, result, fonts):
    """What plain fpdf2 prints outside of charts and symbols is in the content."""
    told = set(
        json.dumps(content.as_json(), ensure_ascii=False).replace('"', " ").replace("\\n", " ").split()
    )
    (printed,) = EnginePrinter(FpdfEngine(fonts)).files([result])
    paragraph = {word for word in words(printed)[0] if word.isalpha() and len(word) > 3}
    assert len(paragraph) > 50
    assert {word for word in paragraph if not any(word in one for one in told)} == set()


def test_pikepdf_fills_a_template_as_our_engine_does(result, fonts):
    """With another student's open file it makes this student's: pages, title and figures in words."""
    other = replace(result, first_name="Maya", last_name="Rivera")
    (theirs, ours) = EnginePrinter(CompiledEngine(fonts)).files([other, result])
    filling = Template(ours).filling
    made = Template(theirs).filled(filling)
    assert different_pixels(made, ours) == 0
    assert words(made) == words(ours) != words(theirs)
    assert Template(made).filling == filling


def test_pikepdf_gets_one_template_for_many_students(setting):
    """Every student gets a whole, tagged SSR; letters that a template's fonts lack make another template."""
    entries = read_students(setting.students, setting.count)
    contender = WAYS[PIKEPDF].make(setting)
    prepared = contender.prepare(entries)
    assert len({id(template) for template, _ in prepared}) < len(entries)
    assert contender.run(prepared).ssrs == len(entries)
    assert all(map(is_tagged, contender.sample(entries[:2])))


@pytest.mark.parametrize("merge", [merge_with_pypdf, merge_with_pikepdf])
def test_merging_peers_keep_all_pages(merge, result, fonts, tmp_path):
    """Two students make eight pages."""
    files = []
    for number, made in enumerate(EnginePrinter(FpdfEngine(fonts)).files([result, result])):
        files.append(tmp_path / f"{number}.pdf")
        files[-1].write_bytes(made)
    merge(files, tmp_path / "merged.pdf")
    assert len(words((tmp_path / "merged.pdf").read_bytes())) == 8


def test_a_missing_program_names_its_package():
    """Whoever runs the bench learns what to install."""
    with pytest.raises(FileNotFoundError, match="the system package tools has it"):
        program("a-program-that-nobody-has", package="tools")


def test_every_peer_has_a_file_of_its_own():
    """A reader finds how a peer is used in one place."""
    names = {file.stem for file in (Path(__file__).parents[3] / "bench" / "peers").glob("*.py")}
    assert {"fpdf2_per_student", "reportlab_canvas", "typst_document", "weasyprint_document"} < names
    assert {"reportlab", "typst ua-1", "weasyprint ua-1"} < WAYS.keys()
