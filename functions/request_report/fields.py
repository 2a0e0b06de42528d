"""Kinds of fields of a request: each accepts what it names and refuses the rest with its own sentence."""

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


def all_or_some(sentence: str) -> BeforeValidator:
    """Take `"all"` as None, and a list of at least one different values as it is; refuse anything else."""

    def check(value: object) -> object:
        if value == "all":
            return None
        if not isinstance(value, list) or not value or len({str(item) for item in value}) < len(value):
            raise PydanticCustomError("all_or_some", "{sentence}", {"sentence": sentence})
        return value

    return BeforeValidator(check)


def all_or_some_schema(item: Json) -> WithJsonSchema:
    """Describe such a field: `"all"`, or a list of items of this schema."""
    choices: Json = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
    return WithJsonSchema({"oneOf": [{"const": "all"}, choices]})
