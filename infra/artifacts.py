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

    `vendor` is a folder with `layer.zip` and its `manifest.json`; the others are folders zipped as they are.
    """

    vendor: Path
    lea_reports: Path
    fonts: Path
    functions: Path

    @classmethod
    def built(cls, root: Path, stage: Stage) -> Artifacts:
        """Find what `stage` needs below `root`; raise `MissingArtifactsError` if it is not there."""
        # The machine's own layer is built for one Python, see layers/vendor/build.py.
        host = f"host-{sys.implementation.cache_tag}"
        artifacts = cls(
            vendor=root
            / "build"
            / "layers"
            / f"vendor-{host if stage.processor == 'host' else stage.processor}",
            lea_reports=root / "layers" / "lea_reports",
            fonts=root / "build" / "layers" / "fonts",
            functions=root / "functions",
        )
        artifacts.check()
        return artifacts

    def check(self) -> None:
        """Raise `MissingArtifactsError` if a part is missing or all together are too large for Lambda."""
        needed = (
            self.vendor / "layer.zip",
            self.vendor / "manifest.json",
            self.lea_reports / "python" / "lea_reports",
            self.fonts / "fonts",
            *(self.functions / name for name in FUNCTIONS),
        )
        missing = [str(path) for path in needed if not path.exists()]
        if missing:
            command = "make setup" if "host" in self.vendor.name else "make layers"
            raise MissingArtifactsError(f"Not built: {', '.join(missing)}. Run `{command}`.")
        size = self.unzipped_size()
        if size > UNZIPPED_LIMIT:
            raise MissingArtifactsError(
                f"The layers and functions have {size:,} bytes unzipped; Lambda takes {UNZIPPED_LIMIT:,}."
            )

    def vendor_identity(self) -> str:
        """Give the hash of the third-party layer's content, which does not depend on who zipped it."""
        manifest = json.loads((self.vendor / "manifest.json").read_text(encoding="utf-8"))
        return str(manifest["content"])

    def unzipped_size(self) -> int:
        """Add up, in bytes, all that the function with every layer unpacks."""
        manifest = json.loads((self.vendor / "manifest.json").read_text(encoding="utf-8"))
        folders = (self.lea_reports, self.fonts, self.functions)
        ours = sum(path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file())
        return int(manifest["unzipped_bytes"]) + ours
