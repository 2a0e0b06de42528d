"""What a report is: one value, from which everything else about it follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from lea_reports.errors import Forbidden
from lea_reports.reports.parameters import Password
from lea_reports.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from lea_reports.access.roles import Role, RoleAssignment
    from lea_reports.assessments import Program
    from lea_reports.errors import Problem
    from lea_reports.reports.parameters import Parameter


class Level(StrEnum):
    """Whose report it is: an LEA's, or a school's. Source: docs/domain.md#reports."""

    LEA = "lea"
    SITE = "site"


class Delivery(StrEnum):
    """How its requester gets it. Source: docs/domain.md#reports.

    `IMMEDIATE`: they wait for it. `REQUESTED`: an e-mail says when it is ready. `LINK_ONLY`: the link in the e-mail is
    the only way to it.
    """

    IMMEDIATE = "immediate"
    REQUESTED = "requested"
    LINK_ONLY = "link_only"


@dataclass(frozen=True, slots=True)
class SsrArchive:
    """SSRs in a zip file, or in several: what `lea_reports.ssr_archive` makes."""


Output: TypeAlias = SsrArchive | Table
"""What a report is; its type decides what makes it."""


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What an e-mail says of a report's files; what stands in backticks is set as code.

    `item` is one of the things that are counted, `items` are several; `made` is the label of their number,
    `not_included` that of those that could not be made, None where every item is made. `opening` says what to do with
    the download, `opening_of_lists` what to do with one that holds nothing but the list of what could not be made.
    """

    item: str
    items: str
    made: str
    opening: str
    not_included: str | None = None
    opening_of_lists: str = ""


def _no_problems(_asked: Mapping[str, Any], _day: date) -> list[Problem]:
    return []


def _no_hints(_parameters: Mapping[str, Any], _day: date) -> list[str]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDefinition:
    """One report of the catalog.

    `code` is its name in the API; `link_text` is the text of the link in the e-mail; `roles` may ask for it; `contents`
    says in a sentence what is in it. `formats` are the kinds of its files. `output` is what it consists of.

    `rules` finds problems of choices with each other or with the program's day; what it is given is what was sent, by
    parameter. `choices` returns what was chosen as an e-mail tells it; by default that follows from the parameters.
    `hints` returns what may be why nothing was found on a day, the surest reason first.
    """

    code: str
    title: str
    link_text: str
    program: Program
    level: Level
    roles: frozenset[Role]
    contents: str
    parameters: tuple[Parameter[Any], ...]
    formats: tuple[str, ...]
    delivery: Delivery
    output: Output
    words: LetterWords
    rules: Callable[[Mapping[str, Any], date], list[Problem]] = _no_problems
    own_choices: Callable[[Mapping[str, Any]], list[tuple[str, str]]] | None = None
    hints: Callable[[Mapping[str, Any], date], list[str]] = _no_hints

    def check_role(self, assignment: RoleAssignment) -> None:
        """Raise `Forbidden` unless the role may ask for this report."""
        if assignment.role not in self.roles:
            raise Forbidden(f"Your role ({assignment.role}) may not ask for the report “{self.title}”.")

    @property
    def password(self) -> Password | None:
        """The parameter that is a password; None if the report has none."""
        return next((each for each in self.parameters if isinstance(each, Password)), None)

    def has_password(self, parameters: Mapping[str, Any]) -> bool:
        """Whether a request with these canonical parameters had a password."""
        return self.password is not None and bool(parameters.get(self.password.flag))

    def choices(self, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return what was chosen, by the label of each parameter, as people read it."""
        if self.own_choices is not None:
            return self.own_choices(parameters)
        return [
            (parameter.title, parameter.shown(parameters[parameter.name]))
            for parameter in self.parameters
            if parameter.name in parameters and parameter.name != "name"
        ]
