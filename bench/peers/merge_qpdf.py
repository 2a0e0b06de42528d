"""qpdf, the program, with object streams."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from bench.peers.programs import program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_QPDF = program("qpdf", package="qpdf")


def merge(files: Sequence[Path], target: Path) -> None:
    """Write one PDF of many; the names go through a file, since there may be thousands."""
    names = target.with_suffix(".txt")
    names.write_text("\n".join(["--pages", *map(str, files), "--"]), encoding="utf-8")
    command = [_QPDF, "--empty", "--object-streams=generate", f"@{names}", str(target)]
    subprocess.run(command, check=True)
