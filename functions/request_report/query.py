"""Queries of requests: what names a parameter that there is not, or names one twice, is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lea_reports.errors import Invalid, Problem, pointer_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response


def check_query(app: APIGatewayRestResolver, further: Callable[..., Response[Any]]) -> Response[Any]:
    """Go on with a request whose query names parameters of its route only, each once.

    Raises:
        Invalid: it does not (rules `unknown_parameter`, `duplicate_parameter`).
    """
    problems = query_problems(app)
    if problems:
        raise Invalid("The query breaks rules; each problem names the parameter and the rule.", problems)
    return further(app)


def query_problems(app: APIGatewayRestResolver) -> list[Problem]:
    """Return what is wrong with the names in the query of the request at hand; nothing if no route of ours has it.

    The framework answers that by a route of its own, which any path fits.
    """
    route = app.context["_route"]
    if route.rule.fullmatch(""):
        return []
    known = {field.alias for field in route.dependant.query_params}
    problems = []
    for name, values in (app.current_event.multi_value_query_string_parameters or {}).items():
        if name not in known:
            sentence = "There is no such query parameter here."
            problems.append(Problem(f"/{pointer_part(name)}", "unknown_parameter", sentence))
        elif len(values) > 1:
            problems.append(Problem(f"/{name}", "duplicate_parameter", f"Name {name} once."))
    return problems
