"""Kinds of fields of a request: each accepts what it names and refuses the rest with its own sentence."""

import re
from datetime import date
from typing import Any

from pydantic import BeforeValidator, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator
from pydantic_core import PydanticCustomError, ValidationError

Json = dict[str, Any]


def stated(rule: str, sentence: str) -> WrapValidator:
    """Refuse a value with this rule and sentence, whatever its type makes of it."""

    def check(value: object, inner: ValidatorFunctionWrapHandler) -> object:
        try:
            return inner(value)
        except (ValidationError, ValueError):
            raise PydanticCustomError(rule, "{sentence}", {"sentence": sentence}) from None

    return WrapValidator(check)


def calendar_date(value: object) -> date:
    """Read a date in its one form, `YYYY-MM-DD` in ASCII digits; pydantic would take numbers and times too."""
    if not isinstance(value, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError
    return date.fromisoformat(value)


def whole_number(least: int, most: int, rule: str, sentence: str) -> BeforeValidator:
    """Read a number of a query in its one form, ASCII digits; pydantic would take blanks, signs and `1.0` too.

    The framework checks the bounds of a parameter outside of `stated`, in pydantic's words: here they come first.
    """

    def check(value: object) -> int:
        if (
            isinstance(value, str)
            and re.fullmatch("0|[1-9][0-9]{0,14}", value)
            and least <= int(value) <= most
        ):
            return int(value)
        raise PydanticCustomError(rule, "{sentence}", {"sentence": sentence})

    return BeforeValidator(check)


def text_like(pattern: str, rule: str, sentence: str) -> BeforeValidator:
    """Take a text of a query or a header that fits a pattern as a whole; see `whole_number`."""

    def check(value: object) -> str:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise PydanticCustomError(rule, "{sentence}", {"sentence": sentence})

    return BeforeValidator(check)


def all_or_some(sentence: str, most: int | None = None) -> BeforeValidator:
    """Take `"all"` as None, and a list of at least one different values as it is; refuse anything else.

    A list of more than `most` is refused by the rule `too_many`.
    """

    def check(value: object) -> object:
        if value == "all":
            return None
        if isinstance(value, list) and most is not None and len(value) > most:
            raise PydanticCustomError(
                "too_many", "{sentence}", {"sentence": f'Choose at most {most}, or "all".'}
            )
        if not isinstance(value, list) or not value or len({str(item) for item in value}) < len(value):
            raise PydanticCustomError("all_or_some", "{sentence}", {"sentence": sentence})
        return value

    return BeforeValidator(check)


def all_or_some_schema(item: Json) -> WithJsonSchema:
    """Describe such a field: `"all"`, or a list of items of this schema."""
    choices: Json = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
    return WithJsonSchema({"oneOf": [{"const": "all"}, choices]})
