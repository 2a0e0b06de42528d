"""The password that everybody who opens the PDFs of an archive needs; the password itself is kept nowhere."""

from __future__ import annotations

from hashlib import scrypt
from typing import TYPE_CHECKING

from lea_reports.jobs.job import JobSecret
from lea_reports.pdf.encryption import LONGEST_PASSWORD, SHORTEST_PASSWORD, PdfEncryption, prepared
from lea_reports.pdf.encryption import encryption_of as encryption_by
from lea_reports.reports.parameters import Password

if TYPE_CHECKING:
    from collections.abc import Callable

    from lea_reports.jobs.job import Job


def secret_of(password: str, subject: str, random_bytes: Callable[[int], bytes]) -> JobSecret:
    """Return what a job keeps of the password that a person chose: what its PDFs are encrypted with.

    Finding the password by the fingerprint takes longer than finding it by the files.

    Raises:
        ValueError: it cannot be a password, see `prepared`.
    """
    digest = scrypt(prepared(password), salt=subject.encode(), n=2**14, r=8, p=1, dklen=32)
    return JobSecret(encryption_by(password, random_bytes).to_json(), digest.hex())


PASSWORD = Password(
    name="password",
    title="Password",
    description="Everyone who opens the PDFs needs this password (AES-256). It is not stored, it is not in the e-mail, "
    "and nobody can recover it. Names of files and the archive's lists are not protected by it.",
    flag="protected",
    shortest=SHORTEST_PASSWORD,
    longest=LONGEST_PASSWORD,
    usable=prepared,
    kept=secret_of,
    sentence=f"A password has at least {SHORTEST_PASSWORD} characters and at most {LONGEST_PASSWORD} bytes of UTF-8; "
    "control characters and emoji are not allowed.",
)


def encryption_of(job: Job) -> PdfEncryption | None:
    """Return what the PDFs of a job are encrypted with; None if they are not.

    Raises:
        ValueError: they have to be, and nothing is known to do it with.
    """
    if job.secret is not None:
        return PdfEncryption.from_json(job.secret.content)
    if job.parameters.get(PASSWORD.flag):
        raise ValueError("what the PDFs of the job are encrypted with is gone")
    return None
