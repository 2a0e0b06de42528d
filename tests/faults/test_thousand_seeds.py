"""A thousand runs full of faults."""

import pytest

from tests.faults.runs import check_seed, described
from tests.faults.simulation import Simulation
from tests.faults.watch import Violation

BATCHES = 10
SEEDS = 1000


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_promise_is_kept_under_every_fault(batch):
    """A seed that breaks one is described by `make faults SEEDS=<seed>:<seed + 1>`."""
    size = SEEDS // BATCHES
    for seed in range(batch * size, (batch + 1) * size):
        try:
            check_seed(seed)
        except Violation as violation:
            pytest.fail("\n".join([*list(described(seed))[-60:], str(violation)]))


def test_a_seed_is_the_same_run_every_time():
    """What is found once can be looked at again."""
    stories = [list(described(seed)) for seed in (11, 11, 12)]

    assert stories[0] == stories[1] != stories[2]


def test_the_seeds_meet_every_fault():
    """A fault that never happens would prove nothing."""
    met = set()
    for seed in range(60):
        simulation = Simulation(seed)
        simulation.run()
        met.update(fault for fault, times in simulation.faults.items() if times)
        met.update(what for _, _, _, what, _, _ in simulation.trace)

    assert met >= {
        "dies before", "dies after", "dies before, lands late", "dies in rendering", "refused", "answer lost",
        "lost", "slow", "jump", "time is up", "gives up", "redrives", "call lands",
    }  # fmt: skip
