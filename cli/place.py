"""Where datasets are published: the options that name the place, and the store that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from click.core import ParameterSource

from lea_reports.datasets.snapshots import read_pointer
from lea_reports.errors import Invalid, NotFound
from lea_reports.storage.objects import FolderObjects, ObjectStore
from lea_reports.storage.s3_objects import S3Address, S3Objects

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Place:
    """A store of datasets, and what the command line calls it."""

    name: str
    objects: ObjectStore
    is_there: bool
    """Whether it exists; a folder may be made."""

    @classmethod
    def of(cls, target: str | None, bucket: str | None, wanted: str) -> Place:
        """Return the place that the options `--to` and `--bucket` name; `wanted` says for what.

        Raises:
            UsageError: they name none, or two.
            NotFound: there is no such bucket.
        """
        source = click.get_current_context().get_parameter_source("bucket")
        if target is not None and bucket and source is ParameterSource.COMMANDLINE:
            raise click.UsageError("--bucket and --to name two places: give one of them.")
        if target:
            address = s3_address(target)
            if address is None:
                return cls._of_folder(target)
            if address.key.strip("/"):
                raise click.UsageError("--to s3://BUCKET names a bucket, without a path.")
            bucket = address.bucket
        if target == "" or not bucket:  # a variable of the shell that holds nothing names no place
            raise click.UsageError(f"Say {wanted}: --bucket BUCKET or --to FOLDER.")
        objects = S3Objects.of_bucket(bucket)
        objects.require_bucket()
        return cls(f"s3://{bucket}", objects, is_there=True)

    @classmethod
    def _of_folder(cls, target: str) -> Place:
        folder = Path(target)
        if folder.exists() and not folder.is_dir():
            raise click.UsageError(f"{target} is a file, where a folder is wanted.")
        return cls(target, FolderObjects(folder), folder.is_dir())

    def require(self) -> None:
        """Raise `NotFound` if the place is not there."""
        if not self.is_there:
            raise NotFound(f"There is no folder {self.name}.")

    def require_organizations(self) -> None:
        """Raise `Invalid` if no organizations are published there, against which everything else is checked."""
        if read_pointer(self.objects).snapshots.of("organizations") is None:
            raise Invalid(f"No organizations are published in {self.name}: take them in first.")


def place_options(verb: str) -> Callable[[Command], Command]:
    """Return a decorator that gives a command the options `--bucket` and `--to`; `verb` says what it does there."""

    def decorate(command: Command) -> Command:
        to = click.option("--to", "target", help=f"{verb} this folder or s3://BUCKET instead of --bucket.")
        bucket = click.option(
            "--bucket", envvar="DATA_BUCKET", show_envvar=True, help=f"{verb} this S3 bucket."
        )
        return bucket(to(command))

    return decorate


def s3_address(text: str) -> S3Address | None:
    """Read an argument as an address on S3; None if it is none. Raises `UsageError` for one without a bucket."""
    try:
        return S3Address.parse(text)
    except Invalid as error:
        raise click.UsageError(error.detail) from error
