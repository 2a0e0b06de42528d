"""What is uploaded: the built layers and the functions' folders."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from infra.stages import Stage

#: AWS: code and layers of one function, unzipped (Lambda quotas, "250 MB").
UNZIPPED_LIMIT = 262_144_000

FUNCTIONS = ("request_report", "build_report", "notify", "open_link")


class MissingArtifactsError(FileNotFoundError):
    """Something to upload was not built; the message says which command builds it."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Where the things to upload lie.

    `base` and `reports` (third-party packages) are folders with `layer.zip` and its `manifest.json`; the others are
    folders zipped as they are.
    """

    base: Path
    reports: Path
    lea_reports: Path
    fonts: Path
    functions: Path

    @classmethod
    def built(cls, root: Path, stage: Stage) -> Artifacts:
        """Find what `stage` needs below `root`; raise `MissingArtifactsError` if it is not there."""
        # The machine's own layer is built for one Python, see layers/vendor/build.py.
        arch = f"host-{sys.implementation.cache_tag}" if stage.processor == "host" else stage.processor
        layers = root / "build" / "layers"
        artifacts = cls(
            base=layers / f"base-{arch}",
            reports=layers / f"reports-{arch}",
            lea_reports=root / "layers" / "lea_reports",
            fonts=layers / "fonts",
            functions=root / "functions",
        )
        artifacts.check()
        return artifacts

    def check(self) -> None:
        """Raise `MissingArtifactsError` if a part is missing or all together are too large for Lambda."""
        needed = (
            *(layer / name for layer in self.third_party for name in ("layer.zip", "manifest.json")),
            self.lea_reports / "python" / "lea_reports",
            self.fonts / "fonts",
            *(self.functions / name for name in FUNCTIONS),
        )
        missing = [str(path) for path in needed if not path.exists()]
        if missing:
            command = "make setup" if "host" in self.base.name else "make layers"
            raise MissingArtifactsError(f"Not built: {', '.join(missing)}. Run `{command}`.")
        size = self.unzipped_size()
        if size > UNZIPPED_LIMIT:
            raise MissingArtifactsError(
                f"The layers and functions have {size:,} bytes unzipped; Lambda takes {UNZIPPED_LIMIT:,}."
            )

    @property
    def third_party(self) -> tuple[Path, Path]:
        """The layers of third-party packages."""
        return (self.base, self.reports)

    @staticmethod
    def identity(layer: Path) -> str:
        """Give the hash of a third-party layer's content, which does not depend on who zipped it."""
        return str(_manifest(layer)["content"])

    def unzipped_size(self) -> int:
        """Add up, in bytes, all that the function with every layer unpacks."""
        theirs = sum(int(str(_manifest(layer)["unzipped_bytes"])) for layer in self.third_party)
        folders = (self.lea_reports, self.fonts, self.functions)
        ours = sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())
        return theirs + ours


def _manifest(layer: Path) -> dict[str, object]:
    manifest: dict[str, object] = json.loads((layer / "manifest.json").read_text(encoding="utf-8"))
    return manifest
