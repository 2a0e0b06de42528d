"""What a link in an e-mail carries: which file of which job it leads to and until when, encrypted.

AES-256-GCM: nobody can make or change a token without the key, and nobody can read one, so the address of a link names
neither an LEA nor a job. The key is derived from the one that links are made with, hence replaced together with it.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PURPOSE = b"LEA Reports: links in e-mails, 1"
_NONCE = 12  # bytes, as GCM wants them
_CLAIM = re.compile(
    r"(?P<lea>[0-9]{14})(?P<job>[0-9A-Z]{26})(?P<file>[0-9]{3})(?P<expires>[0-9]{10})", re.ASCII
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{108}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What a token says: this file of a job of an LEA may be had until `expires_at` (whole seconds).

    `file` is its number, counted from 1.
    """

    lea: str
    job: str
    file: int
    expires_at: datetime


def encrypted_claim(claim: LinkClaim, secret: str, random_bytes: Callable[[int], bytes]) -> str:
    """Return the token of a claim: 108 characters that need no escaping in a URL."""
    text = f"{claim.lea}{claim.job}{claim.file:03d}{int(claim.expires_at.timestamp()):010d}"
    if _CLAIM.fullmatch(text) is None:
        raise ValueError("a claim names an LEA by 14 digits and a job by its ULID")
    nonce = random_bytes(_NONCE)
    return urlsafe_b64encode(nonce + _cipher(secret).encrypt(nonce, text.encode(), None)).decode()


def decrypted_claim(token: str, secrets: Iterable[str]) -> LinkClaim | None:
    """Return what a token says if one of the secrets encrypted it; None if it is forged, changed or no token."""
    if _TOKEN.fullmatch(token) is None:
        return None
    content = urlsafe_b64decode(token)
    for secret in secrets:
        try:
            text = _cipher(secret).decrypt(content[:_NONCE], content[_NONCE:], None).decode()
        except InvalidTag:
            continue
        found = _CLAIM.fullmatch(text)
        if found is not None:
            expires_at = datetime.fromtimestamp(int(found["expires"]), tz=UTC)
            return LinkClaim(found["lea"], found["job"], int(found["file"]), expires_at)
    return None


def _cipher(secret: str) -> AESGCM:
    return AESGCM(hmac.digest(secret.encode(), _PURPOSE, "sha256"))
