"""A request for a report: its body, checked by the report that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from lea_reports.errors import Invalid, Problem, pointer_part
from lea_reports.reports.parameters import Password

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from lea_reports.access.roles import RoleAssignment
    from lea_reports.jobs.job import JobSecret
    from lea_reports.organizations import LeaDirectory
    from lea_reports.reports.definition import ReportDefinition
    from lea_reports.reports.parameters import Json

BROKEN = "The request breaks rules; each problem names the field and the rule."
DRAFT = "https://json-schema.org/draft/2020-12/schema"

_SENTENCES = {
    "missing": ("required", "This field is required."),
    "extra_forbidden": ("unknown_field", "There is no such field."),
}
_UNNAMED = ("invalid", "This value cannot be used here.")
"""For a rule of pydantic's that has no sentence of ours: its own words are for programmers, and quote what was sent."""


def field_problem(error: Mapping[str, Any], path: tuple[object, ...]) -> Problem:
    """Return what an error of pydantic's is as a problem at a place."""
    pointer = "".join(f"/{pointer_part(part)}" for part in path)
    own = error.get("ctx", {}).get("sentence")
    rule, sentence = (error["type"], own) if own else _SENTENCES.get(error["type"], _UNNAMED)
    return Problem(pointer, rule, sentence)


@cache
def body_model(report: ReportDefinition) -> type[BaseModel]:
    """Return the model of a request's body: the report's code, and its parameters."""
    fields: dict[str, Any] = {
        "report": (Literal[report.code], Field(description="The report's code.", examples=[report.code]))
    }
    for parameter in report.parameters:
        described: dict[str, Any] = {"description": parameter.description or None}
        if parameter.extra:
            described["json_schema_extra"] = parameter.extra
        if not parameter.required:
            described["default"] = parameter.default
        fields[parameter.name] = (parameter.type, Field(**described))
    name = "".join(word.title() for word in report.code.split("-")) + "Request"
    return create_model(
        name,
        __config__=ConfigDict(extra="forbid", frozen=True),
        __doc__=f"A request for {report.title}: {report.contents}",
        **fields,
    )


def form_schema(report: ReportDefinition) -> Json:
    """Return the JSON Schema (2020-12) of the form that asks for a report, its fields in their order.

    `x-organization` marks a field whose choices are the LEA's own: `GET /v1/organization` has them.
    """
    fields: dict[str, Json] = {}
    for parameter in report.parameters:
        about = {"title": parameter.title, "description": parameter.description}
        marked = {"x-organization": parameter.of_organization} if parameter.of_organization else {}
        fields[parameter.name] = {
            **{key: text for key, text in about.items() if text},
            **parameter.form,
            **marked,
        }
    return {
        "$schema": DRAFT,
        "title": report.title,
        "description": report.contents,
        "type": "object",
        "properties": fields,
        "required": [parameter.name for parameter in report.parameters if parameter.required],
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What was asked for: the report, and the value of each parameter, as sent or as it stands when left out."""

    report: ReportDefinition
    values: Mapping[str, Any]
    password: str | None = field(default=None, repr=False)

    @property
    def code(self) -> str:
        """The code of the report."""
        return self.report.code

    @property
    def chosen(self) -> dict[str, object]:
        """The values as plain JSON: the same on whatever day the request is sent."""
        return {
            name: sorted(value) if isinstance(value, list) else value for name, value in self.values.items()
        }

    def parameters(self, day: date) -> dict[str, object]:
        """Return the canonical parameters of a request that is made on a day of the program."""
        canonical: dict[str, object] = {}
        for parameter in self.report.parameters:
            if isinstance(parameter, Password):
                canonical[parameter.flag] = self.password is not None
            else:
                canonical[parameter.name] = parameter.canonical(self.values[parameter.name], day)
        return canonical

    def check_role(self, assignment: RoleAssignment) -> None:
        """Raise `Forbidden` unless the role may ask for the report."""
        self.report.check_role(assignment)

    def secret(self, subject: str, random_bytes: Callable[[int], bytes]) -> JobSecret | None:
        """Return what the job keeps of the password of a person; None if there is none."""
        return secret_of(self.report, self.password, subject, random_bytes)

    def check(self, directory: LeaDirectory, day: date) -> None:
        """Check what only the LEA's own data and the program's day can tell, and choices against each other.

        Raises:
            Invalid: with all that is wrong.
        """
        problems = [
            problem
            for parameter in self.report.parameters
            if parameter.name in self.values
            for problem in parameter.problems(self.values[parameter.name], directory, day)
        ]
        problems += self.report.rules(self.values, day)
        if problems:
            raise Invalid("The request chooses what does not exist or does not fit together.", problems)


def report_request(body: Mapping[str, Any], catalog: Mapping[str, ReportDefinition]) -> ReportRequest:
    """Read the body of a request.

    Raises:
        Invalid: it names no report of the catalog, or breaks rules of that report.
    """
    report = catalog.get(code) if isinstance(code := body.get("report"), str) else None
    if report is None:
        known = f"The reports that can be asked for here: {', '.join(catalog)}."
        missing = field_problem({"type": "missing"}, ("report",))
        raise Invalid(BROKEN, [Problem("/report", "known_report", known) if "report" in body else missing])
    try:
        asked = body_model(report).model_validate(body)
    except ValidationError as error:
        raise Invalid(BROKEN, [field_problem(each, each["loc"]) for each in error.errors()]) from None
    values = {parameter.name: getattr(asked, parameter.name) for parameter in report.parameters}
    secret = values.pop(report.password.name) if report.password else None
    return ReportRequest(report, values, None if secret is None else secret.get_secret_value())


def secret_of(
    report: ReportDefinition, password: str | None, subject: str, random_bytes: Callable[[int], bytes]
) -> JobSecret | None:
    """Return what a job of a report keeps of a password; None if there is none."""
    if password is None or report.password is None:
        return None
    return report.password.kept(password, subject, random_bytes)


def retry_secret(
    report: ReportDefinition,
    parameters: Mapping[str, Any],
    password: str | None,
    subject: str,
    random_bytes: Callable[[int], bytes],
) -> JobSecret | None:
    """Return what a retry of a request with these parameters keeps of a password, which need not be the same.

    Raises:
        Invalid: the request had a password and there is none (rule `required`), or the other way round
            (`not_protected`).
    """
    protected = report.has_password(parameters)
    if protected and password is None:
        sentence = "Its PDFs ask for a password, which is kept nowhere: send one."
        raise Invalid("The request is protected by a password.", [Problem("/password", "required", sentence)])
    if password is not None and not protected:
        rule = Problem("/password", "not_protected", "Its PDFs ask for no password: leave it out.")
        raise Invalid("The request is not protected by a password.", [rule])
    return secret_of(report, password, subject, random_bytes)
