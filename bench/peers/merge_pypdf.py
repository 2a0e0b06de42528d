"""pypdf: `append`, as its documentation shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypdf import PdfWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def merge(files: Sequence[Path], target: Path) -> None:
    """Write one PDF of many."""
    with PdfWriter() as writer:
        for file in files:
            writer.append(file)
        writer.write(target)
