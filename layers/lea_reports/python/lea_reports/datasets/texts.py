"""How a text that arrives is spelled when it is stored: composed (NFC), without what nobody sees."""

import re
import unicodedata

_INVISIBLE = re.compile(
    "["
    "\u00ad"  # soft hyphen
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # joiner of marks, fillers of Hangul, vowels of Khmer
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # controls of direction, and others of old
    "\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\u200b\u2060-\u2065\ufeff"  # spaces without width, invisible operators, byte order marks
    "\ufff0-\ufff8\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags, and what is kept free for the like
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of shorthand and music
    "]+"
)
"""Unicode's Default_Ignorable_Code_Point but for the joiners. Source: DerivedCoreProperties.txt."""
_JOINERS = "\u200c\u200d"
"""They are part of the spelling in Arabic and Indic scripts, and nothing by themselves."""


def normalized(text: str) -> str:
    """Return a text composed and without invisible characters; empty if nothing is left to see."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    return composed if composed.strip(_JOINERS) else ""
