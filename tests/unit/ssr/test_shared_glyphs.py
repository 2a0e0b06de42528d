"""Shared glyphs: what the table says, and that ordinary files need nothing beside it."""

import io
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import Assessment, languages_of
from lea_reports.ssr.engine import shared_glyph_table
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.shared_glyph_table import shared_glyphs_of, written
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.words.texts import LANGUAGES
from lea_reports.typesetting.fonts import Fonts, Typeface
from lea_reports.typesetting.shared_glyphs import NO_SHARED_GLYPHS, SharedGlyphs
from tests.unit.golden.cases import CASES

EDITIONS = [
    (kind, language)
    for kind in Assessment
    for language in LANGUAGES
    if kind is Assessment.SMARTER_BALANCED or language in languages_of(kind)
]
PLAIN_NAMES = [
    {"last_name": "Rivera", "first_name": "Maya", "middle_name": "Jo"},
    {"last_name": "Muñoz Peña", "first_name": "Íñigo", "middle_name": "O’Neil–Agüero"},
]
_FONT = st.tuples(st.sampled_from(Typeface), st.booleans())
_GLYPHS = st.frozensets(st.integers(0, 40) | st.integers(0, 65_535), min_size=1)


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


@given(glyphs=st.dictionaries(_FONT, _GLYPHS), letters=st.text("لاé", min_size=1, max_size=3))
def test_shared_glyphs_are_read_as_they_were_written(glyphs, letters):
    """The table has glyphs as ranges."""
    shared = SharedGlyphs(glyphs, {font: {min(numbers): letters} for font, numbers in glyphs.items()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_glyph_table, "_table", lambda: {"cast": {"en": written(shared)}})
        assert shared_glyphs_of("cast", "en") == shared


def test_neighbours_are_a_range():
    """The table is read by persons, too, when it changes."""
    shared = SharedGlyphs({(Typeface.LATIN, True): frozenset((9, 3, 5, 4))}, {})
    assert written(shared) == {"NotoSans-Bold": ("3-5 9", {})}


def test_what_the_table_does_not_have_is_no_core():
    """The glyphs come in extra fonts then."""
    assert shared_glyphs_of("cast", "tlh") == shared_glyphs_of("none", "en") == NO_SHARED_GLYPHS


@pytest.mark.parametrize(("kind", "language"), EDITIONS)
def test_all_glyphs_of_the_table_are_in_their_fonts(fonts, kind, language):
    """And what a glyph spells is said of those of the table."""
    shared = shared_glyphs_of(kind, language)
    assert {(Typeface.LATIN, False), (Typeface.LATIN, True)} <= shared.glyphs.keys()
    assert shared.letters.keys() <= shared.glyphs.keys()
    for (typeface, bold), numbers in shared.glyphs.items():
        assert min(numbers) > 0
        assert max(numbers) < len(fonts.file(typeface, bold=bold).advances)
        assert shared.letters[typeface, bold].keys() <= numbers


@pytest.fixture(scope="module")
def engine(fonts_folder):
    return CompiledEngine(fonts_folder)


def _faces(made):
    """Return how the names of fonts begin: /F are shared faces, /X extra ones."""
    assert isinstance(made, SsrFile)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        return {name[:2] for page in pdf.pages for name in set(page.Resources.Font)}


@pytest.mark.parametrize("names", PLAIN_NAMES, ids=["ascii", "spanish"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_of_ordinary_names_have_no_extra_fonts(engine, case, names):
    """`make shared-glyphs` has been run since sentences changed."""
    (made,) = engine.single_files([replace(case.result(), **names)])
    assert _faces(made) == {"/F"}


def test_a_name_beyond_the_core_has_one(engine):
    """So that the test before would see it."""
    (made,) = engine.single_files([replace(CASES[0].result(), last_name="Nguyễn")])
    assert _faces(made) == {"/F", "/X"}
