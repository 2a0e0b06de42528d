"""The engines of this project, by name, and which of them is measured against the peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.compiled_engine import CompiledEngine
from lea_reports.ssr.fpdf_engine import FpdfEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lea_reports.ssr.engine import SsrEngine


def _tagged_when_merged(fonts: Path) -> SsrEngine:
    return CompiledEngine(fonts, tags_when_merged=True)


OURS = "CompiledEngine"
"""The engine of the pipeline, whose ratios are promised."""
OURS_TAGGED = f"{OURS}, tagged"
"""The same, when a request asks for tags in merged files."""
SINGLES: Mapping[str, Callable[[Path], SsrEngine]] = {"FpdfEngine": FpdfEngine, OURS: CompiledEngine}
"""Engines of single files, made from the folder of the fonts layer."""
MERGERS: Mapping[str, Callable[[Path], SsrEngine]] = {
    "FpdfEngine": FpdfEngine,
    OURS: CompiledEngine,
    OURS_TAGGED: _tagged_when_merged,
}
"""Engines of merged files."""
