"""Deploy the synthesized stacks into the emulator as they are: upload assets, create stacks, read outputs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from lea_reports.storage.s3_objects import S3Address
from local.assembly import Assembly, StackTemplate, packed, read_assembly
from local.cloud import ACCOUNT, REGION, Cloud, LocalStackError
from local.emulator import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_cloudformation.type_defs import StackTypeDef

STAGE = "local"
ASSET_CACHE = REPOSITORY / "build" / "assets"
STACK_SECONDS = 120.0


class DeployError(LocalStackError):
    """The stacks cannot be synthesized or created; the text carries what the tool or CloudFormation said."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The outputs of the deployed stacks; `api_url` as the emulator serves it, without a slash at the end."""

    api_url: str
    public_url_parameter: str
    user_pool_id: str
    user_pool_client_id: str
    table_name: str
    data_bucket_name: str
    archive_bucket_name: str
    build_queue_url: str
    build_dead_letter_queue_url: str
    notice_queue_url: str
    notice_dead_letter_queue_url: str
    link_key_secret_arn: str
    link_signer_user_name: str
    dashboard_name: str


def synthesize(folder: Path) -> None:
    """Write the cloud assembly of the local stage into `folder`; CDK runs in a process of its own."""
    environment = {
        name: value
        for name, value in os.environ.items()
        # With it CDK's modules would be compiled again by every process: 10 s instead of 1 s.
        if name != "PYTHONDONTWRITEBYTECODE"
    }
    environment |= {
        "STAGE": STAGE,
        "CDK_OUTDIR": str(folder),
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
    }
    done = subprocess.run(
        [sys.executable, REPOSITORY / "infra" / "app.py"],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DeployError(f"infra/app.py could not synthesize the stacks:\n{done.stdout}")


def deploy(cloud: Cloud, folder: Path) -> Deployment:
    """Deploy the cloud assembly in `folder` and return where everything is.

    Links in e-mails begin where the emulator serves the API; the address in the stacks' outputs is AWS's.
    """
    outputs = deploy_assembly(cloud, read_assembly(folder, account=ACCOUNT, region=REGION))
    deployed = deployment(outputs, cloud.address.url)
    cloud.ssm.put_parameter(
        Name=deployed.public_url_parameter, Value=deployed.api_url, Type="String", Overwrite=True
    )
    return deployed


def deploy_assembly(cloud: Cloud, assembly: Assembly) -> dict[str, str]:
    """Deploy any cloud assembly; return the outputs of all its stacks by name."""
    bootstrap(cloud, assembly)
    for asset in assembly.assets:
        cloud.s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=packed(asset, ASSET_CACHE).read_bytes())
    outputs: dict[str, str] = {}
    for stack in assembly.stacks:
        outputs |= create_stack(cloud, stack)
    return outputs


def bootstrap(cloud: Cloud, assembly: Assembly) -> None:
    """Provide what `cdk bootstrap` leaves in an account, as far as these stacks look at it."""
    for bucket in {asset.bucket for asset in assembly.assets}:
        cloud.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    for name in assembly.bootstrap_parameters:
        cloud.ssm.put_parameter(Name=name, Value=str(assembly.bootstrap_version), Type="String")


def create_stack(cloud: Cloud, stack: StackTemplate) -> dict[str, str]:
    """Create one stack and return its outputs; DeployError with the reasons CloudFormation gives."""
    place = S3Address.parse(stack.template_url)
    if place is None:
        raise DeployError(f"The template of stack {stack.name} lies in no bucket: {stack.template_url}")
    cloud.cloudformation.create_stack(
        StackName=stack.name,
        TemplateURL=f"{cloud.address.url}/{place.bucket}/{quote(place.key)}",
        Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in stack.parameters.items()],
        Tags=[{"Key": k, "Value": v} for k, v in stack.tags.items()],
        Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    deadline = time.monotonic() + STACK_SECONDS
    while True:
        seen = cloud.cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]
        if not seen["StackStatus"].endswith("_IN_PROGRESS"):
            break
        if time.monotonic() > deadline:
            raise DeployError(
                f"Stack {stack.name} is still {seen['StackStatus']} after {STACK_SECONDS:.0f} s."
            )
        time.sleep(0.03)
    if seen["StackStatus"] != "CREATE_COMPLETE":
        raise DeployError(_reasons(cloud, seen))
    return {each["OutputKey"]: each["OutputValue"] for each in seen.get("Outputs", [])}


def _reasons(cloud: Cloud, stack: StackTypeDef) -> str:
    events = cloud.cloudformation.describe_stack_events(StackName=stack["StackName"])["StackEvents"]
    lines = [
        f"  {event.get('LogicalResourceId', '')}: {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if event.get("ResourceStatus", "").endswith("_FAILED")
    ]
    first = (
        f"Stack {stack['StackName']} ended as {stack['StackStatus']}: {stack.get('StackStatusReason', '')}"
    )
    return "\n".join([first, *lines])


def deployment(outputs: dict[str, str], emulator_url: str) -> Deployment:
    """Arrange stack outputs (CamelCase names) as a Deployment; DeployError names the missing ones."""
    names = {field.name: field.name.title().replace("_", "") for field in fields(Deployment)}
    missing = sorted(set(names.values()) - outputs.keys())
    if missing:
        raise DeployError(f"The stacks lack the outputs {', '.join(missing)}.")
    values = {field: outputs[output] for field, output in names.items()}
    return Deployment(**values | {"api_url": reachable(outputs["ApiUrl"], emulator_url)})


def reachable(api_url: str, emulator_url: str) -> str:
    """Return where the emulator serves the API of `https://<id>.execute-api.<…>/<stage>/`."""
    place = urlsplit(api_url)
    identifier = place.netloc.partition(".")[0]
    return f"{emulator_url}/_aws/execute-api/{identifier}{place.path}".rstrip("/")
