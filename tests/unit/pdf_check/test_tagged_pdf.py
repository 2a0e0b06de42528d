"""The check of tagged documents: what is right passes, and each thing that is wrong is told."""

import io

import pikepdf
import pytest
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, String

from tests.pdf_check.tagged_pdf import Spoken, problems, spoken, spoken_text


def test_a_good_document_has_no_problems(document):
    """Nothing is told of a document that has all its parts."""
    assert problems(document.save()) == []


def test_a_document_is_read_in_the_order_of_its_structure(document):
    """Lines are joined by the spaces they have; figures by their alternative; Arabic in its logical order."""
    assert spoken(document.save()) == [
        Spoken("H1", "Report", "en-US"),
        Spoken("H2", "Score", "en-US"),
        Spoken("P", "a long line", "en-US"),
        Spoken("TH", "Year", "en-US"),
        Spoken("TD", "2026", "en-US"),
        Spoken("Figure", "ELA 2487, Level 3", "en-US"),
        Spoken("P", "Name: مح", "en-US"),
        Spoken("P", "More", "en-US"),
    ]


def test_the_structure_decides_not_the_drawing(document):
    """Swapped elements are read swapped."""
    kids = document.root.K.K
    document.root.K.K = Array([kids[0], kids[1], kids[4], *kids[2:4], *kids[5:]])
    assert spoken_text(document.save())[2:4] == ["ELA 2487, Level 3", "a long line"]


def test_marks_inside_a_form_count(document, drawn_form):
    """A form drawn once may hold marked content of its own."""
    drawn_form(1)
    content = document.save()
    assert problems(content) == []
    assert spoken_text(content)[-1] == "In a form"


def test_a_form_with_marks_is_drawn_once(document, drawn_form):
    """Drawn twice, its content would be read once and stand in two places."""
    drawn_form(2)
    assert "a form that holds marked content is drawn more than once" in problems(document.save())


def test_an_encrypted_document_must_allow_reading_aloud(document):
    """A password is given; the permission for assistive technology is looked at."""
    for allowed in (True, False):
        target = io.BytesIO()
        permissions = pikepdf.Permissions(accessibility=allowed)
        encryption = pikepdf.Encryption(
            owner="o", user="u", R=3, aes=False, metadata=False, allow=permissions
        )
        document.pdf.save(target, encryption=encryption)
        assert bool(problems(target.getvalue(), "u")) is not allowed


def test_plain_fpdf2_does_not_pass(latin_font):
    """The document of a library that does not tag is refused for what it lacks."""
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("noto", "", latin_font)
    pdf.set_font("noto", size=12)
    pdf.text(10, 10, "Hello")
    found = problems(bytes(pdf.output()))
    assert "document: no structure tree" in found
    assert "page 1: a text is neither tagged nor an artifact" in found


def _map(document, old, new):
    """Change how the font's map from codes to characters is written."""
    content = document.font.ToUnicode.read_bytes()
    assert old in content
    document.font.ToUnicode = document.pdf.make_stream(content.replace(old, new))


def _drop(item, key):
    del item[key]


_BROKEN = {
    "document: no language": lambda d: _drop(d.pdf.Root, "/Lang"),
    "document: not marked as tagged": lambda d: _drop(d.pdf.Root, "/MarkInfo"),
    "document: its tags are marked as suspect": lambda d: d.pdf.Root.MarkInfo.update({"/Suspects": True}),
    "document: a viewer shows the file's name": lambda d: _drop(d.pdf.Root, "/ViewerPreferences"),
    "document: no XMP metadata": lambda d: _drop(d.pdf.Root, "/Metadata"),
    "document: the XMP metadata does not name PDF/UA": lambda d: d.set_metadata(part="2", title="A report"),
    "document: no title": lambda d: d.set_metadata(part="1", title=""),
    "document: the title in the information dictionary": lambda d: d.pdf.docinfo.update(
        {"/Title": String("Other")}
    ),
    "document: no structure tree": lambda d: _drop(d.pdf.Root, "/StructTreeRoot"),
    "page 1: the tab order": lambda d: _drop(d.page, "/Tabs"),
    "page 1: has marked content, but no key": lambda d: _drop(d.page, "/StructParents"),
    "page 1: the parent tree has no entry for it": lambda d: d.page.update({"/StructParents": 5}),
    "page 1: marked content 2: the parent tree names another": lambda d: d.parents.__setitem__(
        2, d.elements["H1"]
    ),
    "page 1: marked content 8: the parent tree knows it": lambda d: d.parents.append(d.elements["H1"]),
    "structure: entry 7 of the parent tree": lambda d: d.root.ParentTree.Nums.extend([7, d.elements["H1"]]),
    "structure: ParentTreeNextKey": lambda d: d.root.update({"/ParentTreeNextKey": 1}),
    "page 1: an annotation is in no element": lambda d: d.elements["Link"].K.__delitem__(1),
    "page 1: an annotation does not say": lambda d: _drop(d.page.Annots[0], "/Contents"),
    "page 1: the parent tree has no entry for an annotation": lambda d: _drop(
        d.page.Annots[0], "/StructParent"
    ),
    "page 1: marked content 1 of an element H2 is not drawn": lambda d: d.edit(
        "/H2 <</MCID 1>> BDC", "/Artifact BMC"
    ),
    "page 1: marked content 9 is in no element": lambda d: d.edit(
        "/Artifact <</Type /Pagination>>", "/P <</MCID 9>>"
    ),
    "page 1: marked content 0 belongs to two elements": lambda d: d.elements["H2"].K.append(0),
    "page 1: the id 1 is used twice": lambda d: d.edit("/MCID 2", "/MCID 1"),
    "page 1: a drawing is neither tagged nor an artifact": lambda d: d.edit(
        "/Artifact <</Type", "/Nothing <</Type"
    ),
    "page 1: a text is neither tagged nor an artifact": lambda d: d.edit("/H1 <</MCID 0>>", "/H1 <<>>"),
    "page 1: an artifact stands inside tagged content": lambda d: d.edit(
        "(Report) Tj ET", "(Report) Tj ET /Artifact BMC EMC"
    ),
    "page 1: marked content 0 stands inside an artifact": lambda d: (
        d.edit("/H1 <<", "/Artifact BMC /H1 <<"),
        d.edit("Tj ET EMC", "Tj ET EMC EMC"),
    ),
    "page 1: marked content 1 stands inside other": lambda d: (
        d.edit("Tj ET EMC", "Tj ET"),
        d.edit("TJ ET EMC", "TJ ET EMC EMC"),
    ),
    "page 1: a mark is not closed": lambda d: d.edit("(More) Tj ET EMC", "(More) Tj ET"),
    "page 1: a mark is closed that was not opened": lambda d: d.edit("re f EMC", "re f EMC EMC"),
    "headings: H3 follows H1": lambda d: d.elements["H2"].update({"/S": Name.H3}),
    "headings: H2 follows no heading": lambda d: d.elements["H1"].update({"/S": Name.H2}),
    "headings: a heading has no level": lambda d: d.elements["H2"].update({"/S": Name.H}),
    "tables: a table has no header cells": lambda d: d.elements["TH"].update({"/S": Name.TD}),
    "tables: a header cell does not say": lambda d: _drop(d.elements["TH"], "/A"),
    "tables: rows of one table have 1 to 2 columns": lambda d: d.elements["TD"].update(
        {"/A": Dictionary(O=Name.Table, ColSpan=2)}
    ),
    "tables: a cell reaches beyond the last row": lambda d: d.elements["TD"].update(
        {"/A": Dictionary(O=Name.Table, RowSpan=2)}
    ),
    "structure: an element P stands in an element TR": lambda d: d.elements["TD"].update({"/S": Name.P}),
    "structure: an element TR stands outside of": lambda d: d.elements["Table"].update({"/S": Name.Sect}),
    "structure: content stands in an element Sect": lambda d: d.elements["H2"].update({"/S": Name.Sect}),
    "structure: an element H2 is empty": lambda d: _drop(d.elements["H2"], "/K"),
    "structure: an element H1 names another parent": lambda d: d.elements["H1"].update({"/P": d.root}),
    "structure: an element H1 stands in the tree twice": lambda d: d.root.K.K.append(d.elements["H1"]),
    "structure: the role Chart means nothing": lambda d: d.elements["P"].update({"/S": Name.Chart}),
    "structure: the standard role P is mapped": lambda d: d.root.update({"/RoleMap": Dictionary(P=Name.Div)}),
    "structure: content 0 of an element H1 is on no page": lambda d: _drop(d.elements["H1"], "/Pg"),
    "structure: the language 'english'": lambda d: d.elements["H1"].update({"/Lang": String("english")}),
    "structure: an element H1 of a document in several languages": lambda d: d.pdf.Root.update(
        {"/Lang": String("mul")}
    ),
    "figures: a figure has no alternative text": lambda d: d.elements["Figure"].update({"/Alt": String(" ")}),
    "figures: a figure does not say where": lambda d: _drop(d.elements["Figure"], "/A"),
    "text: in an element P a line ends in 'a long'": lambda d: d.edit("(a long )", "(a long)"),
    "text: an element P has right-to-left words": lambda d: d.edit("/ActualText <FEFF0645062D>", ""),
    "text: an element Figure has characters that cannot": lambda d: d.elements["Figure"].update(
        {"/Alt": String("\ue000")}
    ),
    "font ABCDEF+Noto: not embedded": lambda d: _drop(d.font, "/FontDescriptor"),
    "font ABCDEF+Noto: no ToUnicode map": lambda d: _drop(d.font, "/ToUnicode"),
    "font ABCDEF+Noto: malformed ToUnicode map: '<20><7e>' is no string": lambda d: _map(
        d, b"<20> <7e>", b"<20><7e>"
    ),
    "font ABCDEF+Noto: malformed ToUnicode map: 2 entries where 3": lambda d: _map(
        d, b"2 beginbfchar", b"3 beginbfchar"
    ),
    "font ABCDEF+Noto: malformed ToUnicode map: 'a' is no string": lambda d: _map(d, b"<0645>", b"<0645> a"),
    "font ABCDEF+Noto: malformed ToUnicode map: no range of codes": lambda d: _map(
        d, b"codespacerange", b"notdefrange"
    ),
    "font ABCDEF+Noto: malformed ToUnicode map: a range changes more than the last byte of its codes": lambda d: (
        _map(d, b"<7e>", b"<017e>")
    ),
    "font ABCDEF+Noto: malformed ToUnicode map: a range changes more than the last byte of its characters": (
        lambda d: _map(d, b"<0020>", b"<00F0>")
    ),
    "font ABCDEF+Noto: code 3 has no character": lambda d: d.edit("(Report)", "(Report\\003)"),
}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<20> <7e> <0020>", b"<20> <22> [ <0020> <0021> <0022> ] "),
        (b"1 beginbfrange <20> <7e> <0020>", b"2 beginbfrange <20> <6f> <0020> <70> <7e> <0070>"),
    ],
    ids=["a list of characters", "two ranges"],
)
def test_maps_may_be_written_in_other_ways(document, old, new):
    """Strict is not narrow; letters that the list leaves out have no meaning, and that is another problem."""
    _map(document, old, new)
    assert not any("malformed" in each for each in problems(document.save()))


@pytest.mark.parametrize("problem", _BROKEN)
def test_what_is_broken_is_told(document, problem):
    """One thing is broken in a good document; its problem is among those that are told."""
    _BROKEN[problem](document)
    found = problems(document.save())
    assert any(each.startswith(problem) for each in found), found
