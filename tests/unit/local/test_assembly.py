"""What deployment reads from a cloud assembly."""

import json
import zipfile

import pytest

from local.assembly import FileAsset, packed, read_assembly
from local.deploy import DeployError, deployment, reachable

BUCKET = "cdk-assets-${AWS::AccountId}-${AWS::Region}"


@pytest.fixture
def assembly(tmp_path):
    """Write a cloud assembly of two stacks, the second named first but depending on the other."""
    artifacts = {"Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}}
    for name, needs in (("compute", ["data", "compute.assets"]), ("data", ["data.assets"])):
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "dependencies": needs,
            "properties": {
                "templateFile": f"{name}.json",
                "stackTemplateAssetObjectUrl": f"s3://{BUCKET}/{name}.json",
                "tags": {"stage": "local"},
                "requiresBootstrapStackVersion": 6,
                "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/x/version",
            },
        }
        artifacts[f"{name}.assets"] = {
            "type": "cdk:asset-manifest",
            "properties": {"file": f"{name}.assets.json", "requiresBootstrapStackVersion": 8},
        }
        file = {
            "source": {"path": f"{name}.json", "packaging": "file"},
            "destinations": {"here": {"bucketName": BUCKET, "objectKey": f"{name}.json"}},
        }
        (tmp_path / f"{name}.assets.json").write_text(json.dumps({"files": {name: file}}))
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return read_assembly(tmp_path, account="123456789012", region="us-west-2")


def test_a_stack_comes_after_those_it_depends_on(assembly):
    """Exports must exist before they are imported."""
    assert [stack.name for stack in assembly.stacks] == ["data", "compute"]


def test_placeholders_are_filled_with_the_account_and_the_region(assembly):
    """CDK leaves both open in templates that fit every account."""
    assert {asset.bucket for asset in assembly.assets} == {"cdk-assets-123456789012-us-west-2"}
    assert assembly.stacks[0].template_url == "s3://cdk-assets-123456789012-us-west-2/data.json"
    assert assembly.stacks[0].tags == {"stage": "local"}


def test_the_bootstrap_version_satisfies_every_stack(assembly):
    """Each template asserts a lowest version."""
    assert assembly.bootstrap_version == 8
    assert assembly.bootstrap_parameters == {"/cdk-bootstrap/x/version"}


def test_a_folder_is_packed_to_the_same_bytes_once(tmp_path):
    """The zip is named by the asset's key, which carries the hash of its content."""
    source = tmp_path / "function"
    (source / "package").mkdir(parents=True)
    (source / "package" / "b.py").write_text("B = 1\n")
    (source / "a.py").write_text("A = 1\n")
    asset = FileAsset(source, zipped=True, bucket="assets", key="0123.zip")
    first = packed(asset, tmp_path / "cache")
    second = packed(asset, tmp_path / "other-cache")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.namelist() == ["a.py", "package/b.py"]
        assert archive.testzip() is None
    written = first.stat().st_mtime_ns
    assert packed(asset, tmp_path / "cache").stat().st_mtime_ns == written


def test_a_file_is_uploaded_as_it_is(tmp_path):
    """Templates and layers that are zips already need no packing."""
    asset = FileAsset(tmp_path / "layer.zip", zipped=False, bucket="assets", key="4567.zip")
    assert packed(asset, tmp_path / "cache") == tmp_path / "layer.zip"


def test_an_api_is_reached_below_the_emulator():
    """No name is resolved: the API's id stands in the path."""
    url = "https://abc123.execute-api.us-west-2.amazonaws.com/live/"
    assert reachable(url, "http://127.0.0.1:4566") == "http://127.0.0.1:4566/_aws/execute-api/abc123/live"


def test_missing_outputs_are_named():
    """Whoever renames an output learns what needs it."""
    with pytest.raises(DeployError, match=r"ApiUrl.*UserPoolId"):
        deployment({"TableName": "jobs"}, "http://127.0.0.1:4566")
