"""The engines of this project, by name, and which of them is measured against the peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.engine.compiled_engine import CompiledEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lea_reports.ssr.engine.ssr_engine import SsrEngine


OURS = "CompiledEngine"
"""The engine of the pipeline, whose ratios are promised."""
OURS_TAGGED = f"{OURS}, tagged"
"""Its merged files, when a request asks for tags."""
PLAIN = "FpdfEngine"
"""The engine that draws with fpdf2; ours has to give its pages."""


def _plain(fonts: Path) -> SsrEngine:
    """Make it; whoever measures ours does not hold the modules of fpdf2."""
    from tests.reference.fpdf_engine import FpdfEngine

    return FpdfEngine(fonts)


ENGINES: Mapping[str, Callable[[Path], SsrEngine]] = {PLAIN: _plain, OURS: CompiledEngine}
"""All of them, made from the folder of the fonts layer."""
