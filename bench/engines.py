"""The engines of this project, by name, and which of them the pipeline uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.ssr.fpdf_engine import FpdfEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lea_reports.ssr.engine import SsrEngine

ENGINES: Mapping[str, Callable[[Path], SsrEngine]] = {"FpdfEngine": FpdfEngine}
"""Made from the folder of the fonts layer."""
PIPELINE = "FpdfEngine"
