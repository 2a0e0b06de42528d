"""The whole cloud on one machine, as one thing: the emulator with our stacks, people and data in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.accounts import Account, demo_assignments, new_account, verify_sender
from local.bridge import Bridge
from local.cloud import Cloud
from local.deploy import Deployment, deploy, synthesize
from local.emulator import HOME, Emulator, running_emulator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class OperatorCommandError(RuntimeError):
    """A `lea-reports` command failed; the text carries what it said."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed local stack; `tell` says to the person at the terminal what is happening."""

    emulator: Emulator
    cloud: Cloud
    deployment: Deployment
    bridge: Bridge

    def operator_environment(self) -> dict[str, str]:
        """Return the variables with which the `lea-reports` command works on this stack."""
        return self.emulator.address.environment() | {
            "STAGE": "local",
            "TABLE_NAME": self.deployment.table_name,
            "DATA_BUCKET": self.deployment.data_bucket_name,
            "ARCHIVE_BUCKET": self.deployment.archive_bucket_name,
            "LINK_KEY_SECRET": self.deployment.link_key_secret_arn,
            "LINK_SIGNER_USER": self.deployment.link_signer_user_name,
            "USER_POOL_ID": self.deployment.user_pool_id,
        }

    def operate(self, *words: str | Path) -> str:
        """Run `lea-reports` as program staff would, on this stack; return what it printed."""
        return run_command(*words, environment=os.environ | self.operator_environment())


def run_command(*words: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run the `lea-reports` command of this environment; OperatorCommandError if it fails."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lea-reports"), *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OperatorCommandError(f"lea-reports {' '.join(map(str, words))} failed:\n{done.stdout}")
    return done.stdout
