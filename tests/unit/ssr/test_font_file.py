"""Font files as they are read, and cuts of them, judged by fontTools."""

import io
import struct
import zlib

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.pdf.font_file import FontFile, UnusableFont

NAMES = [
    f"{family}-{weight}"
    for family in ("NotoSans", "NotoNaskhArabic", "NotoSansTC", "NotoSansKR")
    for weight in ("Regular", "Bold")
]


class Judge:
    """A font as fontTools reads it, by the numbers of its glyphs."""

    def __init__(self, source):
        self.font = TTFont(source, lazy=True)
        self.glyphs = self.font.getGlyphSet()
        self.order = self.font.getGlyphOrder()

    def outline(self, number):
        pen = DecomposingRecordingPen(self.glyphs)
        self.glyphs[self.order[number]].draw(pen)
        return pen.value

    def metrics(self, number):
        return self.font["hmtx"][self.order[number]]


@pytest.fixture(scope="module", params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def file(fonts_folder, name):
    return FontFile(fonts_folder / f"{name}.ttf")


@pytest.fixture(scope="module")
def judge(fonts_folder, name):
    judge = Judge(fonts_folder / f"{name}.ttf")
    yield judge
    judge.font.close()


def test_characters_have_the_glyphs_of_the_file(file, judge):
    """The map of characters is read whole, whatever its format."""
    numbers = {glyph: number for number, glyph in enumerate(judge.order)}
    assert file.glyph_of == {chr(point): numbers[glyph] for point, glyph in judge.font.getBestCmap().items()}


def test_a_glyph_shows_the_first_of_its_characters(file):
    """Copied text has the plain letter, not its double for another use."""
    for number, character in file.character_of.items():
        assert file.glyph_of[character] == number
    assert all(file.character_of[number] <= character for character, number in file.glyph_of.items())


def test_widths_are_those_of_the_file(file, judge):
    """Also where the table of widths ends early, because the last ones are the same."""
    unit = judge.font["head"].unitsPerEm
    assert list(file.advances) == [judge.metrics(number)[0] / unit for number in range(len(judge.order))]


def test_the_descriptor_is_that_of_the_file(file, judge):
    """The units of the layer's fonts are the thousandths that a PDF counts in."""
    head, high, more = judge.font["head"], judge.font["hhea"], judge.font["OS/2"]
    assert head.unitsPerEm == file.units == 1000
    assert file.descriptor == (
        (head.xMin, head.yMin, head.xMax, head.yMax),
        high.ascent,
        high.descent,
        more.sCapHeight or high.ascent,
        more.usWeightClass == 700,
    )


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cut_draws_what_the_whole_font_draws(file, judge, data):
    """Under the numbers of the whole font, and under new ones through the map."""
    glyphs = data.draw(st.sets(st.integers(0, len(judge.order) - 1), max_size=40))
    cut = Judge(io.BytesIO(file.cut(glyphs)))
    program, numbers = file.cut_densely(glyphs)
    dense = Judge(io.BytesIO(program))
    for number in glyphs | {0}:
        (new,) = struct.unpack_from(">H", numbers, 2 * number)
        assert cut.outline(number) == dense.outline(new) == judge.outline(number)
        assert cut.metrics(number) == dense.metrics(new) == judge.metrics(number)


def test_a_cut_has_no_other_glyphs(file, judge):
    """What was not asked for is empty, and nothing stands behind the last glyph."""
    glyph = file.glyph_of["0"]
    cut = Judge(io.BytesIO(file.cut([glyph])))
    assert len(cut.order) == glyph + 1
    assert [number for number in range(len(cut.order)) if cut.outline(number)] == [0, glyph]
    assert len(Judge(io.BytesIO(file.cut_densely([glyph])[0])).order) == 2


def test_components_come_along(fonts_folder):
    """A letter with a mark is made of two glyphs, which nobody has to name."""
    file = FontFile(fonts_folder / "NotoSans-Regular.ttf")
    whole = TTFont(fonts_folder / "NotoSans-Regular.ttf", lazy=True)
    order, outlines = whole.getGlyphOrder(), whole["glyf"]
    composites = [number for number, glyph in enumerate(order) if outlines[glyph].isComposite()]
    judge = Judge(fonts_folder / "NotoSans-Regular.ttf")
    for number in composites[:: len(composites) // 20]:
        program, numbers = file.cut_densely([number])
        (new,) = struct.unpack_from(">H", numbers, 2 * number)
        assert Judge(io.BytesIO(file.cut([number]))).outline(number) == judge.outline(number)
        assert Judge(io.BytesIO(program)).outline(new) == judge.outline(number)
    whole.close()
    judge.font.close()


def _sum_of(content):
    return sum(struct.unpack(f">{len(content) // 4}I", content)) & 0xFFFFFFFF


@pytest.mark.parametrize("dense", [False, True])
def test_checksums_and_places_are_right(file, dense):
    """Tables are sorted, begin at multiples of four and have the sums that the file states."""
    glyphs = [file.glyph_of[character] for character in "0 1"]
    content = file.cut_densely(glyphs)[0] if dense else file.cut(glyphs)
    (count,) = struct.unpack_from(">H", content, 4)
    entries = [struct.unpack_from(">4sIII", content, 12 + 16 * index) for index in range(count)]
    assert [tag for tag, *_ in entries] == [b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"]
    assert _sum_of(content) == 0xB1B0AFBA
    for tag, checksum, offset, length in entries:
        table = content[offset : offset + length] + bytes(-length % 4)
        assert offset % 4 == 0
        assert _sum_of(table[:8] + bytes(4) + table[12:] if tag == b"head" else table) == checksum


def test_a_cut_of_many_outlines_has_far_places(fonts_folder):
    """Two bytes for a place reach 128 KB."""
    file = FontFile(fonts_folder / "NotoSansTC-Regular.ttf")
    glyphs = range(1000, 2000)
    cut = Judge(io.BytesIO(file.cut(glyphs)))
    judge = Judge(fonts_folder / "NotoSansTC-Regular.ttf")
    assert cut.font["head"].indexToLocFormat == 1
    assert all(cut.outline(number) == judge.outline(number) for number in glyphs[::50])
    judge.font.close()


def test_a_few_han_glyphs_take_few_bytes(fonts_folder):
    """The glyphs of a name are small beside an SSR, though their numbers are high."""
    file = FontFile(fonts_folder / "NotoSansTC-Regular.ttf")
    parts = file.cut_densely([file.glyph_of[character] for character in "陳曉明"])
    assert sum(len(zlib.compress(part)) for part in parts) < 1_200


def test_what_is_no_truetype_font_is_refused(tmp_path):
    """Fonts with other outlines cannot be cut here."""
    path = tmp_path / "other.otf"
    path.write_bytes(b"OTTO" + bytes(8))
    with pytest.raises(UnusableFont, match=r"other\.otf has no TrueType outlines"):
        FontFile(path)
