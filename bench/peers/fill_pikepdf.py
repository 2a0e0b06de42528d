"""pikepdf as a filler: a compiled template stays open, gets what is a student's own, and is saved for each student."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Filling:
    """What is a student's own in an SSR."""

    contents: Sequence[bytes]
    """The second content stream of every page, compressed as our engine does it."""
    words: Sequence[str]
    """What is said of each element that is told in words: figures, and names whose glyphs do not spell them."""
    title: str
    metadata: bytes
    """XMP, which has the title too."""


class Template:
    """An SSR of some student, open, in which that student's own content can be replaced."""

    def __init__(self, content: bytes) -> None:
        self._pdf = pikepdf.open(BytesIO(content))
        self._own = [page.Contents[1] for page in self._pdf.pages]
        self._told = [
            (thing, key)
            for thing in self._pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/S" in thing
            for key in ("/Alt", "/ActualText")
            if key in thing
        ]

    @property
    def filling(self) -> Filling:
        """What it is filled with."""
        return Filling(
            [own.read_raw_bytes() for own in self._own],
            [str(element[key]) for element, key in self._told],
            str(self._pdf.docinfo.Title),
            self._pdf.Root.Metadata.read_bytes(),
        )

    @property
    def fonts(self) -> tuple[bytes, ...]:
        """The font programs: those for rare letters hold what its student needs."""
        return tuple(
            font.DescendantFonts[0].FontDescriptor.FontFile2.read_raw_bytes()
            for font in self._pdf.pages[0].Resources.Font.values()
        )

    def filled(self, filling: Filling) -> bytes:
        """Fill it anew and return the whole file."""
        for own, content in zip(self._own, filling.contents, strict=True):
            own.write(content, filter=pikepdf.Name.FlateDecode)
        for (element, key), words in zip(self._told, filling.words, strict=True):
            element[key] = words
        self._pdf.docinfo.Title = filling.title
        self._pdf.Root.Metadata.write(filling.metadata)
        file = BytesIO()
        self._pdf.save(
            file,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            deterministic_id=True,
            fix_metadata_version=False,
        )
        return file.getvalue()
