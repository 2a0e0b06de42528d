"""In which order the characters of a line stand on paper where directions mix (Unicode Annex 9).

Embeddings and overrides do not come up: names are cleaned of them, and our sentences isolate their values.
So what stands between an isolate and its end is exactly one of the annex's isolating run sequences.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from lea_reports.typesetting.directions import ISOLATES

_BRACKETS = (
    "()[]{}༺༻༼༽᚛᚜⁅⁆⁽⁾₍₎⌈⌉⌊⌋\u2329\u232a❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆⦇⦈⦉⦊⦋⦌⦍⦐⦏⦎"
    "⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩⹕⹖⹗⹘⹙⹚⹛⹜〈〉《》「」『』【】〔〕〖〗〘〙〚〛﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣"
)
"""Every opening bracket before its closing one (BidiBrackets.txt of Unicode 15.1)."""
_CLOSED_BY = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_CLOSING = frozenset(_CLOSED_BY.values())
_MIRRORED = (
    _CLOSED_BY
    | dict(zip(_BRACKETS[1::2], _BRACKETS[::2], strict=True))
    | dict(zip("«»<>‹›", "»«><›‹", strict=True))
)
_MOST_OPEN_BRACKETS = 63
_ISOLATE_STARTS = frozenset(("LRI", "RLI", "FSI"))
_ISOLATE_TYPES = _ISOLATE_STARTS | {"PDI"}
_NEUTRAL = _ISOLATE_TYPES | {"B", "S", "WS", "ON"}
_SEPARATORS = frozenset("BS")
_AT_LINE_ENDS = _ISOLATE_TYPES | {"WS", "BN"}
_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
"""Which direction a type counts as where neutral ones take that of their neighbours."""


def mirrored(text: str) -> str:
    """Return a text with its brackets turned around, as they look when read from the right."""
    return "".join(_MIRRORED.get(character, character) for character in text)


def visual_order(text: str, *, right_to_left: bool) -> tuple[tuple[int, bool], ...]:
    """Return the positions of a line's characters from left to right, each with whether it reads leftwards.

    Isolates are left out. `right_to_left` is the direction of the page.
    """
    levels = _levels(text, int(right_to_left))
    order = list(range(len(text)))
    for level in range(max(levels, default=0), 0, -1):  # rule L2
        order = _turned(order, [levels[position] >= level for position in order])
    return tuple(
        (position, levels[position] % 2 == 1) for position in order if text[position] not in ISOLATES
    )


def _turned(order: list[int], turns: list[bool]) -> list[int]:
    """Turn the stretches around that are marked."""
    turned: list[int] = []
    for turn, group in groupby(zip(turns, order, strict=True), itemgetter(0)):
        stretch = [position for _, position in group]
        turned += reversed(stretch) if turn else stretch
    return turned


class _Sequence(NamedTuple):
    """The characters directly within one isolate, or within none."""

    level: int
    positions: list[int]


def _levels(text: str, base: int) -> list[int]:
    """Return the embedding level of every character of a line."""
    types = [unicodedata.bidirectional(character) or "L" for character in text]
    levels = [base] * len(text)
    for sequence in _sequences(types, base):
        _resolve(text, types, levels, sequence)
    before = base
    for position, bidi_class in enumerate(types):
        if bidi_class == "BN":  # it has no direction: rule X9 would take it out
            levels[position] = before
        before = levels[position]
    ends = True
    for position in range(len(text) - 1, -1, -1):  # rule L1
        ends = types[position] in _SEPARATORS or (ends and types[position] in _AT_LINE_ENDS)
        if ends:
            levels[position] = base
    return levels


def _sequences(types: list[str], base: int) -> list[_Sequence]:
    """Take isolates apart (rules X1 to X10)."""
    found = [_Sequence(base, [])]
    within = [found[0]]
    for position, bidi_class in enumerate(types):
        if bidi_class == "PDI" and len(within) > 1:
            within.pop()
        if bidi_class != "BN":
            within[-1].positions.append(position)
        if bidi_class in _ISOLATE_STARTS:
            odd = bidi_class == "RLI" or (bidi_class == "FSI" and _begins_right_to_left(types, position + 1))
            level = within[-1].level
            within.append(_Sequence(level + 1 + (level % 2 == odd), []))
            found.append(within[-1])
    return found


def _begins_right_to_left(types: list[str], start: int) -> bool:
    """Tell the direction of the first letter up to the end of the isolate (rules P2 and P3)."""
    depth = 0
    for bidi_class in types[start:]:
        if bidi_class in _ISOLATE_STARTS:
            depth += 1
        elif bidi_class == "PDI":
            if not depth:
                return False
            depth -= 1
        elif not depth and bidi_class in {"L", "R", "AL"}:
            return bidi_class != "L"
    return False


def _resolve(text: str, types: list[str], levels: list[int], sequence: _Sequence) -> None:
    """Find the levels within one sequence."""
    level, positions = sequence
    own = "LR"[level % 2]
    classes = _weak_resolved([types[position] for position in positions], own)
    _resolve_brackets([text[position] for position in positions], [types[p] for p in positions], classes, own)
    _resolve_neutral(classes, own)
    for position, bidi_class in zip(positions, classes, strict=True):
        if level % 2:
            levels[position] = level + (bidi_class != "R")
        else:
            levels[position] = level + {"L": 0, "R": 1}.get(bidi_class, 2)


def _weak_resolved(classes: list[str], own: str) -> list[str]:
    """Resolve marks, digits and what goes with digits (rules W1 to W7)."""
    classes = classes.copy()
    before, strong = own, own
    for index, bidi_class in enumerate(classes):
        if bidi_class == "NSM":
            classes[index] = "ON" if before in _ISOLATE_TYPES else before
        elif bidi_class == "EN" and strong == "AL":
            classes[index] = "AN"
        before = classes[index]
        if before in {"L", "R", "AL"}:
            strong = before
    classes = ["R" if bidi_class == "AL" else bidi_class for bidi_class in classes]
    for index in range(1, len(classes) - 1):
        left, bidi_class, right = classes[index - 1 : index + 2]
        if left == right and (
            (bidi_class in {"ES", "CS"} and left == "EN") or (bidi_class == "CS" and left == "AN")
        ):
            classes[index] = left
    classes = _signs_resolved(classes)
    strong = own
    for index, bidi_class in enumerate(classes):
        if bidi_class in {"L", "R"}:
            strong = bidi_class
        elif bidi_class == "EN" and strong == "L":
            classes[index] = "L"
    return classes


def _signs_resolved(classes: list[str]) -> list[str]:
    """Give signs beside digits to them, and make other ones neutral (rules W5 and W6)."""
    resolved: list[str] = []
    groups = [(bidi_class, len(list(group))) for bidi_class, group in groupby(classes)]
    for index, (bidi_class, count) in enumerate(groups):
        if bidi_class == "ET" and "EN" in {each for each, _ in groups[max(index - 1, 0) : index + 2]}:
            resolved += ["EN"] * count
        else:
            resolved += ["ON" if bidi_class in {"ET", "ES", "CS"} else bidi_class] * count
    return resolved


def _resolve_brackets(characters: list[str], types: list[str], classes: list[str], own: str) -> None:
    """Let brackets have the direction of what they enclose (rule N0)."""
    for start, end in _pairs(characters, classes):
        inside = {_STRONG[bidi_class] for bidi_class in classes[start + 1 : end] if bidi_class in _STRONG}
        if not inside:
            continue
        bidi_class = own
        if own not in inside:
            bidi_class = next((_STRONG[each] for each in reversed(classes[:start]) if each in _STRONG), own)
        for bracket in (start, end):
            classes[bracket] = bidi_class
            for index in range(bracket + 1, len(classes)):
                if types[index] != "NSM":
                    break
                classes[index] = bidi_class


def _pairs(characters: list[str], classes: list[str]) -> list[tuple[int, int]]:
    """Return the places of brackets that belong together, in the order in which they open."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for index, character in enumerate(characters):
        plain = unicodedata.normalize("NFC", character)  # two brackets of old standards have doubles
        if classes[index] != "ON":
            continue
        if plain in _CLOSED_BY:
            if len(waiting) == _MOST_OPEN_BRACKETS:
                return []
            waiting.append((_CLOSED_BY[plain], index))
        elif plain in _CLOSING:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == plain:
                    pairs.append((waiting[depth][1], index))
                    del waiting[depth:]
                    break
    return sorted(pairs)


def _resolve_neutral(classes: list[str], own: str) -> None:
    """Let what has no direction take that of both its neighbours (rules N1 and N2)."""
    index = 0
    before = own
    for neutral, group in groupby(classes.copy(), _NEUTRAL.__contains__):
        count = len(list(group))
        if neutral:
            after = _STRONG[classes[index + count]] if index + count < len(classes) else own
            classes[index : index + count] = [before if before == after else own] * count
        else:
            before = _STRONG[classes[index + count - 1]]
        index += count
