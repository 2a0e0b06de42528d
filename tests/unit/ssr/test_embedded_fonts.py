"""Fonts in PDFs: what viewers show and copy, judged by fpdf2's pages and by two viewers."""

import io
import re
import zlib
from datetime import UTC, datetime
from itertools import pairwise
from operator import ne

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from lea_reports.ssr.embedded_fonts import (
    EXTRA_OBJECTS,
    FACES,
    OBJECTS,
    EmbeddedFonts,
    faces_of,
    letters_of,
)
from lea_reports.ssr.fonts import Fonts, Glyph, Typeface
from lea_reports.ssr.fpdf_canvas import FpdfCanvas
from lea_reports.ssr.palette import Style

ASCII = "".join(map(chr, range(0x20, 0x7F)))
BLACK = (0, 0, 0)


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


@pytest.fixture(scope="module")
def embedded(fonts):
    """Make fonts whose core is ASCII."""
    latin = ((Typeface.LATIN, bold) for bold in (False, True))
    return EmbeddedFonts(
        fonts, {key: frozenset(fonts.file(key[0], bold=key[1]).glyph_of[c] for c in ASCII) for key in latin}
    )


def _pdf(content, fonts):
    """Return a page with fonts, written as plainly as possible."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"", b""]
    names = b""
    for font in fonts:
        first = len(objects) + 1
        streams = [re.sub(rb"^\d+ 0 obj\n|\nendobj\n$", b"", body) for body in font.streams(first)]
        names += b"/%b %d 0 R" % (font.face.name, first + len(streams))
        objects += [*streams, *font.dictionaries(first + len(streams), first)]
    objects[2] = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<<%b>>>>/Contents 4 0 R>>" % names
    )
    objects[3] = b"<</Length %d>>stream\n%b\nendstream" % (len(content), content)
    out = [b"%PDF-1.7\n"]
    out += [b"%d 0 obj\n%b\nendobj\n" % (number, body) for number, body in enumerate(objects, 1)]
    *starts, end = [sum(map(len, out[:count])) for count in range(1, len(out) + 1)]
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % len(out))
    out += [b"%010d 00000 n \n" % start for start in starts]
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, end))
    return b"".join(out)


def _page(embedded, texts, *, bold=False):
    """Set one text below the other as a canvas does, and return the page."""
    content, glyphs, letters = [], {}, {}
    for line, text in enumerate(texts):
        x, y = 50.0, 742.0 - 40 * line
        for run in embedded.fonts.runs(text):
            if run.shaped:
                shaped = embedded.fonts.shape(run.typeface, run.text, bold=bold)
                letters |= letters_of(shaped)
                for glyph in shaped:
                    face, code = embedded.code(run.typeface, glyph.number, bold=bold)
                    glyphs.setdefault(face, set()).add(glyph.number)
                    place = x + glyph.right * 20, y + glyph.up * 20
                    content.append(
                        b"BT /%b %.2f Tf %.2f %.2f Td (%b) Tj ET" % (face.name, 20 * face.scale, *place, code)
                    )
                    x += glyph.advance * 20
                continue
            content.append(b"BT %.2f %.2f Td" % (x, y))
            for stretch in embedded.stretches(run, bold=bold):
                glyphs.setdefault(stretch.face, set()).update(stretch.glyphs)
                content.append(
                    b"/%b %.2f Tf (%b) Tj" % (stretch.face.name, 20 * stretch.face.scale, stretch.codes)
                )
                x += stretch.advance * 20
            content.append(b"ET")
    return _pdf(b"\n".join(content), [embedded.font(face, glyphs[face], letters) for face in glyphs])


def _reference(fonts, texts, *, bold=False):
    """Draw the same page by fpdf2 with whole fonts."""
    canvas = FpdfCanvas(fonts, title="", language="en", created=datetime(2026, 7, 1, tzinfo=UTC))
    canvas.add_page()
    for line, text in enumerate(texts):
        canvas.text(50, 50 + 40 * line, text, Style(20, bold, BLACK))
    return canvas.finish()


def _picture(content):
    document = pypdfium2.PdfDocument(content)
    picture = document[0].render(scale=2).to_pil().crop((0, 0, 1224, 400)).tobytes()
    document.close()
    return picture


def _words(content):
    document = pypdfium2.PdfDocument(content)
    words = document[0].get_textpage().get_text_range().split()
    document.close()
    return words


LATIN = ["Maya Rivera (5)", "Zoë Núñez \\ Åse", "Nguyễn Thị Ánh"]
HAN = ["陳曉明 Chen", "Müller 陳", "김민준 뷁"]


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("texts", [LATIN, HAN], ids=["latin", "han and hangul"])
def test_pages_look_and_read_as_those_of_whole_fonts(embedded, fonts, texts, bold):
    """Characters of the core and others stand side by side, to the pixel."""
    content = _page(embedded, texts, bold=bold)
    assert _picture(content) == _picture(_reference(fonts, texts, bold=bold))
    assert _words(content) == " ".join(texts).split()


def test_arabic_looks_as_fpdf2_draws_it(embedded, fonts):
    """Joined letters come from the whole font, and the letters are as large as there."""
    texts = ["محمد العلي", "فاطمة الزهراء"]
    content = _page(embedded, texts)
    assert sum(map(ne, _picture(content), _picture(_reference(fonts, texts)))) <= 60
    shown = "".join(_words(content))
    assert sorted(shown) == sorted("".join(texts).replace(" ", ""))


def test_loose_marks_stand_on_their_letters(embedded, fonts):
    """A mark that has no letter of its own with it is placed by the font."""
    texts = ["x\u0331a x\u0331\u0301"]
    assert _picture(_page(embedded, texts)) == _picture(_reference(fonts, texts))


@pytest.mark.parametrize("texts", [LATIN, HAN], ids=["latin", "han and hangul"])
def test_another_reader_finds_the_words(embedded, texts):
    """Whatever looks characters up in the map of codes."""
    words = PdfReader(io.BytesIO(_page(embedded, texts)), strict=True).pages[0].extract_text()
    assert words.split() == " ".join(texts).split()


def test_a_text_of_the_core_is_one_stretch(embedded, fonts):
    """It asks for no glyphs, since every document has them."""
    (run,) = fonts.runs("Maya (5)")
    (stretch,) = embedded.stretches(run, bold=False)
    assert (stretch.face.extra, stretch.glyphs) == (False, ())
    assert stretch.advance * 10 == pytest.approx(fonts.width("Maya (5)", Style(10)))


def test_other_characters_are_stretches_of_an_extra_face(embedded, fonts):
    """Together the stretches are as wide as the text."""
    (run,) = fonts.runs("Zoë Ñuñ")
    stretches = embedded.stretches(run, bold=True)
    assert [stretch.face.extra for stretch in stretches] == [False, True, False, True, False, True]
    glyph_of = fonts.file(Typeface.LATIN, bold=True).glyph_of
    assert stretches[1].glyphs == (glyph_of["ë"],)
    assert sum(stretch.advance for stretch in stretches) * 10 == pytest.approx(
        fonts.width("Zoë Ñuñ", Style(10, bold=True))
    )


def test_faces_have_names_and_bits_of_their_own():
    """A set of faces is a number."""
    assert len({face.name for face in FACES}) == len({face.bit for face in FACES}) == 16
    assert all(face.bit.bit_count() == 1 for face in FACES)
    assert all((face.name[:1] == b"X") == face.extra for face in FACES)
    assert faces_of(FACES[3].bit | FACES[9].bit) == [FACES[3], FACES[9]]
    assert {face.typeface for face in FACES if face.scale != 1} == {Typeface.ARABIC}


def _opened(embedded, texts):
    return pikepdf.open(io.BytesIO(_page(embedded, texts)))


@pytest.mark.parametrize("texts", [LATIN, HAN], ids=["latin", "han and hangul"])
def test_stated_widths_are_those_of_the_font_within(embedded, texts):
    """PDF/UA asks for it (ISO 14289-1, 7.21.5), and where the glyphs are is told as well."""
    with _opened(embedded, texts) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            descendant = font.DescendantFonts[0]
            stated = {}
            for first, widths in pairwise(descendant.W):
                if isinstance(widths, pikepdf.Array):
                    stated |= {int(first) + index: int(width) for index, width in enumerate(widths)}
            program = TTFont(io.BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
            places = descendant.CIDToGIDMap
            numbers = places.read_bytes() if isinstance(places, pikepdf.Stream) else None
            held = re.findall(
                rb"<(\w{4})><(?:\w{4}><)?\w+>", font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
            )
            for code in {int(code, 16) for code in held}:
                glyph = int.from_bytes(numbers[2 * code : 2 * code + 2], "big") if numbers else code
                width, _ = program["hmtx"][program.getGlyphName(glyph)]
                assert stated.get(code, int(descendant.DW)) == width


def test_objects_are_as_many_as_said(embedded):
    """Whoever numbers objects counts on it."""
    core, extra = FACES[0], FACES[8]
    for face, count in ((core, OBJECTS), (extra, EXTRA_OBJECTS)):
        font = embedded.font(face, [70, 3000])
        assert len(font.streams(1)) + len(font.dictionaries(9, 1)) == count


def test_the_same_glyphs_make_the_same_bytes(embedded, fonts_folder):
    """In whatever order they come, and in another process's fonts; other glyphs have another name."""
    one = embedded.font(FACES[8], [300, 400, 500], {300: "x"})
    others = EmbeddedFonts(Fonts(fonts_folder), {})
    same, other = others.font(FACES[8], [500, 300, 400, 300], {300: "x"}), others.font(FACES[8], [300, 400])
    assert (one.streams(1), one.dictionaries(4, 1)) == (same.streams(1), same.dictionaries(4, 1))
    assert one.dictionaries(4, 1)[0] != other.dictionaries(4, 1)[0]
    assert re.search(rb"/BaseFont/[A-Z]{6}\+NotoSans-Regular/", one.dictionaries(4, 1)[0])


def _mapped(font):
    """Return the entries of a character map."""
    packed = font.streams(1)[1]
    content = zlib.decompress(packed[packed.index(b"stream\n") + 7 : packed.rindex(b"\nendstream")])
    _, entries = content.split(b"endcodespacerange\n")
    return entries[: entries.index(b"endcmap")].decode().split("\n")


def test_ligatures_spell_all_their_letters(embedded):
    """Copied text has what was written, not the glyph that stood for it."""
    font = embedded.font(FACES[10], [300], {300: "لا"})
    assert _mapped(font) == ["1 beginbfchar", "<012C><06440627>", "endbfchar", ""]


def test_of_several_spellings_the_first_counts():
    """A further glyph of the same letters spells nothing of its own."""
    glyphs = [
        Glyph(number, letters, 1, 0, 0, own_place=False) for number, letters in [(3, "a"), (4, ""), (3, "b")]
    ]
    assert letters_of(glyphs) == {3: "a"}


def test_codes_and_characters_in_a_row_are_mapped_together(embedded, fonts):
    """Letters of the alphabet have glyphs in a row."""
    glyph_of = fonts.file(Typeface.LATIN, bold=False).glyph_of
    font = embedded.font(FACES[8], [glyph_of[letter] for letter in "BCDZ"])
    assert _mapped(font)[:3] == [
        "1 beginbfrange",
        f"<{glyph_of['B']:04X}><{glyph_of['D']:04X}><0042>",
        "endbfrange",
    ]


def test_blocks_of_a_map_have_at_most_a_hundred_entries(embedded, fonts):
    """Viewers may refuse larger ones."""
    glyph_of = fonts.file(Typeface.CHINESE, bold=False).glyph_of
    font = embedded.font(
        FACES[12], [glyph_of[chr(point)] for point in range(0x4E00, 0x5000, 2) if chr(point) in glyph_of]
    )
    counts = [int(row.split()[0]) for row in _mapped(font) if " begin" in row]
    assert len(counts) > 1
    assert max(counts) == 100
