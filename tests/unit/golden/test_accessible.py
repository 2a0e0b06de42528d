"""Every SSR can be read without being seen: all kinds in all languages, single and merged."""

import pytest

from lea_reports.ssr.compiled_engine import CompiledEngine
from lea_reports.ssr.engine import SsrFile
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.unit.golden.cases import CASES


@pytest.fixture(scope="module")
def tagged(fonts):
    """Make the SSRs of all cases at once, as the pipeline does."""
    made = list(CompiledEngine(fonts).single_files([case.result() for case in CASES]))
    assert all(isinstance(file, SsrFile) for file in made)
    return {case.name: file.content for case, file in zip(CASES, made, strict=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_single_file_is_accessible(case, tagged):
    """The automatic check finds nothing, and what is spoken begins with the title of the report."""
    assert problems(tagged[case.name]) == []
    assert len(spoken_text(tagged[case.name])) > 15


def test_a_merged_file_is_accessible_when_tags_are_asked_for(fonts):
    """Students of one kind and language in one document."""
    engine = CompiledEngine(fonts, tags_when_merged=True)
    merged = engine.merged_file([CASES[0].result(), CASES[0].result()], "Two reports")
    assert problems(merged.content) == []
