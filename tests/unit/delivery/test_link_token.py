"""Tokens cannot be made, changed or read without the key."""

import hmac
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from secrets import token_bytes

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lea_reports.delivery.link_token import LinkClaim, decrypted_claim, encrypted_claim

CLAIM = LinkClaim(
    "99100010000000", "01KAN5ZQF6XWZC9KN5XK9ZQF6X", 1, datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
)


@pytest.fixture
def token():
    """A token of the claim."""
    return encrypted_claim(CLAIM, "secret", token_bytes)


def test_a_token_says_again_what_was_sealed(token):
    """Also when the key was replaced meanwhile, and the one before is still known."""
    assert decrypted_claim(token, ["secret"]) == CLAIM
    assert decrypted_claim(token, ["newer", "secret"]) == CLAIM


def test_a_token_of_another_key_is_none(token):
    """The key of 48 hours ago opens nothing."""
    assert decrypted_claim(token, ["other"]) is None
    assert decrypted_claim(token, []) is None


def test_no_character_of_a_token_can_be_changed(token):
    """Every bit is authenticated, the nonce's too."""
    for at, character in enumerate(token):
        other = "A" if character != "A" else "B"
        assert decrypted_claim(f"{token[:at]}{other}{token[at + 1 :]}", ["secret"]) is None


@pytest.mark.parametrize("text", ["", "x", "A" * 107, "A" * 108, "A" * 109, "ä" * 108, "A" * 107 + "\n"])
def test_what_is_no_token_is_refused_without_an_error(text):
    """The path of a public address may hold anything."""
    assert decrypted_claim(text, ["secret"]) is None


def test_two_tokens_of_one_claim_have_nothing_in_common(token):
    """Whoever has one link cannot guess the next."""
    assert encrypted_claim(CLAIM, "secret", token_bytes)[:16] != token[:16]


def test_a_claim_that_names_no_job_is_refused():
    """It would be encrypted, and never be read."""
    with pytest.raises(ValueError, match="ULID"):
        encrypted_claim(LinkClaim("1", "job", 1, CLAIM.expires_at), "secret", token_bytes)


def test_the_encryption_is_aes_256_gcm_with_a_key_made_from_the_link_keys(token):
    """32 bytes of HMAC-SHA-256, 12 of nonce: another implementation opens it."""
    key = hmac.digest(b"secret", b"LEA Reports: links in e-mails, 1", "sha256")
    content = urlsafe_b64decode(token)

    assert len(key) * 8 == 256
    assert AESGCM(key).decrypt(content[:12], content[12:], None).startswith(CLAIM.lea.encode())
