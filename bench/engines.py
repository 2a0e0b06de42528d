"""The engines of this project, by name, and which of them is measured against the peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.compiled_engine import CompiledEngine
from lea_reports.ssr.fpdf_engine import FpdfEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lea_reports.ssr.engine import SsrEngine


OURS = "CompiledEngine"
"""The engine of the pipeline, whose ratios are promised."""
OURS_TAGGED = f"{OURS}, tagged"
"""Its merged files, when a request asks for tags."""
PLAIN = "FpdfEngine"
"""The engine that draws with fpdf2; ours has to give its pages."""
ENGINES: Mapping[str, Callable[[Path], SsrEngine]] = {PLAIN: FpdfEngine, OURS: CompiledEngine}
"""All of them, made from the folder of the fonts layer."""
