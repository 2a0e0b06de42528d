"""One request of the API: when it came, what answers it, and who asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lea_reports.access.identity import Identity
from lea_reports.access.roles import Caller, assignment_in_use
from lea_reports.catalog import CATALOG
from lea_reports.errors import NotFound
from request_report.description import ROLE_HEADER

if TYPE_CHECKING:
    from datetime import datetime

    from aws_lambda_powertools.event_handler.api_gateway import BaseRouter
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

    from lea_reports.jobs.job import Job
    from request_report.bootstrap import ApiDependencies

NO_SUCH_REQUEST = "There is no such report request."


@dataclass(frozen=True)
class RequestContext:
    """What a route knows beside its parameters.

    The caller is read when a route first needs it, and once: the identity from the token's claims, the role from the
    table.
    """

    dependencies: ApiDependencies
    event: APIGatewayProxyEvent
    now: datetime

    @cached_property
    def caller(self) -> Caller:
        """Who asks, and the role they work in.

        Raises:
            Forbidden: the token is none of ours, or the caller does not hold the role.
            Invalid: the caller holds several roles and names none.
        """
        claims = self.event.request_context.authorizer.claims or {}
        identity = Identity.from_claims(claims, self.dependencies.sign_in)
        assignments = self.dependencies.assignments.of(identity.subject)
        return Caller(identity, assignment_in_use(assignments, self.event.headers.get(ROLE_HEADER)))

    def own_job(self, job_id: str) -> Job:
        """Return a job of the caller in the LEA they work for; anybody else's does not exist for them.

        Raises:
            NotFound: there is no such job for this caller.
            Forbidden: the role that they work in may not ask for this report; they had, or have, another that may.
        """
        caller = self.caller
        job = self.dependencies.jobs.job(caller.assignment.lea, job_id)
        if job is None or job.requester.subject != caller.identity.subject:
            raise NotFound(NO_SUCH_REQUEST)
        CATALOG[job.report].check_role(caller.assignment)
        return job

    def address(self, location: str) -> str:
        """Return a relative address (RFC 9110, 10.2.2) as it is from that of this request, which may end with a slash.

        An absolute one would begin with the stage or a domain's base path.
        """
        return f"../{location}" if self.event.path.endswith("/") else location


def context_of(router: BaseRouter) -> RequestContext:
    """Return the context of the request that a router answers."""
    context: RequestContext = router.context["request"]
    return context
