"""The sentences of one language, with values that keep their direction in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lea_reports.typesetting.directions import isolated

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The sentences of one language."""

    language: str
    """The PDF's language, as in BCP 47."""
    table: Mapping[str, str]
    right_to_left: bool = False

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence with its values filled in. Raises `KeyError` for an unknown key.

        In a language written from the right every value is isolated, so that a range, a Latin name or a
        number keeps its own direction and does not turn its neighbours around.
        """
        text = self.table[key]
        if not values:
            return text
        if self.right_to_left:
            values = {name: isolated(str(value)) for name, value in values.items()}
        return text.format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def named(self, english: str | None) -> str:
        """Translate a name that is known by its English, such as that of a level; None gives "".

        Raises `KeyError` for a name without a message.
        """
        return self.table[f"named.{english}"] if english else ""
