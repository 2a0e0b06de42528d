"""Reading gettext catalogs (.po) as translators leave them.

The catalogs are read directly: a language has some hundred short messages, which takes some milliseconds
once per process, so compiled .mo files would only be a second copy that can be out of date.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr) )?("(?:[^"\\]|\\[\\"nt])*")')


class BrokenCatalog(ValueError):
    """A line is no part of a catalog as this project uses them, or a message is not ready for use."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One translated message."""

    context: str
    """The key of the sentence."""
    source: str
    """The English sentence it was translated from."""
    translation: str


def read_catalog(text: str) -> Iterator[Entry]:
    """Yield the messages of a catalog, without its header.

    Plural forms and messages without a context are not in use. Raises `BrokenCatalog` for these, for a
    fuzzy, obsolete or empty translation and for anything else that is not understood.
    """
    for number, block in enumerate(re.split(r"\n{2,}", text.strip("\n"))):
        values: dict[str, str] = {}
        field = None
        for line in block.splitlines():
            if line.startswith("#"):
                if line.startswith("#~") or (line.startswith("#,") and "fuzzy" in line):
                    raise BrokenCatalog(f"A message is fuzzy or obsolete: {line}")
                continue
            match = _LINE.fullmatch(line)
            field = (match and match[1]) or field
            if match is None or field is None or (match[1] and field in values):
                raise BrokenCatalog(f"Not a line of a catalog: {line}")
            values[field] = values.get(field, "") + json.loads(match[2])
        if number == 0 and values.keys() == {"msgid", "msgstr"} and values["msgid"] == "":
            continue  # the header
        if list(values) != ["msgctxt", "msgid", "msgstr"] or not all(values.values()):
            raise BrokenCatalog(f"Not a translated message with a context: {block}")
        yield Entry(values["msgctxt"], values["msgid"], values["msgstr"])
