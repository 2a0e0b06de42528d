"""How a text that arrives is spelled when it is stored: composed (NFC), without what nobody sees."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "["
    "\u00ad"  # soft hyphen
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # controls of direction
    "\u200b\u2060-\u2064\ufeff"  # spaces without width, invisible operators, byte order marks
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\U000e0001\U000e0020-\U000e007f"  # tags
    "]+"
)
_JOINERS = "\u200c\u200d"
"""They are part of the spelling in Arabic and Indic scripts, and nothing by themselves."""


def normalized(text: str) -> str:
    """Return a text composed and without invisible characters; empty if nothing is left to see."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return composed if composed.strip(_JOINERS) else ""
