"""Sign an S3 link by hand for any moment, to show that S3 refuses what is too old or was changed.

The algorithm: "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)" of the S3 API
reference. It is written out here so that the check does not lean on the code that it checks.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    import datetime as dt

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed_again(link: str, *, secret_access_key: str, at: dt.datetime) -> str:
    """Return a presigned link as it would be, had the same key signed it at another moment (UTC)."""
    place = urlsplit(link)
    query = dict(parse_qsl(place.query, keep_blank_values=True))
    del query["X-Amz-Signature"]
    key_id, _, region, service, end = query["X-Amz-Credential"].split("/")
    moment, day = at.strftime("%Y%m%dT%H%M%SZ"), at.strftime("%Y%m%d")
    scope = f"{day}/{region}/{service}/{end}"
    query |= {"X-Amz-Date": moment, "X-Amz-Credential": f"{key_id}/{scope}"}
    canonical_query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted(query.items()))
    request = f"GET\n{place.path}\n{canonical_query}\nhost:{place.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    key = f"AWS4{secret_access_key}".encode()
    for part in (day, region, service, end):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, f"{_ALGORITHM}\n{moment}\n{scope}\n{digest}".encode(), "sha256").hexdigest()
    return urlunsplit(place._replace(query=f"{canonical_query}&X-Amz-Signature={signature}"))


def tampered(link: str) -> str:
    """Return a link to another object than the one it was signed for."""
    place = urlsplit(link)
    folder, _, name = place.path.rpartition("/")
    return urlunsplit(place._replace(path=f"{folder}/x{name}"))
