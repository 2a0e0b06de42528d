"""The whole cloud on one machine, as one thing: the emulator with our stacks in it, made ready as operators do."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lea_reports.delivery.link_key import rotate_link_key
from local.bridge import Bridge
from local.cloud import Cloud, LocalStackError
from local.deploy import Deployment, deploy, synthesize
from local.emulator import HOME, Emulator, running_emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class OperatorCommandError(LocalStackError):
    """A `lea-reports` command failed; the text carries what it said."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed local stack, ready for people and data."""

    emulator: Emulator
    cloud: Cloud
    deployment: Deployment
    bridge: Bridge

    def operator_environment(self) -> dict[str, str]:
        """Return the variables with which the `lea-reports` command works on this stack."""
        return self.emulator.address.environment() | {
            "TABLE_NAME": self.deployment.table_name,
            "DATA_BUCKET": self.deployment.data_bucket_name,
            "USER_POOL_ID": self.deployment.user_pool_id,
        }

    def operate(self, *words: str | Path) -> str:
        """Run a `lea-reports` command on this stack, as program staff would; return what it printed."""
        return run_command(*words, environment=self.operator_environment())


def run_command(*words: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run a `lea-reports` command with these variables besides ours; OperatorCommandError if it fails."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lea-reports"), *words],
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OperatorCommandError(
            f"lea-reports {' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


@contextmanager
def running_stack(
    *,
    home: Path = HOME,
    strict: bool = False,
    assembly: Path | None = None,
    metrics: bool = True,
    announce: Callable[[str], None] = lambda _: None,
) -> Iterator[Stack]:
    """Start the emulator, deploy the stacks of stage `local`, make them ready; end all of it afterwards.

    `assembly` is a cloud assembly synthesized before, `announce` is called with what happens next. Without `metrics`
    none are carried into CloudWatch meanwhile. See `running_emulator` for `home` and `strict`.
    """
    with running_emulator(home=home, strict=strict) as emulator:
        announce("Synthesizing the stacks")
        if assembly is None:
            assembly = home / "run" / "assembly"
            synthesize(assembly)
        announce("Deploying the stacks")
        cloud = Cloud(emulator.address)
        deployment = deploy(cloud, assembly)
        emulator.describe(api=deployment.api_url)
        verify_sender(cloud)
        rotate_link_key(
            cloud.iam,
            cloud.secrets,
            user=deployment.link_signer_user_name,
            secret=deployment.link_key_secret_arn,
            now=dt.datetime.now(dt.UTC),
        )
        bridge = Bridge(cloud)
        with bridge if metrics else nullcontext():
            yield Stack(emulator, cloud, deployment, bridge)


def verify_sender(cloud: Cloud) -> None:
    """Have SES accept the address that notices come from, which on AWS its owner confirms once."""
    for function in cloud.functions.list_functions()["Functions"]:
        sender = function.get("Environment", {}).get("Variables", {}).get("SENDER")
        if sender:
            cloud.ses.create_email_identity(EmailIdentity=sender)
