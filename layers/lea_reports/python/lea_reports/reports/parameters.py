"""The parameters of reports, as declarations say them.

A declared parameter gives four things: the field of a request's body, which refuses what breaks its rule with its own
sentence; the field of the form (JSON Schema 2020-12); the check of what was chosen against the LEA's own data and the
program's day; and the canonical value, plain JSON that is the same for the same choice, by which identical requests are
found.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StrictBool,
    StrictStr,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError, ValidationError

from lea_reports.assessments import FIRST_YEAR, AdministrationYear, year_of_latest_results
from lea_reports.errors import Invalid, Problem
from lea_reports.jobs.job import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lea_reports.jobs.job import JobSecret
    from lea_reports.organizations import LeaDirectory

Json = dict[str, Any]
V = TypeVar("V")

ALL = "all"
"""What stands for everything where a list may be chosen."""

MOST_SCHOOLS = 1500  # more than the largest LEA has


def stated(rule: str, sentence: str) -> WrapValidator:
    """Refuse a value with this rule and sentence, whatever its type makes of it."""

    def check(value: object, inner: ValidatorFunctionWrapHandler) -> object:
        try:
            return inner(value)
        except (ValidationError, ValueError):
            raise PydanticCustomError(rule, "{sentence}", {"sentence": sentence}) from None

    return WrapValidator(check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(ABC, Generic[V]):
    """One thing that a request for a report chooses.

    `title` is its label on the screen, `description` says what it does. One that is not `required` may be left out, or
    (unless it is a yes or no) be null. `of_organization` names what of the LEA's own the choices are.
    """

    name: str
    title: str
    description: str = ""
    required: bool = True
    of_organization: str | None = None

    @property
    @abstractmethod
    def type(self) -> object:
        """The annotated type of the body's field; what it takes is plain JSON, and stays that."""

    @property
    def default(self) -> object:
        """What stands for it when it is left out."""
        return None

    @property
    def extra(self) -> Json:
        """What the schema of the body's field says beyond its type."""
        return {}

    @property
    @abstractmethod
    def form(self) -> Json:
        """The field of the form, without title and description."""

    def problems(self, _value: V, _directory: LeaDirectory, _day: date) -> list[Problem]:
        """Return what the LEA's own data, or the program's day, says against a value."""
        return []

    def canonical(self, value: V, _day: date) -> object:
        """Return the value as plain JSON that is equal for equal choices; what was left out as it is on that day."""
        return value

    def shown(self, value: object) -> str:
        """Return a canonical value as people read it."""
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter[str]):
    """A text that fits a pattern as a whole."""

    pattern: str
    longest: int
    rule: str
    sentence: str

    @property
    def type(self) -> object:
        """A text."""
        return Annotated[
            StrictStr,
            Field(pattern=self.pattern, max_length=self.longest),
            stated(self.rule, self.sentence),
        ]

    @property
    def form(self) -> Json:
        """A text."""
        return {"type": "string", "pattern": self.pattern, "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Parameter[str]):
    """A calendar day."""

    @property
    def type(self) -> object:
        """A text that is a day, in its one form; pydantic would take numbers and times too."""
        return Annotated[
            str,
            BeforeValidator(_calendar_day),
            stated("calendar_date", "A date is written YYYY-MM-DD and must exist."),
            WithJsonSchema({"type": "string", "format": "date"}),
        ]

    @property
    def form(self) -> Json:
        """A day."""
        return {"type": "string", "format": "date"}


def _calendar_day(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError
    return date.fromisoformat(value).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that can be chosen, and what it is called where people choose."""

    value: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf(Parameter[str | None]):
    """One of several values."""

    choices: tuple[Choice, ...]
    rule: str
    sentence: str
    standard: str | None = None
    """What is meant when it is left out."""

    @property
    def type(self) -> object:
        """A text."""
        values = [choice.value for choice in self.choices]
        return Annotated[
            StrictStr,
            AfterValidator(_known(values)),
            stated(self.rule, self.sentence),
            WithJsonSchema({"type": "string", "enum": values}),
        ]

    @property
    def default(self) -> object:
        """The standard."""
        return self.standard

    @property
    def form(self) -> Json:
        """One of the choices."""
        return {"type": "string", "oneOf": _one_of(self.choices)}

    def canonical(self, value: str | None, _day: date) -> object:
        """Return the value, or the standard."""
        return value or self.standard

    def shown(self, value: object) -> str:
        """Return the title of the value."""
        return next(choice.title for choice in self.choices if choice.value == value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Several(Parameter[list[str] | None]):
    """Several different values, or `"all"`, which is None where it was read."""

    def canonical(self, value: list[str] | None, _day: date) -> object:
        """Return the values in order."""
        return ALL if value is None else sorted(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeOf(Several):
    """Some of several values, each once, or `"all"`."""

    choices: tuple[Choice, ...]
    rule: str
    sentence: str
    noun: str
    """What one of them is called."""

    @property
    def type(self) -> object:
        """A list of values; None for all of them."""
        values = [choice.value for choice in self.choices]
        item = Annotated[StrictStr, AfterValidator(_known(values)), stated(self.rule, self.sentence)]
        return _all_or_some(item, {"enum": values}, self.noun)

    @property
    def form(self) -> Json:
        """All, or some of the choices."""
        return _all_or_some_form({"type": "string", "oneOf": _one_of(self.choices)})

    def shown(self, value: object) -> str:
        """Return the titles of the values."""
        titles = {choice.value: choice.title for choice in self.choices}
        return ", ".join(titles[each] for each in value) if isinstance(value, list) else ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class Schools(Several):
    """Some schools of the LEA by CDS code, each once, or `"all"`."""

    of_organization: str | None = "schools"

    @property
    def type(self) -> object:
        """A list of codes; None for all schools."""
        item = Annotated[
            StrictStr,
            Field(pattern=r"^[0-9]{14}$"),
            stated("cds_code", "A school is given by its CDS code of 14 digits, as text, in quotes."),
        ]
        return _all_or_some(item, {"type": "string", "pattern": "^[0-9]{14}$"}, "school", MOST_SCHOOLS)

    @property
    def form(self) -> Json:
        """All, or some schools; which there are depends on the LEA."""
        return _all_or_some_form({"type": "string", "pattern": "^[0-9]{14}$"})

    def problems(self, value: list[str] | None, directory: LeaDirectory, _day: date) -> list[Problem]:
        """Return a problem for each school that the LEA does not have."""
        own = directory.codes()
        return [
            Problem(
                f"/{self.name}/{at}", "school_of_lea", f"{school} is not a school of {directory.lea.name}."
            )
            for at, school in enumerate(value or ())
            if school not in own
        ]

    def shown(self, value: object) -> str:
        """Return how many there are: a list may be long."""
        return f"{len(value):,} chosen" if isinstance(value, list) else ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Parameter[bool]):
    """A yes or no; no if left out."""

    sentence: str
    required: bool = False

    @property
    def type(self) -> object:
        """True or false."""
        return Annotated[StrictBool, stated("yes_or_no", self.sentence)]

    @property
    def default(self) -> object:
        """No."""
        return False

    @property
    def form(self) -> Json:
        """True or false."""
        return {"type": "boolean", "default": False}

    def shown(self, value: object) -> str:
        """Return yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year(Parameter[str | None]):
    """An administration year; the latest with results if left out."""

    required: bool = False

    @property
    def type(self) -> object:
        """A label such as 2025-26."""
        first = AdministrationYear(FIRST_YEAR).label
        sentence = f'An administration year is written like "2025-26"; the first one is "{first}".'
        return (
            Annotated[StrictStr, AfterValidator(_year_label), stated("administration_year", sentence)] | None
        )

    @property
    def form(self) -> Json:
        """A label."""
        return {"type": "string", "pattern": "^20[0-9]{2}-[0-9]{2}$"}

    def canonical(self, value: str | None, day: date) -> object:
        """Return the label, of the latest year with results on that day if none was given."""
        return value or year_of_latest_results(day).label


def _year_label(label: str) -> str:
    try:
        return AdministrationYear.parse(label).label
    except Invalid as error:
        raise ValueError(label) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(Parameter[SecretStr | None]):
    """A password, which the parameters of a job do not hold: they say that there is one, under the name `flag`."""

    flag: str
    shortest: int
    longest: int
    usable: Callable[[str], object] = field(repr=False)
    """Raises `ValueError` for a text that can be none."""
    kept: Callable[[str, str, Callable[[int], bytes]], JobSecret] = field(repr=False)
    """Returns what a job keeps of it: of the password, of a person (their subject), made with random bytes."""
    sentence: str
    required: bool = False

    @property
    def type(self) -> object:
        """A secret text."""
        return Annotated[SecretStr, AfterValidator(self._check), stated("password", self.sentence)] | None

    def _check(self, password: SecretStr) -> SecretStr:
        self.usable(password.get_secret_value())
        return password

    @property
    def extra(self) -> Json:
        """How long it may be."""
        return {"minLength": self.shortest, "maxLength": self.longest}

    @property
    def form(self) -> Json:
        """A password."""
        return {"type": "string", "format": "password", "writeOnly": True, **self.extra}


def _known(values: Sequence[str]) -> Callable[[str], str]:
    def check(value: str) -> str:
        if value not in values:
            raise ValueError(value)
        return value

    return check


def _one_of(choices: Sequence[Choice]) -> list[Json]:
    return [{"const": choice.value, "title": choice.title} for choice in choices]


def _all_or_some(item: object, schema: Json, noun: str, most: int | None = None) -> object:
    """Take `"all"` as None, and a list of at least one different items as it is; refuse anything else.

    A list of more than `most` is refused by the rule `too_many`.
    """
    sentence = f'Choose "all" or a list of at least one {noun}, each once.'

    def check(value: object) -> object:
        if value == ALL:
            return None
        if isinstance(value, list) and most is not None and len(value) > most:
            too_many = f'Choose at most {most}, or "all".'
            raise PydanticCustomError("too_many", "{sentence}", {"sentence": too_many})
        if not isinstance(value, list) or not value or len({str(each) for each in value}) < len(value):
            raise PydanticCustomError("all_or_some", "{sentence}", {"sentence": sentence})
        return value

    some: Json = {"type": "array", "items": schema, "minItems": 1, "uniqueItems": True}
    return Annotated[
        _list_of(item),
        BeforeValidator(check),
        WithJsonSchema({"oneOf": [{"const": ALL}, some]}),
    ]


def _list_of(item: object) -> object:
    """Return the type of a list of items, or None."""
    of: Any = item
    return list[of] | None


def _all_or_some_form(item: Json) -> Json:
    some = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True, "title": "Some"}
    return {"oneOf": [{"const": ALL, "title": "All"}, some]}


NAME = Text(
    name="name",
    title="Report Name",
    description="Your name for this report; the downloaded files bear it.",
    pattern=r"^[A-Za-z0-9_-]+$",
    longest=LONGEST_NAME,
    rule="report_name",
    sentence=f"A name has 1 to {LONGEST_NAME} letters A–Z and a–z, digits, hyphens and underscores; "
    "spaces are not allowed.",
)
"""What the requester calls a report, whichever it is."""
