"""How much garbage is thrown: little in `make test`, as much as you like in `make fuzz`."""

import os


def examples(in_make_test: int) -> int:
    """Return how many examples a fuzz test draws: `FUZZ` times as many as in `make test`."""
    return in_make_test * int(os.environ.get("FUZZ", "1"))
