"""Whether two PDFs show the same: pixels, words, and whether qpdf finds them sound."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pypdfium2
from PIL import ImageChops

from lea_reports.typesetting.directions import has_right_to_left

if TYPE_CHECKING:
    from PIL import Image

_DOTS_AN_INCH = 100
_POINTS_AN_INCH = 72
_WITHOUT_DIRECTION = dict.fromkeys(map(ord, "()[]{}–"), " ")


def pictures(content: bytes, dots: int = _DOTS_AN_INCH) -> list[Image.Image]:
    """Draw every page in shades of grey; `dots` an inch."""
    document = pypdfium2.PdfDocument(content)
    try:
        drawn = [page.render(scale=dots / _POINTS_AN_INCH).to_pil() for page in document]
    finally:
        document.close()
    return [picture.convert("L") for picture in drawn]


def words(content: bytes) -> list[list[str]]:
    """Return the words of every page, sorted: in which order they are drawn is no concern of a reader's."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [sorted(_told(page.get_textpage().get_text_range()).split()) for page in document]
    finally:
        document.close()


def _told(text: str) -> str:
    """Take out of what is read from the right what has no direction: on which side it stands is the viewer's guess."""
    return text.translate(_WITHOUT_DIRECTION) if has_right_to_left(text) else text


def same_words(ours: bytes, theirs: bytes) -> bool:
    """Tell whether every page of both has the same words."""
    return words(ours) == words(theirs)


def different_pixels(ours: bytes, theirs: bytes) -> int:
    """Count the pixels at 100 dots an inch that differ at all; a missing page counts as a whole."""
    left, right = pictures(ours), pictures(theirs)
    count = 0
    for mine, other in zip(left, right, strict=False):
        difference = ImageChops.difference(mine, other).histogram()
        count += sum(difference[1:])
    longest = max(left, right, key=len)
    return count + sum(each.width * each.height for each in longest[min(len(left), len(right)) :])


def is_tagged(content: bytes) -> bool:
    """Tell whether a PDF says that it is tagged."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        marks = pdf.Root.get("/MarkInfo", pikepdf.Dictionary())
        return bool(marks.get("/Marked", False)) and "/StructTreeRoot" in pdf.Root


def is_sound(content: bytes) -> bool | None:
    """Tell whether `qpdf --check` finds nothing; None where qpdf is not installed."""
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        return None
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(content)
        return subprocess.run([qpdf, "--check", file.name], check=False, capture_output=True).returncode == 0
