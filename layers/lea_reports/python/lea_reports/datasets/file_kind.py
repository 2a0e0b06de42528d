"""What a file that is no feed seems to be, judged by its first bytes."""

HEAD = 4096
"""How many first bytes are enough."""
PARQUET, GZIP, ZIP = b"PAR1", b"\x1f\x8b", b"PK\x03\x04"

_SIGNATURES = (
    (b"PARE", "an encrypted Parquet file"),
    (b"PK\x05\x06", "an empty zip file"),
    (b"PK\x07\x08", "one part of a split zip file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\x04\x22\x4d\x18", "an LZ4 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip file"),
    (b"Rar!", "a RAR file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of an older Office, such as an Excel workbook (.xls)"),
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "a rich text file (RTF)"),
    (b"ARROW1", "an Arrow or Feather file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xfe\xff", "text in UTF-32"),
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
)
_MARKUP = (
    ((b"<!doctype html", b"<html"), "a web page (HTML)"),
    ((b"<",), "an XML or HTML file"),
    ((b"{", b"["), "a JSON file"),
)
_MEMBERS = (
    ("xl/", "an Excel workbook (.xlsx)"),
    ("word/", "a Word document (.docx)"),
    ("ppt/", "a PowerPoint file (.pptx)"),
    ("META-INF/manifest.xml", "an OpenDocument file, such as a spreadsheet (.ods)"),
)
_TEXT_CONTROLS = b"\t\n\r\x0c\x1a"
_CONTROLS = bytes(code for code in range(32) if code not in _TEXT_CONTROLS)
_CONTROLS_ALLOWED = 0.02  # of the first bytes; a name may hold one by mistake, and then its row is a reject
_UTF_16_ZEROS = 0.8  # of every second byte, in text that is mostly Latin


def kind_of(head: bytes) -> str | None:
    """Say in words what a file is that begins with `head`; None if that may be a feed of text."""
    if not head:
        return "empty"
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return words
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:32].lower()
    for beginnings, words in _MARKUP:
        if start.startswith(beginnings):
            return words
    if _is_utf_16(head):
        return "text in UTF-16"
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * _CONTROLS_ALLOWED:
        return "a binary file"
    return None


def kind_of_zip(names: list[str]) -> str | None:
    """Say what a zip file with these members is; None if it is nothing but a zip file."""
    for beginning, words in _MEMBERS:
        if any(name.startswith(beginning) for name in names):
            return words
    return None


def _is_utf_16(head: bytes) -> bool:
    halves = head[::2], head[1::2]
    return any(
        len(zeros) > 1 and zeros.count(0) >= len(zeros) * _UTF_16_ZEROS and other.count(0) == 0
        for zeros, other in (halves, halves[::-1])
    )
