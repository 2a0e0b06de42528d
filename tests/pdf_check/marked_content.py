"""What the pages of a document draw, and under which mark."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

from tests.pdf_check.character_maps import CharacterMap

if TYPE_CHECKING:
    from collections.abc import Callable

Owner = tuple[int, int]
"""The object number and generation of a page, or of a form with marks of its own."""
Mark = tuple[Owner, int]
"""A marked-content id and where it counts."""

_PAINTING = frozenset(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"])
_SHOWING = {"Tj": 0, "TJ": 0, "'": 0, '"': 2}
"""Operators that show text, and which operand it is."""


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text shown at once."""

    text: str
    line: float
    """How far its baseline stands above the page's bottom, in points."""
    replaced: bool
    """The text comes from an ActualText, not from the glyphs."""


@dataclass(slots=True)
class _Level:
    """One open mark of a content stream."""

    mcid: int | None = None
    artifact: bool = False
    replaced: bool = False


@dataclass(slots=True)
class _State:
    """The part of the graphics state that decides what text says and where it stands."""

    matrix: pikepdf.Matrix
    font: CharacterMap | None = None
    leading: float = 0.0


@dataclass(slots=True)
class DrawnContent:
    """Everything that the pages of a document draw, by mark; what is drawn badly stands in `problems`."""

    marks: dict[Mark, list[Words]] = field(default_factory=dict)
    problems: dict[str, None] = field(default_factory=dict)
    """In order of appearance, each once."""
    fonts: dict[Owner, CharacterMap] = field(default_factory=dict)
    marked_forms: dict[Owner, int] = field(default_factory=dict)
    """How often each form with marks of its own is drawn."""

    @classmethod
    def of(cls, pdf: pikepdf.Pdf) -> DrawnContent:
        """Read all pages."""
        drawn = cls()
        for number, page in enumerate(pdf.pages, 1):
            _StreamReader(drawn, f"page {number}", page.obj.objgen).read(page.obj, page.obj.get("/Resources"))
        for font in drawn.fonts.values():
            drawn.problems.update(dict.fromkeys(font.problems))
        for count in drawn.marked_forms.values():
            if count > 1:
                drawn.problems["a form that holds marked content is drawn more than once"] = None
        return drawn


class _StreamReader:
    """Follows one content stream, and the forms that it draws."""

    def __init__(self, drawn: DrawnContent, place: str, owner: Owner) -> None:
        self._drawn, self._place, self._owner = drawn, place, owner
        self._levels: list[_Level] = []
        self._resources: pikepdf.Object = pikepdf.Dictionary()
        self._state = _State(pikepdf.Matrix())
        self._saved: list[_State] = []
        self._line = pikepdf.Matrix()
        self._operators: dict[str, Callable[[list[pikepdf.Object]], None]] = {
            "q": self._save,
            "Q": self._restore,
            "cm": self._transform,
            "BT": self._begin_text,
            "Tf": self._set_font,
            "TL": self._set_leading,
            "Td": self._move,
            "TD": self._move_and_lead,
            "Tm": self._place_line,
            "T*": self._next_line,
            "BMC": self._begin_mark,
            "BDC": self._begin_mark,
            "EMC": self._end_mark,
            "Do": self._draw_object,
        }

    def read(self, stream: pikepdf.Object, resources: pikepdf.Object | None) -> None:
        """Read a page or a form."""
        outer, depth = self._resources, len(self._levels)
        self._resources = pikepdf.Dictionary() if resources is None else resources
        for instruction in pikepdf.parse_content_stream(stream):
            name = str(instruction.operator)
            if name in self._operators:
                self._operators[name](list(instruction.operands))
            elif name in _SHOWING:
                self._show(name, list(instruction.operands))
            elif name in _PAINTING:
                self._paint("a drawing")
            elif name == "INLINE IMAGE":
                self._paint("an image")
        if len(self._levels) != depth:
            self._note("a mark is not closed")
            del self._levels[depth:]
        self._resources = outer

    def _note(self, problem: str) -> None:
        self._drawn.problems[f"{self._place}: {problem}"] = None

    # Graphics state

    def _save(self, _: list[pikepdf.Object]) -> None:
        state = self._state
        self._saved.append(_State(state.matrix, state.font, state.leading))

    def _restore(self, _: list[pikepdf.Object]) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def _transform(self, operands: list[pikepdf.Object]) -> None:
        self._state.matrix = pikepdf.Matrix(*map(float, operands)) @ self._state.matrix

    # Text

    def _begin_text(self, _: list[pikepdf.Object]) -> None:
        self._line = pikepdf.Matrix()

    def _set_font(self, operands: list[pikepdf.Object]) -> None:
        font = self._resources.get("/Font", pikepdf.Dictionary()).get(str(operands[0]))
        if font is None:
            self._note(f"font {operands[0]} is not among the resources")
            self._state.font = None
            return
        if font.objgen not in self._drawn.fonts:
            self._drawn.fonts[font.objgen] = CharacterMap.of(font)
        self._state.font = self._drawn.fonts[font.objgen]

    def _set_leading(self, operands: list[pikepdf.Object]) -> None:
        self._state.leading = float(operands[0])

    def _move(self, operands: list[pikepdf.Object]) -> None:
        self._line = pikepdf.Matrix(1, 0, 0, 1, *map(float, operands)) @ self._line

    def _move_and_lead(self, operands: list[pikepdf.Object]) -> None:
        self._state.leading = -float(operands[1])
        self._move(operands)

    def _place_line(self, operands: list[pikepdf.Object]) -> None:
        self._line = pikepdf.Matrix(*map(float, operands))

    def _next_line(self, _: list[pikepdf.Object]) -> None:
        self._line = pikepdf.Matrix(1, 0, 0, 1, 0, -self._state.leading) @ self._line

    def _show(self, name: str, operands: list[pikepdf.Object]) -> None:
        if name in {"'", '"'}:
            self._next_line([])
        shown = operands[_SHOWING[name]]
        strings = list(shown) if name == "TJ" else [shown]
        codes = b"".join(bytes(part) for part in strings if isinstance(part, pikepdf.String))
        if not codes:
            return
        self._paint("a text")
        if self._state.font is None:
            self._note("a text is shown without a font")
            return
        text = self._state.font.text(codes)
        if not any(level.replaced for level in self._levels):
            self._tell(text, replaced=False)

    def _tell(self, text: str, *, replaced: bool) -> None:
        mcid = self._mcid()
        if mcid is not None:
            line = (self._line @ self._state.matrix).f
            self._drawn.marks[self._owner, mcid].append(Words(text, line, replaced))

    # Marks

    def _mcid(self) -> int | None:
        return next((level.mcid for level in reversed(self._levels) if level.mcid is not None), None)

    def _paint(self, what: str) -> None:
        if self._mcid() is None and not any(level.artifact for level in self._levels):
            self._note(f"{what} is neither tagged nor an artifact")

    def _begin_mark(self, operands: list[pikepdf.Object]) -> None:
        level = _Level(artifact=str(operands[0]) == "/Artifact")
        properties = self._properties(operands[1]) if len(operands) > 1 else pikepdf.Dictionary()
        in_artifact = any(each.artifact for each in self._levels)
        if level.artifact and self._mcid() is not None:
            self._note("an artifact stands inside tagged content")
        if "/MCID" in properties:
            level.mcid = int(properties.MCID)
            if in_artifact or level.artifact:
                self._note(f"marked content {level.mcid} stands inside an artifact")
            if self._mcid() is not None:
                self._note(f"marked content {level.mcid} stands inside other marked content")
            if (self._owner, level.mcid) in self._drawn.marks:
                self._note(f"the id {level.mcid} is used twice")
            self._drawn.marks.setdefault((self._owner, level.mcid), [])
        self._levels.append(level)
        if "/ActualText" in properties and not any(each.replaced for each in self._levels):
            self._tell(str(properties.ActualText), replaced=True)
            level.replaced = True

    def _properties(self, operand: pikepdf.Object) -> pikepdf.Object:
        if not isinstance(operand, pikepdf.Name):
            return operand
        return self._resources.get("/Properties", pikepdf.Dictionary()).get(
            str(operand), pikepdf.Dictionary()
        )

    def _end_mark(self, _: list[pikepdf.Object]) -> None:
        if self._levels:
            self._levels.pop()
        else:
            self._note("a mark is closed that was not opened")

    # Objects

    def _draw_object(self, operands: list[pikepdf.Object]) -> None:
        drawn = self._resources.get("/XObject", pikepdf.Dictionary()).get(str(operands[0]))
        if drawn is None:
            self._note(f"object {operands[0]} is not among the resources")
            return
        if str(drawn.get("/Subtype")) != "/Form":
            self._paint("an image")
            return
        self._save([])
        if "/Matrix" in drawn:
            self._transform(list(drawn.Matrix))
        resources = drawn.get("/Resources", self._resources)
        if "/StructParents" in drawn:
            owner, levels = self._owner, self._levels
            if self._mcid() is not None:
                self._note("a form with marks of its own is drawn inside marked content")
            self._drawn.marked_forms[drawn.objgen] = self._drawn.marked_forms.get(drawn.objgen, 0) + 1
            self._owner, self._levels = drawn.objgen, []
            self.read(drawn, resources)
            self._owner, self._levels = owner, levels
        else:
            self.read(drawn, resources)
        self._restore([])


def runs_together(before: Words, after: Words) -> bool:
    """Tell whether two stretches on different lines make one word of two, for lack of a space."""
    if before.replaced or after.replaced or not before.text or not after.text:
        return False
    if abs(before.line - after.line) < 1:
        return False
    left, right = before.text[-1], after.text[0]
    return not (left.isspace() or right.isspace() or left in "-\N{SOFT HYPHEN}\N{HYPHEN}") and not (
        _needs_no_spaces(left) or _needs_no_spaces(right)
    )


def _needs_no_spaces(character: str) -> bool:
    """Tell whether a character is of a script that breaks lines between any two (Chinese, not Korean)."""
    return unicodedata.east_asian_width(character) in {"W", "F"} and not "\uac00" <= character <= "\ud7a3"


def is_right_to_left(text: str) -> bool:
    """Tell whether a text has letters of a script that is written from the right."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
