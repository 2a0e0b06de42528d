"""pdfunite, poppler's program."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from bench.peers.programs import program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PDFUNITE = program("pdfunite", package="poppler-utils")


def merge(files: Sequence[Path], target: Path) -> None:
    """Write one PDF of many."""
    subprocess.run([_PDFUNITE, *files, target], check=True)
