"""One job from the request to the mail: asked for as a coordinator does, watched in the mailbox."""

from __future__ import annotations

import tempfile
import time
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError

from bench.pipeline.cost import RowSizes
from bench.pipeline.usage import Usage
from lea_reports.access.roles import Role, RoleAssignment
from local.accounts import new_account
from local.archive_check import MANIFEST, read_list
from local.cloud import LocalStackError
from local.coordinator import OPEN_STATES, Coordinator, download_link, whole_lea

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.pipeline.usage import Notes
    from lea_reports.organizations import CdsCode
    from local.mailbox import Mail
    from local.stack import Stack

_LOOK_INTO_THE_MAILBOX = 0.1
_LOOK_AT_THE_JOB = 5.0
_LONGEST_JOB = 3600.0
_SETTLING = 10.0
_LARGEST_DOWNLOAD = 2 << 30
"""Larger archives are not read back: the emulator holds in memory what it hands out."""


class JobFailed(LocalStackError):
    """A job did not give what was asked for; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of a job."""

    seconds: float
    """From the request to the mail."""
    ssrs: int
    archive_bytes: int
    """Of all archives, if it became several."""
    entries: int
    checked: bool
    """Whether the archive was read back, every file of it; several are not."""
    usage: Usage
    rows: RowSizes


@dataclass(frozen=True, slots=True)
class Office:
    """The coordinator of an LEA, with the notes of the workers beside the desk."""

    coordinator: Coordinator
    notes: Notes

    @classmethod
    def of(cls, stack: Stack, lea: CdsCode, notes: Notes) -> Office:
        """Make somebody a coordinator of an LEA, and sign them in."""
        assignment = RoleAssignment(Role.LEA_CAASPP_COORDINATOR, lea)
        account = new_account(stack.cloud, stack.deployment, f"{lea}@example.org", assignment)
        stack.operate("assign-role", account.email, str(assignment.role), lea)
        return cls(Coordinator.signed_in(stack, account), notes)

    def deliver(self, name: str, *, merge: bool, students: int) -> Delivered:
        """Have the SSRs of a whole LEA made in English, and look at what came; what it stored is deleted afterwards.

        Raises:
            JobFailed: the job ended otherwise than with one SSR for each of `students`.
        """
        self.notes.fresh()
        began = time.monotonic()
        location = self.coordinator.ask(whole_lea(name, merge=merge))
        mail = self._wait_for_mail(location, name, began + _LONGEST_JOB)
        seconds = time.monotonic() - began
        status = self.coordinator.watch(location, seconds=_SETTLING)
        made, archives = status["counts"]["made"], status["files"]
        if made != students:
            raise JobFailed(f"{name}: {made:,} of {students:,} SSRs were made.")
        usage = Usage.of(self._settled_notes())
        size = sum(archive["bytes"] for archive in archives)
        checked = len(archives) == 1 and size <= _LARGEST_DOWNLOAD
        if checked:
            self._check_archive(mail, archives[0], students)
        files = sum(archive["entries"] for archive in archives)
        delivered = Delivered(seconds, made, size, files, checked, usage, self._row_sizes(status["id"]))
        self._delete_objects(status["id"])
        return delivered

    def _wait_for_mail(self, location: str, name: str, deadline: float) -> Mail:
        look_at_job = time.monotonic() + _LOOK_AT_THE_JOB
        while True:
            with suppress(OSError, HTTPError):  # the emulator answers nobody while it joins gigabytes
                if found := self.coordinator.notices(name):
                    return found[-1]
                if time.monotonic() > look_at_job:
                    look_at_job = time.monotonic() + _LOOK_AT_THE_JOB
                    self._check_job(location, name)
            if time.monotonic() > deadline:
                raise JobFailed(f"{name}: no mail came within {_LONGEST_JOB:,.0f} s.")
            time.sleep(_LOOK_INTO_THE_MAILBOX)

    def _check_job(self, location: str, name: str) -> None:
        state = self.coordinator.api.get(location).document()["state"]
        if state not in OPEN_STATES and state != "ready":
            raise JobFailed(f"{name}: the job ended as {state}.")

    def _settled_notes(self) -> list[Mapping[str, Any]]:
        """Return the notes of a job once its last invocation, the one that sent the mail, has written its own."""
        notes: list[Mapping[str, Any]] = []
        deadline = time.monotonic() + _SETTLING
        while not any(note["step"] == "notice" for note in notes):
            if time.monotonic() > deadline:
                raise JobFailed("The workers wrote no note of the mail.")
            notes += self.notes.fresh()
            time.sleep(_LOOK_INTO_THE_MAILBOX)
        return notes

    def _check_archive(self, mail: Mail, archive: Mapping[str, Any], students: int) -> None:
        """Download an archive by its mail and read every file."""
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            path = Path(folder) / "reports.zip"
            status = self.coordinator.browser.download(download_link(mail).url, path)
            if status != HTTPStatus.OK or path.stat().st_size != archive["bytes"]:
                raise JobFailed(f"The link in the mail gives {path.stat().st_size:,} bytes, status {status}.")
            with zipfile.ZipFile(path) as content:
                damaged, entries = content.testzip(), len(content.namelist())
                listed = len({row["SSID"] for row in read_list(content, MANIFEST)})
        if damaged or entries != archive["entries"] or listed != students:
            raise JobFailed(
                f"The archive has {entries:,} files and lists {listed:,} SSRs; damaged: {damaged}."
            )

    def _row_sizes(self, job: str) -> RowSizes:
        """Look how large the rows of a job are."""
        cloud, table = self.coordinator.stack.cloud, self.coordinator.stack.deployment.table_name
        place = f"LEA#{self.coordinator.account.assignment.lea}"
        keys = {"JOB": f"JOB#{job}", "CHUNK": f"CHUNK#{job}#000000"}
        sizes = {}
        for row, key in keys.items():
            item = cloud.dynamodb.get_item(TableName=table, Key={"pk": {"S": place}, "sk": {"S": key}})[
                "Item"
            ]
            sizes[row] = sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items())
        return RowSizes(sizes)

    def _delete_objects(self, job: str) -> None:
        """Make room for the next job."""
        s3, bucket = self.coordinator.stack.cloud.s3, self.coordinator.stack.deployment.archive_bucket_name
        for folder in ("work", "archives"):
            prefix = f"{folder}/{self.coordinator.account.assignment.lea}/{job}/"
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                if found := page.get("Contents"):
                    s3.delete_objects(
                        Bucket=bucket, Delete={"Objects": [{"Key": each["Key"]} for each in found]}
                    )
