"""The engines of this project, by name, and which of them is measured against the peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lea_reports.ssr.compiled_engine import CompiledEngine
from lea_reports.ssr.fpdf_engine import FpdfEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from lea_reports.ssr.engine import SsrEngine, SsrFailure, SsrFile
    from lea_reports.ssr.student_result import StudentResult


class SingleFiles(Protocol):
    """The part of `SsrEngine` that makes single files."""

    def single_files(self, results: Iterable[StudentResult]) -> Iterator[SsrFile | SsrFailure]:
        """Make one PDF per result."""
        ...


SINGLES: Mapping[str, Callable[[Path], SingleFiles]] = {
    "FpdfEngine": FpdfEngine,
    "CompiledEngine": CompiledEngine,
}
"""Made from the folder of the fonts layer."""
MERGERS: Mapping[str, Callable[[Path], SsrEngine]] = {"FpdfEngine": FpdfEngine}
OURS = "CompiledEngine"
"""The engine of single files whose ratios are promised."""
OUR_MERGER = "FpdfEngine"
"""The same for merged files."""
