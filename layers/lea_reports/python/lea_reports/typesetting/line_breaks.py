"""Where a line may be broken: at spaces, and between ideographs by the rules of Chinese typesetting.

Korean is broken at its spaces only: between syllables it would be allowed as well, but ragged lines have
room enough, and whole words read better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_IDEOGRAPHS = (range(0x2E80, 0x3100), range(0x3400, 0xA000), range(0xF900, 0xFB00), range(0xFF00, 0xFFF0))
_FIRST_IDEOGRAPH = "\u2e80"
_SUPPLEMENTARY = range(0x20000, 0x40000)
_NEVER_FIRST = frozenset("、。，．：；！？）」』】》〉〕］｝·…—–～%％,.!?:;)]}’”»")
"""What closes or divides may not begin a line."""
_NEVER_LAST = frozenset("（「『【《〈〔［｛([{‘“«")
"""What opens may not end a line."""


def units(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text that stay in one line, each with whether a space precedes it."""
    for word in text.split(" "):
        if max(word, default="") < _FIRST_IDEOGRAPH:
            yield word, True
            continue
        start = 0
        for end in range(1, len(word)):
            if _may_break(word[end - 1], word[end]):
                yield word[start:end], start == 0
                start = end
        yield word[start:], start == 0


def _may_break(before: str, after: str) -> bool:
    return (
        (_is_ideographic(before) or _is_ideographic(after))
        and after not in _NEVER_FIRST
        and before not in _NEVER_LAST
    )


def _is_ideographic(character: str) -> bool:
    point = ord(character)
    return any(point in block for block in _IDEOGRAPHS) or point in _SUPPLEMENTARY
