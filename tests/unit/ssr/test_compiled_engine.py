"""The engine that lays out once: its files, each for itself."""

import io
import zlib
from hashlib import sha256

import pikepdf
import pytest

from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrEngine, SsrFailure, SsrFile
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.unit.ssr.invented_students import students as invent


def students(many):
    """Invent students with a Smarter Balanced SSR in English."""
    return invent(Assessment.SMARTER_BALANCED, "en", range(many))


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


def test_every_file_is_tagged(compiled):
    """Language, title, marks, headings, tables, words for pictures, and characters for every code."""
    for made in compiled.single_files(students(30)):
        assert problems(made.content) == []


def test_figures_state_their_numbers(compiled, make, scores, earlier):
    """Who cannot see the picture hears what it shows."""
    result = make(scores("01", 2530, **earlier("01", 1, "04", 2471)), scores("02", 2509))
    (made,) = compiled.single_files([result])
    spoken = " ".join(spoken_text(made.content))
    assert (
        "English Language Arts/Literacy 2530, Error band: 2507 to 2553 (± 23), Level 3: Proficient" in spoken
    )
    assert "2024–25, Grade 4: 2471 (2446–2496); 2025–26, Grade 5: 2530 (2507–2553)." in spoken


def test_files_are_sound(compiled):
    """A strict reader finds nothing to complain about."""
    for made in compiled.single_files(students(10)):
        with pikepdf.open(io.BytesIO(made.content)) as pdf:
            assert pdf.check_pdf_syntax() == []
            assert len(pdf.pages) == 4


def test_a_file_is_a_shared_prefix_and_its_own_tail(compiled, make):
    """What a zip and a list need to know of a file follows from its tail."""
    alike = [make(ssid=f"{number:010}", last_name=f"Student {number}") for number in range(10)]
    made = list(compiled.single_files([*students(10), *alike]))
    assert len({id(each.prefix) for each in made[-len(alike) :]}) == 1
    for each in made:
        assert each.content.startswith(each.prefix.content)
        assert each.crc == zlib.crc32(each.content)
        assert each.sha256 == sha256(each.content).hexdigest()


def test_the_same_batch_gives_the_same_bytes(fonts_folder, make, scores):
    """Also from an engine that has made other files before."""
    batch = students(12)
    first, second = CompiledEngine(fonts_folder), CompiledEngine(fonts_folder)
    list(second.single_files([make(scores("01", 2600), scores("02", 2444))]))
    contents = [[made.content for made in engine.single_files(batch)] for engine in (first, second)]
    assert contents[0] == contents[1]


def test_what_cannot_be_made_fails_alone(compiled, make):
    """The others of the batch are made."""
    batch = [make(), make(first_name="\ue000"), make(assessment="cast"), make(first_name="Lena")]
    made = list(compiled.single_files(batch))
    assert [type(each) for each in made] == [SsrFile, SsrFailure, SsrFailure, SsrFile]
    assert [each.reason for each in made[1:3]] == ["no_glyph", "assessment_not_available"]


def test_no_students_make_no_files(compiled):
    """An empty chunk is no error."""
    assert list(compiled.single_files([])) == []


def test_the_engine_is_what_the_interface_asks_for(compiled):
    """The checker agrees at the one place where the engine is chosen."""
    interface: SsrEngine = compiled
    assert isinstance(interface, CompiledEngine)
