"""Kinds of fields of a query or a header: each accepts what it names and refuses the rest with its own sentence."""

import re

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


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
