"""What goes wrong in one run, how often and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lea_reports.ssr_archive.planning import MOST_ARCHIVE_BYTES

if TYPE_CHECKING:
    from tests.faults.random_source import RandomSource

MINUTE = 60.0
HOUR = 60 * MINUTE
LONGEST_JUMP = 40 * MINUTE
"""How far the clock may jump; a jump that begins before the faults stop ends after it."""
LONG_OUTAGE = 5 * HOUR
"""Faults that last longer than this may keep a job from its end until the deadline."""
DIES = ", dies"
POISONS = ("plan", "assembly", "plan" + DIES, "assembly" + DIES)


class Profile(NamedTuple):
    """Probabilities of the faults, each at one call, one message or one start of a worker.

    `until` is when they stop, in seconds from the start. `workers` is how many messages are worked at together,
    `switch` how likely another worker comes between two calls. `zombies`: workers outlive their leases. `redrive`: an
    operator sends the dead letters again. `deadly`: whoever renders a certain student dies. `poison`: every plan or
    every assembly fails, or (`DIES`) kills its worker, for a reason that does not go away with the other faults.
    """

    until: float = 0.0
    workers: int = 1
    switch: float = 0.0
    crash: float = 0.0
    table_refuses: float = 0.0
    queue_refuses: float = 0.0
    bucket_refuses: float = 0.0
    mail_refuses: float = 0.0
    lost: float = 0.0
    duplicate: float = 0.0
    slow: float = 0.0
    jump: float = 0.0
    skew: float = 0.0
    zombies: bool = False
    redrive: bool = False
    deadly: bool = False
    poison: str = ""
    chunk_ssrs: int = 7
    archive_bytes: int = MOST_ARCHIVE_BYTES
    open_chunks: int = 3


CALM = Profile()


def drawn(random: RandomSource) -> Profile:
    """Draw the faults of a run: many are absent, so that the others are seen alone too."""
    rare = (0.0, 0.0, 0.01, 0.05, 0.15)
    return Profile(
        until=random.one_of((10 * MINUTE, HOUR, 2.5 * HOUR, 7 * HOUR)),
        workers=random.one_of((1, 2, 4, 8)),
        switch=random.one_of((0.05, 0.3, 0.8)),
        crash=random.one_of((0.0, 0.0, 0.005, 0.02, 0.06)),
        table_refuses=random.one_of(rare),
        queue_refuses=random.one_of(rare),
        bucket_refuses=random.one_of(rare),
        mail_refuses=random.one_of((0.0, 0.0, 0.1, 0.5)),
        lost=random.one_of((0.0, 0.0, 0.05, 0.2)),
        duplicate=random.one_of((0.0, 0.05, 0.3)),
        slow=random.one_of((0.0, 0.0, 0.01, 0.05)),
        jump=random.one_of((0.0, 0.0, 0.002, 0.01)),
        skew=random.one_of((0.0, 0.0, 20.0)),
        zombies=random.happens(0.2),
        redrive=random.happens(0.5),
        deadly=random.happens(0.05),
        poison=random.one_of(POISONS) if random.happens(0.1) else "",
        chunk_ssrs=random.one_of((2, 7, 50)),
        archive_bytes=random.one_of((MOST_ARCHIVE_BYTES, MOST_ARCHIVE_BYTES, 13_000, 23_000)),
        open_chunks=random.one_of((1, 3, 40)),
    )


HARSH = Profile(
    until=HOUR,
    workers=8,
    switch=0.8,
    crash=0.02,
    table_refuses=0.05,
    queue_refuses=0.05,
    bucket_refuses=0.05,
    mail_refuses=0.1,
    lost=0.05,
    duplicate=0.3,
    slow=0.05,
    jump=0.002,
    skew=20.0,
    zombies=True,
    redrive=True,
    chunk_ssrs=2,
    archive_bytes=13_000,
)
"""Everything goes wrong often."""
