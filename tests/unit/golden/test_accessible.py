"""Every SSR can be read without being seen: all kinds in all languages, single and merged."""

import pytest

from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file
from tests.unit.golden.cases import CASES, LANGUAGES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_single_file_is_accessible(case, compiled):
    """The automatic check finds nothing, and every page has something to say."""
    assert problems(compiled[case.name]) == []
    assert len(spoken_text(compiled[case.name])) > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_merged_file_is_accessible_when_tags_are_asked_for(language, merged):
    """All kinds of the language in one document."""
    assert problems(merged[language]) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_merged_file_says_what_the_single_ones_say(language, compiled, merged):
    """Word for word, one student after the other."""
    single = [
        words for case in CASES if case.language == language for words in spoken_text(compiled[case.name])
    ]
    assert spoken_text(merged[language]) == single


def test_a_document_in_all_languages_is_accessible(fonts):
    """Each student's part says its language itself."""
    results = [case.result() for case in CASES if case.kind == "cast" and not case.special]
    assert len(results) == len(LANGUAGES)
    assert problems(merged_file(CompiledEngine(fonts), results, "Science", tagged=True).content) == []
