"""A small tagged document made by hand, whole and in parts that a test may break."""

import io
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Operator, String

_CONTENT = """
/Artifact <</Type /Pagination>> BDC 0 0 612 10 re f EMC
/H1 <</MCID 0>> BDC BT /F 20 Tf 50 700 Td (Report) Tj ET EMC
/H2 <</MCID 1>> BDC BT /F 14 Tf 50 670 Td [(Sco) -10 (re)] TJ ET EMC
/P <</MCID 2>> BDC BT /F 10 Tf 50 650 Td (a long ) Tj 0 -14 Td (line) Tj ET EMC
/TH <</MCID 3>> BDC BT /F 10 Tf 50 600 Td (Year) Tj ET EMC
/TD <</MCID 4>> BDC BT /F 10 Tf 50 586 Td (2026) Tj ET EMC
/Figure <</MCID 5>> BDC 50 500 100 20 re f EMC
/P <</MCID 6>> BDC BT /F 10 Tf 50 450 Td (Name: ) Tj ET
/Span <</ActualText <FEFF0645062D> /Lang (ar)>> BDC BT /F 10 Tf 90 450 Td (\\002\\001) Tj ET EMC EMC
/Link <</MCID 7>> BDC BT /F 10 Tf 50 430 Td (More) Tj ET EMC
"""

_TO_UNICODE = b"""
1 begincodespacerange <00> <ff> endcodespacerange
1 beginbfrange <20> <7e> <0020> endbfrange
2 beginbfchar <01> <0645> <02> <062D> endbfchar
"""

_TREE = (
    ("H1", [0], {}),
    ("H2", [1], {}),
    ("P", [2], {}),
    ("Table", [("TR", [("TH", [3], {"Scope": "Column"})], {}), ("TR", [("TD", [4], {})], {})], {}),
    ("Figure", [5], {"Alt": "ELA 2487, Level 3", "BBox": [50, 500, 150, 520]}),
    ("P", [6], {}),
    ("P", [("Link", [7], {})], {}),
)
"""Type, kids (elements or ids of marked content), and what else is said of it."""


class TaggedDocument:
    """One page with a heading, a paragraph, a table, a figure, a name in Arabic and a link."""

    def __init__(self) -> None:
        self.pdf = pikepdf.new()
        self.page = self.pdf.add_blank_page(page_size=(612, 792)).obj
        self.elements: dict[str, pikepdf.Object] = {}
        """By type; of several the last."""
        self.page.Contents = self.pdf.make_stream(_CONTENT.encode())
        self.page.Resources = Dictionary(Font=Dictionary(F=self._font()))
        self.page.StructParents = 0
        self.page.Tabs = Name.S
        self._parents: dict[int, pikepdf.Object] = {}
        self.root = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self._element("Document", _TREE, {}, self.root)
        self.root.K = document
        link = self._link(self.elements["Link"])
        self.parents = Array([self._parents[mcid] for mcid in range(8)])
        self.root.ParentTree = Dictionary(Nums=[0, self.parents, 1, self.elements["Link"]])
        self.root.ParentTreeNextKey = 2
        self.page.Annots = Array([link])
        root = self.pdf.Root
        root.StructTreeRoot = self.root
        root.Lang = String("en-US")
        root.MarkInfo = Dictionary(Marked=True)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        self.set_metadata(part="1", title="A report")

    def set_metadata(self, *, part: str, title: str) -> None:
        """Write the XMP metadata."""
        with self.pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["{http://www.aiim.org/pdfua/ns/id/}part"] = part
            metadata["dc:title"] = title

    def edit(self, old: str, new: str) -> None:
        """Replace something in the page's content."""
        content = self.page.Contents.read_bytes().decode()
        assert old in content
        self.page.Contents = self.pdf.make_stream(content.replace(old, new, 1).encode())

    def save(self) -> bytes:
        """Return the document."""
        target = io.BytesIO()
        self.pdf.save(target)
        return target.getvalue()

    def _font(self) -> pikepdf.Object:
        self.descriptor = Dictionary(Type=Name.FontDescriptor, FontFile2=self.pdf.make_stream(b"glyphs"))
        self.font = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.TrueType,
                BaseFont=Name("/ABCDEF+Noto"),
                FontDescriptor=self.descriptor,
                ToUnicode=self.pdf.make_stream(_TO_UNICODE),
            )
        )
        return self.font

    def _element(self, role, kids, extra, parent) -> pikepdf.Object:
        item = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(f"/{role}"), P=parent, Pg=self.page)
        )
        self.elements[role] = item
        if "Alt" in extra:
            item.Alt = String(extra["Alt"])
        if "Scope" in extra:
            item.A = Dictionary(O=Name.Table, Scope=Name(f"/{extra['Scope']}"))
        if "BBox" in extra:
            item.A = Dictionary(O=Name.Layout, BBox=extra["BBox"])
        below = []
        for kid in kids:
            if isinstance(kid, int):
                self._parents[kid] = item
                below.append(kid)
            else:
                below.append(self._element(*kid, item))
        item.K = Array(below)
        return item

    def _link(self, element) -> pikepdf.Object:
        link = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=[50, 425, 80, 445],
                Contents=String("More about the test"),
                StructParent=1,
                A=Dictionary(S=Name.URI, URI=String("https://example.org")),
            )
        )
        element.K.append(Dictionary(Type=Name.OBJR, Obj=link))
        return link


@pytest.fixture
def document():
    """Make the document."""
    return TaggedDocument()


@pytest.fixture
def drawn_form(document):
    """Let the page draw a form with marked content of its own, as often as asked."""

    def draw(times: int) -> None:
        form = document.pdf.make_stream(b"/P <</MCID 0>> BDC BT /F 9 Tf (In a form) Tj ET EMC")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 100, 100])
        form.StructParents = 2
        form.Resources = document.page.Resources
        document.page.Resources.XObject = Dictionary(X=form)
        instructions = pikepdf.parse_content_stream(document.page)
        drawn = [([Name.X], Operator("Do"))] * times
        document.page.Contents = document.pdf.make_stream(
            pikepdf.unparse_content_stream([*instructions, *drawn])
        )
        top = document.root.K
        element = document.pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=top))
        element.K = Dictionary(Type=Name.MCR, Pg=document.page, Stm=form, MCID=0)
        top.K.append(element)
        document.root.ParentTree.Nums.extend([2, Array([element])])
        document.root.ParentTreeNextKey = 3

    return draw


@pytest.fixture(scope="session")
def latin_font():
    """Find the Latin font of the fonts layer."""
    return Path(__file__).parents[3] / "build" / "layers" / "fonts" / "fonts" / "NotoSans-Regular.ttf"
