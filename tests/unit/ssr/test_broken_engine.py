"""An SSR on which the engine breaks fails alone, wherever it stands."""

from dataclasses import replace

import pytest

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import NOT_RENDERED, SsrFailure, attempted
from tests.pdf_check.tagged_pdf import problems
from tests.reference.merged_file import merged_file
from tests.unit.ssr.invented_students import students

BROKEN = {"before it is composed": {"ssid": None}, "while it is composed": {"ela": None}}


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


@pytest.fixture(params=BROKEN)
def batch(request):
    """Invent three sound results, and one before and after them on which the engine breaks."""
    sound = students(Assessment.SMARTER_BALANCED, "en", range(3))
    first, last = (replace(result, **BROKEN[request.param]) for result in (sound[0], sound[2]))
    return [first, *sound, last]


def test_the_files_of_the_others_are_what_they_would_have_been(compiled, batch):
    """Their bytes do not show that somebody before them failed."""
    made = list(compiled.single_files(batch))

    assert [type(each) is SsrFailure for each in made] == [True, False, False, False, True]
    assert {(each.reason, each.fault.error) for each in (made[0], made[-1])} <= {
        (NOT_RENDERED, "TypeError"),
        (NOT_RENDERED, "AttributeError"),
    }
    assert all(each.fault.raised_in.startswith("lea_reports.ssr.") for each in (made[0], made[-1]))
    assert [each.content for each in made[1:-1]] == [
        each.content for each in compiled.single_files(batch[1:-1])
    ]


def test_a_merged_file_without_them_is_whole(compiled, batch):
    """A student is added at once or not at all, the first one of a school too."""
    merged = merged_file(compiled, batch, "Grade 5", tagged=True)

    assert [failure.reason for failure in merged.failures] == [NOT_RENDERED] * 2
    assert merged.content == merged_file(compiled, batch[1:-1], "Grade 5", tagged=True).content
    assert problems(merged.content) == []


@pytest.mark.parametrize("error", [MemoryError, OSError])
def test_what_is_no_fault_of_a_students_ends_the_work(error, batch):
    """The next one would meet it too, and the worker has to be replaced."""

    def make():
        raise error

    with pytest.raises(error):
        attempted(batch[0], make)
