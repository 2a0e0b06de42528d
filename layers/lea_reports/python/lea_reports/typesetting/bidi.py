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
    for position, kind in enumerate(types):
        if kind == "BN":  # it has no direction: rule X9 would take it out
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
    for position, kind in enumerate(types):
        if kind == "PDI" and len(within) > 1:
            within.pop()
        if kind != "BN":
            within[-1].positions.append(position)
        if kind in _ISOLATE_STARTS:
            odd = kind == "RLI" or (kind == "FSI" and _begins_right_to_left(types, position + 1))
            level = within[-1].level
            within.append(_Sequence(level + 1 + (level % 2 == odd), []))
            found.append(within[-1])
    return found


def _begins_right_to_left(types: list[str], start: int) -> bool:
    """Tell the direction of the first letter up to the end of the isolate (rules P2 and P3)."""
    depth = 0
    for kind in types[start:]:
        if kind in _ISOLATE_STARTS:
            depth += 1
        elif kind == "PDI":
            if not depth:
                return False
            depth -= 1
        elif not depth and kind in {"L", "R", "AL"}:
            return kind != "L"
    return False


def _resolve(text: str, types: list[str], levels: list[int], sequence: _Sequence) -> None:
    """Find the levels within one sequence."""
    level, positions = sequence
    own = "LR"[level % 2]
    kinds = _weak_resolved([types[position] for position in positions], own)
    _resolve_brackets([text[position] for position in positions], [types[p] for p in positions], kinds, own)
    _resolve_neutral(kinds, own)
    for position, kind in zip(positions, kinds, strict=True):
        if level % 2:
            levels[position] = level + (kind != "R")
        else:
            levels[position] = level + {"L": 0, "R": 1}.get(kind, 2)


def _weak_resolved(kinds: list[str], own: str) -> list[str]:
    """Resolve marks, digits and what goes with digits (rules W1 to W7)."""
    kinds = kinds.copy()
    before, strong = own, own
    for index, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[index] = "ON" if before in _ISOLATE_TYPES else before
        elif kind == "EN" and strong == "AL":
            kinds[index] = "AN"
        before = kinds[index]
        if before in {"L", "R", "AL"}:
            strong = before
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        left, kind, right = kinds[index - 1 : index + 2]
        if left == right and ((kind in {"ES", "CS"} and left == "EN") or (kind == "CS" and left == "AN")):
            kinds[index] = left
    kinds = _signs_resolved(kinds)
    strong = own
    for index, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _signs_resolved(kinds: list[str]) -> list[str]:
    """Give signs beside digits to them, and make other ones neutral (rules W5 and W6)."""
    resolved: list[str] = []
    groups = [(kind, len(list(group))) for kind, group in groupby(kinds)]
    for index, (kind, count) in enumerate(groups):
        if kind == "ET" and "EN" in {each for each, _ in groups[max(index - 1, 0) : index + 2]}:
            resolved += ["EN"] * count
        else:
            resolved += ["ON" if kind in {"ET", "ES", "CS"} else kind] * count
    return resolved


def _resolve_brackets(characters: list[str], types: list[str], kinds: list[str], own: str) -> None:
    """Let brackets have the direction of what they enclose (rule N0)."""
    for start, end in _pairs(characters, kinds):
        inside = {_STRONG[kind] for kind in kinds[start + 1 : end] if kind in _STRONG}
        if not inside:
            continue
        kind = own
        if own not in inside:
            kind = next((_STRONG[each] for each in reversed(kinds[:start]) if each in _STRONG), own)
        for bracket in (start, end):
            kinds[bracket] = kind
            for index in range(bracket + 1, len(kinds)):
                if types[index] != "NSM":
                    break
                kinds[index] = kind


def _pairs(characters: list[str], kinds: list[str]) -> list[tuple[int, int]]:
    """Return the places of brackets that belong together, in the order in which they open."""
    waiting: list[tuple[str, int]] = []
    pairs = []
    for index, character in enumerate(characters):
        plain = unicodedata.normalize("NFC", character)  # two brackets of old standards have doubles
        if kinds[index] != "ON":
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


def _resolve_neutral(kinds: list[str], own: str) -> None:
    """Let what has no direction take that of both its neighbours (rules N1 and N2)."""
    index = 0
    before = own
    for neutral, group in groupby(kinds.copy(), _NEUTRAL.__contains__):
        count = len(list(group))
        if neutral:
            after = _STRONG[kinds[index + count]] if index + count < len(kinds) else own
            kinds[index : index + count] = [before if before == after else own] * count
        else:
            before = _STRONG[kinds[index + count - 1]]
        index += count
