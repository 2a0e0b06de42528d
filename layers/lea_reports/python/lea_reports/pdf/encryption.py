"""Passwords of PDFs: what the standard security handler of revision 6 needs (AES-256; ISO 32000-2, 7.6.4.4).

Cut off from any file: a request makes one `Protection`, and every file of the request is encrypted with it.
"""

from __future__ import annotations

import hmac
import stringprep
import unicodedata
from dataclasses import dataclass, field, fields
from hashlib import sha256, sha384, sha512
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SHORTEST_PASSWORD = 12
"""Characters. Who has a file can try passwords on it for years."""
LONGEST_PASSWORD = 127
"""Bytes of UTF-8; readers look at no more (ISO 32000-2, 7.6.4.3.3)."""

_BLOCK = 16
_ROUNDS = 64
_HASHES = (sha256, sha384, sha512)
_EVERYTHING = (-4).to_bytes(4, "little", signed=True)
"""All permissions, those of screen readers and printing among them: whoever can open a file may use it."""
_PROHIBITED = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)
"""What RFC 4013, 2.3 and 2.5 forbid: characters that readers would take differently, or that nobody can type."""


def prepared(password: str) -> bytes:
    """Return a password as readers derive keys from it: SASLprep (RFC 4013), then UTF-8.

    Raises:
        ValueError: it is too short or too long, or has characters that SASLprep forbids. The message does not hold it.
    """
    spaced = (" " if stringprep.in_table_c12(each) else each for each in password)
    kept = "".join(each for each in spaced if not stringprep.in_table_b1(each))
    text = unicodedata.normalize("NFKC", kept)
    if any(prohibits(each) for each in text for prohibits in _PROHIBITED) or not _is_of_one_direction(text):
        raise ValueError("a password may not have control characters or others that readers take differently")
    raw = text.encode()
    if len(text) < SHORTEST_PASSWORD or len(raw) > LONGEST_PASSWORD:
        raise ValueError(f"a password has {SHORTEST_PASSWORD} characters to {LONGEST_PASSWORD} bytes")
    return raw


def _is_of_one_direction(text: str) -> bool:
    """Tell whether a text keeps the rule of RFC 3454, 6: begins and ends right-to-left, or is never so."""
    if not any(map(stringprep.in_table_d1, text)):
        return True
    ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
    return ends and not any(map(stringprep.in_table_d2, text))


@dataclass(frozen=True, slots=True)
class PdfEncryption:
    """What encrypts the PDFs of one request; as secret as these.

    The password is not in it, but can be tried on it. The names are those of ISO 32000-2, table 21.
    """

    file_key: bytes = field(repr=False)
    """32 bytes."""
    u: bytes = field(repr=False)
    ue: bytes = field(repr=False)
    o: bytes = field(repr=False)
    oe: bytes = field(repr=False)
    perms: bytes = field(repr=False)

    def to_json(self) -> dict[str, str]:
        """Return plain JSON values, in hexadecimal digits."""
        return {each.name: bytes(getattr(self, each.name)).hex() for each in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, str]) -> PdfEncryption:
        """Read what `to_json` wrote."""
        return cls(**{name: bytes.fromhex(value) for name, value in values.items()})

    def dictionary(self) -> bytes:
        """Return the encryption dictionary, as it stands in every file."""
        strings = (
            (b"/U", self.u),
            (b"/UE", self.ue),
            (b"/O", self.o),
            (b"/OE", self.oe),
            (b"/Perms", self.perms),
        )
        return (
            b"<</Filter/Standard/V 5/R 6/Length 256/P -4/EncryptMetadata true/StmF/StdCF/StrF/StdCF"
            b"/CF<</StdCF<</Type/CryptFilter/CFM/AESV3/AuthEvent/DocOpen/Length 32>>>>%b>>"
            % b"".join(b"%b<%b>" % (name, raw.hex().encode()) for name, raw in strings)
        )

    def derived(self, purpose: bytes, *values: bytes) -> bytes:
        """Return 16 bytes that nobody can tell who has no key, and that are the same for the same values.

        `purpose` and all values but the last have lengths that do not vary.
        """
        return hmac.digest(self.file_key, purpose + b"".join(values), "sha256")[:_BLOCK]

    def encrypt(self, data: bytes, vector: bytes) -> bytes:
        """Encrypt a string or a stream: the initialization vector of 16 bytes, then AES-256 in CBC mode."""
        missing = _BLOCK - len(data) % _BLOCK
        return vector + _cbc(self.file_key, vector, data + bytes((missing,)) * missing)


def encryption_of(password: str, random_bytes: Callable[[int], bytes]) -> PdfEncryption:
    """Return what files need to be opened with a password; `random_bytes` gives as many as it is asked for.

    The password is the owner's as well: restrictions would bind only the readers that care for them.

    Raises:
        ValueError: the password cannot be one, see `prepared`.
    """
    secret = prepared(password)
    file_key = random_bytes(32)
    u, ue = _password_entries(secret, file_key, random_bytes, b"")
    o, oe = _password_entries(secret, file_key, random_bytes, u)
    # P once more, as 64 bits; T: metadata is encrypted; adb: a constant (ISO 32000-2, 7.6.4.4.9).
    # It is one block in ECB mode, which CBC is if the vector is zero.
    perms = _cbc(file_key, bytes(_BLOCK), _EVERYTHING + b"\xff\xff\xff\xffTadb" + random_bytes(4))
    return PdfEncryption(file_key, u, ue, o, oe, perms)


def _password_entries(
    password: bytes, file_key: bytes, random_bytes: Callable[[int], bytes], user_entry: bytes
) -> tuple[bytes, bytes]:
    """Return U and UE, or O and OE, of a password (algorithms 8 and 9)."""
    validation_salt, key_salt = random_bytes(8), random_bytes(8)
    entry = _password_hash(password, validation_salt, user_entry) + validation_salt + key_salt
    return entry, _cbc(_password_hash(password, key_salt, user_entry), bytes(_BLOCK), file_key)


def _password_hash(password: bytes, salt: bytes, user_entry: bytes) -> bytes:
    """Return the hash of a password (algorithm 2.B), 32 bytes."""
    key = sha256(password + salt + user_entry).digest()
    done, last = 0, 0
    while done < _ROUNDS or last > done - 32:
        mixed = _cbc(key[:16], key[16:32], (password + key + user_entry) * 64)
        key = _HASHES[sum(mixed[:16]) % 3](
            mixed
        ).digest()  # 256 mod 3 is 1: the number mod 3 is that of its digits
        done, last = done + 1, mixed[-1]
    return key[:32]


def _cbc(key: bytes, vector: bytes, data: bytes) -> bytes:
    """Encrypt whole blocks of AES, each mixed with the one before."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    return encryptor.update(data) + encryptor.finalize()
