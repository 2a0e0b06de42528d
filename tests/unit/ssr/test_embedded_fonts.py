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

from lea_reports.pdf.embedded_font import EXTRA_OBJECTS, OBJECTS
from lea_reports.ssr.engine.shared_glyph_table import shared_glyphs_of
from lea_reports.typesetting.content_canvas import ContentCanvas
from lea_reports.typesetting.embedded_fonts import FACES, EmbeddedFonts, ExtraGlyph, faces_of, united_fonts
from lea_reports.typesetting.fonts import Fonts, Typeface
from lea_reports.typesetting.placeholders import form_of
from lea_reports.typesetting.shared_glyphs import NO_SHARED_GLYPHS, SharedGlyphs
from lea_reports.typesetting.styles import Style
from tests.reference.fpdf_canvas import FpdfCanvas

ASCII = "".join(map(chr, range(0x20, 0x7F)))
BLACK = (0, 0, 0)


@pytest.fixture(scope="module")
def fonts(fonts_folder):
    return Fonts(fonts_folder)


@pytest.fixture(scope="module")
def embedded(fonts):
    """Make fonts that share ASCII."""
    latin = ((Typeface.LATIN, bold) for bold in (False, True))
    glyphs = {key: frozenset(fonts.file(key[0], bold=key[1]).glyph_of[c] for c in ASCII) for key in latin}
    return EmbeddedFonts(fonts, SharedGlyphs(glyphs, {}))


def _pdf(content, fonts):
    """Return a page with fonts, each with its names, written as plainly as possible."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"", b""]
    resources = b""
    for names, font in fonts:
        first = len(objects) + 1
        streams = [re.sub(rb"^\d+ 0 obj\n|\nendobj\n$", b"", body) for body in font.streams(first)]
        resources += b"".join(b"/%b %d 0 R" % (name, first + len(streams)) for name in names)
        objects += [*streams, *font.dictionaries(first + len(streams), first)]
    objects[2] = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<<%b>>>>/Contents 4 0 R>>"
        % resources
    )
    objects[3] = b"<</Length %d>>stream\n%b\nendstream" % (len(content), content)
    out = [b"%PDF-1.7\n"]
    out += [b"%d 0 obj\n%b\nendobj\n" % (number, body) for number, body in enumerate(objects, 1)]
    *starts, end = [sum(map(len, out[:count])) for count in range(1, len(out) + 1)]
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % len(out))
    out += [b"%010d 00000 n \n" % start for start in starts]
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, end))
    return b"".join(out)


def _set(embedded, texts, *, bold=False, first=0):
    """Set one text below the other, from a line on."""
    canvas = ContentCanvas(embedded, tags=False)
    for line, text in enumerate(texts, first):
        canvas.text(50, 50 + 40 * line, text, Style(20, bold, BLACK))
    return canvas.finish()


def _page(embedded, texts, *, bold=False):
    """Return a page with the fonts that an SSR would have."""
    fragment = _set(embedded, texts, bold=bold)
    fonts = [
        (
            [face.name],
            embedded.extra_font(face, fragment.glyphs) if face.extra else embedded.shared_font(face),
        )
        for face in faces_of(fragment.fonts)
    ]
    return _pdf(form_of(fragment.content).text, fonts)


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
    """Shared characters and others stand side by side, to the pixel."""
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


def test_a_text_of_the_core_needs_no_glyphs(embedded, fonts):
    """Every document has them."""
    (run,) = fonts.runs("Maya (5)")
    face, codes, glyphs = embedded.codes(run, bold=False)
    assert (face.extra, glyphs) == (False, ())
    assert face is embedded.shared_face(bold=False)
    assert codes == b"".join(embedded.glyph_codes(Typeface.LATIN, _numbers(fonts, "Maya (5)"), bold=False)[1])


def test_one_other_character_takes_its_run_to_the_extra_face(embedded, fonts):
    """Viewers place glyphs more exactly within one text, so the run stays whole."""
    (run,) = fonts.runs("Zoë Ñuñ")
    face, codes, glyphs = embedded.codes(run, bold=True)
    assert face.extra
    assert list(glyphs) == _numbers(fonts, "Zoë Ñuñ", bold=True)
    assert codes == b"".join(embedded.glyph_codes(Typeface.LATIN, glyphs, bold=True)[1])


def test_shaped_glyphs_are_of_the_core_only_all_together(fonts):
    """One that is not shared takes its run to the extra face."""
    embedded = EmbeddedFonts(fonts, SharedGlyphs({(Typeface.ARABIC, False): frozenset((5, 6, 7))}, {}))
    faces = [
        embedded.glyph_codes(Typeface.ARABIC, numbers, bold=False)[0] for numbers in ([7, 5], [7, 8], [])
    ]
    assert [face.extra for face in faces] == [False, True, False]
    assert {face.typeface for face in faces} == {Typeface.ARABIC}


def test_a_simple_text_is_in_the_core_of_both_weights(fonts):
    """A character in one of them only is not enough."""
    regular, bold = (frozenset(_numbers(fonts, text, bold=text == "bc")) for text in ("ab", "bc"))
    embedded = EmbeddedFonts(
        fonts, SharedGlyphs({(Typeface.LATIN, False): regular, (Typeface.LATIN, True): bold}, {})
    )
    assert [embedded.is_shared(text) for text in ("b", "", "bb", "a", "c", "ë")] == [True] * 3 + [False] * 3


def _numbers(fonts, text, *, bold=False):
    glyph_of = fonts.file(Typeface.LATIN, bold=bold).glyph_of
    return [glyph_of[character] for character in text]


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
                rb"<(\w{4})> <(?:\w{4}> <)?\w+>", font.ToUnicode.read_bytes().split(b"endcodespacerange")[1]
            )
            for code in {int(code, 16) for code in held}:
                glyph = int.from_bytes(numbers[2 * code : 2 * code + 2], "big") if numbers else code
                width, _ = program["hmtx"][program.getGlyphName(glyph)]
                assert stated.get(code, int(descendant.DW)) == width


def _extra(embedded, face, *glyphs):
    """Return an extra face with glyphs, each a number or a number and what it spells."""
    pairs = [glyph if isinstance(glyph, tuple) else (glyph, "") for glyph in glyphs]
    return embedded.extra_font(face, {ExtraGlyph(face, *pair) for pair in pairs})


def test_objects_are_as_many_as_said(embedded):
    """Whoever numbers objects counts on it."""
    fonts = (embedded.shared_font(FACES[0]), OBJECTS), (_extra(embedded, FACES[8], 70, 3000), EXTRA_OBJECTS)
    for font, count in fonts:
        assert len(font.streams(1)) + len(font.dictionaries(9, 1)) == count


def test_an_extra_font_takes_its_own_glyphs_only(embedded):
    """A page's glyphs of all extra faces are given together."""
    both = {ExtraGlyph(FACES[8], 300, ""), ExtraGlyph(FACES[9], 400, "")}
    assert embedded.extra_font(FACES[8], both) is _extra(embedded, FACES[8], 300)
    assert embedded.extra_font(FACES[9], both) is _extra(embedded, FACES[9], 400)


def test_the_same_glyphs_make_the_same_bytes(embedded, fonts_folder):
    """In whatever order they come, and in another process's fonts; other glyphs have another name."""
    one = _extra(embedded, FACES[8], (300, "x"), 400, 500)
    others = EmbeddedFonts(Fonts(fonts_folder), NO_SHARED_GLYPHS)
    same = _extra(others, FACES[8], 500, (300, "x"), 400, (300, "x"))
    other = _extra(others, FACES[8], 300, 400)
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
    font = _extra(embedded, FACES[10], (300, "لا"))
    assert _mapped(font) == ["1 beginbfchar", "<012C> <06440627>", "endbfchar", ""]


def test_ligatures_of_the_core_do_so_too(fonts):
    """The table of shared glyphs says what they spell."""
    key = Typeface.ARABIC, False
    embedded = EmbeddedFonts(fonts, SharedGlyphs({key: frozenset((300,))}, {key: {300: "لا"}}))
    assert _mapped(embedded.shared_font(FACES[2])) == ["1 beginbfchar", "<012C> <06440627>", "endbfchar", ""]


@pytest.mark.parametrize("letters", ["ل\u200cا", "\u200dلا", "لا\u200c"])
def test_joiners_are_spelled_by_no_glyph(embedded, letters):
    """They decide how letters join, and nobody who copies a name expects them."""
    font = _extra(embedded, FACES[10], (300, letters))
    assert _mapped(font) == ["1 beginbfchar", "<012C> <06440627>", "endbfchar", ""]


def test_a_name_with_joiners_is_copied_without_them(embedded):
    """Also where the shaping engine counts a joiner to the letter before it."""
    content = _page(embedded, ["می\u200cخواهم", "نامه\u200dای"])
    assert sorted("".join(_words(content))) == sorted("میخواهمنامهای")


def test_codes_and_characters_in_a_row_are_mapped_together(embedded, fonts):
    """Letters of the alphabet have glyphs in a row."""
    glyph_of = fonts.file(Typeface.LATIN, bold=False).glyph_of
    font = _extra(embedded, FACES[8], *(glyph_of[letter] for letter in "BCDZ"))
    assert _mapped(font)[:3] == [
        "1 beginbfrange",
        f"<{glyph_of['B']:04X}> <{glyph_of['D']:04X}> <0042>",
        "endbfrange",
    ]


def test_blocks_of_a_map_have_at_most_a_hundred_entries(embedded, fonts):
    """Viewers may refuse larger ones."""
    glyph_of = fonts.file(Typeface.CHINESE, bold=False).glyph_of
    characters = filter(glyph_of.__contains__, map(chr, range(0x4E00, 0x5000, 2)))
    font = _extra(embedded, FACES[12], *map(glyph_of.__getitem__, characters))
    counts = [int(row.split()[0]) for row in _mapped(font) if " begin" in row]
    assert len(counts) > 1
    assert max(counts) == 100


LANGUAGES_TOGETHER = ["en", "ko", "zh-Hant", "ar"]


@pytest.fixture(scope="module")
def together(fonts):
    """Make fonts of several languages, each with a text that is set with them."""
    texts = ["Zoë 김민준", "김민준 Zoë", "陳曉明 뷁", "Maya العلي"]
    used = [
        EmbeddedFonts(fonts, shared_glyphs_of("smarter-balanced", language))
        for language in LANGUAGES_TOGETHER
    ]
    return list(zip(used, texts, strict=True))


def _united(together):
    """Return the marks and the fonts of a document of several languages."""
    fragments = [_set(used, [text], first=line) for line, (used, text) in enumerate(together)]
    bits = 0
    for fragment in fragments:
        bits |= fragment.fonts
    glyphs = frozenset().union(*(fragment.glyphs for fragment in fragments))
    content = b"".join(form_of(fragment.content).text for fragment in fragments)
    return content, bits, list(united_fonts([used for used, _ in together], bits, glyphs))


def test_a_document_of_several_languages_looks_and_reads_as_with_whole_fonts(together, fonts):
    """What one language shares stands in an extra face of another."""
    content, _, united = _united(together)
    page = _pdf(content, united)
    texts = [text for _, text in together]
    assert sum(map(ne, _picture(page), _picture(_reference(fonts, texts)))) <= 60
    assert sorted("".join(_words(page))) == sorted("".join(texts).replace(" ", ""))


def test_united_fonts_bear_all_names_that_pages_have_for_them(together):
    """There is one font for each family and weight, and no face of its own for what is not shared."""
    _, bits, united = _united(together)
    assert sorted(name for names, _ in united for name in names) == sorted(
        face.name for face in faces_of(bits)
    )
    assert len(united) == 4
    assert max(len(names) for names, _ in united) == 2
    for _, font in united:
        assert not font.dense
        assert len(font.streams(1)) + len(font.dictionaries(9, 1)) == OBJECTS


def test_united_fonts_do_not_depend_on_the_order_of_glyphs(embedded):
    """The same students give the same bytes."""
    glyphs = [ExtraGlyph(FACES[8], number, letters) for number, letters in ((300, ""), (301, "x"), (302, ""))]
    (one,), (other,) = (
        list(united_fonts([embedded], FACES[8].bit, order)) for order in (glyphs, glyphs[::-1])
    )
    assert one[0] == other[0] == [b"X0"]
    assert one[1].streams(1) == other[1].streams(1)


def test_united_fonts_spell_what_is_shaped_in_shared_glyphs_and_names(fonts):
    """A ligature of a name is copied as well as one of a sentence."""
    key = Typeface.ARABIC, False
    used = EmbeddedFonts(fonts, SharedGlyphs({key: frozenset((300,))}, {key: {300: "لا"}}))
    glyphs = [ExtraGlyph(FACES[10], 310, "مح"), ExtraGlyph(FACES[10], 320, "")]
    ((_, font),) = united_fonts([used], FACES[2].bit | FACES[10].bit, glyphs)
    assert {"<012C> <06440627>", "<0136> <0645062D>"} <= set(_mapped(font))
