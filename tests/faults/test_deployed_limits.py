"""The simulator is as patient as what is deployed."""

from build_report.handler import FIRST_PAUSE
from infra.constructs.work_queue import DELIVERIES
from infra.stacks.messaging import BUILD_TIMEOUT, NOTIFY_TIMEOUT
from tests.faults import simulation


def test_the_simulated_queues_and_functions_have_the_deployed_limits():
    """Deliveries, time limits and pauses are those of the stacks and the handler."""
    assert simulation.DELIVERIES == DELIVERIES
    assert simulation.FIRST_PAUSE == FIRST_PAUSE
    assert BUILD_TIMEOUT.to_seconds() == simulation.BUILD_LIMIT
    assert NOTIFY_TIMEOUT.to_seconds() == simulation.NOTICE_LIMIT
