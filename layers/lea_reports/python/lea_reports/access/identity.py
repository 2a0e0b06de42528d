"""The person that a verified ID token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lea_reports.assessments import PROGRAM_TIME_ZONE
from lea_reports.errors import Forbidden

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_TIME_ZONE = PROGRAM_TIME_ZONE


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where people sign in: the user pool that issues their tokens, and the one app client that these are made for."""

    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks.

    `subject` is the token's stable subject; `email` is where notices go; `time_zone` is the IANA name in which
    times are shown.
    """

    subject: str
    email: str
    time_zone: str = DEFAULT_TIME_ZONE

    @classmethod
    def from_claims(cls, claims: Mapping[str, object], sign_in: SignIn) -> Identity:
        """Read the claims of a token whose signature, pool and expiry the gateway has checked.

        The gateway asks neither which app client of the pool it is made for, nor whether it is an ID token.

        Raises:
            Forbidden: it is not an ID token for our app, or its owner has no e-mail address.
        """
        subject, email = claims.get("sub"), claims.get("email")
        made_for = {
            "token_use": claims.get("token_use"),
            "iss": claims.get("iss"),
            "aud": claims.get("aud"),
        }
        ours = {"token_use": "id", "iss": sign_in.issuer, "aud": sign_in.client_id}
        if made_for != ours or not isinstance(subject, str) or not subject:
            raise Forbidden("Sign in again: the request must carry the ID token of a signed-in person.")
        if not isinstance(email, str) or "@" not in email:
            raise Forbidden("Your account has no e-mail address, and reports are delivered by e-mail.")
        return cls(subject, email, _known_zone(claims.get("zoneinfo")))


def _known_zone(name: object) -> str:
    try:
        return ZoneInfo(str(name)).key if name else DEFAULT_TIME_ZONE
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # OSError: a folder of zones, or a name beyond all bounds
        return DEFAULT_TIME_ZONE
