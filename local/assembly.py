"""Read a CDK cloud assembly: which stacks in which order, and which files they want uploaded before.

Follows the manifest's public schema (aws-cdk-lib, cloud_assembly_schema) and knows nothing about our stacks.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can hold


@dataclass(frozen=True, slots=True)
class FileAsset:
    """A file to upload, or a folder to upload as a zip, with its place in the bootstrap bucket.

    `key` carries the hash of the content, so an object of that key never changes.
    """

    source: Path
    zipped: bool
    bucket: str
    key: str


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """One stack: its name, its template's URL in the bootstrap bucket, the parameters it is created with."""

    name: str
    template_url: str
    parameters: dict[str, str]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class Assembly:
    """What to deploy: assets first, then the stacks in this order."""

    assets: tuple[FileAsset, ...]
    stacks: tuple[StackTemplate, ...]
    bootstrap_parameters: frozenset[str]  # SSM names that state the bootstrap version
    bootstrap_version: int  # the lowest that all stacks accept


def read_assembly(folder: Path, *, account: str, region: str) -> Assembly:
    """Read `folder/manifest.json` and what it refers to, for one account and Region."""
    artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
    places = {"${AWS::AccountId}": account, "${AWS::Region}": region, "${AWS::Partition}": "aws"}
    order = TopologicalSorter({name: each.get("dependencies", ()) for name, each in artifacts.items()})
    assets: list[FileAsset] = []
    stacks: list[StackTemplate] = []
    parameters: set[str] = set()
    version = 0
    for name in order.static_order():
        artifact = artifacts[name]
        facts = artifact.get("properties", {})
        if artifact["type"] == "cdk:asset-manifest":
            assets += _file_assets(folder, facts["file"], places)
        elif artifact["type"] == "aws:cloudformation:stack":
            stacks.append(_stack(name, facts, places))
        else:
            continue
        version = max(version, facts.get("requiresBootstrapStackVersion", 0))
        if "bootstrapStackVersionSsmParameter" in facts:
            parameters.add(facts["bootstrapStackVersionSsmParameter"])
    return Assembly(tuple(assets), tuple(stacks), frozenset(parameters), version)


def _file_assets(folder: Path, manifest: str, places: dict[str, str]) -> list[FileAsset]:
    files = json.loads((folder / manifest).read_text())["files"]
    return [
        FileAsset(
            source=folder / file["source"]["path"],
            zipped=file["source"]["packaging"] == "zip",
            bucket=_filled(place["bucketName"], places),
            key=_filled(place["objectKey"], places),
        )
        for file in files.values()
        for place in file["destinations"].values()
    ]


def _stack(name: str, facts: dict[str, object], places: dict[str, str]) -> StackTemplate:
    def mapping(key: str) -> dict[str, str]:
        value = facts.get(key, {})
        return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}

    return StackTemplate(
        name=str(facts.get("stackName", name)),
        template_url=_filled(str(facts["stackTemplateAssetObjectUrl"]), places),
        parameters=mapping("parameters"),
        tags=mapping("tags"),
    )


def _filled(text: str, places: dict[str, str]) -> str:
    for placeholder, value in places.items():
        text = text.replace(placeholder, value)
    return text


def packed(asset: FileAsset, cache: Path) -> Path:
    """Return the file to upload for `asset`: itself, or its folder's zip, made once and kept in `cache`.

    Entries are stored, not deflated: on loopback bytes are cheap, and every function that starts unpacks its
    layers again. Names are sorted and times fixed, so that the same folder gives the same bytes.
    """
    if not asset.zipped:
        return asset.source
    archive = cache / f"{hashlib.sha256(asset.key.encode()).hexdigest()[:32]}.zip"
    if archive.exists():
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=cache, suffix=".part")
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as target:
        for path in sorted(asset.source.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(asset.source).as_posix(), date_time=EPOCH)
                entry.external_attr = (0o755 if os.access(path, os.X_OK) else 0o644) << 16
                target.writestr(entry, path.read_bytes())
    return Path(unfinished).replace(archive)
