"""pikepdf: pages of every file, written with object streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def merge(files: Sequence[Path], target: Path) -> None:
    """Write one PDF of many."""
    with pikepdf.new() as merged:
        for file in files:
            with pikepdf.open(file) as source:
                merged.pages.extend(source.pages)
        merged.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
