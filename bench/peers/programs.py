"""Peers that are programs of the machine, not Python packages."""

from __future__ import annotations

import shutil


def program(name: str, *, package: str) -> str:
    """Return the path of a program. Raises `FileNotFoundError` with the Debian package that has it."""
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"{name} is not installed; the system package {package} has it")
    return path
