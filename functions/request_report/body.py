"""Bodies of requests: what is JSON here, and what is refused before any field is looked at."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from lea_reports.errors import Invalid, Problem, pointer_part

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BODY = 64 * 1024
DEEPEST_BODY = 32
"""How large a body may be in bytes, and how deeply nested; a request needs two levels."""
JSON = "application/json"
NO_OBJECT = Problem("", "object", "Send a JSON object.")


class NotJson(Invalid):
    """The body is no JSON text in UTF-8."""


class TooLarge(Invalid):
    """The body is larger than any request needs."""


class NotCalledJson(Invalid):
    """The body's Content-Type says that it is something else than JSON in UTF-8."""


class _Twice(dict[str, Any]):
    """An object in which names stand more than once."""

    names: tuple[str, ...] = ()


def json_object(text: str, media_type: str | None) -> dict[str, Any]:
    """Return the body of a request, a JSON object in which every name stands once.

    Raises:
        NotJson, TooLarge, NotCalledJson: it is not read.
        Invalid: it is no object, or names stand in it more than once (rules `object`, `duplicate_key`).
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_BODY:
        raise TooLarge(f"The body is larger than {LARGEST_BODY} bytes.")
    if media_type and not _is_json(media_type):
        raise NotCalledJson(f"Send the body as JSON in UTF-8, with the Content-Type {JSON}.")
    document = _read(text)
    repeated = [Problem(pointer, "duplicate_key", "Name this field once.") for pointer in _repeated(document)]
    if repeated:
        raise Invalid("The body names fields more than once.", repeated)
    if not isinstance(document, dict):
        raise Invalid("The body is not a JSON object.", [NO_OBJECT])
    return document


def _is_json(media_type: str) -> bool:
    """Whether a Content-Type says JSON, which is always in UTF-8 (RFC 8259, 8.1); its letters may be of any case."""
    name, *parameters = (part.strip() for part in media_type.lower().split(";"))
    charsets = (
        value.strip('"') for key, _, value in (each.partition("=") for each in parameters) if key == "charset"
    )
    return name == JSON and all(charset == "utf-8" for charset in charsets)


def _read(text: str) -> object:
    if "\ufffd" in text:  # what API Gateway makes of bytes that are no UTF-8
        raise _not_json()
    try:
        document: object = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # also a number of thousands of digits
        raise _not_json() from None
    return document


def _not_json() -> NotJson:
    return NotJson("The body is not JSON in UTF-8.", [Problem("", "json", "Send a JSON object.")])


def _too_deep() -> NotJson:
    rule = Problem(
        "", "json", "Send the fields of a request; a field holds a value or a list, and nothing deeper."
    )
    return NotJson(f"The body is nested more than {DEEPEST_BODY} levels deep.", [rule])


def _no_constant(name: str) -> object:
    raise ValueError(name)  # Python reads NaN and Infinity, which JSON does not have


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) == len(pairs):
        return document
    twice = _Twice(document)
    twice.names = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return twice


def _repeated(document: object, pointer: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the pointers to what stands more than once in its object.

    Raises:
        NotJson: it is nested more deeply than any request; going through it would exhaust the stack.
    """
    if depth > DEEPEST_BODY:
        raise _too_deep()
    if isinstance(document, _Twice):
        yield from (f"{pointer}/{pointer_part(name)}" for name in document.names)
    members = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    for name, member in members:
        yield from _repeated(member, f"{pointer}/{pointer_part(name)}", depth + 1)
