"""typst: one compiler for all students, PDF/UA-1, the content as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bench.peers.content import Content

_TEMPLATE = Path(__file__).with_suffix(".typ")


class PerStudent:
    """Compiles the template anew for every student, which keeps what did not change."""

    def __init__(self, fonts: Path) -> None:
        self._compiler = typst.Compiler(str(_TEMPLATE), font_paths=[str(fonts)], ignore_system_fonts=True)

    def files(self, contents: Iterable[Content]) -> Iterator[bytes]:
        """Yield one document after the other."""
        for content in contents:
            inputs = {"content": json.dumps(content.as_json())}
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1")
            if not isinstance(made, bytes):
                raise TypeError("typst gave no document")
            yield made


def printer(fonts: Path) -> PerStudent:
    """Make the peer."""
    return PerStudent(fonts)
