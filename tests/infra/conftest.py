"""The templates of the stages, synthesized once, with layers that stand in for the built ones."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from infra.application import add_stacks, new_app
from infra.artifacts import FUNCTIONS, Artifacts
from infra.stages import LOCAL, PROD, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HERE = __file__.rpartition("/")[0]


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    stack: str
    logical_id: str
    type: str
    properties: dict[str, Any]
    definition: dict[str, Any]


@dataclass(frozen=True)
class Synthesized:
    """All templates of one stage, by the stack's last name (data, messaging, ...)."""

    stage: Stage
    folder: Path
    templates: dict[str, dict[str, Any]]

    def all(self) -> Iterator[Resource]:
        """Go through all resources of all stacks."""
        for stack, template in self.templates.items():
            for logical_id, definition in template["Resources"].items():
                yield Resource(
                    stack, logical_id, definition["Type"], definition.get("Properties", {}), definition
                )

    def of_type(self, resource_type: str) -> list[Resource]:
        """Return the resources of one type; at least one must be there, so that no test passes on nothing."""
        found = [resource for resource in self.all() if resource.type == f"AWS::{resource_type}"]
        assert found, f"no AWS::{resource_type} in stage {self.stage.name}"
        return found

    def function(self, package: str) -> Resource:
        """Return the function whose code is the package."""
        (found,) = (
            resource
            for resource in self.of_type("Lambda::Function")
            if resource.properties["Handler"].startswith(f"{package}.")
        )
        return found

    def resolve(self, value: Any) -> Resource:
        """Follow a Ref, a GetAtt or an import from another stack to the resource behind it."""
        if "Fn::ImportValue" in value:
            stack, export = value["Fn::ImportValue"].split(":")
            stack = stack.rpartition("-")[2]
            value = self.templates[stack]["Outputs"][export]["Value"]
        logical_id = value.get("Ref") or value["Fn::GetAtt"][0]
        (found,) = (resource for resource in self.all() if resource.logical_id == logical_id)
        return found


def pytest_collection_modifyitems(items):
    """Keep these tests in one worker, so that each stage is synthesized once."""
    for item in items:
        if str(item.path).startswith(HERE):
            item.add_marker(pytest.mark.xdist_group("infra"))


@pytest.fixture(scope="session")
def artifacts(tmp_path_factory) -> Artifacts:
    """Layers and functions that need no build."""
    root = tmp_path_factory.mktemp("artifacts")
    third_party = {"base": root / "base-arm64", "reports": root / "reports-arm64"}
    for folder in (
        *(layer / "python" for layer in third_party.values()),
        root / "lea_reports" / "python" / "lea_reports",
        root / "fonts" / "fonts",
        *(root / "functions" / name for name in FUNCTIONS),
    ):
        folder.mkdir(parents=True)
        (folder / "handler.py").write_text(f"# {folder.name}\n")
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "handler.pyc").write_bytes(b"")
    for name, folder in third_party.items():
        with zipfile.ZipFile(folder / "layer.zip", "w") as layer:
            layer.writestr(f"python/{name}.py", "")
        (folder / "manifest.json").write_text(json.dumps({"content": name * 8, "unzipped_bytes": 1}))
    return Artifacts(
        **third_party,
        lea_reports=root / "lea_reports",
        fonts=root / "fonts",
        functions=root / "functions",
    )


@pytest.fixture(scope="session")
def synthesize(artifacts, tmp_path_factory) -> Callable[..., Synthesized]:
    """Synthesize a stage with its security checks on: a finding without a reason fails here."""

    def synthesize(stage: Stage, *, validate_templates: bool = False) -> Synthesized:
        folder = tmp_path_factory.mktemp(stage.name)
        app = new_app(str(folder), validate_templates=validate_templates)
        add_stacks(app, replace(stage, checks_findings=True), artifacts)
        app.synth()
        templates = {
            path.name.removesuffix(".template.json").rpartition("-")[2]: json.loads(path.read_text())
            for path in folder.glob("*.template.json")
        }
        return Synthesized(stage, folder, templates)

    return synthesize


@pytest.fixture(scope="session")
def local(synthesize) -> Synthesized:
    """Synthesize the stage of the local stack."""
    return synthesize(LOCAL)


@pytest.fixture(scope="session")
def prod(synthesize) -> Synthesized:
    """Production, checked by CloudFormation's own rules too."""
    return synthesize(PROD, validate_templates=True)


@pytest.fixture(scope="session", params=["local", "prod"])
def cloud(request) -> Synthesized:
    """Each of the two stages in turn."""
    return request.getfixturevalue(request.param)
