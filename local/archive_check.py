"""Check a downloaded archive against its own manifest, with other code than the code that wrote it."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "_manifest.csv"
NOT_INCLUDED = "_not_included.csv"
LISTS = (MANIFEST, NOT_INCLUDED, "_manifest.xlsx", "_not_included.xlsx")
"""How the names of an archive's own lists end."""


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """What an archive holds, and what is wrong with it, a sentence each."""

    bytes: int
    sha256: str
    entries: int
    files: int
    student_score_reports: int
    not_included: int
    problems: tuple[str, ...]


def check_archive(path: Path, password: str | None = None) -> ArchiveCheck:
    """Read every entry: CRC-32, listed in the manifest, SHA-256, SSRs where the manifest says they are.

    With a password, a PDF that opens without it is a problem.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        rows = read_list(archive, MANIFEST)
        problems = [f"{name} is there twice." for name in sorted({n for n in names if names.count(n) > 1})]
        if (damaged := archive.testzip()) is not None:
            problems.append(f"{damaged} is damaged.")
        listed: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            listed.setdefault(row["File"], []).append(row)
        present = {name for name in names if not name.endswith(LISTS)}
        problems += [f"{name} is not in the manifest." for name in sorted(present - listed.keys())]
        problems += [f"{name} is in the manifest only." for name in sorted(listed.keys() - present)]
        for name in sorted(present & listed.keys()):
            problems += _file_problems(name, archive.read(name), listed[name], password)
        missing = read_list(archive, NOT_INCLUDED)
    return ArchiveCheck(
        bytes=path.stat().st_size,
        sha256=digest,
        entries=len(names),
        files=len(present),
        student_score_reports=len(rows),
        not_included=len(missing),
        problems=tuple(problems),
    )


def read_list(archive: zipfile.ZipFile, ending: str) -> list[dict[str, str]]:
    """Return the rows of the list whose name ends so, by heading."""
    (name,) = (name for name in archive.namelist() if name.endswith(ending))
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def _opens(content: bytes) -> bool:
    """Whether a PDF can be read without a password."""
    try:
        pypdfium2.PdfDocument(content).close()
    except pypdfium2.PdfiumError:
        return False
    return True


def _file_problems(name: str, content: bytes, rows: list[dict[str, str]], password: str | None) -> list[str]:
    """Compare a PDF with its rows: each of its SSRs begins on an odd page, right after the one before."""
    problems = []
    if any(row["SHA256"] != hashlib.sha256(content).hexdigest() for row in rows):
        problems.append(f"{name} has another SHA-256 than the manifest says.")
    if password is not None and _opens(content):
        problems.append(f"{name} opens without its password.")
    document = pypdfium2.PdfDocument(content, password=password)
    try:
        pages = len(document)
    finally:
        document.close()
    end = 0
    for row in sorted(rows, key=lambda row: int(row["FirstPage"])):
        first, count = int(row["FirstPage"]), int(row["Pages"])
        if first != end + 1 + end % 2 or count < 1:
            problems.append(f"{name}: the SSR of page {first} should begin on page {end + 1 + end % 2}.")
        end = first + count - 1
    if not end <= pages <= end + end % 2:
        problems.append(f"{name} has {pages} pages; the manifest's SSRs end on page {end}.")
    return problems
