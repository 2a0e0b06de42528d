"""How long workers hold what they do, and when somebody looks after a job; each number with its reason."""

from __future__ import annotations

from datetime import timedelta

LEASE = timedelta(minutes=3)
"""How long a worker holds a chunk without being heard of."""

HEARTBEAT = timedelta(seconds=10)
"""How often a worker renews its lease, and how long it works on for a job that was cancelled."""

TIME_TO_STOP = timedelta(seconds=30)
"""How much of an invocation's time must be left for its work to go on."""

INVOCATION = timedelta(minutes=15)
"""How long an invocation can last (a Lambda limit)."""

CHECK_SOON = timedelta(minutes=2)
"""When reconcile looks after a step that takes seconds."""

CHECK_BUILD = INVOCATION + timedelta(minutes=1)
"""How often reconcile repeats the messages of what waits while nothing is seen of a job."""

CHECK_LEASE = LEASE + timedelta(minutes=1)
"""When reconcile first looks after what is leased: a worker that died at once is noticed then."""

PROBES = (CHECK_SOON, 2 * CHECK_SOON, 4 * CHECK_SOON)
"""When reconcile repeats one message, of what nobody has begun: whoever took it may have died before it had a lease."""

CHECK_NOTICE = timedelta(hours=1)
"""When reconcile looks again after a notice that it had sent: longer than the queue itself tries."""

NOTICE_GIVEN_UP = timedelta(days=1)
"""When nobody tries any more to send an e-mail; the dead letters of the notice queue can still be sent again."""

DEADLINE = timedelta(hours=6)
"""When a job that is still not finished is given up."""

MOST_ATTEMPTS = 10
"""When a chunk is given up: the queue delivers a message five times, so its second message was in vain too."""

MOST_STEP_ATTEMPTS = 6
"""When a plan or an assembly is given up: five deliveries of a message were in vain, and a quarter of an hour later the
first of another. For workers that die, one lease after the other, it is less than half an hour."""
