"""The layers that the functions stand on."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from aws_cdk import AssetHashType, IgnoreMode
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.artifacts import Artifacts

if TYPE_CHECKING:
    from pathlib import Path

    from infra.stages import Stage

RUNTIME = lambda_.Runtime.PYTHON_3_13


def architecture_of(stage: Stage) -> lambda_.Architecture:
    """Give the processor of the stage's functions."""
    if stage.processor == "host" and platform.machine() in {"x86_64", "AMD64"}:
        return lambda_.Architecture.X86_64
    return lambda_.Architecture.ARM_64


class ReportLayers(Construct):
    """Third-party packages by need, our shared package, and fonts; apart, since they change at different times."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, artifacts: Artifacts) -> None:
        super().__init__(scope, construct_id)
        architecture = architecture_of(stage)
        self.base = self._third_party(
            "Base", "Packages that every function stands on", artifacts.base, architecture
        )
        self.reports = self._third_party(
            "Reports", "Packages that read datasets and make reports", artifacts.reports, architecture
        )
        self.lea_reports = lambda_.LayerVersion(
            self,
            "LeaReports",
            description="The shared package lea_reports",
            code=lambda_.Code.from_asset(
                str(artifacts.lea_reports),
                exclude=["__pycache__", "*.pyc", "*.egg-info"],
                ignore_mode=IgnoreMode.GIT,
            ),
            compatible_architectures=[architecture],
            compatible_runtimes=[RUNTIME],
        )
        self.fonts = lambda_.LayerVersion(
            self,
            "Fonts",
            description="Fonts of the seven languages",
            code=lambda_.Code.from_asset(str(artifacts.fonts)),
            compatible_architectures=[architecture],
            compatible_runtimes=[RUNTIME],
        )

    def _third_party(
        self, construct_id: str, description: str, folder: Path, architecture: lambda_.Architecture
    ) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            description=f"{description}, from the lock",
            code=lambda_.Code.from_asset(
                str(folder / "layer.zip"),
                # Named by content: the same packages, zipped by another zlib, are not a new version.
                asset_hash=Artifacts.identity(folder),
                asset_hash_type=AssetHashType.CUSTOM,
            ),
            compatible_architectures=[architecture],
            compatible_runtimes=[RUNTIME],
        )
